//! `GET /profile/sessions`: where the person is logged in; `POST /profile/sessions/end` ends one of them, `POST
//! /profile/sessions/end-all` every one.

use anyhow::Context;
use backends::accounts::SessionEntry;
use bytes::Buf;
use futures_util::Stream;
use http::header::SET_COOKIE;
use serde::Serialize;
use serde_json::json;
use tracing::info;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::session::{self, SESSION};
use crate::views::TimeView;
use crate::visit::{Page, Visit, reading, see_other, visit};

#[derive(Serialize)]
struct Row {
    id: String,
    browser: String,
    address: String,
    begun_at: TimeView,
    seen_at: TimeView,
    is_this_one: bool,
}

/// Everything below `/profile/sessions`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(visit(app.clone())).and(warp::body::stream());
    let show = warp::path!("profile" / "sessions")
        .and(reading())
        .and(visit(app.clone()));
    let end = warp::path!("profile" / "sessions" / "end").and(post());
    let end_all = warp::path!("profile" / "sessions" / "end-all").and(post());
    let ended = end.then(end_one).or(end_all.then(end_every_one)).unify();
    show.then(show_sessions)
        .or(ended)
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn show_sessions(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let current = visit.session_token().ok_or(PageError::SignInNeeded)?;
    let sessions = visit.app.accounts.sessions(user.id, &current).await?;
    let rows: Vec<Row> = sessions.into_iter().map(Row::from).collect();
    let page = Page::new(
        "pages/identity/sessions.html",
        "Where you are logged in",
        json!({ "sessions": rows }),
    );
    visit.render(Some(&user), page)
}

async fn end_one<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    // One that has ended meanwhile is as it was to be.
    if let Ok(id) = Uuid::try_parse(fields.get("session")) {
        visit.app.accounts.end_session_of(user.id, id).await?;
    }
    see_other("/profile/sessions")
}

async fn end_every_one<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    visit.form(body).await?;
    visit.app.accounts.end_sessions(user.id).await?;
    info!(user.id = %user.id, "User {} signed out everywhere", user.id);
    let mut response = see_other("/login?notice=signed-out-everywhere")?;
    let gone = session::take(SESSION).context("take the session cookie")?;
    response.headers_mut().append(SET_COOKIE, gone);
    Ok(response)
}

impl From<SessionEntry> for Row {
    fn from(session: SessionEntry) -> Self {
        let or_unknown = |text: String| if text.is_empty() { "not known".to_owned() } else { text };
        Self {
            id: session.id.to_string(),
            browser: or_unknown(session.origin.browser),
            address: or_unknown(session.origin.address),
            begun_at: session.begun_at.into(),
            seen_at: session.seen_at.into(),
            is_this_one: session.is_this_one,
        }
    }
}
