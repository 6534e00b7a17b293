//! `GET /admin/jobs`: jobs that have not ended and jobs that failed; `POST /admin/jobs/retry`: a failed one again.
//!
//! Whose job it is and how it went, never its file's name or content, nor the reason of its failure, which may quote it.

use backends::accounts::{Action, Actor};
use backends::jobs::Retry;
use bytes::Buf;
use domain::{Job, JobId, JobStatus};
use futures_util::Stream;
use serde::Serialize;
use tracing::{info, warn};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::{administrator, done};
use crate::app::{App, Application};
use crate::error::PageError;
use crate::views::{TimeView, status_word};
use crate::visit::{Page, Visit, reading, see_other, visit};

/// Jobs in one table.
const MOST: i32 = 50;

#[derive(Serialize)]
struct Jobs {
    done: Option<String>,
    search: String,
    /// The job that was searched for, if any was; or none.
    found: Vec<Row>,
    unfinished: Vec<Row>,
    failed: Vec<Row>,
    most: i32,
}

#[derive(Serialize)]
struct Row {
    id: String,
    username: String,
    submit_time: TimeView,
    complete_time: Option<TimeView>,
    attempts: u32,
    status: &'static str,
    status_word: &'static str,
    is_failed: bool,
    /// Whether a failure was ours, not the file's.
    is_given_up: bool,
}

/// `GET /admin/jobs` and `POST /admin/jobs/retry`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let show = warp::path!("admin" / "jobs").and(reading()).and(visit(app.clone()));
    let show = show.then(show_jobs).map(Reply::into_response);
    let retry = warp::path!("admin" / "jobs" / "retry")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let retry = retry.then(retry_job).map(Reply::into_response);
    show.or(retry).unify().boxed()
}

async fn show_jobs(visit: Visit) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let query = visit.query();
    let search = query.get("id").trim();
    let jobs = &visit.app.jobs;
    let (found, unfinished, failed) = tokio::try_join!(
        find(&visit.app, search),
        jobs.unfinished_jobs(MOST),
        jobs.failed_jobs(MOST)
    )?;
    let rows = |jobs: Vec<Job>| jobs.iter().map(Row::of).collect();
    let body = Jobs {
        done: done(&visit, &user).await?,
        search: search.to_owned(),
        found: found.iter().map(Row::of).collect(),
        unfinished: rows(unfinished),
        failed: rows(failed),
        most: MOST,
    };
    visit.render(Some(&user), Page::new("pages/admin/jobs.html", "Jobs", body))
}

async fn find(app: &Application, search: &str) -> anyhow::Result<Option<Job>> {
    match search.parse() {
        Ok(id) => app.jobs.get(id).await,
        Err(_) => Ok(None),
    }
}

async fn retry_job<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let (fields, app) = (visit.form(body).await?, &visit.app);
    let malformed = |_| PageError::BadRequest("This is no job's id.".into());
    let job: JobId = fields.get("job").parse().map_err(malformed)?;
    let recorded = app
        .accounts
        .record_action(&Actor::of(&user), &Action::RetryJob { job })
        .await?;
    let waits = match app.jobs.retry(job, &recorded).await? {
        Retry::Waits(waits) => waits,
        Retry::NotFailed => {
            return Err(PageError::Conflict(
                "This job has not failed",
                "Only a failed job is annotated again. It may have been requested anew a moment ago.".into(),
            ));
        }
        Retry::Unknown => return Err(PageError::Missing("There is no such job", "Check its ID.".into())),
    };
    info!(user.id = %user.id, job.id = %job, "User {} requested job {job} anew", user.id);
    // The row is the truth: should this message be lost, the sweep sends it again.
    if let Err(error) = app.job_requests.give_turns(waits.user_id).await {
        warn!(job.id = %job, "Could not request job {job}, the sweep will: {error:#}");
    }
    see_other(&format!("/admin/jobs?done={}", recorded.id()))
}

impl Row {
    fn of(job: &Job) -> Self {
        Self {
            id: job.id.to_string(),
            username: job.username.to_string(),
            submit_time: job.submit_time.into(),
            complete_time: job.complete_time.map(TimeView::from),
            attempts: job.attempts(),
            status: job.status.as_str(),
            status_word: status_word(job.status),
            is_failed: job.status == JobStatus::Failed,
            is_given_up: job.is_given_up(),
        }
    }
}
