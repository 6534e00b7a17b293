//! The body of a request, hashed on its way into a file: an archive may be larger than memory.

use std::path::Path;

use backends::vault::{TreeHash, TreeHasher};
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;
use warp::Buf;

use super::refusal::Refusal;

/// The most that a JSON document may be.
const LONGEST_DOCUMENT: u64 = 1024 * 1024;

/// A received body. Its file is gone with it unless it is kept.
pub struct Payload {
    file: NamedTempFile,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of all of it, in hexadecimal.
    pub sha256: String,
    /// The tree hash of all of it.
    pub tree_hash: TreeHash,
}

impl Payload {
    /// Takes the whole body into a file in `folder`.
    pub async fn receive(
        folder: &Path,
        body: impl Stream<Item = Result<impl Buf, warp::Error>> + Send,
    ) -> Result<Self, Refusal> {
        let file = NamedTempFile::new_in(folder)?;
        let mut writer = tokio::fs::File::from_std(file.reopen()?);
        let (mut size, mut linear, mut tree) = (0, Sha256::new(), TreeHasher::default());
        let mut body = std::pin::pin!(body);
        while let Some(piece) = body.next().await {
            let mut piece = piece.map_err(|error| Refusal::bad_request(format!("The body broke off: {error}")))?;
            while piece.has_remaining() {
                let bytes = piece.chunk();
                linear.update(bytes);
                tree.update(bytes);
                writer.write_all(bytes).await?;
                size += bytes.len() as u64;
                piece.advance(bytes.len());
            }
        }
        writer.flush().await?;
        let sha256 = hex(&linear.finalize());
        let tree_hash = tree.finish();
        Ok(Self {
            file,
            size,
            sha256,
            tree_hash,
        })
    }

    /// Reads the body as a JSON document.
    pub fn document<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if self.size > LONGEST_DOCUMENT {
            return Err(Refusal::serialization("The document is too long"));
        }
        let text = std::fs::read(self.file.path())?;
        serde_json::from_slice(&text).map_err(|error| Refusal::serialization(format!("Invalid JSON: {error}")))
    }

    /// Keeps the body as the file `path`.
    pub fn keep(self, path: &Path) -> Result<(), Refusal> {
        self.file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
