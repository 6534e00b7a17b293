//! `GET /annotations`: the person's jobs, newest first, a page at a time; or those of some words or a status, or in another
//! order, as the address says.

use backends::jobs::{Asked, Cursor, ListedJob, MOST_LOOKED_AT};
use domain::{DeletionId, JobFilter, JobOrder, JobStatus, ResultsAccess, Retention, Timestamp, User, with_commas};
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
    first_url: Option<String>,
    search: Search,
    /// The record of the deletion that the person has just asked for.
    deletion_url: Option<String>,
}

/// What is looked for, and how far that went.
#[derive(Serialize)]
struct Search {
    words: String,
    statuses: Vec<Selectable>,
    orders: Vec<Selectable>,
    /// The word for the order.
    order: &'static str,
    /// Whether it is anything but all jobs, newest first.
    is_on: bool,
    /// Whether jobs are left out.
    filters: bool,
    /// When the last job was submitted that was looked at, where there are more.
    looked_until: Option<TimeView>,
    /// Whether those beyond are on no page.
    is_cut_off: bool,
    /// How many are looked at at once.
    most: String,
}

#[derive(Serialize)]
struct Selectable {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
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
    /// What its owner calls the job; empty if as its file.
    name: String,
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
    let (after, asked) = (after(&query)?, asked(&query));
    let page = visit.app.jobs.listed(user.id, &asked, PAGE_SIZE, after).await?;
    let now = Timestamp::now();
    let mut jobs = String::new();
    for job in page.jobs {
        let line = Line::of(job, &user, now, visit.app.retention);
        jobs += &visit.app.lines.html(line, |line| row(line, &visit.app.templates))?;
    }
    let body = Annotations {
        jobs,
        next_url: page.next.map(|cursor| address(&asked, Some(cursor))),
        first_url: after.map(|_| address(&asked, None)),
        search: Search::of(&asked, page.looked_until),
        deletion_url: deletion_url(&visit, query.get("deleted")).await?,
    };
    visit.render(Some(&user), Page::new("pages/annotations.html", "My annotations", body))
}

/// Which jobs `query` asks for, and in which order.
fn asked(query: &Fields) -> Asked {
    Asked {
        filter: JobFilter::from_untrusted(query.get("q"), query.get("status")),
        order: JobOrder::from_untrusted(query.get("sort")),
    }
}

/// The address of a page of what is asked for; what is not asked for is not in it.
fn address(asked: &Asked, after: Option<Cursor>) -> String {
    let (words, order) = (asked.filter.words(), asked.order);
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !words.is_empty() {
        query.append_pair("q", &words);
    }
    if let Some(status) = asked.filter.status() {
        query.append_pair("status", status.as_str());
    }
    if order != JobOrder::default() {
        query.append_pair("sort", order.as_str());
    }
    if let Some(after) = after {
        query.append_pair("after", &after.to_string());
    }
    match query.finish().as_str() {
        "" => "/annotations".to_owned(),
        query => format!("/annotations?{query}"),
    }
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

impl Search {
    fn of(asked: &Asked, looked_until: Option<Timestamp>) -> Self {
        let status = asked.filter.status();
        let any = Selectable {
            value: "",
            label: "Any",
            is_chosen: status.is_none(),
        };
        let statuses = JobStatus::ALL.map(|one| Selectable {
            value: one.as_str(),
            label: status_word(one),
            is_chosen: status == Some(one),
        });
        let orders = JobOrder::ALL.map(|one| Selectable {
            value: one.as_str(),
            label: one.label(),
            is_chosen: asked.order == one,
        });
        Self {
            words: asked.filter.words(),
            statuses: std::iter::once(any).chain(statuses).collect(),
            orders: orders.into(),
            order: asked.order.label(),
            is_on: !asked.filter.is_all() || asked.order != JobOrder::default(),
            filters: !asked.filter.is_all(),
            looked_until: looked_until.map(TimeView::from),
            is_cut_off: matches!(asked.order, JobOrder::Name | JobOrder::Status),
            most: with_commas(MOST_LOOKED_AT as u64),
        }
    }
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
            name_parts: breakable(job.title()),
            url: format!("/annotations/{}", job.id),
            submit_time: job.submit_time.into(),
            file_name: job.input_file_name.to_string(),
            name: job.name.as_str().to_owned(),
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
