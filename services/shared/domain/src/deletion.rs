//! Deletions: what can be deleted, by whose wish, and what is counted of it.

use std::str::FromStr;

/// What a deletion is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeletionKind {
    /// One job with its files.
    Job,
    /// An account with everything in it.
    Account,
}

/// By whose wish something is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// Whose it is.
    Owner,
    /// Somebody who runs the service.
    Operator,
}

/// A name that is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of deletion, or of who asks for one")]
pub struct UnknownDeletion;

/// How much was deleted in each store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Objects of the inputs bucket, each version counted.
    pub inputs: u64,
    /// Objects of the results bucket (results, indexes, logs), each version counted.
    pub results: u64,
    /// Archives in the vault.
    pub archives: u64,
    /// Rows of jobs.
    pub jobs: u64,
}

impl DeletionKind {
    /// The name that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Account => "account",
        }
    }
}

impl AskedBy {
    /// The name that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
        }
    }
}

impl FromStr for DeletionKind {
    type Err = UnknownDeletion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "job" => Ok(Self::Job),
            "account" => Ok(Self::Account),
            _ => Err(UnknownDeletion),
        }
    }
}

impl FromStr for AskedBy {
    type Err = UnknownDeletion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "owner" => Ok(Self::Owner),
            "operator" => Ok(Self::Operator),
            _ => Err(UnknownDeletion),
        }
    }
}
