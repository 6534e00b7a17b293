//! The jobs (DynamoDB table `annotations`): every change of state is a conditional write, nothing is ever scanned.
//!
//! The table's key is `job_id`. The index `user_id_index` (`user_id`, `submit_time`) lists a person's jobs; the sparse
//! index `pending_index` (`pending_shard`, `submit_time`) holds the jobs that have their turn and have not ended; the sparse index
//! `failed_index` (`failed_shard`, `complete_time`) those that have failed; the sparse index `archive_due_index`
//! (`archive_shard`, `archive_due`) those that the archiver has to look at; the sparse index `watched_index`
//! (`watch_shard`, `submit_time`) those that run, and those whose owner is still to be told how they ended; the sparse index
//! `deletion_index` (`deletion_shard`, `deletion_time`) those that are to be deleted, which are in no other.

mod archive;
mod archive_due;
mod cancellation;
mod deletion;
mod description;
mod doomed;
mod entries;
mod exported;
mod inputs;
mod item;
mod lifecycle;
mod listed;
mod mail;
mod overview;
mod pending;
mod places;
mod rerun;
mod restore;
mod retry;
mod sharing;
mod states;
mod stored;
mod transaction;
mod turns;
mod waiting;
mod watched;

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    Archival, Job, JobId, JobName, JobNotes, JobStatus, ResultsState, Stored, Timestamp, TurnLimits, Upload, User,
    UserId, keys,
};

use crate::calls::Calls;
use crate::settings::StoreSettings;
use item::{Item, Row, number, text};

pub use archive_due::DueJob;
pub use cancellation::Cancelled;
pub use deletion::Marked;
pub use doomed::Doomed;
pub use exported::ExportedJob;
pub use lifecycle::{Claim, Outcome};
pub use listed::{Asked, ListedJob, Listing, MOST_LOOKED_AT};
pub use mail::{MailClaim, MailRight};
pub use overview::Archives;
pub use pending::{LostRequest, Unfinished};
pub use places::Places;
pub use retry::Retry;
pub use states::States;
pub use stored::Kept;
pub use turns::Submitted;
pub use waiting::Waiting;
pub use watched::Watched;

/// The table of jobs.
#[derive(Debug, Clone)]
pub struct Jobs {
    client: Client,
    table: String,
    turns_table: String,
    inputs_bucket: String,
    results_bucket: String,
}

/// One page of a person's jobs, newest first.
#[derive(Debug, Clone)]
pub struct Page<T = Job> {
    /// At most as many jobs as were asked for.
    pub jobs: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The last job of a page; prints and parses as `<submit time>.<job id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    submit_time: Timestamp,
    job_id: JobId,
}

impl Jobs {
    /// A client of the table.
    #[must_use]
    pub fn new(config: &SdkConfig, stores: &StoreSettings) -> Self {
        Self {
            client: Client::from_conf(Builder::from(config).interceptor(Calls).build()),
            table: stores.annotations_table.clone(),
            turns_table: stores.turns_table.clone(),
            inputs_bucket: stores.inputs_bucket.clone(),
            results_bucket: stores.results_bucket.clone(),
        }
    }

    /// Writes a new `PENDING` job for what was uploaded. A reload of the page is harmless: the job is there already.
    pub async fn submit(
        &self,
        id: JobId,
        user: &User,
        upload: &Upload,
        limits: &TurnLimits,
        now: Timestamp,
    ) -> Result<Submitted> {
        let begun = self.begin(&pending_job(id, user, upload, now), limits, &[]).await?;
        begun.with_context(|| format!("job {id} needs nothing, and yet it is not there"))
    }

    /// The job as it is now (a strongly consistent read); `None` if there is none of this id.
    pub async fn get(&self, id: JobId) -> Result<Option<Job>> {
        let row = self.row(id).await?;
        let job = row.map(|row| item::from_item(&row)).transpose();
        job.with_context(|| format!("read job {id}"))
    }

    /// The same without its summary, and the summary as it is written: JSON of a [`domain::JobSummary`].
    pub async fn get_unread(&self, id: JobId) -> Result<Option<(Job, Option<String>)>> {
        let Some(row) = self.row(id).await? else {
            return Ok(None);
        };
        let job = item::without_summary(&row).with_context(|| format!("read job {id}"))?;
        Ok(Some((job, Row(&row).text("summary").map(str::to_owned))))
    }

    /// The row of a job; one that is to be deleted is none any more.
    async fn row(&self, id: JobId) -> Result<Option<Item>> {
        let row = self.row_or_doomed(id).await?;
        Ok(row.filter(|row| !row.contains_key("deletion_shard")))
    }

    async fn row_or_doomed(&self, id: JobId) -> Result<Option<Item>> {
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("job_id", text(id))
            .consistent_read(true);
        let found = request.send().await.with_context(|| format!("read job {id}"))?;
        Ok(found.item)
    }

    /// At most `limit` of a person's jobs, newest first, after `after`.
    pub async fn list(&self, user: UserId, limit: i32, after: Option<Cursor>) -> Result<Page> {
        let found = self.of_user(user, limit, after).send().await;
        let found = found.with_context(|| format!("list the jobs of user {user}"))?;
        let jobs = found.items().iter().map(item::from_item).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(jobs, found.last_evaluated_key, |job| {
            (job.submit_time, job.id)
        }))
    }

    /// Asks for a person's jobs, newest first.
    fn of_user(&self, user: UserId, limit: i32, after: Option<Cursor>) -> QueryFluentBuilder {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("user_id_index")
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", text(user))
            .scan_index_forward(false)
            .limit(limit);
        let Some(Cursor { submit_time, job_id }) = after else {
            return query;
        };
        // The person's own id is part of the key, so a forged cursor never reaches another's jobs.
        query
            .exclusive_start_key("user_id", text(user))
            .exclusive_start_key("submit_time", number(submit_time.epoch_seconds()))
            .exclusive_start_key("job_id", text(job_id))
    }

    fn update(&self, id: JobId) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("job_id", text(id))
    }

    /// Sends a conditional update; `false` if its condition did not hold.
    async fn apply(&self, id: JobId, what: &str, update: UpdateItemFluentBuilder) -> Result<bool> {
        match update.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => Ok(false),
            Err(error) => Err(error).with_context(|| format!("{what} job {id}")),
        }
    }
}

impl<T> Page<T> {
    /// The page, and where the next begins if DynamoDB says that there is more.
    fn of(jobs: Vec<T>, last_key: Option<Item>, place: impl Fn(&T) -> (Timestamp, JobId)) -> Self {
        let is_more = last_key.is_some_and(|key| !key.is_empty());
        let last = jobs.last().filter(|_| is_more).map(place);
        let next = last.map(|(submit_time, job_id)| Cursor { submit_time, job_id });
        Self { jobs, next }
    }
}

fn pending_job(id: JobId, user: &User, upload: &Upload, now: Timestamp) -> Job {
    Job {
        id,
        user_id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        input_file_name: upload.file_name.clone(),
        input_key: keys::input(user.id, id),
        input_version: upload.version.clone(),
        submit_time: now,
        status: JobStatus::Pending,
        awaits_turn: false,
        start_time: None,
        complete_time: None,
        attempt: 0,
        earlier_attempts: 0,
        progress: None,
        results_key: None,
        log_key: None,
        error: None,
        name: JobName::default(),
        notes: JobNotes::default(),
        settings: upload.settings.in_their_form(),
        plan: user.role.plan(),
        summary: None,
        stored: Stored {
            input: Some(upload.size),
            ..Stored::default()
        },
        results_state: ResultsState::Live,
        archival: Archival::default(),
        share: None,
        notified_at: None,
    }
}

fn status_value(status: JobStatus) -> AttributeValue {
    text(status.as_str())
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.submit_time.epoch_seconds(), self.job_id)
    }
}

impl FromStr for Cursor {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let Some((seconds, id)) = text.split_once('.') else {
            bail!("a cursor is <submit time>.<job id>")
        };
        Ok(Self {
            submit_time: Timestamp::from_epoch_seconds(seconds.parse()?),
            job_id: id.parse()?,
        })
    }
}
