//! Writing: a result of any size as it is made, and a small log.

use anyhow::{Context, Result, anyhow};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use tokio::sync::mpsc::Receiver;

use super::ObjectStore;

/// What a writer should put into one part, in bytes: S3 wants at least 5 MiB in every part but the last, at most
/// 10,000 parts, and 8 MiB of those hold 78 GB.
pub const PART_SIZE: usize = 8 * 1024 * 1024;

/// The content type of a log.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// The content type of what is no text: results are packed.
pub const BINARY: &str = "application/octet-stream";

impl ObjectStore {
    /// Writes a small object of the results bucket, such as a log or an index.
    pub async fn put_result(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<()> {
        let request = self.client.put_object().bucket(&self.results_bucket).key(key);
        let request = request.body(ByteStream::from(bytes)).content_type(content_type);
        request.send().await.with_context(|| format!("upload {key}"))?;
        Ok(())
    }

    /// Writes an object of the results bucket from parts of [`PART_SIZE`] (the last may be smaller) until `parts`
    /// closes. The object appears whole or not at all: when the sender sends an error, or `stopped` comes before the end,
    /// nothing is left behind.
    pub async fn stream_result(
        &self,
        key: &str,
        mut parts: Receiver<std::io::Result<Bytes>>,
        stopped: impl Future<Output = ()>,
    ) -> Result<()> {
        let first = parts
            .recv()
            .await
            .transpose()
            .with_context(|| format!("make {key}"))?
            .unwrap_or_default();
        let Some(second) = parts.recv().await else {
            return self.put_result(key, first, BINARY).await;
        };
        let upload_id = self.begin(key).await?;
        let uploaded = tokio::select! {
            uploaded = self.upload_parts(key, &upload_id, first, second, parts) => uploaded,
            () = stopped => Err(anyhow!("the upload of {key} is not wanted any more")),
        };
        match uploaded {
            Ok(completed) => self.finish(key, &upload_id, completed).await,
            Err(error) => {
                self.abort(key, &upload_id).await;
                Err(error)
            }
        }
    }

    /// Deletes an object of the results bucket; one that is gone is no error.
    pub async fn delete_result(&self, key: &str) -> Result<()> {
        let request = self.client.delete_object().bucket(&self.results_bucket).key(key);
        request.send().await.with_context(|| format!("delete {key}"))?;
        Ok(())
    }

    async fn begin(&self, key: &str) -> Result<String> {
        let request = self
            .client
            .create_multipart_upload()
            .bucket(&self.results_bucket)
            .key(key);
        let begun = request.content_type(BINARY).send().await;
        let begun = begun.with_context(|| format!("begin the upload of {key}"))?;
        begun
            .upload_id
            .with_context(|| format!("the upload of {key} has no id"))
    }

    async fn upload_parts(
        &self,
        key: &str,
        upload_id: &str,
        first: Bytes,
        second: std::io::Result<Bytes>,
        mut parts: Receiver<std::io::Result<Bytes>>,
    ) -> Result<Vec<CompletedPart>> {
        let mut completed = vec![self.upload_part(key, upload_id, 1, first).await?];
        let mut next = Some(second);
        while let Some(part) = next {
            let part = part.with_context(|| format!("make {key}"))?;
            let number = i32::try_from(completed.len() + 1)?;
            completed.push(self.upload_part(key, upload_id, number, part).await?);
            next = parts.recv().await;
        }
        Ok(completed)
    }

    async fn upload_part(&self, key: &str, upload_id: &str, number: i32, bytes: Bytes) -> Result<CompletedPart> {
        let request = self
            .client
            .upload_part()
            .bucket(&self.results_bucket)
            .key(key)
            .upload_id(upload_id);
        let sent = request.part_number(number).body(ByteStream::from(bytes)).send().await;
        let sent = sent.with_context(|| format!("upload part {number} of {key}"))?;
        // S3 wants back the checksum that the SDK sent along with the part.
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(sent.e_tag)
            .set_checksum_crc32(sent.checksum_crc32)
            .build())
    }

    async fn finish(&self, key: &str, upload_id: &str, parts: Vec<CompletedPart>) -> Result<()> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self
            .client
            .complete_multipart_upload()
            .bucket(&self.results_bucket)
            .key(key);
        let request = request.upload_id(upload_id).multipart_upload(parts);
        request
            .send()
            .await
            .with_context(|| format!("finish the upload of {key}"))?;
        Ok(())
    }

    /// What is not aborted here, because this process dies, the bucket's lifecycle rule removes.
    async fn abort(&self, key: &str, upload_id: &str) {
        let request = self
            .client
            .abort_multipart_upload()
            .bucket(&self.results_bucket)
            .key(key);
        if let Err(error) = request.upload_id(upload_id).send().await {
            tracing::warn!("Could not abort the upload of {key}: {:#}", anyhow::Error::new(error));
        }
    }
}
