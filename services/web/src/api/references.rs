//! `GET /api/v1/references`: the genomes that a file may be said to be made with.

use domain::{ReferenceChoice, Scope};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::settings::ReferenceId;
use super::{ApiError, json};
use crate::app::App;
use crate::visit::reading;

/// A genome to choose.
#[derive(Serialize, ToSchema)]
pub struct Reference {
    /// What an upload names.
    id: ReferenceId,
    /// What people call it.
    label: &'static str,
}

/// The genomes to choose from.
#[derive(Serialize, ToSchema)]
pub struct References {
    /// Each of them.
    references: Vec<Reference>,
}

/// `GET /references`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("references")
        .and(reading())
        .and(caller(app, Some(Scope::Read)))
        .then(|caller| answered(caller, list))
        .boxed()
}

/// List the genomes
///
/// Which genomes a file may be said to be made with. Whatever is said, a file that does not fit its genome is refused.
#[utoipa::path(
    get,
    path = "/api/v1/references",
    tag = "Submitting",
    operation_id = "list_references",
    responses((status = 200, description = "The genomes", body = References)),
    security(("token" = ["read"]))
)]
pub async fn list(_: Caller) -> Result<Response, ApiError> {
    let reference = |choice: ReferenceChoice| Reference {
        id: choice.into(),
        label: choice.label(),
    };
    let references = References {
        references: ReferenceChoice::ALL.map(reference).into(),
    };
    Ok(json(StatusCode::OK, &references))
}
