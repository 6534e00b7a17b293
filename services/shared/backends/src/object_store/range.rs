//! Reading parts of results: the bytes that a query over a file of variants needs, and no others.

use std::ops::Range;

use anyhow::{Context, Result, ensure};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use bytes::{Bytes, BytesMut};

use super::ObjectStore;

/// A part of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The bytes that were asked for.
    pub bytes: Bytes,
    /// The ETag of the object that they are of, as the store writes it.
    pub etag: String,
}

impl ObjectStore {
    /// The bytes `range` (from 0, its end excluded, and not empty) of a file of results.
    ///
    /// With `etag` only of the very object that has it: parts of two objects never make one file. `None` if the object is not
    /// there (any more), or is another one.
    pub async fn read_range(&self, key: &str, range: Range<u64>, etag: Option<&str>) -> Result<Option<Part>> {
        ensure!(!range.is_empty(), "an empty part of {key} was asked for");
        let request = self.client.get_object().bucket(&self.results_bucket).key(key);
        let request = request
            .range(format!("bytes={}-{}", range.start, range.end - 1))
            .set_if_match(etag.map(str::to_owned));
        let object = match request.send().await {
            Ok(object) => object,
            Err(error) if is_not_that_object(&error) => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("read a part of {key}")),
        };
        let (etag, mut body) = (object.e_tag.unwrap_or_default(), object.body);
        let wanted = usize::try_from(range.end - range.start)?;
        // Into one buffer of the right size: what comes in pieces, and is joined later, takes twice the memory.
        let mut bytes = BytesMut::with_capacity(wanted);
        while let Some(piece) = body.next().await {
            let piece = piece.with_context(|| format!("read a part of {key}"))?;
            bytes.extend_from_slice(&piece);
            // A store that knows no ranges, or an object that ends before, would answer with other bytes.
            ensure!(
                bytes.len() <= wanted,
                "the store gave more than the bytes {range:?} of {key}"
            );
        }
        ensure!(
            bytes.len() == wanted,
            "the store gave {} bytes for the bytes {range:?} of {key}",
            bytes.len()
        );
        let bytes = bytes.freeze();
        Ok(Some(Part { bytes, etag }))
    }
}

fn is_not_that_object<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    matches!(error.code(), Some("NoSuchKey" | "NotFound" | "PreconditionFailed"))
}
