//! `GET /api/v1/webhooks/<webhook id>/deliveries`, `POST /api/v1/webhooks/<webhook id>/test`, `POST /api/v1/webhooks/<webhook
//! id>/deliveries/<delivery id>/again`.

use backends::accounts::Delivery as Kept;
use domain::{Scope, Timestamp, WebhookProblem};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use super::caller::{Caller, answered, caller};
use super::problem::Problem;
use super::webhooks::{Event, named};
use super::{ApiError, json};
use crate::app::App;
use crate::visit::reading;
use crate::webhooks;

/// Why an attempt has failed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryProblem {
    /// There was no answer within ten seconds.
    Timeout,
    /// The name of the host leads to no address.
    NoAddress,
    /// The host has an address that is not one of the internet.
    Inside,
    /// There was no connection, or the certificate is not good.
    NoConnection,
    /// The answer leads elsewhere, where nothing is sent.
    Redirect,
    /// The answer is not 2xx.
    Status,
    /// The job was deleted before it could be told of.
    JobGone,
}

/// What a webhook was told, or is to be told.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    /// Identifies it.
    #[schema(format = Uuid)]
    id: String,
    /// The header `webhook-id`, the same for every attempt.
    message_id: String,
    /// What it tells.
    event: Event,
    /// Of which job.
    #[schema(format = Uuid)]
    job: Option<String>,
    /// Since when it is to be sent.
    #[schema(format = DateTime)]
    created_at: String,
    /// How often it was begun.
    attempts: u32,
    /// When it was last tried.
    #[schema(format = DateTime)]
    attempted_at: Option<String>,
    /// How long that took, in milliseconds.
    took_ms: Option<u64>,
    /// The status of the answer, if there was one.
    status: Option<u16>,
    /// What was wrong, the last time.
    problem: Option<DeliveryProblem>,
    /// When it is tried next; nothing if it has arrived, was given up, or waits for the webhook to be resumed.
    #[schema(format = DateTime)]
    next_attempt: Option<String>,
    /// When it arrived.
    #[schema(format = DateTime)]
    delivered_at: Option<String>,
}

/// The last hundred deliveries of a webhook, newest first; none is older than 30 days.
#[derive(Serialize, ToSchema)]
pub struct DeliveryList {
    /// The deliveries.
    deliveries: Vec<Delivery>,
}

/// A delivery that is on its way.
#[derive(Serialize, ToSchema)]
pub struct BegunDelivery {
    /// Identifies it among the webhook's deliveries.
    #[schema(format = Uuid)]
    id: String,
}

/// What is below `/webhooks/<webhook id>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let list_all = warp::path!("webhooks" / String / "deliveries")
        .and(reading())
        .and(caller(app, Some(Scope::Read)))
        .then(|id, caller| answered(caller, move |caller| list(id, caller)));
    let test_one = warp::path!("webhooks" / String / "test")
        .and(warp::post())
        .and(caller(app, Some(Scope::Webhooks)))
        .then(|id, caller| answered(caller, move |caller| test(id, caller)));
    let again_one = warp::path!("webhooks" / String / "deliveries" / String / "again")
        .and(warp::post())
        .and(caller(app, Some(Scope::Webhooks)))
        .then(|id, delivery, caller| answered(caller, move |caller| again(id, delivery, caller)));
    list_all.or(test_one).unify().or(again_one).unify().boxed()
}

/// List deliveries
///
/// The last hundred, newest first; they are kept for 30 days.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks/{id}/deliveries",
    tag = "Webhooks",
    operation_id = "list_deliveries",
    params(("id" = String, Path, format = Uuid, description = "The webhook's ID")),
    responses(
        (status = 200, description = "The deliveries", body = DeliveryList),
        (status = 404, description = "The person has no such webhook", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["read"]))
)]
pub async fn list(id: String, caller: Caller) -> Result<Response, ApiError> {
    let (accounts, user, id) = (&caller.visit.app.accounts, caller.user.id, named(&id)?);
    if accounts.webhook(user, id).await?.is_none() {
        return Err(ApiError::NoSuchWebhook);
    }
    let deliveries = accounts.deliveries(user, id).await?;
    let deliveries = deliveries.into_iter().map(Delivery::from).collect();
    Ok(json(StatusCode::OK, &DeliveryList { deliveries }))
}

/// Send a test
///
/// A message of the type `webhook.test`, signed like the others, also while the webhook is paused.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/test",
    tag = "Webhooks",
    operation_id = "test_webhook",
    params(("id" = String, Path, format = Uuid, description = "The webhook's ID")),
    responses(
        (status = 202, description = "The test is on its way", body = BegunDelivery),
        (status = 404, description = "The person has no such webhook", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["webhooks"]))
)]
pub async fn test(id: String, caller: Caller) -> Result<Response, ApiError> {
    let begun = webhooks::test(&caller.visit.app, &caller.user, named(&id)?).await?;
    let id = begun.ok_or(ApiError::NoSuchWebhook)?.to_string();
    Ok(json(StatusCode::ACCEPTED, &BegunDelivery { id }))
}

/// Send a delivery again
///
/// At once, under the same ID, whether it has arrived or not.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/deliveries/{delivery}/again",
    tag = "Webhooks",
    operation_id = "send_delivery_again",
    params(
        ("id" = String, Path, format = Uuid, description = "The webhook's ID"),
        ("delivery" = String, Path, format = Uuid, description = "The delivery's ID"),
    ),
    responses(
        (status = 202, description = "The delivery is on its way", body = BegunDelivery),
        (status = 404, description = "The person has no such delivery", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = ["webhooks"]))
)]
pub async fn again(id: String, delivery: String, caller: Caller) -> Result<Response, ApiError> {
    let delivery = Uuid::try_parse(&delivery).map_err(|_| ApiError::NoSuchWebhook)?;
    match webhooks::send_again(&caller.visit.app, &caller.user, named(&id)?, delivery).await? {
        true => Ok(json(
            StatusCode::ACCEPTED,
            &BegunDelivery {
                id: delivery.to_string(),
            },
        )),
        false => Err(ApiError::NoSuchWebhook),
    }
}

impl From<WebhookProblem> for DeliveryProblem {
    fn from(problem: WebhookProblem) -> Self {
        match problem {
            WebhookProblem::Timeout => Self::Timeout,
            WebhookProblem::NoAddress => Self::NoAddress,
            WebhookProblem::Inside => Self::Inside,
            WebhookProblem::NoConnection => Self::NoConnection,
            WebhookProblem::Redirect => Self::Redirect,
            WebhookProblem::Status => Self::Status,
            WebhookProblem::JobGone => Self::JobGone,
        }
    }
}

impl From<Kept> for Delivery {
    fn from(delivery: Kept) -> Self {
        Self {
            message_id: format!("msg_{}", delivery.id.simple()),
            id: delivery.id.to_string(),
            event: delivery.event.into(),
            job: delivery.job.map(|job| job.to_string()),
            created_at: delivery.created_at.to_rfc3339(),
            attempts: delivery.attempts,
            attempted_at: delivery.attempted_at.map(Timestamp::to_rfc3339),
            took_ms: delivery
                .took
                .map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
            status: delivery.status,
            problem: delivery.problem.map(DeliveryProblem::from),
            next_attempt: delivery.next_attempt.map(Timestamp::to_rfc3339),
            delivered_at: delivery.delivered_at.map(Timestamp::to_rfc3339),
        }
    }
}
