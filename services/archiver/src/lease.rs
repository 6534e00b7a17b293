//! Work that takes a while on a job that is held: the lease is kept for as long as we live.

use std::convert::Infallible;

use anyhow::Result;
use backends::vault::Vault;
use domain::Job;
use tokio::time::sleep;
use tracing::warn;

use crate::keeper::Keeper;

impl<V: Vault> Keeper<V> {
    /// Does the work and keeps the lease meanwhile. When the lease is lost the work goes on to its end all the same: its
    /// last write then fails, and what it has made is taken away, which nobody else could find.
    pub(crate) async fn under_lease<T>(&self, held: &Job, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            done = work => done,
            never = self.keep_lease(held) => match never {},
        }
    }

    async fn keep_lease(&self, held: &Job) -> Infallible {
        loop {
            sleep(self.lease / 3).await;
            match self.jobs.keep_holding(held, self.lease_from_now()).await {
                Ok(true) => {}
                Ok(false) => {
                    warn!(
                        "The plan of its owner, or another archiver, has taken job {} over",
                        held.id
                    );
                    std::future::pending::<()>().await;
                }
                // The lease may outlast the trouble.
                Err(error) => warn!("Could not keep the lease of job {}: {error:#}", held.id),
            }
        }
    }
}
