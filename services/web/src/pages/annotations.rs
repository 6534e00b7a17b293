//! `GET /annotations`: the person's jobs, newest first, a page at a time.

use backends::jobs::{Cursor, ListedJob};
use domain::{DeletionId, ResultsAccess, Retention, Timestamp, User};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::pages::results_view::word;
use crate::templates::Templates;
use crate::views::{Breakable, DeadlineView, SizeView, TimeView, breakable, status_word};
use crate::visit::{Fields, Page, Visit, reading, visit};

/// Jobs on one page.
const PAGE_SIZE: i32 = 20;

#[derive(Serialize)]
struct Annotations {
    /// Rows of the table, HTML.
    jobs: String,
    next_url: Option<String>,
    first_url: Option<&'static str>,
    /// The record of the deletion that the person has just asked for.
    deletion_url: Option<String>,
}

/// All that a row shows.
#[derive(PartialEq, Eq, Hash)]
pub struct Line {
    job: ListedJob,
    /// What the person may have of its results, and until when.
    results: &'static str,
    until: Option<DeadlineView>,
}

#[derive(Serialize)]
struct OneRow {
    job: Row,
}

#[derive(Serialize)]
struct Row {
    /// The job's id, and its name, as they may be broken.
    id_parts: Breakable,
    name_parts: Breakable,
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
    until: Option<DeadlineView>,
}

/// `GET /annotations`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("annotations")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let query = visit.query();
    let after = after(&query)?;
    let page = visit.app.jobs.listed(user.id, PAGE_SIZE, after).await?;
    let now = Timestamp::now();
    let mut jobs = String::new();
    for job in page.jobs {
        let line = Line::of(job, &user, now, visit.app.retention);
        jobs += &visit.app.lines.html(line, |line| row(line, &visit.app.templates))?;
    }
    let body = Annotations {
        jobs,
        next_url: page.next.map(|cursor| format!("/annotations?after={cursor}")),
        first_url: after.map(|_| "/annotations"),
        deletion_url: deletion_url(&visit, query.get("deleted")).await?,
    };
    visit.render(Some(&user), Page::new("pages/annotations.html", "My annotations", body))
}

/// Behind which job the page begins that `query` asks for; `None` for the first page.
pub fn after(query: &Fields) -> Result<Option<Cursor>, PageError> {
    let unknown = |_| PageError::BadRequest("There is no such page of jobs.".into());
    match query.get("after") {
        "" => Ok(None),
        cursor => cursor.parse().map(Some).map_err(unknown),
    }
}

/// No address can claim a deletion of which there is no record.
async fn deletion_url(visit: &Visit, id: &str) -> Result<Option<String>, PageError> {
    let Ok(id) = id.parse::<DeletionId>() else {
        return Ok(None);
    };
    let record = visit.app.accounts.deletion(id).await?;
    Ok(record.map(|_| format!("/deletions/{id}")))
}

fn row(line: &Line, templates: &Templates) -> anyhow::Result<String> {
    templates.render("pages/annotations/row.html", &OneRow { job: Row::of(line) })
}

impl Line {
    fn of(job: ListedJob, owner: &User, now: Timestamp, retention: Retention) -> Self {
        let access = job.ending.results_access(owner, now, retention);
        let until = match access {
            ResultsAccess::Available { until } => until,
            _ => None,
        };
        Self {
            job,
            results: word(access),
            until: until.map(|until| DeadlineView::of(until, now)),
        }
    }
}

impl Row {
    fn of(Line { job, results, until }: &Line) -> Self {
        Self {
            id_parts: breakable(&job.id.to_string()),
            name_parts: breakable(job.input_file_name.as_str()),
            url: format!("/annotations/{}", job.id),
            submit_time: job.submit_time.into(),
            file_name: job.input_file_name.to_string(),
            input_size: job.input_size.map(SizeView::of),
            status: job.ending.status.as_str(),
            status_word: status_word(job.ending.status),
            results: Results {
                state: results,
                size: job.results_size.map(SizeView::of),
                until: until.clone(),
            },
        }
    }
}
