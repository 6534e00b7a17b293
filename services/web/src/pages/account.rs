//! `GET /profile`: who the person is to us.

use std::time::Duration;

use domain::Plan;
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::views::{UserView, limit_text, stretch};
use crate::visit::{Page, Visit, visit};

#[derive(Serialize)]
struct Profile {
    profile: UserView,
    limit_text: String,
    retention: Option<String>,
}

/// `GET /profile`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("profile")
        .and(warp::get())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let plan = user.role.plan();
    let retention = |time: Duration| (plan == Plan::Free).then(|| stretch(time));
    let body = Profile {
        profile: UserView::of(&user),
        limit_text: limit_text(plan),
        retention: retention(visit.app.retention.free),
    };
    visit.render(Some(&user), Page::new("pages/profile.html", "My Account", body))
}
