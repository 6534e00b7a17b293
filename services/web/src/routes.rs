//! Which path leads to which page; what every answer has; what an error looks like.

use std::sync::Arc;

use anyhow::anyhow;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use tracing::error;
use warp::filters::BoxedFilter;
use warp::reject::{InvalidQuery, LengthRequired, MethodNotAllowed, PayloadTooLarge};
use warp::reply::{Reply, Response};
use warp::{Filter, Rejection};

use crate::app::App;
use crate::error::PageError;
use crate::visit::{Page, Visit, see_other, visit};
use crate::{assets, pages};

/// Every page of the service. Never rejects: what no route takes gets an error page.
pub fn all(app: App) -> BoxedFilter<(Response,)> {
    let routes = pages::routes(&app).or(assets()).unify().recover(unrouted).unify();
    visit(app).and(routes).then(finish).boxed()
}

fn assets() -> BoxedFilter<(Response,)> {
    let files = warp::path("static").and(warp::path::tail()).and(warp::get());
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
        Some(error) => error_page(&visit, &error, response).await,
        None => response,
    };
    response
        .extensions_mut()
        .insert(chassis::request::Route(route_label(&visit.path)));
    visit.app.security.secure(&mut response);
    response
}

async fn error_page(visit: &Visit, error: &PageError, answer: Response) -> Response {
    if matches!(error, PageError::SignInNeeded) {
        return see_other(&sign_in_address(visit)).unwrap_or(answer);
    }
    if let PageError::Internal(cause) | PageError::PaymentsDown(cause) = error {
        // Paths may hold tokens, so the route is logged.
        error!(
            "Could not answer {} {}: {cause:#}",
            visit.method,
            route_label(&visit.path)
        );
    }
    // The page must not need what may just have failed: without the session it greets nobody.
    let user = visit.user().await.ok().flatten();
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

fn sign_in_address(visit: &Visit) -> String {
    match visit.method {
        Method::GET => {
            let back = visit.path_and_query();
            format!("/login?redirect_url={}", utf8_percent_encode(&back, NON_ALPHANUMERIC))
        }
        _ => "/login".to_owned(),
    }
}

/// The route of a path, for metrics: ids and tokens would make a series each.
fn route_label(path: &str) -> &'static str {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match segments.as_slice() {
        [""] => "/",
        ["healthz"] => "/healthz",
        ["static", ..] => "/static",
        ["register"] => "/register",
        ["confirm", ..] => "/confirm",
        ["login"] => "/login",
        ["logout"] => "/logout",
        ["annotate"] => "/annotate",
        ["annotate", "job"] => "/annotate/job",
        ["annotations"] => "/annotations",
        ["annotations", _] => "/annotations/{id}",
        ["annotations", _, "events"] => "/annotations/{id}/events",
        ["annotations", _, "input" | "results" | "index" | "plain" | "log"] => "/annotations/{id}/file",
        ["mails"] => "/mails",
        ["mails", "confirm", ..] => "/mails/confirm",
        ["mails", "stop", ..] => "/mails/stop",
        ["profile"] => "/profile",
        ["subscribe"] => "/subscribe",
        ["unsubscribe"] => "/unsubscribe",
        ["admin"] => "/admin",
        ["admin", "redrive"] => "/admin/redrive",
        ["admin", "users"] => "/admin/users",
        ["admin", "users", "role"] => "/admin/users/role",
        ["admin", "jobs"] => "/admin/jobs",
        ["admin", "jobs", "retry"] => "/admin/jobs/retry",
        ["admin", "audit"] => "/admin/audit",
        _ => "other",
    }
}
