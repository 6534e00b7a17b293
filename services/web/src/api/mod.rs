//! `/api/v1`: what people's programs do, by tokens. The same rules and functions as the pages have; what differs is who asks
//! (a token, never a cookie) and how an answer looks (JSON; problems as in RFC 9457).
//!
//! A handler is a plain async function from a [`caller::Caller`] to a reply or an [`ApiError`]. Each has its description for
//! OpenAPI on it; `document` puts them together.

mod account;
mod caller;
mod code;
mod deletion;
mod deliveries;
mod device;
mod document;
mod error;
mod events;
mod files;
mod handling;
mod idempotency;
mod job;
mod jobs;
mod parts;
mod problem;
mod quota;
mod reading;
mod references;
mod regions;
mod routes;
mod settings;
mod submission;
mod uploads;
mod variants;
mod webhooks;

use http::StatusCode;
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;

pub use code::Code;
pub use document::document;
pub use error::ApiError;
pub use idempotency::job_of;
pub use problem::finished;
pub use routes::route;

/// Every route of the API.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let of_a_job = files::routes(app)
        .or(events::routes(app))
        .unify()
        .or(variants::routes(app))
        .unify()
        .or(regions::routes(app))
        .unify()
        .or(jobs::routes(app))
        .unify()
        .or(submission::routes(app))
        .unify()
        .or(handling::routes(app))
        .unify();
    let others = document::routes()
        .or(account::routes(app))
        .unify()
        .or(references::routes(app))
        .unify()
        .or(uploads::routes(app))
        .unify()
        .or(parts::routes(app))
        .unify()
        .or(deletion::routes(app))
        .unify()
        .or(webhooks::routes(app))
        .unify()
        .or(deliveries::routes(app))
        .unify()
        .or(device::routes(app))
        .unify();
    warp::path("api")
        .and(warp::path("v1"))
        .and(of_a_job.or(others).unify())
        .boxed()
}

/// Whether a path is the API's, whatever is there.
pub fn is_of(path: &str) -> bool {
    path.starts_with("/api/")
}

/// An answer in JSON.
fn json(status: StatusCode, answer: &impl Serialize) -> Response {
    warp::reply::with_status(warp::reply::json(answer), status).into_response()
}
