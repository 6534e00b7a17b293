//! `GET /api/v1/openapi.json`: what the API does, in OpenAPI 3.1, made from the code, for everybody.

use std::sync::LazyLock;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, Response as Described};
use utoipa::{Modify, OpenApi};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::problem::{MEDIA_TYPE, Problem};
use super::{
    account, deletion, deliveries, device, events, files, handling, jobs, parts, references, regions, settings,
    submission, uploads, variants, webhooks,
};
use crate::visit::reading;

/// Genomics Annotation Service.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Genomics Annotation Service",
        description = "Submit VCF files, follow their annotation, download the results.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        describe,
        account::show,
        account::revoke,
        device::begin,
        device::redeem,
        references::list,
        uploads::prepare,
        parts::show,
        parts::sign,
        parts::complete,
        parts::discard,
        submission::submit,
        jobs::list,
        jobs::show,
        jobs::delete,
        handling::describe,
        handling::cancel,
        handling::rerun,
        deletion::show,
        events::follow,
        files::input,
        files::results,
        files::index,
        files::plain,
        files::log,
        variants::list,
        regions::keep,
        webhooks::list,
        webhooks::add,
        webhooks::show,
        webhooks::delete,
        webhooks::pause,
        webhooks::resume,
        deliveries::list,
        deliveries::test,
        deliveries::again,
    ),
    components(schemas(Problem, settings::TrackName, variants::Order, variants::Form)),
    tags(
        (name = "Submitting", description = "From a file to a job, in two steps; a large file of Premium in parts."),
        (name = "Jobs", description = "Where they are, and how they end."),
        (name = "Files", description = "What was uploaded, and what was made of it."),
        (name = "Variants", description = "What the results say, allele by allele."),
        (name = "Webhooks", description = "Addresses of yours that are told how jobs end."),
        (name = "Account", description = "Whose token it is."),
    ),
    modifiers(&Everywhere)
)]
struct Api;

/// What every operation has.
struct Everywhere;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(Api::openapi()).unwrap_or_default());
static WRITTEN: LazyLock<Bytes> = LazyLock::new(|| DOCUMENT.to_string().into());

/// The document.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// `GET /openapi.json`.
pub fn routes() -> BoxedFilter<(Response,)> {
    warp::path!("openapi.json").and(reading()).then(describe).boxed()
}

/// Describe the API
///
/// This document. It wants no token.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "Account",
    operation_id = "describe",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)),
    security(())
)]
async fn describe() -> Response {
    let mut response = Response::new(WRITTEN.clone().into());
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

impl Modify for Everywhere {
    fn modify(&self, document: &mut Document) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("gas_…")
            .description(Some("A token of My account, Access tokens."));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        let problem = || {
            let mut described = Described::new("A problem");
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            described.content.insert(MEDIA_TYPE.to_owned(), content);
            described
        };
        for item in document.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                // Whatever is not named is a problem in the same form.
                let responses = &mut operation.responses.responses;
                responses.insert("default".to_owned(), problem().into());
            }
        }
    }
}
