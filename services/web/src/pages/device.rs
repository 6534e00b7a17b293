//! `GET|POST /device`: the page on which a person says yes or no to a program that logs in (`api/device.rs`; RFC 8628, 3.3).
//!
//! Anybody can begin a login and send somebody its address, so that the page shows which machine asks, from where, and for what, and
//! tells to go on only if one has begun it oneself (RFC 8628, 5.4). Like any token this one wants the password.

use std::time::Duration;

use backends::accounts::{DeviceLogin, MOST_API_TOKENS};
use bytes::Buf;
use domain::{Scope, Timestamp, User, UserCode};
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::identity::knows_password;
use crate::app::App;
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Page, Visit, reading, visit};

/// How long a token is good that a login brings.
pub const DEVICE_TOKEN_LASTS: Duration = Duration::from_secs(90 * 24 * 60 * 60);

#[derive(Serialize, Default)]
struct Body {
    /// What was typed, or came with the address.
    code: String,
    error: Option<&'static str>,
    /// The login to decide on.
    login: Option<LoginView>,
    is_approved: bool,
    is_denied: bool,
}

#[derive(Serialize)]
struct LoginView {
    machine: String,
    program: String,
    address: String,
    /// Whether it asks from where the person's browser is.
    is_here: bool,
    began: TimeView,
    scopes: Vec<&'static str>,
    days: u64,
    is_full: bool,
    most: i64,
    password_error: Option<&'static str>,
}

/// Everything at `/device`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let post = || warp::post().and(visit(app.clone())).and(warp::body::stream());
    let shown = warp::path!("device").and(reading()).and(visit(app.clone())).then(show);
    let looked = warp::path!("device").and(post()).then(look);
    let decided = warp::path!("device" / "decide").and(post()).then(decide);
    let taken = looked.or(decided).unify();
    shown.or(taken).unify().map(Reply::into_response).boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let code = UserCode::parse(visit.query().get("code"));
    let code = code.map_or_else(|_| String::new(), |code| code.to_string());
    page(
        &visit,
        &user,
        Body {
            code,
            ..Body::default()
        },
    )
}

/// Looks at the login of a code. From then on it is this person's to decide.
async fn look<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let form = visit.form(body).await?;
    match found(&visit, &user, form.get("code")).await? {
        Ok((code, login)) => confirm(&visit, &user, &code, login, None).await,
        Err(body) => page(&visit, &user, body),
    }
}

async fn decide<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let form = visit.form(body).await?;
    let (code, login) = match found(&visit, &user, form.get("code")).await? {
        Ok(found) => found,
        Err(body) => return page(&visit, &user, body),
    };
    let approved = form.get("decision") == "approve";
    if approved && !knows_password(&visit, &user, form.get("password")).await? {
        return confirm(&visit, &user, &code, login, Some("This is not your password.")).await;
    }
    if !visit.app.accounts.decide_device_login(&code, user.id, approved).await? {
        return page(&visit, &user, unknown(&code.to_string()));
    }
    let word = if approved { "approved" } else { "denied" };
    info!(user.id = %user.id, "User {} {word} a login of a program", user.id);
    let body = Body {
        is_approved: approved,
        is_denied: !approved,
        ..Body::default()
    };
    page(&visit, &user, body)
}

/// The login of what was typed; or the page that says why there is none.
async fn found(visit: &Visit, user: &User, typed: &str) -> Result<Result<(UserCode, DeviceLogin), Body>, PageError> {
    visit.app.limits.device_code(user.id).await?;
    let Ok(code) = UserCode::parse(typed) else {
        return Ok(Err(Body {
            code: typed.chars().take(20).collect(),
            error: Some("A code has eight letters, such as WDJB-MJHT."),
            ..Body::default()
        }));
    };
    let login = visit.app.accounts.device_login(&code, user.id).await?;
    let shown = code.to_string();
    Ok(login.map(|login| (code, login)).ok_or_else(|| unknown(&shown)))
}

fn unknown(code: &str) -> Body {
    Body {
        code: code.to_owned(),
        error: Some("No login waits with this code. A code is good for ten minutes, and once: begin anew."),
        ..Body::default()
    }
}

async fn confirm(
    visit: &Visit,
    user: &User,
    code: &UserCode,
    login: DeviceLogin,
    password_error: Option<&'static str>,
) -> Result<Response, PageError> {
    let (now, tokens) = (Timestamp::now(), visit.app.accounts.api_tokens(user.id).await?);
    let good = tokens.iter().filter(|token| now < token.expires_at).count();
    let login = LoginView {
        is_here: login.address == visit.origin().address,
        machine: login.machine,
        program: login.program,
        address: login.address,
        began: login.created_at.into(),
        scopes: login.scopes.into_iter().map(Scope::label).collect(),
        days: DEVICE_TOKEN_LASTS.as_secs() / 86_400,
        is_full: i64::try_from(good).is_ok_and(|good| good >= MOST_API_TOKENS),
        most: MOST_API_TOKENS,
        password_error,
    };
    let body = Body {
        code: code.to_string(),
        login: Some(login),
        ..Body::default()
    };
    page(visit, user, body)
}

fn page(visit: &Visit, user: &User, body: Body) -> Result<Response, PageError> {
    let is_refused = body.error.is_some() || body.login.as_ref().is_some_and(|login| login.password_error.is_some());
    let status = if is_refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Page::new("pages/device.html", "Log a program in", body);
    visit.render(Some(user), page.with_status(status))
}
