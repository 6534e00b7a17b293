//! `GET|POST /profile/name`: what the person is called.

use bytes::Buf;
use domain::{FullName, User};
use futures_util::Stream;
use http::StatusCode;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::visit::{Page, Visit, reading, see_other, visit};

/// `GET|POST /profile/name`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("profile" / "name");
    let show = path.and(reading()).and(visit(app.clone()));
    let change = path.and(warp::post()).and(visit(app.clone())).and(warp::body::stream());
    show.then(show_form)
        .or(change.then(change_name))
        .unify()
        .map(Reply::into_response)
        .boxed()
}

async fn show_form(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    page(&visit, &user, user.name.as_str(), None)
}

async fn change_name<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let fields = visit.form(body).await?;
    match FullName::choose(fields.get("name")) {
        Ok(name) => {
            visit.app.accounts.rename(user.id, &name).await?;
            see_other("/profile?notice=name-changed")
        }
        Err(error) => page(&visit, &user, fields.get("name").trim(), Some(error.to_string())),
    }
}

fn page(visit: &Visit, user: &User, name: &str, error: Option<String>) -> Result<Response, PageError> {
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Page::new(
        "pages/identity/name.html",
        "Change your name",
        json!({ "name": name, "error": error }),
    );
    visit.render(Some(user), page.with_status(status))
}
