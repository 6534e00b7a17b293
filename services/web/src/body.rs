//! What comes with a request: forms of people, and documents of the API.

use std::time::Duration;

use anyhow::anyhow;
use bytes::Buf;
use futures_util::{Stream, TryStreamExt};

use crate::error::PageError;

/// The largest form, or document of the API, that we take, in bytes. The longest of them are notes about a job, 2,000 characters: as
/// escapes, four bytes of UTF-8 take twelve in either.
const FORM_LIMIT: usize = 32 * 1024;
/// How long its bytes may take to arrive.
const FORM_PATIENCE: Duration = Duration::from_secs(10);

/// How long those of a file may take that comes with a form.
const FILE_PATIENCE: Duration = Duration::from_secs(60);

/// Reads what came with a request, if it is short and comes soon.
pub async fn read<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>> + Send) -> Result<Vec<u8>, PageError> {
    let too_large = || PageError::TooLarge("What is sent may hold 32 KB.".into());
    let read = tokio::time::timeout(FORM_PATIENCE, read_limited(body, FORM_LIMIT, too_large)).await;
    read.map_err(|_| PageError::TooSlow)?
}

/// Reads a file that came with a request, if it has no more bytes than this; its form may have as many as any.
pub async fn read_file<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
    limit: usize,
) -> Result<Vec<u8>, PageError> {
    let too_large = || {
        PageError::TooLarge(format!(
            "The file may hold {} KB.",
            domain::with_commas(limit as u64 / 1000)
        ))
    };
    let read = tokio::time::timeout(FILE_PATIENCE, read_limited(body, limit + FORM_LIMIT, too_large)).await;
    read.map_err(|_| PageError::TooSlow)?
}

async fn read_limited<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
    limit: usize,
    too_large: impl Fn() -> PageError + Send,
) -> Result<Vec<u8>, PageError> {
    let body = body.map_err(|error| PageError::Internal(anyhow!(error).context("read a form")));
    futures_util::pin_mut!(body);
    let mut read = Vec::new();
    while let Some(mut chunk) = body.try_next().await? {
        if read.len() + chunk.remaining() > limit {
            return Err(too_large());
        }
        read.extend_from_slice(&chunk.copy_to_bytes(chunk.remaining()));
    }
    Ok(read)
}
