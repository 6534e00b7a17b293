//! Reading: an uploaded input, and a log.

use anyhow::{Context, Result};
use aws_sdk_s3::error::SdkError;
use domain::{FileName, ReferenceChoice};
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::ObjectStore;

/// What is known of an upload without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputInfo {
    /// Bytes.
    pub size: u64,
    /// What the person's file was called.
    pub file_name: FileName,
    /// Which genome the person says it was made with.
    pub reference_choice: ReferenceChoice,
}

/// An upload to read from the first byte to the last.
pub struct Input {
    /// Bytes.
    pub size: u64,
    /// The bytes as they come.
    pub reader: Box<dyn AsyncRead + Send + Unpin>,
}

impl ObjectStore {
    /// Size and name of an uploaded input; `None` if nothing was uploaded under the key.
    pub async fn input_info(&self, key: &str) -> Result<Option<InputInfo>> {
        let head = self
            .client
            .head_object()
            .bucket(&self.inputs_bucket)
            .key(key)
            .send()
            .await;
        let head = match head {
            Ok(head) => head,
            Err(SdkError::ServiceError(e)) if e.err().is_not_found() => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("look up the input {key}")),
        };
        let metadata = |key| {
            head.metadata()
                .and_then(|metadata| metadata.get(key))
                .map_or("", String::as_str)
        };
        Ok(Some(InputInfo {
            size: size(head.content_length()),
            file_name: original_name(metadata("file-name")),
            reference_choice: ReferenceChoice::from_untrusted(metadata("reference")),
        }))
    }

    /// Opens an uploaded input.
    pub async fn open_input(&self, key: &str) -> Result<Input> {
        self.open_object(&self.inputs_bucket, key).await
    }

    /// Opens the results of a job.
    pub async fn open_result(&self, key: &str) -> Result<Input> {
        self.open_object(&self.results_bucket, key).await
    }

    /// Opens an object of any bucket, such as a reference bundle.
    pub async fn open_object(&self, bucket: &str, key: &str) -> Result<Input> {
        let object = self.client.get_object().bucket(bucket).key(key).send().await;
        let object = object.with_context(|| format!("download {key} from {bucket}"))?;
        Ok(Input {
            size: size(object.content_length()),
            reader: Box::new(object.body.into_async_read()),
        })
    }

    /// The first `limit` bytes of a log as text, and whether there is more.
    pub async fn read_log(&self, key: &str, limit: usize) -> Result<(String, bool)> {
        let object = self
            .client
            .get_object()
            .bucket(&self.results_bucket)
            .key(key)
            .send()
            .await;
        let object = object.with_context(|| format!("download the log {key}"))?;
        let mut bytes = Vec::new();
        let mut reader = object.body.into_async_read().take(limit as u64 + 1);
        reader
            .read_to_end(&mut bytes)
            .await
            .with_context(|| format!("read the log {key}"))?;
        let truncated = bytes.len() > limit;
        bytes.truncate(limit);
        Ok((String::from_utf8_lossy(&bytes).into_owned(), truncated))
    }
}

fn size(content_length: Option<i64>) -> u64 {
    u64::try_from(content_length.unwrap_or(0)).unwrap_or(0)
}

/// Our script percent-encodes the name because S3 metadata is ASCII; a form without script sends it as it is.
fn original_name(metadata: &str) -> FileName {
    FileName::from_untrusted(&percent_decode_str(metadata).decode_utf8_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_and_then_made_safe() {
        assert_eq!(original_name("test.vcf").as_str(), "test.vcf");
        assert_eq!(original_name("%D0%B3%D0%B5%D0%BD.vcf").as_str(), "ген.vcf");
        assert_eq!(original_name("%2e%2e%2fx%0d%0a.vcf").as_str(), "x.vcf");
        assert_eq!(original_name("").as_str(), "input.vcf");
    }
}
