//! `GET /api/v1/jobs/<job id>/events`: a job's progress as it happens, as its page has it.

use domain::Scope;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::ApiError;
use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use crate::app::App;
use crate::pages::events_of;

/// One event of a job.
#[derive(Serialize, ToSchema)]
#[allow(dead_code)] // It describes what `pages` write.
pub struct JobEvent {
    /// `progress`, and at last `done`.
    event: String,
    /// JSON with `status`, `status_sentence`, `percent`, `records` and `ahead`; there may be more fields.
    data: String,
}

/// `GET /jobs/<job id>/events`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("jobs" / String / "events")
        .and(warp::get())
        .and(caller(app, Some(Scope::Read)))
        .then(|id, caller| answered(caller, move |caller| follow(id, caller)))
        .boxed()
}

/// Follow a job
///
/// Server-sent events, as in the HTML standard: `progress` with what is known now
/// and whenever something has changed, then `done`. A stream ends after 15 minutes, and when a server is replaced: connect again.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/events",
    tag = "Jobs",
    operation_id = "follow_job",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 200, description = "The events", body = JobEvent, content_type = "text/event-stream"),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn follow(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    Ok(events_of(&caller.visit.app, &job).await?)
}
