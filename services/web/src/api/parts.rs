//! `/api/v1/uploads/<upload id>` and what is below it: an upload in parts, which goes on where it stopped, however and wherever
//! the program has died.

use std::collections::BTreeMap;

use backends::object_store::UploadedPart;
use bytes::Buf;
use domain::{JobId, MOST_PARTS, Scope};
use futures_util::Stream;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::reading::{sent, whole_number};
use super::uploads::{LARGEST_NUMBER, Upload};
use super::{ApiError, json};
use crate::app::App;
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::part_uploads::{self, Claim, PartUpload, is_digest};

/// How many parts may be asked for at once.
const MOST_AT_ONCE: usize = 100;

/// How far an upload in parts is.
#[derive(Serialize, ToSchema)]
pub struct Parts {
    /// What every part but the last has, in bytes.
    #[schema(minimum = 1)]
    part_bytes: u64,
    /// Whether the parts are put together: then none is listed, and the file can be submitted.
    is_complete: bool,
    /// The parts that are there.
    there: Vec<PartThere>,
}

/// A part that is there.
#[derive(Serialize, ToSchema)]
struct PartThere {
    /// From 1.
    #[schema(minimum = 1, maximum = 10_000)]
    number: u32,
    /// Its size.
    #[schema(minimum = 1)]
    bytes: u64,
    /// The SHA-256 of its bytes, as base64.
    sha256: String,
}

/// Parts that are to be uploaded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedParts {
    /// Which, at most a hundred at once.
    #[schema(min_items = 1, max_items = 100)]
    parts: Vec<WantedPart>,
}

/// A part that is to be uploaded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedPart {
    /// From 1.
    #[schema(minimum = 1, maximum = 10_000)]
    #[serde(deserialize_with = "whole_number")]
    #[schema(value_type = u32)]
    number: Option<u64>,
    /// Its size: the `part_bytes` of the upload, or less if it is the last one.
    #[schema(value_type = u64, minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    #[serde(deserialize_with = "whole_number")]
    bytes: Option<u64>,
    /// The SHA-256 of its bytes, as base64. The object store takes no other bytes.
    #[schema(pattern = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
    sha256: String,
}

/// How to upload the parts, in the order in which they were asked for.
#[derive(Serialize, ToSchema)]
struct SignedParts {
    /// One for each part that was asked for.
    parts: Vec<SignedPart>,
}

/// How to upload one part: PUT its bytes, with these headers. The address is good for a quarter of an hour, to begin with.
#[derive(Serialize, ToSchema)]
struct SignedPart {
    /// From 1.
    #[schema(minimum = 1, maximum = 10_000)]
    number: u32,
    /// Where it goes.
    #[schema(format = Uri)]
    url: String,
    /// What has to come with it.
    headers: BTreeMap<String, String>,
}

/// The file that the parts are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WholeFile {
    /// How large it is, in bytes.
    #[schema(value_type = u64, minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    #[serde(deserialize_with = "whole_number")]
    bytes: Option<u64>,
    /// The SHA-256 of the SHA-256 of all parts, one after the other, as base64. If it is sent, parts of another file are not taken.
    #[serde(default)]
    #[schema(pattern = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
    sha256: Option<String>,
}

/// `/uploads/<upload id>` and what is below it.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let submits = || caller(app, Some(Scope::Submit));
    let one = || warp::path!("uploads" / String);
    let shown = one().and(warp::get().or(warp::head()).unify()).and(submits());
    let shown = shown.then(|id, caller| answered(caller, move |caller| show(id, caller)));
    let discarded = one().and(warp::delete()).and(submits());
    let discarded = discarded.then(|id, caller| answered(caller, move |caller| discard(id, caller)));
    let signed = warp::path!("uploads" / String / "parts").and(warp::post());
    let signed = signed.and(submits()).and(warp::body::stream());
    let signed = signed.then(|id, caller, body| answered(caller, move |caller| sign(id, caller, body)));
    let completed = warp::path!("uploads" / String / "complete").and(warp::post());
    let completed = completed.and(submits()).and(warp::body::stream());
    let completed = completed.then(|id, caller, body| answered(caller, move |caller| complete(id, caller, body)));
    shown
        .or(discarded)
        .unify()
        .or(signed)
        .unify()
        .or(completed)
        .unify()
        .boxed()
}

/// Show an upload in parts
///
/// Which parts are there: the others are still to be uploaded. What nobody goes on with is cleared away after seven days.
#[utoipa::path(
    get,
    path = "/api/v1/uploads/{id}",
    tag = "Submitting",
    operation_id = "show_upload",
    params(("id" = String, Path, format = Uuid, description = "The upload's ID")),
    responses(
        (status = 200, description = "How far it is", body = Upload),
        (status = 404, description = "There is no such upload", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn show(id: String, caller: Caller) -> Result<Response, ApiError> {
    let id = upload_id(&id)?;
    let app = &caller.visit.app;
    if app.jobs.get(id).await?.is_some_and(|job| job.user_id == caller.user.id) {
        return Ok(json(StatusCode::OK, &Upload::submitted(id)));
    }
    let state = part_uploads::state(app, &caller.user, id).await?;
    Ok(json(StatusCode::OK, &Upload::in_parts(id, state.into())))
}

/// Ask how to upload parts
///
/// Each part is sent straight to the object store, in any order and several at once. A part that is sent again takes the place
/// of the one before.
#[utoipa::path(
    post,
    path = "/api/v1/uploads/{id}/parts",
    tag = "Submitting",
    operation_id = "sign_parts",
    params(("id" = String, Path, format = Uuid, description = "The upload's ID")),
    request_body = WantedParts,
    responses(
        (status = 200, description = "How to upload them", body = SignedParts),
        (status = 403, description = "The plan has no uploads in parts", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such upload", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "No part of a file that the plan takes is like that", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn sign<B: Buf>(
    id: String,
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let wanted: WantedParts = sent(&caller.visit, body).await?;
    if !(1..=MOST_AT_ONCE).contains(&wanted.parts.len()) {
        return Err(ApiError::Parameter("Ask for 1 to 100 parts at once."));
    }
    let claims = wanted
        .parts
        .iter()
        .map(WantedPart::claim)
        .collect::<Result<Vec<_>, _>>()?;
    let signed = part_uploads::sign(&caller.visit.app, &caller.user, upload_id(&id)?, &claims).await?;
    let parts = claims.iter().zip(signed).map(|(claim, signed)| SignedPart {
        number: claim.number,
        url: signed.url,
        headers: signed.headers,
    });
    Ok(json(StatusCode::OK, &SignedParts { parts: parts.collect() }))
}

/// Put the parts together
///
/// Once all are there. Asking again is harmless. `POST /api/v1/jobs` submits the file.
#[utoipa::path(
    post,
    path = "/api/v1/uploads/{id}/complete",
    tag = "Submitting",
    operation_id = "complete_upload",
    params(("id" = String, Path, format = Uuid, description = "The upload's ID")),
    request_body = WholeFile,
    responses(
        (status = 200, description = "The upload, which is complete", body = Upload),
        (status = 403, description = "The plan has no uploads in parts", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such upload", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Parts are missing, or are not of this file", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The plan takes no file of this size", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn complete<B: Buf>(
    id: String,
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let whole: WholeFile = sent(&caller.visit, body).await?;
    let bytes = whole.bytes.filter(|bytes| (1..=LARGEST_NUMBER).contains(bytes));
    let bytes = bytes.ok_or(ApiError::Parameter(
        "The number of bytes is from 1 to 9,007,199,254,740,991.",
    ))?;
    if whole.sha256.as_deref().is_some_and(|sha256| !is_digest(sha256)) {
        return Err(ApiError::Parameter(
            "The sha256 of a file in parts is a SHA-256, as base64.",
        ));
    }
    let (id, app) = (upload_id(&id)?, &caller.visit.app);
    part_uploads::complete(app, &caller.user, id, bytes, whole.sha256.as_deref()).await?;
    let state = part_uploads::state(app, &caller.user, id).await?;
    Ok(json(StatusCode::OK, &Upload::in_parts(id, state.into())))
}

/// Discard an upload in parts
///
/// Its parts are gone. What is complete stays, and is cleared away if it is not submitted. Asking again is harmless.
#[utoipa::path(
    delete,
    path = "/api/v1/uploads/{id}",
    tag = "Submitting",
    operation_id = "discard_upload",
    params(("id" = String, Path, format = Uuid, description = "The upload's ID")),
    responses(
        (status = 204, description = "Nothing is left of its parts"),
        (status = 404, description = "This is no ID", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["submit"]))
)]
pub async fn discard(id: String, caller: Caller) -> Result<Response, ApiError> {
    part_uploads::discard(&caller.visit.app, &caller.user, upload_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn upload_id(id: &str) -> Result<JobId, ApiError> {
    Ok(id.parse().map_err(|_| PageError::NoFile(NoFile::Upload))?)
}

impl WantedPart {
    fn claim(&self) -> Result<Claim, ApiError> {
        let (number, bytes) = (self.number.unwrap_or(0), self.bytes.unwrap_or(0));
        if !(1..=MOST_PARTS.into()).contains(&number) || !(1..=LARGEST_NUMBER).contains(&bytes) {
            let told = "A part has a number from 1 to 10,000, and at least one byte.";
            return Err(ApiError::Parameter(told));
        }
        Claim::parse(number, bytes, &self.sha256)
            .map_err(|_| ApiError::Parameter("The sha256 of a part is the SHA-256 of its bytes, as base64."))
    }
}

impl From<PartUpload> for Parts {
    fn from(upload: PartUpload) -> Self {
        Self {
            part_bytes: upload.part_bytes,
            is_complete: upload.is_complete,
            there: upload.parts.into_iter().map(PartThere::from).collect(),
        }
    }
}

impl From<UploadedPart> for PartThere {
    fn from(part: UploadedPart) -> Self {
        let UploadedPart {
            number, bytes, sha256, ..
        } = part;
        Self { number, bytes, sha256 }
    }
}
