//! `GET /profile/webhooks`: the addresses of the person's programs that are told of jobs; `POST /profile/webhooks` adds one and
//! shows its secret, once. What is below is in `one`.

mod one;

use backends::accounts::{MOST_WEBHOOKS, Webhook};
use bytes::Buf;
use domain::{User, WebhookEvent, WebhookSecret};
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Fields, Page, Visit, reading, visit};
use crate::webhooks::{self, Wrong};

#[derive(Serialize)]
struct List {
    webhooks: Vec<Row>,
    most: i64,
    /// Whether the person has as many as one may have.
    is_full: bool,
    deleted: bool,
    form: Form,
}

/// A webhook, in the list and on its page.
#[derive(Serialize)]
struct Row {
    id: String,
    url: String,
    events: Vec<&'static str>,
    created_at: TimeView,
    paused_at: Option<TimeView>,
    is_given_up: bool,
    failing_since: Option<TimeView>,
}

/// What the form shows: what was typed, and what is wrong with it.
#[derive(Serialize)]
struct Form {
    url: String,
    url_error: Option<&'static str>,
    events: Vec<Choice>,
    events_error: Option<&'static str>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

/// Everything at and below `/profile/webhooks`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("profile" / "webhooks");
    let show = path.and(reading()).and(visit(app.clone())).then(show_all);
    let post = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    let list = show.map(Reply::into_response);
    let added = post.then(add).map(Reply::into_response);
    list.or(added).unify().or(one::routes(app)).unify().boxed()
}

async fn show_all(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let both = Fields::parse(b"job.completed=yes&job.failed=yes");
    page(&visit, &user, Form::of(&both, Wrong::default())).await
}

async fn add<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let events = WebhookEvent::CHOICES.iter().map(|event| event.as_str());
    let chosen = events.filter(|event| !fields.get(event).is_empty());
    match webhooks::wanted(&visit.app, fields.get("url"), chosen) {
        Ok(wanted) => {
            let (webhook, secret) = webhooks::make(&visit.app, &user, &wanted).await?;
            show_once(&visit, &user, &webhook, &secret)
        }
        Err(wrong) => page(&visit, &user, Form::of(&fields, wrong)).await,
    }
}

async fn page(visit: &Visit, user: &User, form: Form) -> Result<Response, PageError> {
    let webhooks = visit.app.accounts.webhooks(user.id).await?;
    let status = match (form.url_error, form.events_error) {
        (None, None) => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let body = List {
        is_full: i64::try_from(webhooks.len()).is_ok_and(|number| number >= MOST_WEBHOOKS),
        most: MOST_WEBHOOKS,
        webhooks: webhooks.into_iter().map(Row::from).collect(),
        deleted: visit.query().get("notice") == "deleted",
        form,
    };
    let page = Page::new("pages/webhooks/list.html", "Webhooks", body);
    visit.render(Some(user), page.with_status(status))
}

fn show_once(visit: &Visit, user: &User, webhook: &Webhook, secret: &WebhookSecret) -> Result<Response, PageError> {
    let body = json!({ "id": webhook.id.to_string(), "url": webhook.url, "secret": secret.reveal() });
    let page = Page::new("pages/webhooks/secret.html", "Your new webhook", body);
    visit.render(Some(user), page)
}

impl From<Webhook> for Row {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            url: webhook.url,
            events: webhook.events.into_iter().map(WebhookEvent::as_str).collect(),
            created_at: webhook.created_at.into(),
            paused_at: webhook.paused_at.map(TimeView::from),
            is_given_up: webhook.is_given_up,
            failing_since: webhook.failing_since.map(TimeView::from),
        }
    }
}

impl Form {
    fn of(fields: &Fields, wrong: Wrong) -> Self {
        let choice = |event: WebhookEvent| Choice {
            value: event.as_str(),
            label: event.label(),
            is_chosen: !fields.get(event.as_str()).is_empty(),
        };
        Self {
            url: fields.get("url").trim().to_owned(),
            url_error: wrong.url.map(|wrong| wrong.0),
            events: WebhookEvent::CHOICES.map(choice).into(),
            events_error: wrong.events.map(|wrong| wrong.0),
        }
    }
}
