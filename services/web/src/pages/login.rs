//! `GET|POST /login`, by username or e-mail address; `POST /logout`.

use anyhow::{Context, Result as AnyResult};
use backends::accounts::Token;
use bytes::Buf;
use domain::{EmailAddress, User, UserId, Username};
use futures_util::Stream;
use http::StatusCode;
use http::header::SET_COOKIE;
use serde::Serialize;
use serde_json::json;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::login_code;
use crate::app::App;
use crate::error::PageError;
use crate::limits::Attempt;
use crate::password;
use crate::session::{self, KNOWN, SESSION, SIGN_IN, VISITOR};
use crate::visit::{Page, Visit, reading, see_other, visit};

/// Where people go who came to sign in and nothing else.
const DEFAULT_PAGE: &str = "/annotations";

#[derive(Serialize)]
struct Login<'a> {
    form: serde_json::Value,
    redirect_url: &'a str,
    error: Option<&'static str>,
    notice: Option<&'static str>,
}

/// `GET|POST /login` and `POST /logout`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let login = warp::path!("login");
    let show = login
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response);
    let sign_in = login
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let sign_in = sign_in.then(sign_in_form).map(Reply::into_response);
    let sign_out = warp::path!("logout")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream());
    let sign_out = sign_out.then(sign_out_form).map(Reply::into_response);
    show.or(sign_in).unify().or(sign_out).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let query = visit.query();
    let target = own_page(query.get("redirect_url"), &visit.app.public_url);
    if visit.user().await?.is_some() {
        return see_other(target);
    }
    let notice = match query.get("notice") {
        "signed-out" => Some("You are logged out."),
        "code-late" => Some("The code came too late. Log in again."),
        "signed-out-everywhere" => Some("You are logged out, here and everywhere else."),
        "password-changed" => {
            Some("Your password is changed, and you are logged out everywhere. Log in with the new one.")
        }
        _ if target != DEFAULT_PAGE => Some("Log in to go on to the page that you asked for."),
        _ => None,
    };
    let body = Login {
        form: json!({ "username": "" }),
        redirect_url: target,
        error: None,
        notice,
    };
    visit.render(None, Page::new("pages/login.html", "Log in", body))
}

async fn sign_in_form<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let fields = visit.form(body).await?;
    let (username, target) = (
        fields.get("username"),
        own_page(fields.get("redirect_url"), &visit.app.public_url),
    );
    let Some(user) = authenticate(&visit, username, fields.get("password")).await? else {
        let error = Some("The name or the password is wrong. A new account must be confirmed by e-mail first.");
        let body = Login {
            form: json!({ "username": username }),
            redirect_url: target,
            error,
            notice: None,
        };
        let page = Page::new("pages/login.html", "Log in", body);
        return visit.render(None, page.with_status(StatusCode::UNAUTHORIZED));
    };
    if visit.app.accounts.is_suspended(user.id).await? {
        return Err(PageError::Forbidden(
            "This account is suspended",
            "Its jobs and files are kept. Write to whoever runs this service to have it opened again.".into(),
        ));
    }
    match visit.app.accounts.second_factor(user.id).await? {
        Some(_) => login_code::ask(&visit, &user, target).await,
        None => begin_session(&visit, &user, target).await,
    }
}

async fn authenticate(visit: &Visit, name: &str, password: &str) -> Result<Option<User>, PageError> {
    let (user, hash) = find(visit, name).await?.unzip();
    let attempt = attempt(visit, name, user.as_ref()).await?;
    visit.app.limits.sign_in(&attempt).await?;
    if !password::verify(password, hash).await? {
        return Ok(None);
    }
    visit.app.limits.signed_in(&attempt).await;
    Ok(user)
}

async fn find(visit: &Visit, name: &str) -> AnyResult<Option<(User, String)>> {
    let accounts = &visit.app.accounts;
    // No username has an @.
    match (Username::parse(name), EmailAddress::parse(name)) {
        (Ok(username), _) => accounts.credentials(&username).await,
        (_, Ok(email)) => accounts.credentials_of(&email).await,
        _ => Ok(None),
    }
}

/// What the limits count. The same is asked of the database whether or not there is such an account.
async fn attempt(visit: &Visit, name: &str, user: Option<&User>) -> AnyResult<Attempt> {
    let mut known_browser = visit.browser_token();
    if let Some(token) = &known_browser {
        let id = user.map_or_else(UserId::random, |user| user.id);
        if !visit.app.accounts.is_known_browser(id, token).await? {
            known_browser = None;
        }
    }
    Ok(Attempt {
        account: user.map_or_else(|| name.trim().to_owned(), |user| user.id.to_string()),
        from: visit.address(),
        known_browser,
    })
}

/// Signs somebody in who has given all that is asked for.
pub async fn begin_session(visit: &Visit, user: &User, target: &str) -> Result<Response, PageError> {
    // A session from before sign-in, perhaps planted, must not become the person's.
    if let Some(old) = visit.session_token() {
        visit.app.accounts.end_session(&old).await?;
    }
    let token = visit.app.accounts.begin_session(user.id, &visit.origin()).await?;
    let browser = visit.browser_token().unwrap_or_else(Token::random);
    visit.app.accounts.know_browser(user.id, &browser).await?;
    info!(user.id = %user.id, "User {} signed in", user.id);
    let mut response = see_other(target)?;
    let headers = response.headers_mut();
    let cookies = [
        session::give(SESSION, &token).context("make the session cookie")?,
        session::keep(KNOWN, &browser).context("make the browser's cookie")?,
        session::take(VISITOR).context("take the visitor cookie")?,
        session::take(SIGN_IN).context("take the cookie of the sign-in")?,
    ];
    for cookie in cookies {
        headers.append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn sign_out_form<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    visit.form(body).await?;
    if let Some(token) = visit.session_token() {
        visit.app.accounts.end_session(&token).await?;
    }
    let mut response = see_other("/login?notice=signed-out")?;
    response
        .headers_mut()
        .append(SET_COOKIE, session::take(SESSION).context("take the session cookie")?);
    Ok(response)
}

/// A page of our own host to go on to; anything else is not followed.
pub fn own_page<'a>(url: &'a str, public_url: &str) -> &'a str {
    let path = url.strip_prefix(public_url).unwrap_or(url);
    let is_path = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    let loops = ["/login", "/logout"].iter().any(|page| path.starts_with(page));
    if is_path && !loops && path.is_ascii() {
        path
    } else {
        DEFAULT_PAGE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_on_to() {
        let ours = "https://gas.example.org";
        for (url, page) in [
            ("/annotate?x=1", "/annotate?x=1"),
            ("https://gas.example.org/annotations/1", "/annotations/1"),
            ("https://gas.example.org.evil.example/x", DEFAULT_PAGE),
            ("https://evil.example/", DEFAULT_PAGE),
            ("//evil.example/", DEFAULT_PAGE),
            ("/\\evil.example/", DEFAULT_PAGE),
            ("/a\r\nSet-Cookie: x", DEFAULT_PAGE),
            ("javascript:alert(1)", DEFAULT_PAGE),
            ("/logout", DEFAULT_PAGE),
            ("", DEFAULT_PAGE),
        ] {
            assert_eq!(own_page(url, ours), page, "{url:?}");
        }
    }
}
