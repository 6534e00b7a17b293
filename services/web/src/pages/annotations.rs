//! `GET /annotations`: the person's jobs, newest first, a page at a time.

use backends::jobs::{Cursor, ListedJob};
use domain::{ResultsAccess, Retention, Timestamp, User};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::pages::results_view::{minutes_left, word};
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
    results: Results,
}

/// What the person may have of a job's results.
#[derive(Serialize)]
struct Results {
    state: &'static str,
    size: Option<SizeView>,
    /// When the time for downloading is over, and in how many minutes.
    until: Option<TimeView>,
    minutes_left: Option<u64>,
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
    let (page, now) = (
        visit.app.jobs.listed(user.id, PAGE_SIZE, after).await?,
        Timestamp::now(),
    );
    let body = Annotations {
        jobs: page
            .jobs
            .iter()
            .map(|job| Row::of(job, &user, now, visit.app.retention))
            .collect(),
        next_url: page.next.map(|cursor| format!("/annotations?after={cursor}")),
        first_url: after.map(|_| "/annotations"),
    };
    visit.render(Some(&user), Page::new("pages/annotations.html", "My annotations", body))
}

impl Row {
    fn of(job: &ListedJob, owner: &User, now: Timestamp, retention: Retention) -> Self {
        Self {
            id: job.id.to_string(),
            url: format!("/annotations/{}", job.id),
            submit_time: job.submit_time.into(),
            file_name: job.input_file_name.to_string(),
            input_size: job.input_size.map(SizeView::of),
            status: job.ending.status.as_str(),
            status_word: status_word(job.ending.status),
            results: Results::of(job, owner, now, retention),
        }
    }
}

impl Results {
    fn of(job: &ListedJob, owner: &User, now: Timestamp, retention: Retention) -> Self {
        let access = job.ending.results_access(owner, now, retention);
        let until = match access {
            ResultsAccess::Available { until } => until,
            _ => None,
        };
        Self {
            state: word(access),
            size: job.results_size.map(SizeView::of),
            until: until.map(TimeView::from),
            minutes_left: until.map(|until| minutes_left(until, now)),
        }
    }
}
