//! `GET|POST /profile/delete`: an account goes, with everything in it. The form asks for the password once more.

use anyhow::Context;
use bytes::Buf;
use domain::{Plan, User};
use futures_util::Stream;
use http::StatusCode;
use http::header::SET_COOKIE;
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::identity::knows_password;
use crate::app::App;
use crate::deletions::delete_account;
use crate::error::PageError;
use crate::session::{self, SESSION};
use crate::visit::{Page, Visit, reading, see_other, visit};

#[derive(Serialize)]
struct Leave {
    error: Option<&'static str>,
    has_premium: bool,
}

/// `GET|POST /profile/delete`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("profile" / "delete");
    let ask = path.and(reading()).and(visit(app.clone()));
    let ask = ask.then(show).map(Reply::into_response);
    let leave = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    let leave = leave.then(delete).map(Reply::into_response);
    ask.or(leave).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    page(&visit, &user, None)
}

fn page(visit: &Visit, user: &User, error: Option<&'static str>) -> Result<Response, PageError> {
    let body = Leave {
        error,
        has_premium: user.role.plan() == Plan::Premium,
    };
    let page = Page::new("pages/profile/delete.html", "Delete my account", body);
    let status = error.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    visit.render(Some(user), page.with_status(status))
}

async fn delete<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    if !knows_password(&visit, &user, fields.get("password")).await? {
        return page(
            &visit,
            &user,
            Some("This is not your password. Nothing has been deleted."),
        );
    }
    let deletion = delete_account(&visit.app, &user, None).await?;
    let mut response = see_other(&format!("/deletions/{deletion}"))?;
    let taken = session::take(SESSION).context("take the session cookie")?;
    response.headers_mut().append(SET_COOKIE, taken);
    Ok(response)
}
