//! What is known of an upload without reading it: its size, its version, and what its owner has said of it.

use anyhow::{Context, Result};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::{MetadataDirective, Tag, Tagging, TaggingDirective};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::{FileName, JobId, JobSettings, Upload};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tracing::warn;

use super::ObjectStore;

impl ObjectStore {
    /// Size, name and version of an uploaded input; `None` if nothing was uploaded under the key.
    pub async fn uploaded(&self, key: &str) -> Result<Option<Upload>> {
        let request = self.client.head_object().bucket(&self.inputs_bucket).key(key);
        match request.send().await {
            Ok(head) => Ok(Some(described(&head))),
            Err(SdkError::ServiceError(e)) if e.err().is_not_found() => Ok(None),
            Err(unreadable) => {
                // A name with control characters makes headers that cannot be read, of this answer and of each download.
                match self.rid_of_metadata(key).await {
                    Ok(found) => Ok(found),
                    Err(_) => Err(unreadable).with_context(|| format!("look up the input {key}")),
                }
            }
        }
    }

    /// Whether the version of an input that was submitted is still there.
    pub async fn has_input(&self, key: &str, version: Option<&str>) -> Result<bool> {
        let request = self.client.head_object().bucket(&self.inputs_bucket).key(key);
        match request.set_version_id(version.map(str::to_owned)).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(e)) if e.err().is_not_found() => Ok(false),
            Err(error) => Err(error).with_context(|| format!("look for the input {key}")),
        }
    }

    /// Says of an upload that it is the input of a job, so that the rule for uploads without one leaves it alone. `false` if it
    /// is gone.
    pub async fn keep_input(&self, key: &str, version: Option<&str>, job: JobId) -> Result<bool> {
        let tag = Tag::builder().key("job").value(job.to_string()).build()?;
        let request = self.client.put_object_tagging().bucket(&self.inputs_bucket).key(key);
        let request = request
            .set_version_id(version.map(str::to_owned))
            .tagging(Tagging::builder().tag_set(tag).build()?);
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.code(), Some("NoSuchKey" | "NoSuchVersion")) => Ok(false),
            Err(error) => Err(error).with_context(|| format!("tag the input {key}")),
        }
    }

    /// Replaces the metadata of the upload by none, in a version of its own.
    async fn rid_of_metadata(&self, key: &str) -> Result<Option<Upload>> {
        let request = self
            .client
            .list_object_versions()
            .bucket(&self.inputs_bucket)
            .prefix(key);
        let listed = request.send().await?;
        let latest = |version: &&aws_sdk_s3::types::ObjectVersion| {
            version.key() == Some(key) && version.is_latest() == Some(true)
        };
        let Some(found) = listed.versions().iter().find(latest) else {
            return Ok(None);
        };
        let version = found.version_id().context("a version has no id")?;
        let source = format!("{}/{}?versionId={version}", self.inputs_bucket, encoded(key));
        let request = self
            .client
            .copy_object()
            .bucket(&self.inputs_bucket)
            .key(key)
            .copy_source(source);
        // Tags as they are would have to be read, for which nobody has the right.
        let request = request
            .metadata_directive(MetadataDirective::Replace)
            .tagging_directive(TaggingDirective::Replace)
            .tagging("job=none");
        let copied = request.send().await?;
        warn!("The metadata of the input {key} cannot be read; it goes on without");
        Ok(Some(Upload {
            file_name: FileName::from_untrusted(""),
            settings: JobSettings::default(),
            size: size(found.size()),
            version: copied.version_id,
        }))
    }
}

fn described(head: &HeadObjectOutput) -> Upload {
    let metadata = |key| head.metadata().and_then(|all| all.get(key)).map_or("", String::as_str);
    Upload {
        file_name: original_name(metadata("file-name")),
        settings: JobSettings::from_untrusted(metadata),
        size: size(head.content_length()),
        version: head.version_id().map(str::to_owned),
    }
}

pub(super) fn size(content_length: Option<i64>) -> u64 {
    u64::try_from(content_length.unwrap_or(0)).unwrap_or(0)
}

/// A key as a copy's source wants it; keys have no other characters than these.
fn encoded(key: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.');
    utf8_percent_encode(key, KEPT).to_string()
}

/// Our script percent-encodes the name because S3 metadata is ASCII; a form without script sends it as it is.
fn original_name(metadata: &str) -> FileName {
    let decoded = in_plain(metadata);
    FileName::from_untrusted(&percent_decode_str(&decoded).decode_utf8_lossy())
}

/// S3 gives metadata that is not ASCII back as encoded words, `=?UTF-8?B?…?=` or `=?UTF-8?Q?…?=` (RFC 2047,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>).
fn in_plain(metadata: &str) -> String {
    let words: Option<Vec<Vec<u8>>> = metadata.split_whitespace().map(encoded_word).collect();
    match words {
        Some(words) => String::from_utf8_lossy(&words.concat()).into_owned(),
        None => metadata.to_owned(),
    }
}

fn encoded_word(word: &str) -> Option<Vec<u8>> {
    let inside = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let (charset, rest) = inside.split_once('?')?;
    let (encoding, text) = rest.split_once('?')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    match encoding {
        "B" | "b" => BASE64_STANDARD.decode(text).ok(),
        // The same as percent encoding, with another sign; a space is an underscore.
        "Q" | "q" => {
            let percent = text.replace('%', "%25").replace('=', "%").replace('_', " ");
            Some(percent_decode_str(&percent).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_and_then_made_safe() {
        assert_eq!(original_name("test.vcf").as_str(), "test.vcf");
        assert_eq!(original_name("%D0%B3%D0%B5%D0%BD.vcf").as_str(), "ген.vcf");
        assert_eq!(original_name("%2e%2e%2fx%0d%0a.vcf").as_str(), "x.vcf");
        assert_eq!(original_name("100%.vcf").as_str(), "100%.vcf");
        assert_eq!(original_name("").as_str(), "input.vcf");
    }

    #[test]
    fn encoded_words_are_read_and_what_only_looks_like_them_is_kept() {
        assert_eq!(original_name("=?UTF-8?B?0LPQtdC9LnZjZg==?=").as_str(), "ген.vcf");
        assert_eq!(original_name("=?UTF-8?Q?g=C3=A9n_5%.vcf?=").as_str(), "gén 5%.vcf");
        assert_eq!(original_name("=?latin1?Q?x?=").as_str(), "=?latin1?Q?x?=");
        assert_eq!(original_name("my file.vcf").as_str(), "my file.vcf");
    }

    #[test]
    fn a_key_is_a_source_as_it_is() {
        let key = "6f9619ff-8b86-4011-b42d-00c04fc964ff/6f9619ff-8b86-4011-b42d-00c04fc964ff/input.vcf";
        assert_eq!(encoded(key), key);
    }
}
