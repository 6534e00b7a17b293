//! Putting an archive into the storage class GLACIER, whole or in parts. S3 verifies the SHA-256 of each part.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, StorageClass, Tag, Tagging};
use bytes::Bytes;
use futures_util::Stream;

use super::content::Content;
use super::error::{refused, without};
use super::{S3ClassVault, TreeHash, VaultError};

/// The tag that keeps the tree hash. A tag, because metadata cannot be added once the last byte is known.
const TREE_HASH_TAG: &str = "tree-hash";

impl S3ClassVault {
    pub(super) async fn upload_whole<S>(&self, key: &str, mut content: Content<S>) -> Result<TreeHash, VaultError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Unpin,
    {
        let bytes = content.next(self.sizes.whole).await?;
        let hash = content.finish().await?;
        let request = self.client.put_object().bucket(&self.bucket).key(key);
        let request = request
            .storage_class(StorageClass::Glacier)
            .checksum_algorithm(ChecksumAlgorithm::Sha256);
        let request = request.tagging(format!("{TREE_HASH_TAG}={hash}"));
        request.body(ByteStream::from(bytes)).send().await.map_err(refused)?;
        Ok(hash)
    }

    /// What is not aborted here, because this process dies, the bucket's lifecycle rule removes.
    pub(super) async fn upload_parts<S>(
        &self,
        key: &str,
        size: u64,
        content: Content<S>,
    ) -> Result<TreeHash, VaultError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Unpin,
    {
        let request = self.client.create_multipart_upload().bucket(&self.bucket).key(key);
        let request = request
            .storage_class(StorageClass::Glacier)
            .checksum_algorithm(ChecksumAlgorithm::Sha256);
        let begun = request.send().await.map_err(refused)?;
        let upload = begun.upload_id.ok_or_else(|| without("upload id"))?;
        let done = self.upload_into(key, &upload, self.sizes.part_of(size), content).await;
        if done.is_err() {
            let request = self.client.abort_multipart_upload().bucket(&self.bucket).key(key);
            if let Err(error) = request.upload_id(upload).send().await {
                tracing::warn!("Could not abort the upload of {key}: {:#}", anyhow::Error::new(error));
            }
        }
        let hash = done?;
        self.tag(key, hash).await?;
        Ok(hash)
    }

    async fn upload_into<S>(
        &self,
        key: &str,
        upload: &str,
        part: u64,
        mut content: Content<S>,
    ) -> Result<TreeHash, VaultError>
    where
        S: Stream<Item = std::io::Result<Bytes>> + Unpin,
    {
        let mut parts = Vec::new();
        for number in 1.. {
            let bytes = content.next(part).await?;
            if bytes.is_empty() {
                break;
            }
            parts.push(self.upload_part(key, upload, number, bytes).await?);
        }
        let hash = content.finish().await?;
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.client.complete_multipart_upload().bucket(&self.bucket).key(key);
        let request = request.upload_id(upload).multipart_upload(parts);
        request.send().await.map_err(refused)?;
        Ok(hash)
    }

    async fn upload_part(
        &self,
        key: &str,
        upload: &str,
        number: i32,
        bytes: Bytes,
    ) -> Result<CompletedPart, VaultError> {
        let request = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload);
        let request = request
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .part_number(number);
        let sent = request.body(ByteStream::from(bytes)).send().await.map_err(refused)?;
        Ok(CompletedPart::builder()
            .part_number(number)
            .set_e_tag(sent.e_tag)
            .set_checksum_sha256(sent.checksum_sha256)
            .build())
    }

    async fn tag(&self, key: &str, hash: TreeHash) -> Result<(), VaultError> {
        let tag = Tag::builder().key(TREE_HASH_TAG).value(hash.to_string()).build();
        let tags = tag.and_then(|tag| Tagging::builder().tag_set(tag).build());
        let tags = tags.map_err(|error| VaultError::Request(Box::new(error)))?;
        let request = self.client.put_object_tagging().bucket(&self.bucket).key(key);
        request.tagging(tags).send().await.map_err(refused)?;
        Ok(())
    }
}
