//! `POST /api/v1/jobs/<job id>/regions`: regions to filter variants by that are too many for an address.

use bytes::Buf;
use domain::Scope;
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::reading::is_sent_as;
use super::{ApiError, json};
use crate::app::App;
use crate::body::read_file;
use crate::region_sets::LARGEST;

/// Regions that are kept for a job.
#[derive(Serialize, ToSchema)]
pub struct KeptRegions {
    /// Their name, the same whenever these regions are sent: the parameter `regions` of a question about the job's variants.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    regions: String,
    /// How many there are, those that overlap or touch taken as one.
    count: u64,
    /// How many bases they have together.
    bases: u64,
}

/// Lines of BED: chromosome, start from 0, end, with tabs between them; what else they have is not looked at.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "it is described, and never made")]
pub struct BedFile(String);

/// `POST /jobs/<job id>/regions`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("jobs" / String / "regions").and(warp::post());
    path.and(caller(app, Some(Scope::Read)))
        .and(warp::body::stream())
        .then(|id, caller, body| answered(caller, move |caller| keep(id, caller, body)))
        .boxed()
}

/// Send regions to filter by
///
/// A BED file, of up to 1 MB and 50,000 regions. It is kept for this job and goes with it; of a person the last 100 files are kept.
/// The parameter `regions` of the job's variants names it.
#[utoipa::path(
    post,
    path = "/api/v1/jobs/{id}/regions",
    tag = "Variants",
    operation_id = "send_regions",
    params(("id" = String, Path, format = Uuid, description = "The job's ID")),
    request_body(content = inline(BedFile), content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "The regions are kept", body = KeptRegions),
        (status = 404, description = "The person has no such job", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "It is not sent as `application/octet-stream`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is no BED file; the detail says which line", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn keep<B: Buf>(
    id: String,
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let (job, _) = caller.job(&id).await?;
    if !is_sent_as(&caller.visit, "application/octet-stream") {
        return Err(ApiError::NoFile);
    }
    let app = &caller.visit.app;
    let file = {
        let _place = app.region_sets.place(caller.user.id)?;
        read_file(body, LARGEST).await?
    };
    let (regions, set) = app.region_sets.keep(&app.accounts, &job, file).await?;
    let kept = KeptRegions {
        regions,
        count: set.len() as u64,
        bases: set.bases(),
    };
    Ok(json(StatusCode::OK, &kept))
}
