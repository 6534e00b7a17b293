//! Deleting for good: everything of a job, or of a person, in both buckets.

use anyhow::Result;

use super::ObjectStore;
use crate::versions;

/// How many objects were deleted, each version counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ErasedObjects {
    /// Of the bucket of inputs.
    pub inputs: u64,
    /// Of the bucket of results.
    pub results: u64,
}

impl ObjectStore {
    /// Deletes every version of everything whose key begins with `prefix` ([`domain::keys::of_job`],
    /// [`domain::keys::of_user`]), and breaks off what is being written there.
    pub async fn erase(&self, prefix: &str) -> Result<ErasedObjects> {
        versions::abort_uploads(&self.client, &self.results_bucket, prefix).await?;
        Ok(ErasedObjects {
            inputs: versions::erase(&self.client, &self.inputs_bucket, prefix).await?,
            results: versions::erase(&self.client, &self.results_bucket, prefix).await?,
        })
    }
}
