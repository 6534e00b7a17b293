//! `GET /confirm/<token>`: the link from the mail, a page with a button, because mail gateways follow links; `POST` to the
//! same makes the account, for whoever chose its password: the owner of an address does not confirm what a stranger has
//! registered. `POST /confirm/resend`: another link.

use backends::accounts::{Confirmation, Link, Token};
use bytes::Buf;
use domain::{EmailAddress, Username};
use futures_util::Stream;
use http::StatusCode;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::register;
use crate::app::App;
use crate::error::PageError;
use crate::password;
use crate::visit::{Page, Visit, reading, visit};

/// `GET|POST /confirm/<token>` and `POST /confirm/resend`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let (get, post) = (
        || reading().and(visit(app.clone())),
        || warp::post().and(visit(app.clone())),
    );
    let resend = warp::path!("confirm" / "resend").and(post()).and(warp::body::stream());
    let offer = warp::path!("confirm" / String).and(get());
    let confirm = warp::path!("confirm" / String).and(post()).and(warp::body::stream());
    let followed = offer.then(offer_confirmation).or(confirm.then(confirm_link)).unify();
    resend
        .then(resend_link)
        .or(followed)
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn offer_confirmation(token: String, visit: Visit) -> Result<Response, PageError> {
    match follow(&visit, &token).await? {
        Link::Waits { username, .. } => ask_password(&visit, &token, &username, None),
        Link::Over(confirmation) => outcome_page(&visit, confirmation).await,
    }
}

async fn confirm_link<B: Buf>(
    token: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    let (username, password_hash) = match follow(&visit, &token).await? {
        Link::Waits {
            username,
            password_hash,
        } => (username, password_hash),
        Link::Over(confirmation) => return outcome_page(&visit, confirmation).await,
    };
    let Some(token) = Token::from_untrusted(&token) else {
        return outcome_page(&visit, Confirmation::Unknown).await;
    };
    visit.app.limits.confirmation(&token).await?;
    if !password::verify(fields.get("password"), Some(password_hash)).await? {
        let error = "This is not the password that was chosen when the account was registered.";
        return ask_password(&visit, token.reveal(), &username, Some(error));
    }
    let confirmation = visit.app.accounts.confirm(&token).await?;
    outcome_page(&visit, confirmation).await
}

async fn follow(visit: &Visit, token: &str) -> Result<Link, PageError> {
    match Token::from_untrusted(token) {
        Some(token) => Ok(visit.app.accounts.confirmation_link(&token).await?),
        None => Ok(Link::Over(Confirmation::Unknown)),
    }
}

fn ask_password(visit: &Visit, token: &str, username: &Username, error: Option<&str>) -> Result<Response, PageError> {
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNAUTHORIZED,
    };
    let body = json!({ "outcome": "waits", "token": token, "username": username.as_str(), "error": error });
    let page = Page::new("pages/confirm.html", "Confirm your e-mail address", body);
    visit.render(None, page.with_status(status))
}

async fn outcome_page(visit: &Visit, confirmation: Confirmation) -> Result<Response, PageError> {
    let (outcome, title, status) = match confirmation {
        Confirmation::Confirmed => ("confirmed", "Your account is ready", StatusCode::OK),
        Confirmation::Already => ("already", "Your account is ready", StatusCode::OK),
        Confirmation::Expired => ("expired", "This link has expired", StatusCode::GONE),
        Confirmation::Taken => ("taken", "This account cannot be made", StatusCode::CONFLICT),
        Confirmation::Unknown => ("unknown", "This link is not valid", StatusCode::NOT_FOUND),
    };
    let page = Page::new("pages/confirm.html", title, json!({ "outcome": outcome })).with_status(status);
    visit.render(visit.user().await?.as_ref(), page)
}

/// Answers the same whether or not the address waits for a link.
async fn resend_link<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    visit.app.limits.mail_from(visit.address()).await?;
    let email = EmailAddress::parse(fields.get("email"))?;
    if !visit.app.limits.mail_to(&email).await? {
        return register::sent_page(&visit, email.as_str());
    }
    if let Some((token, username)) = visit.app.accounts.renew_registration(&email).await? {
        register::send_link(&visit.app, email.clone(), &username, &token).await?;
    }
    register::sent_page(&visit, email.as_str())
}
