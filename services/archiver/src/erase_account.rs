//! Deleting an account: all its jobs, what was uploaded and never submitted, its turns, and the rows of PostgreSQL last.
//! Nobody can sign in to it since it was marked, and its subscription had ended before.

use anyhow::Result;
use backends::accounts::Leaving;
use backends::jobs::Marked;
use backends::vault::Vault;
use domain::{Deleted, JobId, Timestamp, UserId, keys};
use futures_util::{StreamExt, TryStreamExt, stream};
use tracing::info;

use crate::keeper::Keeper;

/// Jobs that are deleted at once.
const AT_ONCE: usize = 4;

impl<V: Vault> Keeper<V> {
    /// Goes as far with deleting an account that is marked so as it can be gone now. Each step may be repeated; the mark
    /// stays until nothing else is left.
    pub async fn erase_account(&self, user: UserId) -> Result<()> {
        let Some(leaving) = self.accounts.leaving(user).await? else {
            return Ok(()); // It is gone, or nobody has asked for that.
        };
        let has_no_job = self.erase_jobs(&leaving).await?;
        // What was being submitted when the account was marked is there by then.
        let is_last_look = Timestamp::now() >= leaving.asked_at.plus(self.last_look);
        if !has_no_job || !is_last_look || self.jobs.has_doomed(user).await? {
            return Ok(());
        }
        if !self.accounts.take_leaving(user, self.lease).await? {
            return Ok(()); // Another archiver is at what is left.
        }
        let objects = self.objects.erase(&keys::of_user(user)).await?;
        self.jobs.forget_turns(user).await?;
        let deleted = Deleted {
            inputs: objects.inputs,
            results: objects.results,
            ..Deleted::default()
        };
        self.accounts.count_deleted(leaving.deletion, deleted).await?;
        self.accounts.erase(&leaving).await?;
        info!(user.id = %user, "The account of user {user} is deleted");
        Ok(())
    }

    /// Marks every job of the person and deletes what there is of it; says whether none is listed any more.
    async fn erase_jobs(&self, leaving: &Leaving) -> Result<bool> {
        loop {
            let jobs = self.jobs.ids_of(leaving.user_id).await?;
            let mut marked = 0;
            for job in &jobs {
                let mark = self
                    .jobs
                    .delete(leaving.user_id, *job, leaving.deletion, Timestamp::now());
                marked += usize::from(mark.await? == Marked::Now);
            }
            let is_empty = jobs.is_empty();
            let erase = |job: JobId| self.erase(job);
            stream::iter(jobs.into_iter().map(erase))
                .buffer_unordered(AT_ONCE)
                .try_collect::<()>()
                .await?;
            // The list may be behind, and show what is marked already; the next sweep looks again.
            if marked == 0 {
                return Ok(is_empty);
            }
        }
    }
}
