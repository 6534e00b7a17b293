//! `GET /`: what this is, for everybody; `GET /healthz`: for the load balancer.

use bytes::Bytes;
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::views::{premium_price, stretch};
use crate::visit::{Page, Visit, reading, visit};

#[derive(Serialize)]
struct Home {
    retention: String,
    price: String,
}

/// `GET /` and `GET /healthz`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let home = warp::path::end()
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response);
    let health = warp::path!("healthz").and(reading()).map(|| "ok\n".into_response());
    home.or(health).unify().boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    match visit.user().await? {
        Some(user) => visit.render(Some(&user), page(&visit)),
        None => Ok(warp::reply::html(for_visitors(&visit)?).into_response()),
    }
}

fn page(visit: &Visit) -> Page<Home> {
    let body = Home {
        retention: stretch(visit.app.retention.free),
        price: premium_price(),
    };
    Page::new("pages/home.html", "Annotate a genome", body)
}

/// What visitors see has no form and nothing of who they are, so that it is rendered once.
fn for_visitors(visit: &Visit) -> Result<Bytes, PageError> {
    if let Some(rendered) = visit.app.visitors_home.get() {
        return Ok(rendered.clone());
    }
    let rendered = Bytes::from(visit.render_without_form(page(visit))?);
    Ok(visit.app.visitors_home.get_or_init(|| rendered).clone())
}
