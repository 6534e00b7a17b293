//! `GET|POST /api/v1/webhooks`, `GET|DELETE /api/v1/webhooks/<webhook id>`, `POST /api/v1/webhooks/<webhook
//! id>/{pause,resume}`.

use backends::accounts::Webhook as Kept;
use bytes::Buf;
use domain::{Scope, Timestamp, WebhookEvent, WebhookId};
use futures_util::Stream;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::reading::sent;
use super::{ApiError, json};
use crate::app::App;
use crate::visit::reading;
use crate::webhooks;

/// What a webhook is told of.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub enum Event {
    /// A job has completed.
    #[serde(rename = "job.completed")]
    JobCompleted,
    /// A job has failed.
    #[serde(rename = "job.failed")]
    JobFailed,
    /// A test that somebody has asked for.
    #[serde(rename = "webhook.test")]
    Test,
}

/// A webhook.
#[derive(Serialize, ToSchema)]
pub struct Webhook {
    /// Identifies it.
    #[schema(format = Uuid)]
    id: String,
    /// The address that is called.
    #[schema(format = Uri)]
    url: String,
    /// What it is told of.
    events: Vec<Event>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// Since when nothing is sent to it, if it is paused.
    #[schema(format = DateTime)]
    paused_at: Option<String>,
    /// Whether we have paused it, because nothing has arrived for days, or its receiver answered 410.
    given_up: bool,
    /// Since when nothing has arrived, if the last attempts have failed.
    #[schema(format = DateTime)]
    failing_since: Option<String>,
}

/// The webhooks of the person, newest first.
#[derive(Serialize, ToSchema)]
pub struct WebhookList {
    /// All of them.
    webhooks: Vec<Webhook>,
}

/// A webhook to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// An address of the internet: `https://`, on port 443, without a name or password.
    #[schema(max_length = 500)]
    url: String,
    /// What it is to be told of: `job.completed`, `job.failed`.
    #[schema(min_items = 1, max_items = 10)]
    events: Vec<String>,
}

/// A webhook that was just added, with its secret.
#[derive(Serialize, ToSchema)]
pub struct AddedWebhook {
    /// The webhook.
    webhook: Webhook,
    /// What signs its messages, `whsec_…`: shown this once.
    secret: String,
}

/// `/webhooks` and most of what is below.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let changes = || caller(app, Some(Scope::Webhooks));
    let one = warp::path!("webhooks" / String);
    let list_all = warp::path!("webhooks")
        .and(reading())
        .and(caller(app, Some(Scope::Read)))
        .then(|caller| answered(caller, list));
    let add_one = warp::path!("webhooks")
        .and(warp::post())
        .and(changes())
        .and(warp::body::stream())
        .then(|caller, body| answered(caller, move |caller| add(caller, body)));
    let show_one = one
        .and(reading())
        .and(caller(app, Some(Scope::Read)))
        .then(|id, caller| answered(caller, move |caller| show(id, caller)));
    let delete_one = one
        .and(warp::delete())
        .and(changes())
        .then(|id, caller| answered(caller, move |caller| delete(id, caller)));
    let pause_one = warp::path!("webhooks" / String / "pause")
        .and(warp::post())
        .and(changes())
        .then(|id, caller| answered(caller, move |caller| pause(id, caller)));
    let resume_one = warp::path!("webhooks" / String / "resume")
        .and(warp::post())
        .and(changes())
        .then(|id, caller| answered(caller, move |caller| resume(id, caller)));
    let all = list_all.or(add_one).unify().or(show_one).unify();
    all.or(delete_one)
        .unify()
        .or(pause_one)
        .unify()
        .or(resume_one)
        .unify()
        .boxed()
}

/// List the webhooks
///
/// Newest first, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks",
    tag = "Webhooks",
    operation_id = "list_webhooks",
    responses((status = 200, description = "The webhooks", body = WebhookList)),
    security(("token" = ["read"]))
)]
pub async fn list(caller: Caller) -> Result<Response, ApiError> {
    let webhooks = caller.visit.app.accounts.webhooks(caller.user.id).await?;
    let webhooks = webhooks.into_iter().map(Webhook::from).collect();
    Ok(json(StatusCode::OK, &WebhookList { webhooks }))
}

/// Add a webhook
///
/// The answer has the secret that signs its messages, this once. A person may have ten webhooks.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks",
    tag = "Webhooks",
    operation_id = "add_webhook",
    request_body = NewWebhook,
    responses(
        (status = 201, description = "The webhook, with its secret", body = AddedWebhook),
        (status = 409, description = "The person has as many as one may have", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The address, or the events, cannot be taken", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["webhooks"]))
)]
pub async fn add<B: Buf>(
    caller: Caller,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, ApiError> {
    let new: NewWebhook = sent(&caller.visit, body).await?;
    let app = &caller.visit.app;
    let wanted = webhooks::wanted(app, &new.url, new.events.iter().map(String::as_str));
    let wanted = wanted.map_err(|wrong| {
        let sentences = [wrong.url, wrong.events].into_iter().flatten();
        ApiError::Webhook(sentences.map(|wrong| wrong.0).collect::<Vec<_>>().join(" "))
    })?;
    let (webhook, secret) = webhooks::make(app, &caller.user, &wanted).await?;
    let added = AddedWebhook {
        webhook: webhook.into(),
        secret: secret.reveal(),
    };
    Ok(json(StatusCode::CREATED, &added))
}

/// Show a webhook
///
/// What it is told of, and whether anything arrives.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks/{id}",
    tag = "Webhooks",
    operation_id = "show_webhook",
    params(("id" = String, Path, format = Uuid, description = "The webhook's ID")),
    responses(
        (status = 200, description = "The webhook", body = Webhook),
        (status = 404, description = "The person has no such webhook", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn show(id: String, caller: Caller) -> Result<Response, ApiError> {
    shown(&caller, named(&id)?).await
}

/// Delete a webhook
///
/// Nothing more is sent to it, and its deliveries are forgotten.
#[utoipa::path(
    delete,
    path = "/api/v1/webhooks/{id}",
    tag = "Webhooks",
    operation_id = "delete_webhook",
    params(("id" = String, Path, format = Uuid, description = "The webhook's ID")),
    responses(
        (status = 204, description = "The webhook is deleted"),
        (status = 404, description = "The person has no such webhook", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["webhooks"]))
)]
pub async fn delete(id: String, caller: Caller) -> Result<Response, ApiError> {
    let deleted = caller.visit.app.accounts.delete_webhook(caller.user.id, named(&id)?);
    match deleted.await? {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(ApiError::NoSuchWebhook),
    }
}

/// Pause a webhook
///
/// What waits goes on waiting; what happens meanwhile is not told later. Asking again is harmless.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/pause",
    tag = "Webhooks",
    operation_id = "pause_webhook",
    params(("id" = String, Path, format = Uuid, description = "The webhook's ID")),
    responses(
        (status = 200, description = "The webhook, which is paused", body = Webhook),
        (status = 404, description = "The person has no such webhook", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["webhooks"]))
)]
pub async fn pause(id: String, caller: Caller) -> Result<Response, ApiError> {
    let id = named(&id)?;
    caller.visit.app.accounts.pause_webhook(caller.user.id, id).await?;
    shown(&caller, id).await
}

/// Resume a webhook
///
/// What has waited is sent first. Asking again is harmless.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/resume",
    tag = "Webhooks",
    operation_id = "resume_webhook",
    params(("id" = String, Path, format = Uuid, description = "The webhook's ID")),
    responses(
        (status = 200, description = "The webhook, which is told of jobs again", body = Webhook),
        (status = 404, description = "The person has no such webhook", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["webhooks"]))
)]
pub async fn resume(id: String, caller: Caller) -> Result<Response, ApiError> {
    let id = named(&id)?;
    caller.visit.app.accounts.resume_webhook(caller.user.id, id).await?;
    shown(&caller, id).await
}

/// The id that stands in an address; what is none is nobody's.
pub fn named(id: &str) -> Result<WebhookId, ApiError> {
    id.parse().map_err(|_| ApiError::NoSuchWebhook)
}

async fn shown(caller: &Caller, id: WebhookId) -> Result<Response, ApiError> {
    let webhook = caller.visit.app.accounts.webhook(caller.user.id, id).await?;
    let webhook = webhook.ok_or(ApiError::NoSuchWebhook)?;
    Ok(json(StatusCode::OK, &Webhook::from(webhook)))
}

impl From<WebhookEvent> for Event {
    fn from(event: WebhookEvent) -> Self {
        match event {
            WebhookEvent::JobCompleted => Self::JobCompleted,
            WebhookEvent::JobFailed => Self::JobFailed,
            WebhookEvent::Test => Self::Test,
        }
    }
}

impl From<Kept> for Webhook {
    fn from(webhook: Kept) -> Self {
        Self {
            id: webhook.id.to_string(),
            url: webhook.url,
            events: webhook.events.into_iter().map(Event::from).collect(),
            created_at: webhook.created_at.to_rfc3339(),
            paused_at: webhook.paused_at.map(Timestamp::to_rfc3339),
            given_up: webhook.is_given_up,
            failing_since: webhook.failing_since.map(Timestamp::to_rfc3339),
        }
    }
}
