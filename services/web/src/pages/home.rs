//! `GET /`: what this is, for everybody; `GET /healthz`: for the load balancer.

use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::views::{premium_price, stretch};
use crate::visit::{Page, Visit, visit};

#[derive(Serialize)]
struct Home {
    retention: String,
    price: String,
}

/// `GET /` and `GET /healthz`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let home = warp::path::end()
        .and(warp::get())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response);
    let health = warp::path!("healthz").and(warp::get()).map(|| "ok\n".into_response());
    home.or(health).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.user().await?;
    let body = Home {
        retention: stretch(visit.app.retention.free),
        price: premium_price(),
    };
    visit.render(user.as_ref(), Page::new("pages/home.html", "Annotate a genome", body))
}
