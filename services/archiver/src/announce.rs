//! Telling a person, once, that results are about to be archived, or that everything an upgrade brings back is here.

use anyhow::Result;
use backends::vault::Vault;
use domain::events::{Notice, NoticeDue};
use domain::{Job, JobStatus, ResultsState, Timestamp, User};
use tracing::info;

use crate::keeper::Keeper;
use crate::retrieve::PAGE;

impl<V: Vault> Keeper<V> {
    /// Tells the owner of results that stay where they are until then, if it is time for that; gives when to look again. Told
    /// whenever somebody looks meanwhile: the key makes one mail of it.
    pub(crate) async fn warn_in_time(&self, job: &Job, until: Timestamp) -> Result<Timestamp> {
        let Some(ahead) = self
            .retention
            .warning()
            .filter(|_| job.results_state == ResultsState::Live)
        else {
            return Ok(until);
        };
        let warning = until.minus(ahead);
        if Timestamp::now() < warning {
            return Ok(warning);
        }
        let leaving = Notice::ResultsLeaving {
            job: job.id,
            until: until.epoch_seconds(),
        };
        let key = format!("results-leaving/{}/{}", job.id, until.epoch_seconds());
        self.notices.publish(&NoticeDue::new(job.user_id, key, leaving)).await?;
        Ok(until)
    }

    /// Asks for the mail if `job` was the last to come back. Of two that come back at the same moment both may; the key
    /// makes one mail of it.
    pub(crate) async fn announce(&self, job: &Job) -> Result<()> {
        let Some((restore, owner)) = job
            .archival
            .restore
            .as_ref()
            .zip(self.accounts.user(job.user_id).await?)
        else {
            return Ok(());
        };
        let Some(results) = self.restored_if_all(job, &restore.id, &owner).await? else {
            return Ok(());
        };
        let key = format!("results-restored/{}/{}", job.user_id, restore.id);
        let notice = NoticeDue::new(job.user_id, key, Notice::ResultsRestored { results });
        self.notices.publish(&notice).await?;
        info!(user.id = %job.user_id, "All {results} results of user {} are back", job.user_id);
        Ok(())
    }

    /// How many results the restore has brought back; `None` while some of the person's are still on their way.
    async fn restored_if_all(&self, job: &Job, restore_id: &str, owner: &User) -> Result<Option<u64>> {
        let (mut restored, mut after) = (1, None);
        loop {
            let page = self.jobs.list(job.user_id, PAGE, after).await?;
            for other in page.jobs {
                if other.id == job.id || other.status != JobStatus::Completed {
                    continue;
                }
                let other = self.as_it_is(other).await?;
                if self.is_on_its_way(&other, owner) {
                    return Ok(None);
                }
                let is_part = other
                    .archival
                    .restore
                    .as_ref()
                    .is_some_and(|restore| restore.id == restore_id);
                restored += u64::from(is_part && other.results_state == ResultsState::Live);
            }
            match page.next {
                None => return Ok(Some(restored)),
                next => after = next,
            }
        }
    }

    /// The list may be behind; a job that seems not to be back is read again.
    async fn as_it_is(&self, listed: Job) -> Result<Job> {
        match listed.results_state {
            ResultsState::Live => Ok(listed),
            _ => Ok(self.jobs.get(listed.id).await?.unwrap_or(listed)),
        }
    }

    fn is_on_its_way(&self, job: &Job, owner: &User) -> bool {
        match job.results_state {
            ResultsState::Live | ResultsState::Archiving => false,
            ResultsState::Archived => job.is_within_time(owner, Timestamp::now(), self.retention),
            ResultsState::Restoring => true,
        }
    }
}
