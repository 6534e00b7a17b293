//! `GET /confirm/<token>`: the link from the mail; `POST /confirm/resend`: another one.

use backends::accounts::{Confirmation, Token};
use bytes::Buf;
use domain::EmailAddress;
use futures_util::Stream;
use http::StatusCode;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::register;
use crate::app::App;
use crate::error::PageError;
use crate::visit::{Page, Visit, visit};

/// `GET /confirm/<token>` and `POST /confirm/resend`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let confirm = warp::path!("confirm" / String).and(warp::get()).and(visit(app.clone()));
    let resend = warp::path!("confirm" / "resend")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let resend = resend.then(resend_link).map(Reply::into_response);
    resend
        .or(confirm.then(confirm_link).map(Reply::into_response))
        .unify()
        .boxed()
}

async fn confirm_link(token: String, visit: Visit) -> Result<Response, PageError> {
    let user = visit.user().await?;
    let confirmation = match Token::from_untrusted(&token) {
        Some(token) => visit.app.accounts.confirm(&token).await?,
        None => Confirmation::Unknown,
    };
    let (outcome, title, status) = match confirmation {
        Confirmation::Confirmed => ("confirmed", "Your account is ready", StatusCode::OK),
        Confirmation::Already => ("already", "Your account is ready", StatusCode::OK),
        Confirmation::Expired => ("expired", "This link has expired", StatusCode::GONE),
        Confirmation::Taken => ("taken", "This account cannot be made", StatusCode::CONFLICT),
        Confirmation::Unknown => ("unknown", "This link is not valid", StatusCode::NOT_FOUND),
    };
    let page = Page::new("pages/confirm.html", title, json!({ "outcome": outcome })).with_status(status);
    visit.render(user.as_ref(), page)
}

/// Answers the same whether or not the address waits for a link.
async fn resend_link<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    visit.app.limits.registration(visit.address())?;
    let email = EmailAddress::parse(fields.get("email"))?;
    if let Some((token, username, name)) = visit.app.accounts.renew_registration(&email).await? {
        register::send_link(&visit.app, email.clone(), &username, &name, &token).await?;
    }
    register::sent_page(&visit, email.as_str())
}
