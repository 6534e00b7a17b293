//! What comes with a request: forms of people, and documents of the API.

use std::time::Duration;

use anyhow::anyhow;
use bytes::Buf;
use futures_util::{Stream, TryStreamExt};

use crate::error::PageError;

/// The largest form, or document of the API, that we take, in bytes.
const FORM_LIMIT: usize = 16 * 1024;
/// How long its bytes may take to arrive.
const FORM_PATIENCE: Duration = Duration::from_secs(10);

/// Reads what came with a request, if it is short and comes soon.
pub async fn read<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>> + Send) -> Result<Vec<u8>, PageError> {
    let read = tokio::time::timeout(FORM_PATIENCE, read_limited(body)).await;
    read.map_err(|_| PageError::TooSlow)?
}

async fn read_limited<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>> + Send) -> Result<Vec<u8>, PageError> {
    let body = body.map_err(|error| PageError::Internal(anyhow!(error).context("read a form")));
    futures_util::pin_mut!(body);
    let mut read = Vec::new();
    while let Some(mut chunk) = body.try_next().await? {
        if read.len() + chunk.remaining() > FORM_LIMIT {
            return Err(PageError::TooLarge("What is sent may hold 16 KB.".into()));
        }
        read.extend_from_slice(&chunk.copy_to_bytes(chunk.remaining()));
    }
    Ok(read)
}
