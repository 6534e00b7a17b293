//! Jobs that the archiver has to look at, and the fence that keeps two archivers out of each other's way.
//!
//! A completed job is in the index while something is to be done for it, at the latest when its owner's time is over.
//! Each change raises the row's revision; whoever has read an older one cannot write any more.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use domain::{Job, JobId, Timestamp};

use super::item::{self, SHARDS, number, shard_of, text};
use super::{Jobs, status_value};

/// Jobs that one query of one partition gives at most.
const BATCH: i32 = 100;

/// A job that the archiver has to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueJob {
    /// The job.
    pub job_id: JobId,
    /// Since when.
    pub since: Timestamp,
}

impl Jobs {
    /// Jobs that had to be looked at before `now`, the oldest of each partition first.
    pub async fn due(&self, now: Timestamp) -> Result<Vec<DueJob>> {
        let mut due = Vec::new();
        for shard in 0..SHARDS {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .index_name("archive_due_index")
                .key_condition_expression("archive_shard = :shard AND archive_due <= :now")
                .expression_attribute_values(":shard", text(shard))
                .expression_attribute_values(":now", number(now.epoch_seconds()))
                .limit(BATCH);
            let found = query.send().await.context("look for jobs to archive or restore")?;
            due.extend(found.items().iter().filter_map(item::due_job));
        }
        Ok(due)
    }

    /// Has the archiver look at the job again at `due`, or never. `None` if the row has changed since it was read.
    pub async fn look_again(&self, job: &Job, due: Option<Timestamp>) -> Result<Option<Job>> {
        if job.archival.due == due {
            return Ok(Some(job.clone()));
        }
        let set = format!("SET {DUE}");
        let change = if due.is_some() { &*set } else { REMOVE_DUE };
        self.change(job, "look again at", change, |update| match due {
            Some(due) => due_values(update, job.id, due),
            None => update,
        })
        .await
    }

    /// Takes the job for what may take a while, or costs money: nobody else touches it until `lease_until`. `None` if
    /// another was first.
    pub async fn hold(&self, job: &Job, lease_until: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET {DUE}");
        self.change(job, "hold", &change, |update| held_values(update, job.id, lease_until))
            .await
    }

    /// Keeps a job that is held; `false` if another has changed its row, who then is to have his way.
    pub async fn keep_holding(&self, held: &Job, lease_until: Timestamp) -> Result<bool> {
        let update = self
            .update(held.id)
            .update_expression("SET archive_due = :due, archive_lease_until = :due");
        let update = update.expression_attribute_values(":due", number(lease_until.epoch_seconds()));
        self.apply(held.id, "hold", while_as_read(update, held)).await
    }

    /// Changes the row of a completed job as an update expression without `ADD` says, if nobody has changed it since it
    /// was read, and gives the job as it then is.
    pub(super) async fn change(
        &self,
        job: &Job,
        what: &str,
        expression: &str,
        values: impl FnOnce(UpdateItemFluentBuilder) -> UpdateItemFluentBuilder,
    ) -> Result<Option<Job>> {
        let update = self
            .update(job.id)
            .update_expression(format!("{expression} ADD archive_revision :one"))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew);
        match values(while_as_read(update, job)).send().await {
            Ok(changed) => changed.attributes.as_ref().map(item::from_item).transpose(),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{what} job {}", job.id)),
        }
    }
}

/// Puts the row into the index; see [`due_values`].
pub(super) const DUE: &str = "archive_shard = :shard, archive_due = :due, archive_lease_until = :lease";
/// Takes the row out of the index.
pub(super) const REMOVE_DUE: &str = "REMOVE archive_shard, archive_due, archive_lease_until";

/// The values of [`DUE`] for a job that nobody holds.
pub(super) fn due_values(update: UpdateItemFluentBuilder, id: JobId, due: Timestamp) -> UpdateItemFluentBuilder {
    update
        .expression_attribute_values(":shard", text(shard_of(id)))
        .expression_attribute_values(":due", number(due.epoch_seconds()))
        .expression_attribute_values(":lease", number(0))
}

/// The values of [`DUE`] for a job that is held until then, and looked at should its holder die.
pub(super) fn held_values(update: UpdateItemFluentBuilder, id: JobId, until: Timestamp) -> UpdateItemFluentBuilder {
    due_values(update, id, until).expression_attribute_values(":lease", number(until.epoch_seconds()))
}

fn while_as_read(update: UpdateItemFluentBuilder, job: &Job) -> UpdateItemFluentBuilder {
    let completed = update.expression_attribute_values(":completed", status_value(job.status));
    match job.archival.revision {
        0 => completed.condition_expression("job_status = :completed AND attribute_not_exists(archive_revision)"),
        seen => completed
            .condition_expression("job_status = :completed AND archive_revision = :seen")
            .expression_attribute_values(":seen", number(seen)),
    }
}
