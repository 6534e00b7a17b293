//! `GET|POST /profile/second-factor`: a code beside the password; `POST /profile/second-factor/remove`: no more.
//!
//! Nothing is kept until an app has shown that it has the secret: the form carries it until then, to whom it was shown.

use anyhow::Result as AnyResult;
use bytes::Buf;
use domain::{Timestamp, User, UserId};
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::knows_password;
use crate::app::{App, Application};
use crate::error::PageError;
use crate::mail;
use crate::totp::{self, TotpSecret};
use crate::visit::{Fields, Page, Visit, reading, see_other, visit};

/// What the page says is wrong.
#[derive(Serialize, Default)]
struct Errors {
    password_error: Option<&'static str>,
    code_error: Option<&'static str>,
}

const WRONG_PASSWORD: Errors = Errors {
    password_error: Some("This is not your password."),
    code_error: None,
};
const WRONG_CODE: Errors = Errors {
    password_error: None,
    code_error: Some("This code is wrong, or was used before. Wait for the next one."),
};

/// Everything at `/profile/second-factor`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(visit(app.clone())).and(warp::body::stream());
    let show = warp::path!("profile" / "second-factor")
        .and(reading())
        .and(visit(app.clone()));
    let begin = warp::path!("profile" / "second-factor").and(post());
    let remove = warp::path!("profile" / "second-factor" / "remove").and(post());
    let changed = begin.then(set_up).or(remove.then(take_away)).unify();
    show.then(show_page)
        .or(changed)
        .unify()
        .map(Reply::into_response)
        .boxed()
}

/// Whether somebody has typed a code of this person's, and it is the first time: one of the app, or one for who has lost it.
pub async fn passes(app: &Application, user: UserId, typed: &str) -> AnyResult<bool> {
    let Some(factor) = app.accounts.second_factor(user).await? else {
        return Ok(false);
    };
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 {
        return app.accounts.take_recovery_code(user, &totp::recovery_hash(typed)).await;
    }
    let secret = TotpSecret::from_bytes(&factor.secret);
    match secret.step_of(&digits, Timestamp::now())? {
        Some(step) => app.accounts.take_step(user, step).await,
        None => Ok(false),
    }
}

async fn show_page(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    match visit.app.accounts.second_factor(user.id).await? {
        Some(factor) => kept_page(&visit, &user, factor.recovery_codes, Errors::default()),
        None => offer_page(&visit, &user, &TotpSecret::random(), Errors::default()),
    }
}

async fn set_up<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let stays = visit.session_token().ok_or(PageError::SignInNeeded)?;
    let secret = TotpSecret::from_untrusted(fields.get("secret"));
    let secret = secret.ok_or_else(|| PageError::BadRequest("The form is incomplete.".into()))?;
    if !knows_password(&visit, &user, fields.get("password")).await? {
        return offer_page(&visit, &user, &secret, WRONG_PASSWORD);
    }
    let typed: String = fields.get("code").split_whitespace().collect();
    let Some(step) = secret.step_of(&typed, Timestamp::now())? else {
        return offer_page(&visit, &user, &secret, WRONG_CODE);
    };
    let codes = totp::recovery_codes();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| totp::recovery_hash(code)).collect();
    let accounts = &visit.app.accounts;
    let factor = (secret.bytes(), step);
    if !accounts.keep_second_factor(user.id, factor, &hashes, &stays).await? {
        return see_other("/profile/second-factor");
    }
    info!(user.id = %user.id, "User {} has a second factor", user.id);
    tell(&visit, &user, true).await;
    let body = json!({ "codes": codes });
    visit.render(
        Some(&user),
        Page::new("pages/identity/recovery_codes.html", "Your recovery codes", body),
    )
}

async fn take_away<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    let Some(factor) = visit.app.accounts.second_factor(user.id).await? else {
        return see_other("/profile/second-factor");
    };
    if let Some(errors) = lacking(&visit, &user, &fields).await? {
        return kept_page(&visit, &user, factor.recovery_codes, errors);
    }
    visit.app.accounts.remove_second_factor(user.id).await?;
    info!(user.id = %user.id, "User {} has no second factor any more", user.id);
    tell(&visit, &user, false).await;
    see_other("/profile?notice=second-factor-removed")
}

/// What somebody lacks who wants to do without: the password, then a code.
async fn lacking(visit: &Visit, user: &User, fields: &Fields) -> Result<Option<Errors>, PageError> {
    if !knows_password(visit, user, fields.get("password")).await? {
        return Ok(Some(WRONG_PASSWORD));
    }
    visit.app.limits.code(user.id).await?;
    let passes = passes(&visit.app, user.id, fields.get("code")).await?;
    Ok((!passes).then_some(WRONG_CODE))
}

async fn tell(visit: &Visit, user: &User, is_on: bool) {
    let app = &visit.app;
    let context = json!({
        "username": user.username.as_str(),
        "is_on": is_on,
        "forgot_url": format!("{}/forgot", app.public_url),
        "public_url": app.public_url,
    });
    mail::tell(app, user.email.clone(), "second_factor", context).await;
}

fn offer_page(visit: &Visit, user: &User, secret: &TotpSecret, errors: Errors) -> Result<Response, PageError> {
    let address = secret.address(user.username.as_str());
    let drawing = totp::draw(&address);
    let body = json!({
        "recovery_codes": null,
        "secret": secret.reveal(),
        "address": address,
        "size": drawing.as_ref().map(|drawing| drawing.size),
        "path_of_squares": drawing.as_ref().map(|drawing| &drawing.path),
        "errors": errors,
    });
    page(visit, user, body, &errors)
}

fn kept_page(visit: &Visit, user: &User, recovery_codes: i64, errors: Errors) -> Result<Response, PageError> {
    let body = json!({ "recovery_codes": recovery_codes, "errors": errors });
    page(visit, user, body, &errors)
}

fn page(visit: &Visit, user: &User, body: serde_json::Value, errors: &Errors) -> Result<Response, PageError> {
    let status = match (errors.password_error, errors.code_error) {
        (None, None) => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Page::new("pages/identity/second_factor.html", "Second factor", body);
    visit.render(Some(user), page.with_status(status))
}
