//! `GET /api/v1/deletions/<deletion id>`: whether something that was deleted is gone from every store. For whoever has the
//! number, as its page: it tells of nobody.

use backends::accounts::DeletionRecord;
use domain::{DeletionId, Scope, Timestamp};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::{ApiError, json};
use crate::app::App;
use crate::error::PageError;
use crate::visit::reading;

/// A deletion that was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = DeletionAsked)]
pub struct Asked {
    /// Its number, made for it alone.
    #[schema(format = Uuid)]
    deletion: String,
}

/// How far a deletion is.
#[derive(Serialize, ToSchema)]
pub struct Deletion {
    /// When it was asked for.
    #[schema(format = DateTime)]
    asked_at: String,
    /// When a last look had found nothing left in any store.
    #[schema(format = DateTime)]
    done_at: Option<String>,
    /// Files of inputs that were deleted, each version counted.
    inputs: u64,
    /// Files of results.
    results: u64,
    /// Archives.
    archives: u64,
}

/// `GET /deletions/<deletion id>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("deletions" / String)
        .and(reading())
        .and(caller(app, Some(Scope::Read)))
        .then(|id, caller| answered(caller, move |caller| show(id, caller)))
        .boxed()
}

/// Show a deletion
///
/// Whether what was deleted is gone from every store, and how much it was.
#[utoipa::path(
    get,
    path = "/api/v1/deletions/{id}",
    tag = "Jobs",
    operation_id = "show_deletion",
    params(("id" = String, Path, format = Uuid, description = "The deletion's number")),
    responses(
        (status = 200, description = "The deletion", body = Deletion),
        (status = 404, description = "There is no such deletion", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn show(id: String, caller: Caller) -> Result<Response, ApiError> {
    let id: DeletionId = id.parse().map_err(|_| PageError::NotFound)?;
    let record = caller.visit.app.accounts.deletion(id).await?;
    let record = record.ok_or(PageError::NotFound)?;
    Ok(json(StatusCode::OK, &Deletion::of(&record)))
}

impl Asked {
    /// The answer that names a deletion.
    pub fn of(deletion: DeletionId) -> Self {
        Self {
            deletion: deletion.to_string(),
        }
    }
}

impl Deletion {
    fn of(record: &DeletionRecord) -> Self {
        Self {
            asked_at: record.asked_at.to_rfc3339(),
            done_at: record.done_at.map(Timestamp::to_rfc3339),
            inputs: record.deleted.inputs,
            results: record.deleted.results,
            archives: record.deleted.archives,
        }
    }
}
