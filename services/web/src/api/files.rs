//! `GET /api/v1/jobs/<job id>/{input,results,index,plain,log}`: a job's files, by the rules of their pages.

use anyhow::Context;
use domain::{ResultsFormat, Scope};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::{ApiError, json};
use crate::app::App;
use crate::pages::{Signed, signed_index, signed_input, signed_log, signed_results, unpacked};
use crate::visit::reading;

/// Where a file can be downloaded.
#[derive(Serialize, ToSchema)]
pub struct Download {
    /// The address. It gives the file to whoever has it, so keep it to yourself; and it wants no token.
    #[schema(format = Uri)]
    url: String,
    /// For how many seconds the address is good; a download that has begun then goes on.
    valid_for_seconds: u64,
    /// What the file is called.
    file_name: String,
    /// How large it is, if that is known.
    bytes: Option<u64>,
}

/// `GET /jobs/<job id>/{input,results,index,plain,log}`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let file = |name| {
        let path = warp::path("jobs")
            .and(warp::path::param::<String>())
            .and(warp::path(name));
        path.and(warp::path::end())
            .and(reading())
            .and(caller(app, Some(Scope::Read)))
    };
    let input = file("input").then(|id, caller| answered(caller, move |caller| input(id, caller)));
    let results = file("results").then(|id, caller| answered(caller, move |caller| results(id, caller)));
    let index = file("index").then(|id, caller| answered(caller, move |caller| index(id, caller)));
    let plain = file("plain").then(|id, caller| answered(caller, move |caller| plain(id, caller)));
    let log = file("log").then(|id, caller| answered(caller, move |caller| log(id, caller)));
    input
        .or(results)
        .unify()
        .or(index)
        .unify()
        .or(plain)
        .unify()
        .or(log)
        .unify()
        .boxed()
}

/// Download the input
///
/// As it was uploaded. The answer leads to an address of the object store that is good for a minute.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/input",
    tag = "Files",
    operation_id = "download_input",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 303, description = "Where the input is", body = Download, headers(("Location" = String))),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn input(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    leads_to(signed_input(&caller.visit.app, &job).await?)
}

/// Download the results
///
/// An annotated VCF, packed by bgzip. On the Free plan they can be downloaded for a while after the job has ended. The answer
/// leads to an address of the object store that is good for a minute.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/results",
    tag = "Files",
    operation_id = "download_results",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 303, description = "Where the results are", body = Download, headers(("Location" = String))),
        (status = 404, description = "The person has no such job, or it has no results", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The results are archived, or being restored", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn results(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    leads_to(signed_results(&caller.visit.app, &caller.user, &job).await?)
}

/// Download the index of the results
///
/// The tabix index (`.tbi`), for whoever may have the results.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/index",
    tag = "Files",
    operation_id = "download_index",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 303, description = "Where the index is", body = Download, headers(("Location" = String))),
        (status = 404, description = "The person has no such job, or there is no index", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The results are archived, or being restored", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn index(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    leads_to(signed_index(&caller.visit.app, &caller.user, &job).await?)
}

/// Download the results as plain text
///
/// Unpacked while they are sent, for a few people at once and two downloads of each.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/plain",
    tag = "Files",
    operation_id = "download_plain_results",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 200, description = "The annotated VCF", body = String, content_type = "application/octet-stream"),
        (status = 303, description = "Where the results are, which are kept as plain text", body = Download, headers(("Location" = String))),
        (status = 404, description = "The person has no such job, or it has no results", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The results are archived, or being restored", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn plain(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    let app = &caller.visit.app;
    match job.stored.format {
        ResultsFormat::Plain => leads_to(signed_results(app, &caller.user, &job).await?),
        ResultsFormat::Bgzip => Ok(unpacked(app, &caller.user, &job).await?),
    }
}

/// Download the log
///
/// What was counted, and what was wrong with the file; written when the job ends, and kept whatever becomes of the results.
#[utoipa::path(
    get,
    path = "/api/v1/jobs/{id}/log",
    tag = "Files",
    operation_id = "download_log",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    responses(
        (status = 303, description = "Where the log is", body = Download, headers(("Location" = String))),
        (status = 404, description = "The person has no such job, or it has not ended", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn log(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    leads_to(signed_log(&caller.visit.app, &job).await?)
}

/// Names the address and leads there, whichever a program goes by.
fn leads_to(signed: Signed) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(&signed.url).context("make a download address")?;
    let download = Download {
        url: signed.url,
        valid_for_seconds: signed.valid.as_secs(),
        file_name: signed.name.to_string(),
        bytes: signed.bytes,
    };
    let mut response = json(StatusCode::SEE_OTHER, &download);
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}
