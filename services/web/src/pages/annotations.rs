//! `GET /annotations`: the person's jobs, newest first, a page at a time.

use backends::jobs::Cursor;
use domain::{Job, Retention, User};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::pages::results_view::ResultsView;
use crate::views::{SizeView, TimeView, status_word};
use crate::visit::{Page, Visit, visit};

/// Jobs on one page.
const PAGE_SIZE: i32 = 20;

#[derive(Serialize)]
struct Annotations {
    jobs: Vec<Row>,
    next_url: Option<String>,
    first_url: Option<&'static str>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    url: String,
    submit_time: TimeView,
    file_name: String,
    input_size: Option<SizeView>,
    status: &'static str,
    status_word: &'static str,
    results: ResultsView,
}

/// `GET /annotations`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("annotations")
        .and(warp::get())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let query = visit.query();
    let after = match query.get("after") {
        "" => None,
        cursor => Some(
            cursor
                .parse::<Cursor>()
                .map_err(|_| PageError::BadRequest("There is no such page of jobs.".into()))?,
        ),
    };
    let page = visit.app.jobs.list(user.id, PAGE_SIZE, after).await?;
    let body = Annotations {
        jobs: page
            .jobs
            .iter()
            .map(|job| Row::of(job, &user, visit.app.retention))
            .collect(),
        next_url: page.next.map(|cursor| format!("/annotations?after={cursor}")),
        first_url: after.map(|_| "/annotations"),
    };
    visit.render(Some(&user), Page::new("pages/annotations.html", "My annotations", body))
}

impl Row {
    fn of(job: &Job, owner: &User, retention: Retention) -> Self {
        Self {
            id: job.id.to_string(),
            url: format!("/annotations/{}", job.id),
            submit_time: job.submit_time.into(),
            file_name: job.input_file_name.to_string(),
            input_size: job.stored.input.map(SizeView::of),
            status: job.status.as_str(),
            status_word: status_word(job.status),
            results: ResultsView::of(job, owner, retention),
        }
    }
}
