//! A job as the API tells of it.

use anyhow::{Context, Result};
use backends::jobs::ListedJob;
use domain::{Ending, Index, Job, JobStatus, ResultsAccess, ResultsFormat, Retention, Timestamp, User};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::settings::Settings;
use crate::app::Application;
use crate::pages::StateView;

/// How far a job is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Waits for an annotator.
    Pending,
    /// Is being annotated.
    Running,
    /// Results and log are there.
    Completed,
    /// Could not be annotated; `error` says why.
    Failed,
    /// Was withdrawn by its owner.
    Cancelled,
}

/// What the person may have of the results now.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// There are none (yet).
    None,
    /// They can be downloaded, on the Free plan until `available_until`.
    Available,
    /// The Free plan's time is over; Premium brings them back.
    Archived,
    /// They are on their way back from the archive.
    Restoring,
}

/// A job in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedJob)]
pub struct Line {
    /// Identifies the job.
    #[schema(format = Uuid)]
    id: String,
    /// What the file was called.
    file_name: String,
    /// What the person calls the job; empty if nothing.
    name: String,
    /// Bytes of the input, if they are known.
    input_bytes: Option<u64>,
    /// How far the job is.
    status: Status,
    /// When it was submitted.
    #[schema(format = DateTime)]
    submitted_at: String,
    /// When it ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// What the person may have of the results.
    results: Access,
    /// Until when the results can be downloaded, on the Free plan.
    #[schema(format = DateTime)]
    available_until: Option<String>,
}

/// A job, to its owner.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
pub struct Whole {
    /// Identifies the job.
    #[schema(format = Uuid)]
    id: String,
    /// The job's page.
    #[schema(format = Uri)]
    page: String,
    /// What the file was called.
    file_name: String,
    /// What the person calls the job; empty if nothing.
    name: String,
    /// What the person notes of it, in lines; empty if nothing.
    notes: String,
    /// How it is annotated.
    settings: Settings,
    /// How far the job is.
    status: Status,
    /// The same, in a sentence.
    sentence: String,
    /// How much of the input has been read, in percent.
    #[schema(maximum = 100)]
    percent: u8,
    /// VCF records that are annotated.
    records: u64,
    /// When it will begin, in words, while it waits; empty where that cannot be said.
    forecast: String,
    /// How many jobs come before this one, while it waits: others', or one's own if it waits for its turn.
    ahead: Option<u64>,
    /// When it was submitted.
    #[schema(format = DateTime)]
    submitted_at: String,
    /// When an annotator first began.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Why it failed.
    error: Option<String>,
    /// What there is of the results.
    results: Results,
    /// Bytes of the input, if they are known.
    input_bytes: Option<u64>,
    /// Bytes of the log, once it is there.
    log_bytes: Option<u64>,
    /// What was found, with what; the fields are those of the job's page.
    #[schema(value_type = Option<Object>)]
    summary: Option<Value>,
}

/// What there is of a job's results.
#[derive(Serialize, ToSchema)]
pub struct Results {
    /// What the person may have of them.
    access: Access,
    /// Until when they can be downloaded, on the Free plan.
    #[schema(format = DateTime)]
    available_until: Option<String>,
    /// What they are called when they are downloaded.
    file_name: String,
    /// Bytes, as they are stored.
    bytes: Option<u64>,
    /// Bytes, once they are unpacked.
    unpacked_bytes: Option<u64>,
    /// Bytes of the tabix index, if there is one.
    index_bytes: Option<u64>,
}

impl From<JobStatus> for Status {
    fn from(status: JobStatus) -> Self {
        match status {
            JobStatus::Pending => Self::Pending,
            JobStatus::Running => Self::Running,
            JobStatus::Completed => Self::Completed,
            JobStatus::Failed => Self::Failed,
            JobStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// What the owner may have, and until when.
fn access(ending: &Ending, owner: &User, retention: Retention) -> (Access, Option<String>) {
    match ending.results_access(owner, Timestamp::now(), retention) {
        ResultsAccess::None => (Access::None, None),
        ResultsAccess::Available { until } => (Access::Available, until.map(Timestamp::to_rfc3339)),
        ResultsAccess::UpgradeNeeded => (Access::Archived, None),
        ResultsAccess::Restoring => (Access::Restoring, None),
    }
}

impl Line {
    /// The line of one job.
    pub fn of(job: &ListedJob, owner: &User, retention: Retention) -> Self {
        let (results, available_until) = access(&job.ending, owner, retention);
        Self {
            id: job.id.to_string(),
            file_name: job.input_file_name.to_string(),
            name: job.name.as_str().to_owned(),
            input_bytes: job.input_size,
            status: job.ending.status.into(),
            submitted_at: job.submit_time.to_rfc3339(),
            ended_at: job.ending.complete_time.map(Timestamp::to_rfc3339),
            results,
            available_until,
        }
    }
}

impl Whole {
    /// All of a job, with the JSON of its summary.
    pub async fn of(app: &Application, owner: &User, job: &Job, summary: Option<&str>) -> Result<Self> {
        let state = StateView::of(app, job.state()).await?;
        let summary = summary
            .map(serde_json::from_str)
            .transpose()
            .context("read the summary")?;
        Ok(Self {
            id: job.id.to_string(),
            page: format!("{}/annotations/{}", app.public_url, job.id),
            file_name: job.input_file_name.to_string(),
            name: job.name.as_str().to_owned(),
            notes: job.notes.as_str().to_owned(),
            settings: job.settings.into(),
            status: job.status.into(),
            sentence: state.status_sentence,
            percent: state.percent,
            records: state.records,
            forecast: state.forecast,
            ahead: state.ahead,
            submitted_at: job.submit_time.to_rfc3339(),
            started_at: job.start_time.map(Timestamp::to_rfc3339),
            ended_at: job.complete_time.map(Timestamp::to_rfc3339),
            error: job.error.clone(),
            results: Results::of(app, owner, job),
            input_bytes: job.stored.input,
            log_bytes: job.stored.log,
            summary,
        })
    }
}

impl Results {
    fn of(app: &Application, owner: &User, job: &Job) -> Self {
        let (access, available_until) = access(&job.ending(), owner, app.retention);
        let stored = &job.stored;
        // Until they are there, a job's results are those that annotators of today write.
        let format = job.results_key.as_ref().map_or(ResultsFormat::Bgzip, |_| stored.format);
        Self {
            access,
            available_until,
            file_name: job.input_file_name.results(format).to_string(),
            bytes: stored.results,
            unpacked_bytes: stored.unpacked,
            index_bytes: match stored.index {
                Index::Here(bytes) => Some(bytes),
                Index::Absent(_) => None,
            },
        }
    }
}
