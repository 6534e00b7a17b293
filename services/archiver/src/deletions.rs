//! When something is deleted: at once by the message that asks for it, and by a sweep over what is marked, which nothing
//! escapes.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use backends::vault::Vault;
use chassis::shutdown::Shutdown;
use chassis::worker::{DeliveryInfo, Handler};
use domain::events::{Deletable, DeletionRequested};
use domain::{JobId, Timestamp, UserId};
use tokio::time::sleep;
use tracing::{Instrument, info_span, warn};

use crate::keeper::Keeper;

/// Reads `deletions`: a job or an account is marked to be deleted.
pub struct Deletions<V>(pub Arc<Keeper<V>>);

/// Looks for what is marked to be deleted, so often.
#[derive(Debug, Clone, Copy)]
pub struct DeletionSweep(pub Duration);

impl<V: Vault> Handler for Deletions<V> {
    type Event = DeletionRequested;

    /// What is not marked, or is gone, needs nothing. The last look is left to the sweep.
    async fn handle(&self, event: DeletionRequested, _delivery: &DeliveryInfo) -> Result<()> {
        match event.what {
            Deletable::Job(job) => self.0.erase(job).await,
            Deletable::Account(user) => self.0.erase_account(user).await,
        }
    }
}

impl DeletionSweep {
    /// Looks until shutdown; what is under way then is left as if this process had died. Every replica does it: what two
    /// delete at once is deleted once.
    pub async fn run<V: Vault>(self, keeper: Arc<Keeper<V>>, shutdown: Shutdown) -> Result<()> {
        let sweeps = async {
            loop {
                sleep(self.0).await;
                if let Err(error) = once(&keeper).await {
                    warn!("The sweep for deletions failed, the next one may not: {error:#}");
                }
            }
        };
        tokio::select! {
            never = sweeps => never,
            () = shutdown.requested() => Ok(()),
        }
    }
}

async fn once<V: Vault>(keeper: &Keeper<V>) -> Result<()> {
    for job in keeper.jobs.doomed_due(Timestamp::now()).await? {
        let span = info_span!("sweep", job.id = %job);
        erase_job(keeper, job).instrument(span).await;
    }
    for user in keeper.accounts.people_leaving().await? {
        let span = info_span!("sweep", user.id = %user);
        erase_account(keeper, user).instrument(span).await;
    }
    Ok(())
}

/// One that fails is put off, so that it does not stand in the way of the others.
async fn erase_job<V: Vault>(keeper: &Keeper<V>, job: JobId) {
    let Err(error) = Box::pin(keeper.erase(job)).await else {
        return;
    };
    warn!("Could not delete job {job}, trying again later: {error:#}");
    let later = Timestamp::now().plus(keeper.last_look);
    if let Err(error) = keeper.jobs.put_off_doomed(job, later).await {
        warn!("Could not put the deletion of job {job} off: {error:#}");
    }
}

async fn erase_account<V: Vault>(keeper: &Keeper<V>, user: UserId) {
    if let Err(error) = Box::pin(keeper.erase_account(user)).await {
        warn!("Could not delete the account of user {user}, trying again later: {error:#}");
    }
}
