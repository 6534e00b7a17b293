//! Why a vault did not do what it was asked, in our words.

use aws_sdk_glacier::error::{ProvideErrorMetadata, SdkError};

use super::TreeHash;

/// Why the vault did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Ask for another tier.
    #[error("no capacity for an expedited retrieval")]
    InsufficientCapacity,
    /// The archive or the retrieval job is not there (any more).
    #[error("the vault does not have it")]
    NotFound,
    /// What came or went is not what it should be.
    #[error("the tree hash does not match")]
    Corrupt,
    /// Anything else.
    #[error("the vault request failed")]
    Request(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a caller treats differently, by the codes of Glacier and of S3.
///
/// <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html>
pub(super) fn refused<E, R>(error: SdkError<E, R>) -> VaultError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error().and_then(ProvideErrorMetadata::code) {
        Some("InsufficientCapacityException" | "GlacierExpeditedRetrievalNotAvailable") => {
            VaultError::InsufficientCapacity
        }
        // An object whose restored copy has expired is in an invalid state.
        Some("ResourceNotFoundException" | "NoSuchKey" | "NotFound" | "InvalidObjectState") => VaultError::NotFound,
        _ => VaultError::Request(Box::new(error)),
    }
}

/// An answer that lacks what every answer has.
pub(super) fn without(what: &str) -> VaultError {
    VaultError::Request(format!("the answer has no {what}").into())
}

/// Compares what the vault has computed with what was sent or came.
pub(super) fn checked(computed: Option<&str>, ours: TreeHash) -> Result<(), VaultError> {
    match computed.map(str::parse::<TreeHash>) {
        Some(Ok(theirs)) if theirs == ours => Ok(()),
        _ => Err(VaultError::Corrupt),
    }
}
