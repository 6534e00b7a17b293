//! Which path leads to which page; what every answer has; what an error looks like.

use std::sync::Arc;

use anyhow::anyhow;
use http::header::{ALLOW, CONTENT_LENGTH, HeaderValue};
use http::{Method, StatusCode};
use http_body::Body;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use tracing::error;
use warp::filters::BoxedFilter;
use warp::reject::{InvalidQuery, LengthRequired, MethodNotAllowed, PayloadTooLarge};
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use crate::app::App;
use crate::error::PageError;
use crate::visit::{Page, Visit, reading, see_other, visit};
use crate::{api, assets, pages};

/// Every page of the service. Never rejects: what no route takes gets an error page.
pub fn all(app: App) -> BoxedFilter<(Response,)> {
    let pages = pages::routes(&app).or(assets()).unify();
    let routes = api::routes(&app).or(pages).unify().recover(unrouted).unify();
    visit(app).and(routes).then(finish).boxed()
}

fn assets() -> BoxedFilter<(Response,)> {
    let files = warp::path("static").and(warp::path::tail()).and(reading());
    files.then(assets::show).map(Reply::into_response).boxed()
}

/// warp's reasons for not routing a request, as ours.
async fn unrouted(rejection: Rejection) -> Result<Response, Rejection> {
    let error = if rejection.is_not_found() {
        PageError::NotFound
    } else if rejection.find::<MethodNotAllowed>().is_some() {
        PageError::MethodNotAllowed
    } else if rejection.find::<InvalidQuery>().is_some() || rejection.find::<LengthRequired>().is_some() {
        PageError::BadRequest("The request is malformed.".into())
    } else if rejection.find::<PayloadTooLarge>().is_some() {
        PageError::TooLarge("The request is too large.".into())
    } else {
        PageError::Internal(anyhow!("unexpected rejection: {rejection:?}"))
    };
    Ok(error.into_response())
}

/// Turns an error into its page and adds the headers that every answer has.
async fn finish(visit: Visit, response: Response) -> Response {
    let mut response = match response.extensions().get::<Arc<PageError>>().cloned() {
        _ if api::is_of(&visit.path) => api::finished(&visit, response),
        Some(error) => error_page(&visit, &error, response).await,
        None => response,
    };
    let route = Route::of(&visit.path);
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let methods = HeaderValue::from_static(route.methods);
        response.headers_mut().insert(ALLOW, methods);
    }
    response.extensions_mut().insert(chassis::request::Route(route.label));
    visit.app.security.secure(&mut response);
    match visit.method {
        Method::HEAD => without_body(response),
        _ => response,
    }
}

/// The same headers, with the length of the body that GET would bring. HTTP/2 would send the body, too.
fn without_body(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        parts.headers.entry(CONTENT_LENGTH).or_insert(HeaderValue::from(length));
    }
    Response::from_parts(parts, Default::default())
}

async fn error_page(visit: &Visit, error: &PageError, answer: Response) -> Response {
    if matches!(error, PageError::SignInNeeded) {
        return see_other(&sign_in_address(visit)).unwrap_or(answer);
    }
    log(visit, error);
    // The page must not need what may just have failed: without the session it greets nobody.
    let user = match error {
        // Who has just waited in vain does not wait a second time.
        PageError::NoConnection(_) => None,
        _ => visit.user().await.ok().flatten(),
    };
    let words = error.explain();
    let action = words
        .action
        .map(|(href, label)| json!({ "href": href, "label": label }));
    let body = json!({
        "status": answer.status().as_u16(), "heading": words.heading, "message": words.message, "action": action,
    });
    let page = Page::new("pages/error.html", words.heading, body).with_status(answer.status());
    let (mut parts, _) = answer.into_parts();
    parts.extensions.clear();
    match visit.render(user.as_ref(), page) {
        Ok(mut rendered) => {
            rendered.headers_mut().extend(parts.headers);
            rendered
        }
        Err(_) => Response::from_parts(parts, format!("{}: {}\n", words.heading, words.message).into()),
    }
}

/// Logs what is our fault, or Stripe's.
pub fn log(visit: &Visit, error: &PageError) {
    if let PageError::Internal(cause) | PageError::PaymentsDown(cause) | PageError::NoConnection(cause) = error {
        // Paths may hold tokens, so the route is logged.
        error!(
            "Could not answer {} {}: {cause:#}",
            visit.method,
            Route::of(&visit.path).label
        );
    }
}

fn sign_in_address(visit: &Visit) -> String {
    match visit.method {
        Method::GET | Method::HEAD => {
            let back = visit.path_and_query();
            format!("/login?redirect_url={}", utf8_percent_encode(&back, NON_ALPHANUMERIC))
        }
        _ => "/login".to_owned(),
    }
}

/// A route, whatever ids and tokens its path has.
struct Route {
    /// What metrics call it: each id would make a series.
    label: &'static str,
    /// What it takes, as the header `Allow` has it.
    methods: &'static str,
}

/// What shows something; what has a form besides; what a form is sent to; and what is not for HEAD, because it begins something.
const SHOWS: &str = "GET, HEAD";
const SHOWS_AND_TAKES: &str = "GET, HEAD, POST";
const TAKES: &str = "POST";
const BEGINS: &str = "GET";

impl Route {
    fn of(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (label, methods) = match segments.as_slice() {
            [""] => ("/", SHOWS),
            ["healthz"] => ("/healthz", SHOWS),
            ["static", ..] => ("/static", SHOWS),
            ["api"] => ("/api", SHOWS),
            ["api", rest @ ..] => api::route(rest).unwrap_or(("other", SHOWS)),
            ["data"] => ("/data", SHOWS),
            ["terms"] => ("/terms", SHOWS),
            ["status"] => ("/status", SHOWS),
            ["register"] => ("/register", SHOWS_AND_TAKES),
            ["confirm", ..] => ("/confirm", SHOWS_AND_TAKES),
            ["login"] => ("/login", SHOWS_AND_TAKES),
            ["login", "code"] => ("/login/code", SHOWS_AND_TAKES),
            ["logout"] => ("/logout", TAKES),
            ["forgot"] => ("/forgot", SHOWS_AND_TAKES),
            ["reset", ..] => ("/reset", SHOWS_AND_TAKES),
            ["annotate"] => ("/annotate", SHOWS),
            ["annotate", "job"] => ("/annotate/job", BEGINS),
            ["annotate", "uploads"] => ("/annotate/uploads", TAKES),
            ["annotate", "uploads", _] => ("/annotate/uploads/{id}", SHOWS),
            ["annotate", "uploads", _, _] => ("/annotate/uploads/{id}/part", TAKES),
            ["annotations"] => ("/annotations", SHOWS),
            ["annotations", _] => ("/annotations/{id}", SHOWS),
            ["annotations", _, "events"] => ("/annotations/{id}/events", BEGINS),
            ["annotations", _, "input" | "results" | "index" | "plain" | "log"] => ("/annotations/{id}/file", SHOWS),
            ["annotations", _, "variants"] => ("/annotations/{id}/variants", SHOWS),
            ["annotations", _, "variants", "charts"] => ("/annotations/{id}/variants/charts", SHOWS),
            ["annotations", _, "variants", "regions"] => ("/annotations/{id}/variants/regions", TAKES),
            ["annotations", _, "variants", _] => ("/annotations/{id}/variants/{row}", SHOWS),
            ["annotations", _, file] if file.starts_with("variants.") => ("/annotations/{id}/variants/file", BEGINS),
            ["annotations", _, "delete"] => ("/annotations/{id}/delete", TAKES),
            ["annotations", _, "cancel"] => ("/annotations/{id}/cancel", TAKES),
            ["annotations", _, "again"] => ("/annotations/{id}/again", TAKES),
            ["annotations", _, "describe"] => ("/annotations/{id}/describe", TAKES),
            ["annotations", _, "share" | "unshare"] => ("/annotations/{id}/share", TAKES),
            ["shared", ..] => ("/shared/{id}", BEGINS),
            ["deletions", _] => ("/deletions/{id}", SHOWS),
            ["mails"] => ("/mails", TAKES),
            ["mails", "confirm"] => ("/mails/confirm", TAKES),
            ["mails", "confirm", ..] => ("/mails/confirm", SHOWS_AND_TAKES),
            ["mails", "stop", ..] => ("/mails/stop", SHOWS_AND_TAKES),
            ["profile"] => ("/profile", SHOWS),
            ["profile", "delete"] => ("/profile/delete", SHOWS_AND_TAKES),
            ["profile", "export"] => ("/profile/export", BEGINS),
            ["profile", "name"] => ("/profile/name", SHOWS_AND_TAKES),
            ["profile", "password"] => ("/profile/password", SHOWS_AND_TAKES),
            ["profile", "sessions"] => ("/profile/sessions", SHOWS),
            ["profile", "sessions", _] => ("/profile/sessions", TAKES),
            ["device"] => ("/device", SHOWS_AND_TAKES),
            ["device", "decide"] => ("/device/decide", TAKES),
            ["profile", "tokens"] => ("/profile/tokens", SHOWS_AND_TAKES),
            ["profile", "tokens", _] => ("/profile/tokens", TAKES),
            ["profile", "webhooks"] => ("/profile/webhooks", SHOWS_AND_TAKES),
            ["profile", "webhooks", _] => ("/profile/webhooks/{id}", SHOWS),
            ["profile", "webhooks", _, _] => ("/profile/webhooks/{id}/change", TAKES),
            ["profile", "second-factor"] => ("/profile/second-factor", SHOWS_AND_TAKES),
            ["profile", "second-factor", _] => ("/profile/second-factor", TAKES),
            ["profile", "email", ..] => ("/profile/email", SHOWS_AND_TAKES),
            ["subscribe"] => ("/subscribe", SHOWS_AND_TAKES),
            ["unsubscribe"] => ("/unsubscribe", TAKES),
            ["admin"] => ("/admin", SHOWS),
            ["admin", "redrive"] => ("/admin/redrive", TAKES),
            ["admin", "users"] => ("/admin/users", SHOWS),
            ["admin", "users", "role"] => ("/admin/users/role", TAKES),
            ["admin", "users", "erase"] => ("/admin/users/erase", TAKES),
            ["admin", "users", "intervene"] => ("/admin/users/intervene", TAKES),
            ["admin", "person", _] => ("/admin/person/{name}", SHOWS),
            ["admin", "jobs"] => ("/admin/jobs", SHOWS),
            ["admin", "jobs", "retry"] => ("/admin/jobs/retry", TAKES),
            ["admin", "maintenance"] => ("/admin/maintenance", SHOWS_AND_TAKES),
            ["admin", "maintenance", "withdraw"] => ("/admin/maintenance/withdraw", TAKES),
            ["admin", "audit"] => ("/admin/audit", SHOWS),
            _ => ("other", SHOWS),
        };
        Self { label, methods }
    }
}
