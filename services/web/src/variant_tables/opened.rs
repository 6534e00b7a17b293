//! A file of variants whose table of contents was read.

use std::sync::Arc;

use variants::Table;

/// A file of variants whose table of contents was read.
#[derive(Clone)]
pub struct Opened {
    /// Its key in the bucket of results.
    pub key: Arc<str>,
    /// The ETag of the object that the contents are of.
    pub etag: Arc<str>,
    /// Both, which is what its pieces are kept under.
    pub object: Arc<str>,
    /// What is where.
    pub table: Table,
    /// About how many bytes of memory the contents take.
    pub weight: u64,
}
