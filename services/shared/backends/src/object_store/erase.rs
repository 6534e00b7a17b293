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
        Ok(ErasedObjects {
            results: self.erase_results(prefix).await?,
            inputs: self.erase_inputs(prefix).await?,
        })
    }

    /// The same in the bucket of results alone.
    pub async fn erase_results(&self, prefix: &str) -> Result<u64> {
        versions::abort_uploads(&self.client, &self.results_bucket, prefix).await?;
        versions::erase(&self.client, &self.results_bucket, prefix).await
    }

    /// The same in the bucket of inputs alone.
    pub async fn erase_inputs(&self, prefix: &str) -> Result<u64> {
        versions::abort_uploads(&self.client, &self.inputs_bucket, prefix).await?;
        versions::erase(&self.client, &self.inputs_bucket, prefix).await
    }
}
