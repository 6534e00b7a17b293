//! Reference bundles as S3 objects: fetched once, by name and checksum.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use backends::aws::SdkConfig;
use backends::object_store::ObjectStore;
use sha2::{Digest, Sha256};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tracing::info;

use crate::Settings;
use reference::bundle::EXTENSION;
use reference::draft::{self, Draft};

/// How much is read at a time.
const PIECE_BYTES: usize = 1 << 20;

/// A bundle in S3: `NAME=s3://bucket/key#sha256`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceObject {
    name: String,
    bucket: String,
    key: String,
    sha256: String,
}

impl FromStr for ReferenceObject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = || {
            let (name, address) = text.split_once('=')?;
            let (address, sha256) = address.rsplit_once('#')?;
            let (bucket, key) = address.strip_prefix("s3://")?.split_once('/')?;
            let is_name = !name.is_empty()
                && name
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
            let is_digest = sha256.len() == 64 && sha256.chars().all(|digit| digit.is_ascii_hexdigit());
            (is_name && is_digest && !bucket.is_empty() && !key.is_empty()).then(|| Self {
                name: name.to_owned(),
                bucket: bucket.to_owned(),
                key: key.to_owned(),
                sha256: sha256.to_ascii_lowercase(),
            })
        };
        parts().ok_or_else(|| "expected NAME=s3://bucket/key#sha256, the SHA-256 in 64 hexadecimal digits".to_owned())
    }
}

/// Fetches the bundles that are not there yet. A file beside each says which object it is, so that another checksum
/// fetches it again.
pub async fn fetch_missing(aws: &SdkConfig, settings: &Settings) -> Result<()> {
    let folder = settings.references.folder();
    for object in &settings.reference_objects {
        fs::create_dir_all(&folder)
            .await
            .with_context(|| format!("make {}", folder.display()))?;
        let stamp = folder.join(format!("{}.sha256", object.name));
        let path = folder.join(format!("{}.{EXTENSION}", object.name));
        let known = fs::read_to_string(&stamp).await.unwrap_or_default();
        if known.trim() == object.sha256 && path.is_file() {
            continue;
        }
        let objects = ObjectStore::new(aws, &settings.aws, &settings.stores);
        object
            .fetch(&objects, &path)
            .await
            .with_context(|| format!("fetch the reference {}", object.name))?;
        draft::write(&stamp, object.sha256.as_bytes())?;
        info!(
            "Fetched the reference {} from s3://{}/{}",
            object.name, object.bucket, object.key
        );
    }
    Ok(())
}

impl ReferenceObject {
    async fn fetch(&self, objects: &ObjectStore, path: &Path) -> Result<()> {
        let mut input = objects.open_object(&self.bucket, &self.key).await?;
        let draft = Draft::create(path)?;
        let (mut file, mut digest) = (File::from_std(draft.file().try_clone()?), Sha256::new());
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let length = input.reader.read(&mut piece).await?;
            if length == 0 {
                break;
            }
            digest.update(&piece[..length]);
            file.write_all(&piece[..length]).await?;
        }
        file.sync_all().await?;
        let found: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if found != self.sha256 {
            bail!("its SHA-256 is {found}, not {}", self.sha256);
        }
        Ok(draft.finish()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_by_its_address_and_checksum() {
        let digest = "ab".repeat(32);
        let object: ReferenceObject = format!("hg19=s3://gas-references/v1/hg19.gasref#{digest}")
            .parse()
            .unwrap();
        assert_eq!(
            (object.bucket.as_str(), object.key.as_str()),
            ("gas-references", "v1/hg19.gasref")
        );
        for text in [
            "hg19",
            "hg19=s3://b/k",
            "hg19=s3://b/k#12",
            "../x=s3://b/k#",
            "hg19=https://b/k#ab",
        ] {
            assert!(text.parse::<ReferenceObject>().is_err(), "{text}");
        }
        assert!(format!("../x=s3://b/k#{digest}").parse::<ReferenceObject>().is_err());
    }
}
