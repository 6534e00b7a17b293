//! `GET /profile/webhooks/<webhook id>`: what one webhook was told; `POST /profile/webhooks/<webhook
//! id>/{test,again,pause,resume,delete}`.

use backends::accounts::Delivery;
use bytes::Buf;
use domain::{User, WebhookEvent, WebhookId, WebhookProblem};
use futures_util::Stream;
use serde::Serialize;
use tracing::info;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::Row;
use crate::app::App;
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Page, Visit, reading, see_other, visit};
use crate::webhooks;

#[derive(Serialize)]
struct One {
    webhook: Row,
    deliveries: Vec<DeliveryRow>,
    /// What the person has just done.
    done: Option<&'static str>,
}

#[derive(Serialize)]
struct DeliveryRow {
    id: String,
    /// As receivers see it.
    message: String,
    event: &'static str,
    job: Option<String>,
    created_at: TimeView,
    attempts: u32,
    /// How it stands, and the tone of that.
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    status: Option<u16>,
    took: Option<String>,
    /// When that was, or will be.
    at: Option<TimeView>,
    problem: Option<&'static str>,
    /// Whether it can be sent at once.
    is_repeatable: bool,
}

/// Everything below `/profile/webhooks`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let show = warp::path!("profile" / "webhooks" / String).and(reading());
    let show = show.and(visit(app.clone())).then(show_one);
    let change = warp::path!("profile" / "webhooks" / String / String).and(warp::post());
    let change = change.and(visit(app.clone())).and(warp::body::stream());
    let shown = show.map(Reply::into_response);
    let changed = change.then(change_one).map(Reply::into_response);
    shown.or(changed).unify().boxed()
}

fn no_such_webhook() -> PageError {
    PageError::Missing(
        "There is no such webhook",
        "It was deleted, or it is not yours. My account, Webhooks has yours.".into(),
    )
}

async fn show_one(id: String, visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let id: WebhookId = id.parse().map_err(|_| no_such_webhook())?;
    let accounts = &visit.app.accounts;
    let webhook = accounts.webhook(user.id, id).await?.ok_or_else(no_such_webhook)?;
    let deliveries = accounts.deliveries(user.id, id).await?;
    let body = One {
        webhook: webhook.into(),
        deliveries: deliveries.into_iter().map(DeliveryRow::from).collect(),
        done: match visit.query().get("notice") {
            "test" => Some("The test is on its way. Reload the page to see what came of it."),
            "again" => Some("It is on its way again, with the same ID. Reload the page to see what came of it."),
            "paused" => Some("Nothing is sent until you resume it. What happens meanwhile is not told later."),
            "resumed" => Some("It is told of your jobs again."),
            _ => None,
        },
    };
    visit.render(Some(&user), Page::new("pages/webhooks/one.html", "Webhook", body))
}

async fn change_one<B: Buf>(
    id: String,
    what: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let id: WebhookId = id.parse().map_err(|_| no_such_webhook())?;
    match change(&visit, &user, id, &what, fields.get("delivery")).await? {
        true if what == "delete" => see_other("/profile/webhooks?notice=deleted"),
        true => {
            let notice = match what.as_str() {
                "pause" => "paused",
                "resume" => "resumed",
                other => other,
            };
            see_other(&format!("/profile/webhooks/{id}?notice={notice}"))
        }
        false => Err(no_such_webhook()),
    }
}

/// Does what the button says; `false` if the person has no such webhook, or delivery.
async fn change(visit: &Visit, user: &User, id: WebhookId, what: &str, delivery: &str) -> Result<bool, PageError> {
    let accounts = &visit.app.accounts;
    let done = match what {
        "test" => webhooks::test(&visit.app, user, id).await?.is_some(),
        "again" => match Uuid::try_parse(delivery) {
            Ok(delivery) => webhooks::send_again(&visit.app, user, id, delivery).await?,
            Err(_) => false,
        },
        "pause" => accounts.pause_webhook(user.id, id).await?,
        "resume" => accounts.resume_webhook(user.id, id).await?,
        "delete" => accounts.delete_webhook(user.id, id).await?,
        _ => return Err(PageError::NotFound),
    };
    if done {
        info!(user.id = %user.id, webhook.id = %id, what, "User {} has changed webhook {id}", user.id);
    }
    Ok(done)
}

impl From<Delivery> for DeliveryRow {
    fn from(delivery: Delivery) -> Self {
        let is_waiting = delivery.next_attempt.is_some() || delivery.is_held;
        let (state, tone, icon) = match delivery.delivered_at {
            _ if delivery.is_held => ("Paused", "pending", "pending"),
            _ if is_waiting && delivery.problem.is_some() => ("Next try", "warning", "warning"),
            _ if is_waiting => ("On its way", "running", "running"),
            Some(_) if delivery.problem.is_none() => ("Delivered", "completed", "completed"),
            _ => ("Given up", "failed", "failed"),
        };
        // One that has just been made is due at once.
        let next = delivery.next_attempt.filter(|_| delivery.attempted_at.is_some());
        let at = if is_waiting { next } else { delivery.attempted_at };
        Self {
            id: delivery.id.to_string(),
            message: format!("msg_{}", delivery.id.simple()),
            event: WebhookEvent::as_str(delivery.event),
            job: delivery.job.map(|job| job.to_string()),
            created_at: delivery.created_at.into(),
            attempts: delivery.attempts,
            state,
            tone,
            icon,
            status: delivery.status,
            took: delivery.took.map(|took| format!("{:.2} s", took.as_secs_f64())),
            at: at.map(TimeView::from),
            problem: delivery.problem.map(WebhookProblem::sentence),
            is_repeatable: delivery.attempted_at.is_some(),
        }
    }
}
