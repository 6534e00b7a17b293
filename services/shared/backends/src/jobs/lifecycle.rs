//! A job's life: claimed, reported on, completed or failed.
//!
//! Each claim raises `attempt`; whoever lost the job cannot write any more because its number is no longer the row's. No
//! clock says how long a job is its annotator's: see [`super::watched`].

use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use domain::{Job, JobId, JobStatus, JobSummary, Progress, Stored, Timestamp};

use super::archive_due::{DUE, due_values};
use super::item::{from_item, number, progress_value, shard_of, text};
use super::transaction::{Transaction, Written};
use super::watched::Watch;
use super::{Jobs, status_value, stored};

/// What came of an attempt to begin a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The job is ours for as long as we give signs of life.
    Granted(Box<Job>),
    /// The job has ended already.
    Ended(Box<Job>),
    /// Another annotator is at it, or has died and is not missed yet.
    HeldByAnother,
    /// It is not the job's turn yet; it will be requested when it is.
    AwaitsTurn,
    /// There is no such job.
    Unknown,
}

/// How an attempt at a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Results and log are in the results bucket.
    Completed {
        /// The key of the annotated VCF.
        results_key: String,
        /// The key of the log.
        log_key: String,
        /// How many records there were.
        progress: Progress,
        /// What is kept of it besides the input.
        stored: Stored,
        /// What was found.
        summary: Box<JobSummary>,
        /// How long from now on a free owner has the results, or has them without being told that they leave; then the
        /// archiver looks at the job, whoever owns it.
        retention: Duration,
    },
    /// The input could not be annotated.
    Failed {
        /// Why, in words for the owner.
        reason: String,
        /// The key of the log.
        log_key: String,
        /// Bytes of the log.
        log_size: u64,
    },
}

impl Jobs {
    /// Begins a job that waits.
    pub async fn claim(&self, id: JobId, now: Timestamp) -> Result<Claim> {
        let update = self
            .update(id)
            .condition_expression("job_status = :pending AND attribute_not_exists(awaits_turn)")
            .update_expression(
                "SET job_status = :running, watch_shard = :shard, start_time = if_not_exists(start_time, :now) \
                 REMOVE lease_until ADD attempt :one, beat :one",
            )
            .expression_attribute_values(":pending", status_value(JobStatus::Pending))
            .expression_attribute_values(":running", status_value(JobStatus::Running))
            .expression_attribute_values(":shard", text(Watch::Running.shard(shard_of(id))))
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew);
        match update.send().await {
            Ok(claimed) => {
                let job = from_item(&claimed.attributes.unwrap_or_default());
                Ok(Claim::Granted(Box::new(job.with_context(|| format!("read job {id}"))?)))
            }
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                self.unclaimed(id).await
            }
            Err(error) => Err(error).with_context(|| format!("claim job {id}")),
        }
    }

    /// Why a job cannot be begun.
    async fn unclaimed(&self, id: JobId) -> Result<Claim> {
        Ok(match self.get(id).await? {
            None => Claim::Unknown,
            Some(job) if job.status.is_final() => Claim::Ended(Box::new(job)),
            Some(job) if job.awaits_turn => Claim::AwaitsTurn,
            Some(_) => Claim::HeldByAnother,
        })
    }

    /// Says how far the job is, and that its annotator lives; `false` if the job is not this attempt's any more.
    pub async fn report(&self, job: &Job, progress: Progress) -> Result<bool> {
        let update = self
            .update(job.id)
            .update_expression("SET progress = :progress ADD beat :one")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":progress", progress_value(progress));
        self.apply(job.id, "report on", while_ours(update, job)).await
    }

    /// Gives the job back, because the attempt has failed and another may begin at once.
    pub async fn release(&self, job: &Job, now: Timestamp) -> Result<()> {
        let update = waits_again(self.update(job.id), now);
        self.apply(job.id, "release", while_ours(update, job)).await?;
        Ok(())
    }

    /// Ends the job, which gives its turn up; `false` if another attempt has taken it over, whose outcome then counts. Give
    /// the owner's next jobs their turns afterwards ([`Jobs::give_turns`]).
    pub async fn end(&self, job: &Job, outcome: &Outcome, now: Timestamp) -> Result<bool> {
        let update = self
            .update(job.id)
            .expression_attribute_values(":now", number(now.epoch_seconds()));
        let update = match outcome {
            Outcome::Completed {
                results_key,
                log_key,
                progress,
                summary,
                stored,
                retention,
            } => due_values(stored::values(update, stored), job.id, now.plus(*retention))
                .update_expression(format!(
                    "SET job_status = :status, complete_time = :now, progress = :progress, summary = :summary, \
                     s3_results_bucket = :bucket, s3_key_result_file = :results, s3_key_log_file = :log, {}, {DUE}, \
                     watch_shard = :watch REMOVE pending_shard, #error",
                    stored::set(stored)
                ))
                .expression_attribute_values(":status", status_value(JobStatus::Completed))
                .expression_attribute_values(":progress", progress_value(*progress))
                .expression_attribute_values(":summary", text(serde_json::to_string(summary)?))
                .expression_attribute_values(":results", text(results_key))
                .expression_attribute_values(":log", text(log_key)),
            Outcome::Failed {
                reason,
                log_key,
                log_size,
            } => update
                .update_expression(
                    "SET job_status = :status, complete_time = :now, failed_shard = :shard, #error = :error, \
                     s3_results_bucket = :bucket, s3_key_log_file = :log, log_size = :log_size, \
                     watch_shard = :watch REMOVE pending_shard",
                )
                .expression_attribute_values(":log_size", number(*log_size))
                .expression_attribute_values(":shard", text(shard_of(job.id)))
                .expression_attribute_values(":status", status_value(JobStatus::Failed))
                .expression_attribute_values(":error", text(reason))
                .expression_attribute_values(":log", text(log_key)),
        };
        let update = update
            .expression_attribute_names("#error", "error")
            .expression_attribute_values(":watch", text(Watch::Untold.shard(shard_of(job.id))))
            .expression_attribute_values(":bucket", text(&self.results_bucket));
        let end = Transaction::default()
            .update(&while_ours(update, job))?
            .update(&self.gives_turn_up(job.user_id, job.id))?;
        Ok(self.commit(end, &format!("end job {}", job.id)).await? == Written::All)
    }
}

/// The job waits for an annotator, as if it had just been requested.
pub(super) fn waits_again(update: UpdateItemFluentBuilder, now: Timestamp) -> UpdateItemFluentBuilder {
    update
        .update_expression("SET job_status = :pending, requested_at = :now REMOVE watch_shard, lease_until")
        .expression_attribute_values(":pending", status_value(JobStatus::Pending))
        .expression_attribute_values(":now", number(now.epoch_seconds()))
}

/// Only the attempt that claimed the job last may write.
fn while_ours(update: UpdateItemFluentBuilder, job: &Job) -> UpdateItemFluentBuilder {
    update
        .condition_expression("job_status = :running AND attempt = :attempt")
        .expression_attribute_values(":running", status_value(JobStatus::Running))
        .expression_attribute_values(":attempt", number(job.attempt))
}
