//! A vault of Amazon Glacier.
//!
//! AWS has taken no new customers for it since December 2025; existing vaults go on.
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/amazon-glacier-api.html>

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_sdk_glacier::Client;
use aws_sdk_glacier::config::Builder;
use aws_sdk_glacier::config::retry::RetryConfig;
use aws_sdk_glacier::primitives::ByteStream;
use aws_sdk_glacier::types::{JobParameters, StatusCode};
use bytes::Bytes;
use domain::JobId;
use futures_util::Stream;

use super::content::{Content, exactly};
use super::error::{refused, without};
use super::{Archive, Retrieval, Tier, TreeHash, UploadSizes, Vault, VaultError, checked};
use crate::calls::Calls;
use crate::settings::VaultSettings;
use crate::topic::Topic;

/// One vault, and the topic on which it says that a retrieval job has ended.
#[derive(Debug, Clone)]
pub struct GlacierVault {
    client: Client,
    name: String,
    topic: String,
    sizes: UploadSizes,
}

impl GlacierVault {
    /// The vault of the settings; it must be there, and so must the topic.
    pub async fn connect(config: &SdkConfig, settings: &VaultSettings) -> Result<Self> {
        let mut builder = Builder::from(config).interceptor(Calls);
        if let Some(endpoint) = &settings.glacier_endpoint {
            builder.set_endpoint_url(Some(endpoint.clone()));
        }
        let (client, name) = (Client::from_conf(builder.build()), settings.glacier_vault.clone());
        let found = client.describe_vault().vault_name(&name).send().await;
        found.with_context(|| format!("find the vault {name}; provision it, or choose GAS_VAULT=s3"))?;
        let topic = Topic::connect(config, &settings.vault_retrievals_topic).await?;
        Ok(Self {
            client,
            name,
            topic: topic.arn().to_owned(),
            sizes: UploadSizes::default(),
        })
    }

    /// Cuts archives differently. Glacier wants parts of a power of two MiB, at least one.
    #[must_use]
    pub fn with_sizes(self, sizes: UploadSizes) -> Self {
        Self { sizes, ..self }
    }

    /// Puts a part up, or says that the upload is not open any more: it may be complete.
    async fn put_part(&self, upload: &str, start: u64, bytes: Bytes) -> Result<bool, VaultError> {
        let (end, hash) = (start + bytes.len() as u64, TreeHash::of(&bytes));
        let request = self.client.upload_multipart_part().vault_name(&self.name);
        let request = request.upload_id(upload).range(format!("bytes {start}-{}/*", end - 1));
        let request = request.checksum(hash.to_string()).body(ByteStream::from(bytes));
        match request.send().await.map_err(refused) {
            Ok(taken) => checked(taken.checksum(), hash).map(|()| true),
            Err(VaultError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What is never completed, Glacier drops after a day. Completing an upload again gives the same archive.
    async fn upload_into<S>(
        &self,
        upload: &str,
        size: u64,
        mut content: Content<S>,
    ) -> Result<(String, TreeHash), VaultError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Unpin,
    {
        let (part, mut start, mut is_open) = (self.sizes.part_of(size), 0, true);
        loop {
            let bytes = content.next(part).await?;
            if bytes.is_empty() {
                break;
            }
            let end = start + bytes.len() as u64;
            // The rest is read all the same, because the tree hash of the whole is asked for.
            is_open = is_open && self.put_part(upload, start, bytes).await?;
            start = end;
        }
        let hash = content.finish().await?;
        let request = self.client.complete_multipart_upload().vault_name(&self.name);
        let request = request.upload_id(upload).archive_size(size.to_string());
        let done = request.checksum(hash.to_string()).send().await.map_err(refused)?;
        Ok((done.archive_id.ok_or_else(|| without("archive id"))?, hash))
    }
}

impl Vault for GlacierVault {
    async fn begin(&self, job: JobId, size: u64) -> Result<String, VaultError> {
        let request = self.client.initiate_multipart_upload().vault_name(&self.name);
        let request = request.archive_description(job.to_string());
        let request = request.part_size(self.sizes.part_of(size).to_string());
        let begun = request.send().await.map_err(refused)?;
        begun.upload_id.ok_or_else(|| without("upload id"))
    }

    async fn store(
        &self,
        upload: &str,
        size: u64,
        content: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    ) -> Result<Archive, VaultError> {
        let (id, hash) = self.upload_into(upload, size, Content::new(size, content)).await?;
        let tree_hash = hash.to_string();
        Ok(Archive { id, size, tree_hash })
    }

    async fn request(&self, archive: &str, job: JobId, tier: Tier) -> Result<String, VaultError> {
        let parameters = JobParameters::builder()
            .r#type("archive-retrieval")
            .archive_id(archive)
            .description(job.to_string())
            .sns_topic(&self.topic)
            .tier(match tier {
                Tier::Expedited => "Expedited",
                Tier::Standard => "Standard",
            });
        let request = self.client.initiate_job().vault_name(&self.name);
        let request = request.job_parameters(parameters.build()).customize();
        // Without capacity the answer is a 503, which the SDK would try again; another tier is the better answer.
        let request = match tier {
            Tier::Expedited => {
                request.config_override(aws_sdk_glacier::Config::builder().retry_config(RetryConfig::disabled()))
            }
            Tier::Standard => request,
        };
        let begun = request.send().await.map_err(refused)?;
        begun.job_id.ok_or_else(|| without("job id"))
    }

    async fn retrieval(&self, _archive: &str, retrieval: &str) -> Result<Retrieval, VaultError> {
        let request = self.client.describe_job().vault_name(&self.name).job_id(retrieval);
        let job = request.send().await.map_err(refused)?;
        match job.status_code {
            Some(StatusCode::InProgress) => Ok(Retrieval::Underway),
            Some(StatusCode::Succeeded) => Ok(Retrieval::Ready),
            Some(StatusCode::Failed) => Ok(Retrieval::Failed(job.status_message.unwrap_or_default())),
            _ => Err(without("status that we know")),
        }
    }

    async fn read(&self, _archive: &str, retrieval: &str, start: u64, end: u64) -> Result<Bytes, VaultError> {
        if start >= end {
            return Ok(Bytes::new());
        }
        let request = self.client.get_job_output().vault_name(&self.name).job_id(retrieval);
        let output = request
            .range(format!("bytes={start}-{}", end - 1))
            .send()
            .await
            .map_err(refused)?;
        let bytes = exactly(end - start, output.body).await?;
        // Only a range that is a node of the archive's tree comes with a hash.
        if let Some(hash) = output.checksum {
            checked(Some(&hash), TreeHash::of(&bytes))?;
        }
        Ok(bytes)
    }

    async fn delete(&self, archive: &str) -> Result<(), VaultError> {
        let request = self.client.delete_archive().vault_name(&self.name).archive_id(archive);
        match request.send().await.map_err(refused) {
            Ok(_) | Err(VaultError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn break_off(&self, upload: &str) -> Result<(), VaultError> {
        let request = self.client.abort_multipart_upload().vault_name(&self.name);
        request.upload_id(upload).send().await.map_err(refused)?;
        Ok(())
    }

    /// A vault has no versions, and the job's row names its archives and its upload.
    async fn erase(&self, _job: JobId) -> Result<u64, VaultError> {
        Ok(0)
    }
}
