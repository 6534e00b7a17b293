//! The sweep: looks at every job whose time has come. Messages are faster, but this is what nothing escapes.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use backends::jobs::DueJob;
use backends::vault::Vault;
use chassis::metrics;
use chassis::shutdown::Shutdown;
use domain::Timestamp;
use futures_util::{StreamExt, stream};
use tokio::time::sleep;
use tracing::{Instrument, info_span, warn};

use crate::keeper::Keeper;

/// How the sweep is done.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    /// How often.
    pub interval: Duration,
    /// Jobs at once.
    pub concurrency: usize,
}

impl Sweep {
    /// Looks every so often until shutdown; what is under way then is left as if this process had died. Every replica
    /// does it, and conditional writes let one of them have each job.
    pub async fn run<V: Vault>(self, keeper: Arc<Keeper<V>>, shutdown: Shutdown) -> Result<()> {
        let sweeps = async {
            loop {
                sleep(self.interval).await;
                if let Err(error) = self.once(&keeper).await {
                    warn!("The sweep for due jobs failed, the next one may not: {error:#}");
                }
            }
        };
        tokio::select! {
            never = sweeps => never,
            () = shutdown.requested() => Ok(()),
        }
    }

    async fn once<V: Vault>(self, keeper: &Keeper<V>) -> Result<()> {
        let now = Timestamp::now();
        let due = keeper.jobs.due(now).await?;
        let oldest = due.iter().map(|job| job.since).min();
        metrics::overdue_archives(oldest.map_or(Duration::ZERO, |since| now.since(since)));
        let look = |job: DueJob| {
            let span = info_span!("sweep", job.id = %job.job_id);
            Self::look_at(keeper, job).instrument(span)
        };
        stream::iter(due)
            .map(look)
            .buffer_unordered(self.concurrency)
            .collect::<()>()
            .await;
        metrics::longest_restore(keeper.jobs.longest_restore(now).await?);
        Ok(())
    }

    /// A job that fails is put off, so that it does not stand in the way of the others.
    async fn look_at<V: Vault>(keeper: &Keeper<V>, job: DueJob) {
        let id = job.job_id;
        let Err(error) = Box::pin(keeper.attend(id)).await else {
            return;
        };
        warn!("Could not do what job {id} needs, trying again later: {error:#}");
        if let Err(error) = keeper.put_off(id).await {
            warn!("Could not put job {id} off: {error:#}");
        }
    }
}

impl<V: Vault> Keeper<V> {
    /// Looks at a job again after a pause, unless somebody has changed it in the meantime.
    async fn put_off(&self, id: domain::JobId) -> Result<()> {
        let now = Timestamp::now();
        if let Some(job) = self
            .jobs
            .get(id)
            .await?
            .filter(|job| job.archival.due.is_some_and(|due| due <= now))
        {
            self.jobs.look_again(&job, Some(self.lease_from_now())).await?;
        }
        Ok(())
    }
}
