//! `POST /api/v1/jobs`: the second of two steps to a job; what was uploaded is submitted, as from the page.

use backends::jobs::Submitted;
use bytes::Buf;
use domain::{JobId, Scope};
use futures_util::Stream;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use serde::Deserialize;
use tracing::Span;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::job::Whole;
use super::problem::Problem;
use super::reading::sent;
use super::{ApiError, json};
use crate::app::App;
use crate::pages::begin;

/// An upload that is to be annotated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJob {
    /// The `id` of the upload.
    #[schema(value_type = String, format = Uuid)]
    upload: Uuid,
}

/// `POST /jobs`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("jobs")
        .and(warp::post())
        .and(caller(app, Some(Scope::Submit)))
        .and(warp::body::stream())
        .then(|caller, body| answered(caller, move |caller| submit(caller, body)))
        .boxed()
}

/// Submit a job
///
/// The second step, after the upload. Asking again is harmless: the job is there already.
#[utoipa::path(
    post,
    path = "/api/v1/jobs",
    tag = "Submitting",
    operation_id = "submit_job",
    request_body = NewJob,
    responses(
        (status = 200, description = "The job, which was submitted before", body = Whole),
        (status = 201, description = "The job, which is submitted now", body = Whole, headers(("Location" = String))),
        (status = 404, description = "Nothing was uploaded", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The job was deleted", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The plan takes no file of this size", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn submit<B: Buf>(
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let wanted: NewJob = sent(&caller.visit, body).await?;
    let (app, id) = (&caller.visit.app, JobId::from(wanted.upload));
    app.limits.submission(caller.user.id).await?;
    Span::current().record("job.id", id.to_string());
    let submitted = begin(app, &caller.user, id).await?;
    let found = caller.job(&id.to_string()).await;
    let (job, summary) = found.map_err(|error| match error {
        ApiError::NoSuchJob => ApiError::JobDeleted,
        error => error,
    })?;
    let job = Whole::of(app, &caller.user, &job, summary.as_deref()).await?;
    if submitted == Submitted::Before {
        return Ok(json(StatusCode::OK, &job));
    }
    let mut response = json(StatusCode::CREATED, &job);
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/jobs/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}
