//! A failed job, requested anew by whoever runs the service.

use anyhow::Result;
use domain::{JobId, JobStatus, Timestamp};

use super::item::{number, shard_of, text};
use super::{Jobs, status_value};
use crate::accounts::Recorded;

/// What came of requesting a failed job anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It waits for an annotator, as if it had just been submitted.
    Waits,
    /// It has not failed, or no longer.
    NotFailed,
    /// There is no such job.
    Unknown,
}

impl Jobs {
    /// Lets a failed job wait again; its owner will hear of its end once more. Publish `JobRequested` afterwards: should
    /// that be lost, the sweep does it.
    ///
    /// The number of the attempt goes on, because it fences off annotators that are still at an earlier one; what counts
    /// against the job starts over.
    pub async fn retry(&self, id: JobId, now: Timestamp, _recorded: &Recorded) -> Result<Retry> {
        let update = self
            .update(id)
            .condition_expression("job_status = :failed")
            .update_expression(
                "SET job_status = :pending, pending_shard = :shard, requested_at = :now, requests = :one, \
                 earlier_attempts = attempt \
                 REMOVE failed_shard, start_time, complete_time, progress, #error, notified_at, mail_held, \
                 watch_shard",
            )
            .expression_attribute_names("#error", "error")
            .expression_attribute_values(":failed", status_value(JobStatus::Failed))
            .expression_attribute_values(":pending", status_value(JobStatus::Pending))
            .expression_attribute_values(":shard", text(shard_of(id)))
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":one", number(1));
        Ok(match self.apply(id, "retry", update).await? {
            true => Retry::Waits,
            false if self.get(id).await?.is_some() => Retry::NotFailed,
            false => Retry::Unknown,
        })
    }
}
