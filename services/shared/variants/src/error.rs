//! Why a question cannot be answered.

use parquet::errors::ParquetError;

/// Why a question cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not one of our variants, or of another version.
    #[error("{0}")]
    NotOurs(String),
    /// The file is damaged.
    #[error("the file of variants is damaged: {0}")]
    Damaged(String),
    /// The results that belong to the file are damaged.
    #[error("the results are damaged: {0}")]
    DamagedResults(String),
    /// Their index is damaged.
    #[error("the index of the results is damaged: {0}")]
    DamagedIndex(String),
    /// Bytes that were asked for were not handed over.
    #[error("bytes {start} to {end} of the file of variants are missing")]
    Missing {
        /// The first of them.
        start: u64,
        /// Behind the last.
        end: u64,
    },
    /// The question has a fault, such as the name of a sample that the file does not have.
    #[error(transparent)]
    Wrong(#[from] Wrong),
}

/// What is wrong with a part of a filter, in words for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Wrong {
    /// The name of the field, as in [`Filter::from_pairs`](crate::Filter::from_pairs): `region`.
    pub field: &'static str,
    /// What is wrong, a sentence.
    pub why: String,
}

impl Wrong {
    pub(crate) fn new(field: &'static str, why: impl Into<String>) -> Self {
        Self { field, why: why.into() }
    }
}

impl From<ParquetError> for Error {
    fn from(error: ParquetError) -> Self {
        Self::Damaged(error.to_string())
    }
}
