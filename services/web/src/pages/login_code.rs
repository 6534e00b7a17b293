//! `GET|POST /login/code`: the code of whoever logs in with a second factor, after the password.

use anyhow::Context;
use bytes::Buf;
use domain::User;
use futures_util::Stream;
use http::StatusCode;
use http::header::SET_COOKIE;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::{identity, login};
use crate::app::App;
use crate::error::PageError;
use crate::session::{self, SIGN_IN};
use crate::visit::{Page, Visit, reading, see_other, visit};

/// `GET|POST /login/code`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("login" / "code");
    let show = path.and(reading()).and(visit(app.clone()));
    let enter = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    show.then(show_form)
        .or(enter.then(enter_code))
        .unify()
        .map(Reply::into_response)
        .boxed()
}

/// Asks somebody for a code who has given the right password; that counts for ten minutes, in this browser.
pub async fn ask(visit: &Visit, user: &User, target: &str) -> Result<Response, PageError> {
    let token = visit.app.accounts.begin_sign_in(user.id).await?;
    let mut response = see_other(&address(target))?;
    let cookie = session::give(SIGN_IN, &token).context("make the cookie of the sign-in")?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

async fn show_form(visit: Visit) -> Result<Response, PageError> {
    if waiting(&visit).await?.is_none() {
        return see_other("/login");
    }
    let query = visit.query();
    page(
        &visit,
        login::own_page(query.get("redirect_url"), &visit.app.public_url),
        false,
    )
}

async fn enter_code<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    let target = login::own_page(fields.get("redirect_url"), &visit.app.public_url);
    let (Some(user), Some(token)) = (waiting(&visit).await?, visit.sign_in_token()) else {
        return see_other("/login?notice=code-late");
    };
    visit.app.limits.code(user.id).await?;
    if !identity::passes(&visit.app, user.id, fields.get("code")).await? {
        return page(&visit, target, true);
    }
    match visit.app.accounts.end_sign_in(&token).await? {
        true => login::begin_session(&visit, &user, target).await,
        false => see_other("/login?notice=code-late"),
    }
}

/// Who has given the right password in this browser.
async fn waiting(visit: &Visit) -> Result<Option<User>, PageError> {
    match visit.sign_in_token() {
        Some(token) => Ok(visit.app.accounts.sign_in(&token).await?),
        None => Ok(None),
    }
}

fn page(visit: &Visit, target: &str, is_wrong: bool) -> Result<Response, PageError> {
    let (error, status) = match is_wrong {
        true => (
            Some("This code is wrong, or was used before. Wait for the next one."),
            StatusCode::UNAUTHORIZED,
        ),
        false => (None, StatusCode::OK),
    };
    let body = json!({ "redirect_url": target, "error": error });
    visit.render(
        None,
        Page::new("pages/login_code.html", "Log in", body).with_status(status),
    )
}

fn address(target: &str) -> String {
    format!(
        "/login/code?redirect_url={}",
        utf8_percent_encode(target, NON_ALPHANUMERIC)
    )
}
