//! `GET /api/v1/jobs`, `GET|DELETE /api/v1/jobs/<job id>`.

use backends::jobs::Asked;
use domain::{JobFilter, JobId, JobOrder, JobStatus, Scope};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::deletion::Asked as DeletionAsked;
use super::job::{Line, Status, Whole};
use super::problem::Problem;
use super::{ApiError, json};
use crate::app::App;
use crate::deletions::delete_job;
use crate::visit::{Fields, reading};

/// Jobs on a page if nobody says how many, and at most.
const PAGE_SIZE: i32 = 20;
const LARGEST_PAGE: i32 = 100;

/// A page of jobs, newest first.
#[derive(Serialize, ToSchema)]
pub struct JobList {
    /// The jobs.
    jobs: Vec<Line>,
    /// The `cursor` of the next page, if there is one.
    next_cursor: Option<String>,
}

/// `GET /jobs`, `GET|DELETE /jobs/<job id>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let list_jobs = warp::path!("jobs").and(reading()).and(caller(app, Some(Scope::Read)));
    let list_jobs = list_jobs.then(|caller| answered(caller, list));
    let show_job = warp::path!("jobs" / String)
        .and(reading())
        .and(caller(app, Some(Scope::Read)));
    let show_job = show_job.then(|id, caller| answered(caller, move |caller| show(id, caller)));
    let delete_job = warp::path!("jobs" / String)
        .and(warp::delete())
        .and(caller(app, Some(Scope::Delete)));
    let delete_job = delete_job.then(|id, caller| answered(caller, move |caller| delete(id, caller)));
    list_jobs.or(show_job).unify().or(delete_job).unify().boxed()
}

/// List the jobs
///
/// Newest first, a page at a time. A page of a search may have fewer jobs than were asked for, or none, and a next one.
#[utoipa::path(
    get,
    path = "/api/v1/jobs",
    tag = "Jobs",
    operation_id = "list_jobs",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Jobs on the page; 20 if nothing is said"),
        ("status" = Option<Status>, Query, description = "Only jobs of this status"),
        ("search" = Option<String>, Query, max_length = 100, description = "Only jobs in whose name, or file's name, each of these words is"),
        ("cursor" = Option<String>, Query, pattern = "^[0-9]{1,12}[.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "The jobs", body = JobList)),
    security(("token" = ["read"]))
)]
pub async fn list(caller: Caller) -> Result<Response, ApiError> {
    let (app, query) = (&caller.visit.app, caller.visit.query());
    let limit = match query.get("limit") {
        "" if !query.has("limit") => PAGE_SIZE,
        limit => limit
            .parse()
            .ok()
            .filter(|limit| (1..=LARGEST_PAGE).contains(limit))
            .ok_or(ApiError::Parameter("The limit is a number from 1 to 100."))?,
    };
    let after = match query.get("cursor") {
        "" if !query.has("cursor") => None,
        cursor => Some(
            cursor
                .parse()
                .map_err(|_| ApiError::Parameter("There is no such page of jobs."))?,
        ),
    };
    let asked = asked(&query)?;
    let page = app.jobs.listed(caller.user.id, &asked, limit, after).await?;
    let line = |job| Line::of(job, &caller.user, app.retention);
    let list = JobList {
        jobs: page.jobs.iter().map(line).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    };
    Ok(json(StatusCode::OK, &list))
}

fn asked(query: &Fields) -> Result<Asked, ApiError> {
    let (words, status) = (query.get("search"), query.get("status"));
    if query.has("status") && status.parse::<JobStatus>().is_err() {
        return Err(ApiError::Parameter(
            "The status is one of PENDING, RUNNING, COMPLETED, FAILED and CANCELLED.",
        ));
    }
    if words.chars().count() > JobFilter::MAX_CHARS {
        return Err(ApiError::Parameter("The search has at most 100 characters."));
    }
    Ok(Asked {
        filter: JobFilter::from_untrusted(words, status),
        order: JobOrder::Newest,
    })
}

/// Show a job
///
/// With how far it is, how many are ahead of it, what there is of its results, and what was found.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}",
    tag = "Jobs",
    operation_id = "show_job",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 200, description = "The job", body = Whole),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn show(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, summary) = caller.job(&id).await?;
    let job = Whole::of(&caller.visit.app, &caller.user, &job, summary.as_deref()).await?;
    Ok(json(StatusCode::OK, &job))
}

/// Delete a job
///
/// With everything that is kept of it, in every version. A job that waits or runs is stopped. It is gone from every list at
/// once, and from every store within minutes: `/api/v1/deletions/{id}` says when.
#[utoipa::path(
    delete,
    path = "/api/v1/jobs/{id}",
    tag = "Jobs",
    operation_id = "delete_job",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 202, description = "The job is being deleted", body = DeletionAsked),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["delete"]))
)]
pub async fn delete(id: String, caller: Caller) -> Result<Response, ApiError> {
    let id: JobId = id.parse().map_err(|_| ApiError::NoSuchJob)?;
    let deletion = delete_job(&caller.visit.app, caller.user.id, id).await?;
    let deletion = deletion.ok_or(ApiError::NoSuchJob)?;
    Ok(json(StatusCode::ACCEPTED, &DeletionAsked::of(deletion)))
}
