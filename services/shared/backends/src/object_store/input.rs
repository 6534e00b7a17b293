//! Reading: an uploaded input, results, and a log.

use anyhow::{Context, Result};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::ObjectStore;
use super::uploaded::size;

/// An upload to read from the first byte to the last.
pub struct Input {
    /// Bytes.
    pub size: u64,
    /// The bytes as they come.
    pub reader: Box<dyn AsyncRead + Send + Unpin>,
}

impl ObjectStore {
    /// Opens an uploaded input: the version that was submitted, or what there is if that is not known.
    pub async fn open_input(&self, key: &str, version: Option<&str>) -> Result<Input> {
        self.open_version(&self.inputs_bucket, key, version).await
    }

    /// Opens the results of a job.
    pub async fn open_result(&self, key: &str) -> Result<Input> {
        self.open_object(&self.results_bucket, key).await
    }

    /// Opens an object of any bucket, such as a reference bundle.
    pub async fn open_object(&self, bucket: &str, key: &str) -> Result<Input> {
        self.open_version(bucket, key, None).await
    }

    async fn open_version(&self, bucket: &str, key: &str, version: Option<&str>) -> Result<Input> {
        let request = self.client.get_object().bucket(bucket).key(key);
        let object = request.set_version_id(version.map(str::to_owned)).send().await;
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
