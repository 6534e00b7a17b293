//! `GET|POST /profile/email`: another address, asked for with the password; `GET|POST /profile/email/<token>`: the link
//! that was mailed there. It works for whoever is signed in as the person: an address with a typing error is a stranger's,
//! who would have the account with it.

use anyhow::Result as AnyResult;
use backends::accounts::{EmailChange, Token};
use bytes::Buf;
use domain::{EmailAddress, User, UserId};
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use tracing::{Instrument, info, warn};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::knows_password;
use crate::app::{App, Application};
use crate::error::PageError;
use crate::mail;
use crate::visit::{Fields, Page, Visit, reading, see_other, visit};

#[derive(Serialize, Default)]
struct Form {
    email: String,
    email_error: Option<String>,
    password_error: Option<&'static str>,
}

/// `GET|POST /profile/email` and `GET|POST /profile/email/<token>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let (get, post) = (
        || reading().and(visit(app.clone())),
        || warp::post().and(visit(app.clone())),
    );
    let show = warp::path!("profile" / "email").and(get());
    let ask = warp::path!("profile" / "email").and(post()).and(warp::body::stream());
    let offer = warp::path!("profile" / "email" / String).and(get());
    let confirm = warp::path!("profile" / "email" / String)
        .and(post())
        .and(warp::body::stream());
    let asked = show.then(show_form).or(ask.then(ask_for_change)).unify();
    let followed = offer.then(offer_change).or(confirm.then(change_email)).unify();
    asked.or(followed).unify().map(Reply::into_response).boxed()
}

async fn show_form(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    form_page(&visit, &user, Form::default(), StatusCode::OK)
}

/// The old address hears of it first: whoever owns it may still withdraw the change, by another password.
async fn ask_for_change<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let email = match wanted(&visit, &user, &fields).await? {
        Ok(email) => email,
        Err(form) => return form_page(&visit, &user, form, StatusCode::UNPROCESSABLE_ENTITY),
    };
    visit.app.limits.mail_from(visit.address()).await?;
    // Nobody but its owner is to learn that an address has had enough mails, or that they came back from it.
    if visit.app.limits.mail_to(&email).await? && visit.app.accounts.may_ask(&email).await? {
        mail_both(&visit, &user, &email).await?;
    }
    let body = json!({ "outcome": "sent", "email": email.as_str() });
    visit.render(
        Some(&user),
        Page::new("pages/identity/email_link.html", "Check your e-mail", body),
    )
}

/// The address of the form, if it can be taken, or the form with what is wrong. Whether another account has it is told to
/// nobody but whoever reads its mail.
async fn wanted(visit: &Visit, user: &User, fields: &Fields) -> Result<Result<EmailAddress, Form>, PageError> {
    let form = |email_error: Option<String>, password_error| Form {
        email: fields.get("email").trim().to_owned(),
        email_error,
        password_error,
    };
    let email = match EmailAddress::parse(fields.get("email")) {
        Ok(email) if email == user.email => return Ok(Err(form(Some("This is your address already.".into()), None))),
        Ok(email) => email,
        Err(error) => return Ok(Err(form(Some(error.to_string()), None))),
    };
    Ok(match knows_password(visit, user, fields.get("password")).await? {
        true => Ok(email),
        false => Err(form(None, Some("This is not your password."))),
    })
}

async fn mail_both(visit: &Visit, user: &User, email: &EmailAddress) -> Result<(), PageError> {
    let app = &visit.app;
    let context = json!({
        "username": user.username.as_str(),
        "email": email.as_str(),
        "password_url": format!("{}/profile/password", app.public_url),
        "public_url": app.public_url,
    });
    mail::send(app, user.email.clone(), "email_asked", context).await?;
    let token = app.accounts.begin_email_change(user.id, email).await?;
    let context = json!({
        "username": user.username.as_str(),
        "confirm_url": format!("{}/profile/email/{}", app.public_url, token.reveal()),
        "public_url": app.public_url,
        "hours": 24,
    });
    Ok(mail::send(app, email.clone(), "email_change", context).await?)
}

/// A page with a button: mail gateways follow links by themselves.
async fn offer_change(token: String, visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let email = match Token::from_untrusted(&token) {
        Some(token) => visit.app.accounts.email_change(user.id, &token).await?,
        None => None,
    };
    match email {
        Some(email) => {
            let body = json!({ "outcome": "confirm", "email": email.as_str() });
            let page = Page::new("pages/identity/email_link.html", "Confirm your e-mail address", body);
            visit.render(Some(&user), page)
        }
        None => refusal(&visit, &user, "unknown", StatusCode::NOT_FOUND),
    }
}

async fn change_email<B: Buf>(
    token: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    visit.form(body).await?;
    let change = match Token::from_untrusted(&token) {
        Some(token) => visit.app.accounts.change_email(user.id, &token).await?,
        None => EmailChange::Unknown,
    };
    match change {
        EmailChange::Changed(email) => {
            info!(user.id = %user.id, "User {} has another e-mail address", user.id);
            tell_of_change(&visit, &user, email).await;
            see_other("/profile?notice=email-changed")
        }
        EmailChange::Taken => refusal(&visit, &user, "taken", StatusCode::CONFLICT),
        EmailChange::Unknown => refusal(&visit, &user, "unknown", StatusCode::NOT_FOUND),
    }
}

/// Tells the old address, and Stripe, which sends receipts. Neither undoes the change if it does not answer.
async fn tell_of_change(visit: &Visit, user: &User, email: EmailAddress) {
    let context = json!({
        "username": user.username.as_str(), "email": email.as_str(), "public_url": visit.app.public_url,
    });
    mail::tell(&visit.app, user.email.clone(), "email_changed", context).await;
    let (app, id) = (visit.app.clone(), user.id);
    let told = async move {
        if let Err(failure) = tell_stripe(&app, id, &email).await {
            warn!(user.id = %id, "Stripe still has the old address of user {id}: {failure:#}");
        }
    };
    tokio::spawn(told.in_current_span());
}

async fn tell_stripe(app: &Application, user: UserId, email: &EmailAddress) -> AnyResult<()> {
    let membership = app.accounts.membership(user).await?;
    if let Some(customer) = membership.and_then(|membership| membership.customer) {
        app.payments.readdress(&customer, email).await?;
    }
    Ok(())
}

fn form_page(visit: &Visit, user: &User, form: Form, status: StatusCode) -> Result<Response, PageError> {
    let page = Page::new("pages/identity/email.html", "Change your e-mail address", form);
    visit.render(Some(user), page.with_status(status))
}

fn refusal(visit: &Visit, user: &User, outcome: &str, status: StatusCode) -> Result<Response, PageError> {
    let body = json!({ "outcome": outcome });
    let page = Page::new("pages/identity/email_link.html", "This link is not valid", body);
    visit.render(Some(user), page.with_status(status))
}
