//! Asking the vault for results back: what is asked is written before and after, so that nothing is asked for ever.

use std::time::Duration;

use anyhow::{Context, Result};
use backends::vault::{Vault, VaultError};
use chassis::metrics;
use domain::{Archive, Job, JobId, Tier, Timestamp};
use tracing::{error, info};

use crate::keeper::Keeper;

/// When to look again for an archive that the vault does not have; only an operator can help.
const LOST_PAUSE: Duration = Duration::from_secs(3600);
/// Jobs on one page of a person's.
pub const PAGE: i32 = 100;

impl<V: Vault> Keeper<V> {
    /// Says that the results are to come back, as part of what the owner's upgrade brings back.
    pub(crate) async fn begin_restore(&self, job: &Job) -> Result<()> {
        let upgrades = self.accounts.upgrades(job.user_id).await?;
        let restore_id = format!("upgrade-{}", upgrades.unwrap_or(0));
        if self
            .jobs
            .begin_restore(job, &restore_id, Timestamp::now())
            .await?
            .is_some()
        {
            info!("The results of job {} are to come back", job.id);
        }
        Ok(())
    }

    /// Asks the vault. Held meanwhile, because it costs money to ask twice.
    pub(crate) async fn request(&self, job: &Job) -> Result<()> {
        let Some(held) = self.jobs.hold(job, self.lease_from_now()).await? else {
            return Ok(());
        };
        let archive = archive_of(&held)?;
        match self.request_fastest(archive, held.id).await {
            Ok((retrieval, tier)) => {
                metrics::retrieval_request(tier.as_str());
                info!("Asked the vault for the results of job {} ({})", held.id, tier.as_str());
                let due = Timestamp::now().plus(self.patience);
                self.jobs.retrieving(&held, &retrieval, tier, due).await?;
                Ok(())
            }
            Err(VaultError::NotFound) => {
                metrics::retrieval_request("lost");
                error!("The vault does not have archive {} of job {}", archive.id, held.id);
                self.jobs
                    .look_again(&held, Some(Timestamp::now().plus(LOST_PAUSE)))
                    .await?;
                Ok(())
            }
            Err(refused) => {
                metrics::retrieval_request("failed");
                self.jobs.look_again(&held, Some(self.lease_from_now())).await?;
                Err(refused).with_context(|| format!("ask for the archive of job {}", held.id))
            }
        }
    }

    /// Expedited retrievals are refused under load; standard ones take hours but are accepted.
    async fn request_fastest(&self, archive: &Archive, job: JobId) -> Result<(String, Tier), VaultError> {
        match self.vault.request(&archive.id, job, Tier::Expedited).await {
            Err(VaultError::InsufficientCapacity) => {
                let retrieval = self.vault.request(&archive.id, job, Tier::Standard).await?;
                Ok((retrieval, Tier::Standard))
            }
            asked => Ok((asked?, Tier::Expedited)),
        }
    }
}

/// What the vault holds of a job that is archived or comes back.
pub fn archive_of(job: &Job) -> Result<&Archive> {
    job.archival
        .archive
        .as_ref()
        .with_context(|| format!("job {} has no archive", job.id))
}
