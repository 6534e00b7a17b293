//! `GET /data` and `GET /terms`, for everybody: what is kept, where and for how long; on which terms the service is used.

use domain::TERMS_VERSION;
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::{App, Application};
use crate::error::PageError;
use crate::views::stretch;
use crate::visit::{Page, Visit, reading, visit};

/// The figures of this deployment.
#[derive(Serialize)]
struct About {
    retention: String,
    grace: String,
    region: Option<String>,
    terms: &'static str,
}

/// `GET /data` and `GET /terms`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let data = warp::path!("data").and(reading()).and(visit(app.clone()));
    let data = data.then(|visit| show(visit, "pages/data.html", "Your data"));
    let terms = warp::path!("terms").and(reading()).and(visit(app.clone()));
    let terms = terms.then(|visit| show(visit, "pages/terms.html", "Terms of use"));
    data.map(Reply::into_response)
        .or(terms.map(Reply::into_response))
        .unify()
        .boxed()
}

async fn show(visit: Visit, template: &'static str, title: &'static str) -> Result<Response, PageError> {
    let user = visit.user().await?;
    let page = Page::new(template, title, About::of(&visit.app));
    visit.render(user.as_ref(), page)
}

impl About {
    fn of(app: &Application) -> Self {
        Self {
            retention: stretch(app.retention.free),
            grace: stretch(app.retention.grace),
            region: app.aws.region().map(ToString::to_string),
            terms: TERMS_VERSION,
        }
    }
}
