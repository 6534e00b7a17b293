//! Jobs that their owner ends before their end.
//!
//! One transaction ends the row and gives its turn up. Whoever annotates the job learns of it at the next sign of life, which
//! fails, and takes back what was made so far; nobody is mailed, since whoever would be has done it.

use anyhow::{Result, bail};
use domain::{JobId, JobStatus, Timestamp, UserId};

use super::deletion::{MOST_TRIES, Seen};
use super::item::{Row, number};
use super::transaction::{Transaction, Written};
use super::{Jobs, status_value};

/// What came of cancelling a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It is cancelled now.
    Now,
    /// It was cancelled before.
    Before,
    /// It had completed, or failed, before that.
    Ended(JobStatus),
    /// The person has no such job.
    Unknown,
}

impl Jobs {
    /// Cancels a job of `owner` that waits or runs. Give the owner's next jobs their turns afterwards
    /// ([`Jobs::give_turns`]): should that be lost, the sweep does it.
    ///
    /// # Errors
    /// If the table does not answer, or the job changes all the time.
    pub async fn cancel(&self, owner: UserId, id: JobId, now: Timestamp) -> Result<Cancelled> {
        for _ in 0..MOST_TRIES {
            let row = self.row(id).await?;
            let Some(item) = row.filter(|row| Row(row).text("user_id") == Some(&*owner.to_string())) else {
                return Ok(Cancelled::Unknown);
            };
            match Row(&item).required("job_status")?.parse()? {
                JobStatus::Pending | JobStatus::Running => {}
                JobStatus::Cancelled => return Ok(Cancelled::Before),
                ended => return Ok(Cancelled::Ended(ended)),
            }
            if self.cancel_seen(owner, id, &Seen::of(&item)?, now).await? {
                return Ok(Cancelled::Now);
            }
        }
        bail!("job {id} changes faster than it can be cancelled")
    }

    /// `false` if the row is no longer as it was seen.
    async fn cancel_seen(&self, owner: UserId, id: JobId, seen: &Seen, now: Timestamp) -> Result<bool> {
        let row = self
            .while_seen(owner, id, seen)
            .update_expression(
                "SET job_status = :cancelled, complete_time = :now REMOVE awaits_turn, pending_shard, watch_shard",
            )
            .expression_attribute_values(":cancelled", status_value(JobStatus::Cancelled))
            .expression_attribute_values(":now", number(now.epoch_seconds()));
        let ended = self.without_turn(Transaction::default().update(&row)?, owner, id, seen)?;
        Ok(self.commit(ended, &format!("cancel job {id}")).await? == Written::All)
    }
}
