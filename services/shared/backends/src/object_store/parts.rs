//! Uploads in parts: a piece of a file at a time, each by a URL that takes these very bytes and no others, for as many days as
//! the bucket keeps what is unfinished. `web` offers them, to Premium.
//!
//! The store alone knows what is underway. An upload is found by its key, which is its owner's, so that no id of it travels to a
//! browser and back, and nothing else has to be remembered.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, Part as SdkPart};
use domain::{FileName, JobSettings};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::ObjectStore;
use super::upload_form::settings_fields;
use super::uploaded::size;

/// An upload in parts that was begun and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The key of the object that it becomes.
    pub key: String,
    id: String,
}

/// A part that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedPart {
    /// From 1.
    pub number: u32,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, as base64.
    pub sha256: String,
    etag: String,
}

/// A request by which whoever has it uploads one part: PUT, with these headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPart {
    /// Where it goes.
    pub url: String,
    /// What has to come with it, besides what every client sends by itself.
    pub headers: BTreeMap<String, String>,
}

/// What became of parts that were to be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutTogether {
    /// They are an object now.
    Now,
    /// There is no such upload (any more): it was put together before, broken off, or cleared away.
    Gone,
    /// A part is not what it was a moment ago.
    Changed,
}

impl ObjectStore {
    /// The uploads in parts below a prefix, at most a thousand, by key, and in the same order each time.
    pub async fn unfinished(&self, prefix: &str) -> Result<Vec<Unfinished>> {
        let listed = self
            .client
            .list_multipart_uploads()
            .bucket(&self.inputs_bucket)
            .prefix(prefix);
        let listed = listed
            .send()
            .await
            .with_context(|| format!("list the uploads below {prefix}"))?;
        let mut found: Vec<_> = listed.uploads.unwrap_or_default().into_iter().collect();
        // Of two that were begun at once everybody takes the same.
        found.sort_by_key(|upload| {
            let begun = upload.initiated.map_or(0, |begun| begun.secs());
            (upload.key.clone(), begun, upload.upload_id.clone())
        });
        let found = found.into_iter().filter_map(|upload| {
            Some(Unfinished {
                key: upload.key?,
                id: upload.upload_id?,
            })
        });
        Ok(found.collect())
    }

    /// Begins an upload in parts, with what its owner says of the file. It is tagged as the form tags what it uploads.
    pub async fn begin_parts(&self, key: &str, name: &FileName, settings: JobSettings) -> Result<Unfinished> {
        let request = self
            .client
            .create_multipart_upload()
            .bucket(&self.inputs_bucket)
            .key(key);
        let request = request
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .tagging("job=none");
        // Metadata of the object store is ASCII.
        let name = utf8_percent_encode(name.as_str(), NON_ALPHANUMERIC).to_string();
        let request = settings_fields(settings)
            .into_iter()
            .fold(request.metadata("file-name", name), |request, (field, word)| {
                request.metadata(field.trim_start_matches("x-amz-meta-"), word)
            });
        let begun = request
            .send()
            .await
            .with_context(|| format!("begin the upload of {key}"))?;
        let id = begun
            .upload_id
            .with_context(|| format!("the upload of {key} has no id"))?;
        Ok(Unfinished {
            key: key.to_owned(),
            id,
        })
    }

    /// The parts that are there, by number; `None` if the upload is not.
    pub async fn parts(&self, upload: &Unfinished) -> Result<Option<Vec<UploadedPart>>> {
        let request = self.client.list_parts().bucket(&self.inputs_bucket).key(&upload.key);
        let pages = request.upload_id(&upload.id).into_paginator().items().send();
        match pages.collect::<Result<Vec<SdkPart>, _>>().await {
            Ok(parts) => Ok(Some(parts.into_iter().filter_map(uploaded_part).collect())),
            Err(error) if error.code() == Some("NoSuchUpload") => Ok(None),
            Err(error) => Err(error).with_context(|| format!("list the parts of {}", upload.key)),
        }
    }

    /// A request that uploads the part with this number, of so many bytes whose SHA-256 this is. The store refuses any others.
    pub async fn sign_part(
        &self,
        upload: &Unfinished,
        number: u32,
        bytes: u64,
        sha256: &str,
        valid: Duration,
    ) -> Result<SignedPart> {
        let signing = || format!("sign part {number} of {}", upload.key);
        let request = self.public.upload_part().bucket(&self.inputs_bucket).key(&upload.key);
        let request = request
            .upload_id(&upload.id)
            .part_number(i32::try_from(number).with_context(signing)?)
            .content_length(i64::try_from(bytes).with_context(signing)?)
            .checksum_sha256(sha256);
        let signed = request
            .presigned(PresigningConfig::expires_in(valid)?)
            .await
            .with_context(signing)?;
        // Every client knows how much it sends, and browsers let nobody else say it.
        let headers = signed
            .headers()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
        let headers = headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(SignedPart {
            url: signed.uri().to_owned(),
            headers,
        })
    }

    /// Makes one object of these parts, all of it or nothing.
    pub async fn put_together(&self, upload: &Unfinished, parts: &[UploadedPart]) -> Result<PutTogether> {
        let request = self
            .client
            .complete_multipart_upload()
            .bucket(&self.inputs_bucket)
            .key(&upload.key);
        let total: u64 = parts.iter().map(|part| part.bytes).sum();
        let parts = parts.iter().map(|part| {
            let number = i32::try_from(part.number).ok();
            let named = CompletedPart::builder().set_part_number(number).e_tag(&part.etag);
            named.checksum_sha256(&part.sha256).build()
        });
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        let request = request.upload_id(&upload.id).multipart_upload(parts);
        match request.set_mpu_object_size(i64::try_from(total).ok()).send().await {
            Ok(_) => Ok(PutTogether::Now),
            Err(error) if error.code() == Some("NoSuchUpload") => Ok(PutTogether::Gone),
            Err(error) if error.code() == Some("InvalidPart") => Ok(PutTogether::Changed),
            Err(error) => Err(error).with_context(|| format!("put the parts of {} together", upload.key)),
        }
    }

    /// Breaks an upload off: its parts are gone, and URLs for others worth nothing. One that is gone is no error.
    pub async fn break_off_parts(&self, upload: &Unfinished) -> Result<()> {
        let request = self
            .client
            .abort_multipart_upload()
            .bucket(&self.inputs_bucket)
            .key(&upload.key);
        match request.upload_id(&upload.id).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("NoSuchUpload") => Ok(()),
            Err(error) => Err(error).with_context(|| format!("break off the upload of {}", upload.key)),
        }
    }
}

fn uploaded_part(part: SdkPart) -> Option<UploadedPart> {
    Some(UploadedPart {
        number: u32::try_from(part.part_number?).ok()?,
        bytes: size(part.size),
        sha256: part.checksum_sha256?,
        etag: part.e_tag?,
    })
}
