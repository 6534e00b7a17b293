//! A failed job, requested anew by whoever runs the service.

use anyhow::Result;
use domain::{Job, JobId, JobStatus};

use super::item::number;
use super::transaction::{Transaction, Written};
use super::{Jobs, status_value};
use crate::accounts::Recorded;

/// What came of requesting a failed job anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retry {
    /// It waits for its turn, before all that its owner has submitted later. This is the job as it was.
    Waits(Box<Job>),
    /// It has not failed, or no longer.
    NotFailed,
    /// There is no such job.
    Unknown,
}

impl Jobs {
    /// Lets a failed job wait for its turn again; its owner will hear of its end once more. Give turns afterwards
    /// ([`Jobs::give_turns`]).
    ///
    /// The number of the attempt goes on, because it fences off annotators that are still at an earlier one; what counts
    /// against the job starts over.
    pub async fn retry(&self, id: JobId, _recorded: &Recorded) -> Result<Retry> {
        let Some(job) = self.get(id).await? else {
            return Ok(Retry::Unknown);
        };
        let row = self
            .update(id)
            .condition_expression("job_status = :failed")
            .update_expression(
                "SET job_status = :pending, awaits_turn = :one, earlier_attempts = attempt \
                 REMOVE failed_shard, start_time, complete_time, progress, #error, notified_at, mail_held, \
                 watch_shard",
            )
            .expression_attribute_names("#error", "error")
            .expression_attribute_values(":failed", status_value(JobStatus::Failed))
            .expression_attribute_values(":pending", status_value(JobStatus::Pending))
            .expression_attribute_values(":one", number(1));
        let waits = Transaction::default()
            .update(&row)?
            .put(self.waiting_entry(&job))?
            .update(&self.another_waits(&job))?;
        Ok(match self.commit(waits, &format!("retry job {id}")).await? {
            Written::All => Retry::Waits(Box::new(job)),
            Written::NotThe(_) => Retry::NotFailed,
        })
    }
}
