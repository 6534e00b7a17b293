//! `GET|POST /forgot`: asks for a link by which a forgotten password is replaced; `GET|POST /reset/<token>`: the link.

use anyhow::Result as AnyResult;
use backends::accounts::Token;
use bytes::Buf;
use domain::{EmailAddress, User};
use futures_util::Stream;
use http::StatusCode;
use serde_json::json;
use tracing::{Instrument, error, info};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::{App, Application};
use crate::error::PageError;
use crate::mail;
use crate::password::NewPassword;
use crate::visit::{Page, Visit, reading, see_other, visit};

/// `GET|POST /forgot` and `GET|POST /reset/<token>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let (get, post) = (
        || reading().and(visit(app.clone())),
        || warp::post().and(visit(app.clone())),
    );
    let show = warp::path!("forgot").and(get());
    let ask = warp::path!("forgot").and(post()).and(warp::body::stream());
    let offer = warp::path!("reset" / String).and(get());
    let reset = warp::path!("reset" / String).and(post()).and(warp::body::stream());
    let forgotten = show.then(show_form).or(ask.then(ask_for_link)).unify();
    let replaced = offer.then(offer_reset).or(reset.then(reset_password)).unify();
    forgotten.or(replaced).unify().map(Reply::into_response).boxed()
}

async fn show_form(visit: Visit) -> Result<Response, PageError> {
    ask_page(&visit, "", None)
}

/// Everybody gets the same answer at the same time: what is looked up, and the mail, come after it.
async fn ask_for_link<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    let typed = fields.get("email");
    let email = match EmailAddress::parse(typed) {
        Ok(email) => email,
        Err(error) => return ask_page(&visit, typed.trim(), Some(error.to_string())),
    };
    visit.app.limits.mail_from(visit.address()).await?;
    let body = json!({ "email": email.as_str() });
    let app = visit.app.clone();
    let mailing = async move {
        if let Err(failure) = mail_link(&app, &email).await {
            error!("Could not mail a link for another password: {failure:#}");
        }
    };
    tokio::spawn(mailing.in_current_span());
    visit.render(None, Page::new("pages/forgot_sent.html", "Check your e-mail", body))
}

async fn mail_link(app: &Application, email: &EmailAddress) -> AnyResult<()> {
    // Where mails came back from, something goes every ten minutes at most.
    if !app.limits.mail_to(email).await? || !app.accounts.may_ask(email).await? {
        return Ok(());
    }
    let Some((token, user)) = app.accounts.begin_reset(email).await? else {
        return Ok(());
    };
    let context = json!({
        "username": user.username.as_str(),
        "reset_url": format!("{}/reset/{}", app.public_url, token.reveal()),
        "public_url": app.public_url,
        "minutes": 30,
    });
    mail::send(app, user.email, "reset", context).await
}

async fn offer_reset(token: String, visit: Visit) -> Result<Response, PageError> {
    let found = match Token::from_untrusted(&token) {
        Some(token) => visit.app.accounts.resettable(&token).await?,
        None => None,
    };
    reset_page(&visit, found.as_ref(), None)
}

/// The link works until a password is taken: one that is refused does not use it up.
async fn reset_password<B: Buf>(
    token: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    let Some(token) = Token::from_untrusted(&token) else {
        return reset_page(&visit, None, None);
    };
    let Some(owner) = visit.app.accounts.resettable(&token).await? else {
        return reset_page(&visit, None, None);
    };
    let about = [owner.username.as_str(), owner.email.as_str(), owner.name.as_str()];
    let password = match NewPassword::choose(fields.get("password"), &about).await? {
        Ok(password) => password,
        Err(error) => return reset_page(&visit, Some(&owner), Some(error.to_string())),
    };
    let password_hash = password.hash().await?;
    let Some(owner) = visit.app.accounts.reset_password(&token, &password_hash).await? else {
        return reset_page(&visit, None, None);
    };
    info!(user.id = %owner.id, "User {} replaced a forgotten password", owner.id);
    tell_of_change(&visit.app, &owner).await;
    see_other("/login?notice=password-changed")
}

/// Tells the owner of an account that it has another password.
pub async fn tell_of_change(app: &Application, owner: &User) {
    let context = json!({
        "username": owner.username.as_str(),
        "forgot_url": format!("{}/forgot", app.public_url),
        "public_url": app.public_url,
    });
    mail::tell(app, owner.email.clone(), "password_changed", context).await;
}

fn ask_page(visit: &Visit, email: &str, error: Option<String>) -> Result<Response, PageError> {
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let body = json!({ "email": email, "error": error });
    let page = Page::new("pages/forgot.html", "Forgotten password", body);
    visit.render(None, page.with_status(status))
}

/// The form for another password, or that the link is not good.
fn reset_page(visit: &Visit, owner: Option<&User>, error: Option<String>) -> Result<Response, PageError> {
    let (title, status) = match (owner, &error) {
        (None, _) => ("This link is not valid", StatusCode::NOT_FOUND),
        (Some(_), None) => ("Choose a new password", StatusCode::OK),
        (Some(_), Some(_)) => ("Choose a new password", StatusCode::UNPROCESSABLE_ENTITY),
    };
    let body = json!({ "username": owner.map(|owner| owner.username.as_str()), "error": error });
    visit.render(None, Page::new("pages/reset.html", title, body).with_status(status))
}
