//! The vault: where archived results are, cheaply and slowly. Two kinds: a Glacier vault, and S3's GLACIER class.
//!
//! An archive is stored once and never changed. To read it, a retrieval job is asked for; hours later its output can be
//! read for a while.

mod content;
mod error;
mod glacier;
mod s3_class;
mod s3_upload;
mod tree_hash;

use bytes::Bytes;
use domain::JobId;
use futures_util::Stream;

pub use domain::{Archive, Tier};

pub use self::content::UploadSizes;
pub use self::error::VaultError;
use self::error::checked;
pub use self::glacier::GlacierVault;
pub use self::s3_class::{S3ClassVault, job_of_archive};
pub use self::tree_hash::{LEAF, NoTreeHash, TreeHash, TreeHasher};

/// How far a retrieval job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retrieval {
    /// Not ready yet.
    Underway,
    /// The archive can be read.
    Ready,
    /// The vault has given it up, or the output has expired; the reason is for the log. It can be asked for again.
    Failed(String),
}

/// A place for archives.
pub trait Vault: Clone + Send + Sync + 'static {
    /// Begins to store the results of `job`, `size` bytes; gives the upload's id. Whoever writes it down before the bytes
    /// go leaves no archive behind that nobody knows of.
    fn begin(&self, job: JobId, size: u64) -> impl Future<Output = Result<String, VaultError>> + Send;

    /// Stores `size` bytes from `content`, and verifies what the vault has taken by its tree hash. The same upload with the
    /// same content, perhaps by another process after the first has died, gives the same archive. An upload that the vault
    /// has forgotten is [`VaultError::NotFound`].
    fn store(
        &self,
        upload: &str,
        size: u64,
        content: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    ) -> impl Future<Output = Result<Archive, VaultError>> + Send;

    /// Asks for an archive back; gives the retrieval job's id. The vault's notification carries `job` as description.
    fn request(&self, archive: &str, job: JobId, tier: Tier)
    -> impl Future<Output = Result<String, VaultError>> + Send;

    /// How far a retrieval job is.
    fn retrieval(&self, archive: &str, retrieval: &str) -> impl Future<Output = Result<Retrieval, VaultError>> + Send;

    /// The bytes `start` (0-based) to `end` (exclusive) of a retrieval that is ready.
    fn read(
        &self,
        archive: &str,
        retrieval: &str,
        start: u64,
        end: u64,
    ) -> impl Future<Output = Result<Bytes, VaultError>> + Send;

    /// Deletes an archive; one that is gone is no error.
    fn delete(&self, archive: &str) -> impl Future<Output = Result<(), VaultError>> + Send;

    /// Breaks an upload off, so that nothing comes of it; one that the vault does not know any more is no error. One that
    /// is complete is [`VaultError::NotFound`]: store it again to learn of which archive, and delete that.
    fn break_off(&self, upload: &str) -> impl Future<Output = Result<(), VaultError>> + Send;

    /// Deletes what else the vault keeps of a job: versions of its archives, halves of uploads. Gives how many archives
    /// went with it.
    fn erase(&self, job: JobId) -> impl Future<Output = Result<u64, VaultError>> + Send;
}
