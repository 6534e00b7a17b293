//! A vault made of S3 objects of the storage class GLACIER (today's "Glacier Flexible Retrieval").
//!
//! Such an object cannot be read until a temporary copy of it is restored.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html>

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{GlacierJobParameters, RestoreRequest, Tier as S3Tier};
use bytes::Bytes;
use domain::JobId;
use futures_util::Stream;
use uuid::Uuid;

use super::content::{Content, exactly};
use super::error::refused;
use super::{Archive, Retrieval, Tier, UploadSizes, Vault, VaultError};
use crate::calls::Calls;
use crate::settings::{AwsSettings, StoreSettings, VaultSettings};
use crate::versions;

/// Where archives are in the bucket.
const ARCHIVES: &str = "archive/";
/// Days that a restored copy stays.
const RESTORED_DAYS: i32 = 1;

/// The archives below `archive/` in one bucket; an archive's id is its key.
#[derive(Debug, Clone)]
pub struct S3ClassVault {
    pub(super) client: Client,
    pub(super) bucket: String,
    pub(super) sizes: UploadSizes,
}

impl S3ClassVault {
    /// The bucket of the settings, else the one of the results; it must be there.
    pub async fn connect(
        config: &SdkConfig,
        aws: &AwsSettings,
        stores: &StoreSettings,
        settings: &VaultSettings,
    ) -> Result<Self> {
        // Emulators have no wildcard DNS, so their buckets are addressed by path.
        let builder = Builder::from(config)
            .force_path_style(aws.endpoint.is_some())
            .interceptor(Calls);
        let client = Client::from_conf(builder.build());
        let bucket = settings.archive_bucket(stores).to_owned();
        let found = client.head_bucket().bucket(&bucket).send().await;
        found.with_context(|| format!("find the archive bucket {bucket}; provision it"))?;
        Ok(Self {
            client,
            bucket,
            sizes: UploadSizes::default(),
        })
    }

    /// Cuts archives differently. S3 wants at least 5 MiB in every part but the last.
    #[must_use]
    pub fn with_sizes(self, sizes: UploadSizes) -> Self {
        Self { sizes, ..self }
    }
}

impl Vault for S3ClassVault {
    /// The key is chosen before, so that whoever goes on after a death writes to the same object.
    async fn begin(&self, job: JobId, _size: u64) -> Result<String, VaultError> {
        Ok(format!("{ARCHIVES}{job}/{}", Uuid::new_v4()))
    }

    async fn store(
        &self,
        upload: &str,
        size: u64,
        content: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    ) -> Result<Archive, VaultError> {
        let id = upload.to_owned();
        let content = Content::new(size, content);
        let hash = match size <= self.sizes.whole {
            true => self.upload_whole(&id, content).await?,
            false => self.upload_parts(&id, size, content).await?,
        };
        let tree_hash = hash.to_string();
        Ok(Archive { id, size, tree_hash })
    }

    /// S3 has no retrieval jobs: the object itself says how far it is, so the id only tells one request from another.
    async fn request(&self, archive: &str, _job: JobId, tier: Tier) -> Result<String, VaultError> {
        let tier = match tier {
            Tier::Expedited => S3Tier::Expedited,
            Tier::Standard => S3Tier::Standard,
        };
        let parameters = GlacierJobParameters::builder().tier(tier.clone()).build();
        let parameters = parameters.map_err(|error| VaultError::Request(Box::new(error)))?;
        let restore = RestoreRequest::builder()
            .days(RESTORED_DAYS)
            .glacier_job_parameters(parameters);
        let request = self.client.restore_object().bucket(&self.bucket).key(archive);
        let request = request.restore_request(restore.build()).customize();
        // Without capacity the answer is a 503, which the SDK would try again; another tier is the better answer.
        let request = match tier {
            S3Tier::Expedited => {
                request.config_override(aws_sdk_s3::Config::builder().retry_config(RetryConfig::disabled()))
            }
            _ => request,
        };
        match request.send().await {
            Ok(_) => {}
            Err(error) if error.code() == Some("RestoreAlreadyInProgress") => {}
            Err(error) => return Err(refused(error)),
        }
        Ok(Uuid::new_v4().to_string())
    }

    async fn retrieval(&self, archive: &str, _retrieval: &str) -> Result<Retrieval, VaultError> {
        let head = self.client.head_object().bucket(&self.bucket).key(archive);
        let head = head.send().await.map_err(refused)?;
        Ok(restored(head.restore()))
    }

    async fn read(&self, archive: &str, _retrieval: &str, start: u64, end: u64) -> Result<Bytes, VaultError> {
        if start >= end {
            return Ok(Bytes::new());
        }
        let request = self.client.get_object().bucket(&self.bucket).key(archive);
        let object = request
            .range(format!("bytes={start}-{}", end - 1))
            .send()
            .await
            .map_err(refused)?;
        exactly(end - start, object.body).await
    }

    async fn delete(&self, archive: &str) -> Result<(), VaultError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(archive);
        request.send().await.map_err(refused)?;
        Ok(())
    }

    /// The upload's id is the key that its archive has: [`Vault::erase`] deletes what came of it.
    async fn break_off(&self, _upload: &str) -> Result<(), VaultError> {
        Ok(())
    }

    async fn erase(&self, job: JobId) -> Result<u64, VaultError> {
        let prefix = format!("{ARCHIVES}{job}/");
        let broken_off = versions::abort_uploads(&self.client, &self.bucket, &prefix).await;
        broken_off.map_err(|error| VaultError::Request(error.into()))?;
        let erased = versions::erase(&self.client, &self.bucket, &prefix).await;
        erased.map_err(|error| VaultError::Request(error.into()))
    }
}

/// The job whose results the archive with this id has; `None` if there is none such of ours.
#[must_use]
pub fn job_of_archive(archive: &str) -> Option<JobId> {
    archive.strip_prefix(ARCHIVES)?.split('/').next()?.parse().ok()
}

/// Reads `x-amz-restore`: `ongoing-request="true"`, or `ongoing-request="false", expiry-date="…"` while there is a copy.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
fn restored(header: Option<&str>) -> Retrieval {
    match header {
        Some(header) if header.contains("ongoing-request=\"true\"") => Retrieval::Underway,
        Some(header) if header.contains("ongoing-request=\"false\"") => Retrieval::Ready,
        _ => Retrieval::Failed("there is no restored copy, or it has expired".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_how_far_a_restore_is() {
        assert_eq!(restored(Some("ongoing-request=\"true\"")), Retrieval::Underway);
        let ready = "ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2012 00:00:00 GMT\"";
        assert_eq!(restored(Some(ready)), Retrieval::Ready);
        assert!(matches!(restored(None), Retrieval::Failed(_)));
    }
}
