//! `PATCH /api/v1/jobs/<job id>`, `POST /api/v1/jobs/<job id>/{cancel,rerun}`.

use anyhow::Context;
use backends::jobs::Submitted;
use bytes::Buf;
use domain::{JobId, JobName, JobNotes, Scope};
use futures_util::Stream;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::idempotency::{idempotency_key, job_of};
use super::job::Whole;
use super::problem::Problem;
use super::reading::sent;
use super::settings::Settings;
use super::{ApiError, json};
use crate::app::App;
use crate::error::PageError;
use crate::pages::{cancel_own, run_again};

/// What a person calls a job, and notes of it. What is not said stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// What the job is called, on one line; empty for the name of its file.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Notes, in lines; empty for none.
    #[schema(max_length = 2000)]
    notes: Option<String>,
}

/// `PATCH /jobs/<job id>`, `POST /jobs/<job id>/cancel` and `POST /jobs/<job id>/rerun`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(caller(app, Some(Scope::Submit)));
    let cancel_job = warp::path!("jobs" / String / "cancel").and(post());
    let cancel_job = cancel_job.then(|id, caller| answered(caller, move |caller| cancel(id, caller)));
    let rerun_job = warp::path!("jobs" / String / "rerun")
        .and(post())
        .and(warp::body::stream());
    let rerun_job = rerun_job.then(|id, caller, body| answered(caller, move |caller| rerun(id, caller, body)));
    let describe_job = warp::path!("jobs" / String)
        .and(warp::patch())
        .and(caller(app, Some(Scope::Submit)))
        .and(warp::body::stream());
    let describe_job = describe_job.then(|id, caller, body| answered(caller, move |caller| describe(id, caller, body)));
    cancel_job.or(rerun_job).unify().or(describe_job).unify().boxed()
}

/// Name a job, or note something of it
///
/// What is not sent stays as it is. Notes are kept with the job and go with it.
#[utoipa::path(
    patch,
    path = "/api/v1/jobs/{id}",
    tag = "Jobs",
    operation_id = "describe_job",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    request_body = Description,
    responses(
        (status = 200, description = "The job, with its name and notes", body = Whole),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A name or notes that cannot be taken", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn describe<B: Buf>(
    id: String,
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let id: JobId = id.parse().map_err(|_| ApiError::NoSuchJob)?;
    let Description { name, notes } = sent(&caller.visit, body).await?;
    let name = name.map(|name| JobName::parse(&name)).transpose();
    let notes = notes.map(|notes| JobNotes::parse(&notes)).transpose();
    let (name, notes) = (name.map_err(ApiError::Value)?, notes.map_err(ApiError::Value)?);
    if (name.is_some() || notes.is_some()) && !write(&caller, id, name.as_ref(), notes.as_ref()).await? {
        return Err(ApiError::NoSuchJob);
    }
    told(&caller, id, StatusCode::OK).await
}

/// `false` if the person has no such job.
async fn write(caller: &Caller, id: JobId, name: Option<&JobName>, notes: Option<&JobNotes>) -> Result<bool, ApiError> {
    Ok(caller.visit.app.jobs.describe(caller.user.id, id, name, notes).await?)
}

/// Cancel a job
///
/// One that waits or runs ends without results; nobody is mailed. Asking again is harmless.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{id}/cancel",
    tag = "Jobs",
    operation_id = "cancel_job",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 200, description = "The job, which is cancelled", body = Whole),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The job had ended", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn cancel(id: String, caller: Caller) -> Result<Response, ApiError> {
    let id: JobId = id.parse().map_err(|_| ApiError::NoSuchJob)?;
    let cancelled = cancel_own(&caller.visit.app, &caller.user, id).await;
    cancelled.map_err(|error| match error {
        PageError::Conflict(..) => ApiError::JobEnded,
        error => error.into(),
    })?;
    told(&caller, id, StatusCode::OK).await
}

/// Run a job again
///
/// A new job with the same input, and with other settings if they are sent. An idempotency key makes sure that a second try
/// makes no second job.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{id}/rerun",
    tag = "Jobs",
    operation_id = "rerun_job",
    params(
        ("id" = String, Path, format = Uuid, description = "The ID of the job that is run again"),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 200, pattern = "^[!-~]{1,200}$", description = "The same for each try, and for no other job"),
    ),
    request_body = Settings,
    responses(
        (status = 200, description = "The new job, which was submitted before", body = Whole),
        (status = 201, description = "The new job", body = Whole),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The job has not ended", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The plan takes no file of this size", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The key has made this very job", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn rerun<B: Buf>(
    id: String,
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let key = idempotency_key(&caller)?;
    let settings: Settings = sent(&caller.visit, body).await?;
    let (job, _) = caller.job(&id).await?;
    let (app, owner) = (&caller.visit.app, caller.user.id);
    // The same key for an upload names another job.
    let new = key.map_or_else(JobId::random, |key| job_of(owner, &format!("{key} rerun")));
    // The key has made this very job.
    if new == job.id {
        return Err(ApiError::KeyReused);
    }
    match run_again(app, &caller.user, &job, new, settings.over(job.settings)).await? {
        Submitted::Before => told(&caller, new, StatusCode::OK).await,
        _ => told(&caller, new, StatusCode::CREATED).await,
    }
}

async fn told(caller: &Caller, id: JobId, status: StatusCode) -> Result<Response, ApiError> {
    let (job, summary) = caller.job(&id.to_string()).await?;
    let job = Whole::of(&caller.visit.app, &caller.user, &job, summary.as_deref()).await;
    let job = job.context("tell of a job").map_err(PageError::from)?;
    Ok(json(status, &job))
}
