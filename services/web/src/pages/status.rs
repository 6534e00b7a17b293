//! `GET /status`, for everybody: is the service up, how long is the queue and since when, and what is to come.

use std::time::Duration;

use backends::accounts::Announced;
use backends::jobs::Waiting;
use domain::{Timestamp, with_commas};
use serde::Serialize;
use tracing::warn;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::views::{TimeView, count, stretch};
use crate::visit::{Page, Visit, reading, visit};

/// How long the stores may take; the page says so when they take longer.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Serialize)]
struct Status {
    /// up, slow, down.
    state: &'static str,
    sentence: &'static str,
    accounts: &'static str,
    /// None if it could not be looked at.
    line: Option<LineView>,
    maintenance: Vec<MaintenanceView>,
    looked_at: TimeView,
    running_since: TimeView,
}

#[derive(Serialize)]
struct LineView {
    annotators: String,
    places: String,
    running: String,
    waiting: String,
    first: Option<TimeView>,
    took: Option<String>,
}

/// A maintenance, as pages tell of it.
#[derive(Serialize)]
pub struct MaintenanceView {
    /// Its id.
    pub id: String,
    words: String,
    begins_at: TimeView,
    ends_at: TimeView,
    goes_on: bool,
}

/// `GET /status`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("status")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

/// The page needs none of what it tells of.
async fn show(visit: Visit) -> Result<Response, PageError> {
    let app = &visit.app;
    let (accounts, line) = tokio::join!(
        tokio::time::timeout(PATIENCE, app.accounts.ping()),
        tokio::time::timeout(PATIENCE, app.waiting_line.now())
    );
    let is_in = matches!(accounts, Ok(Ok(())));
    let line = match line {
        Ok(Ok(line)) => Some(line),
        Ok(Err(error)) => {
            warn!("Could not look at the queue for the status: {error:#}");
            None
        }
        Err(_) => None,
    };
    let (state, sentence) = judged(is_in, line.as_deref());
    let body = Status {
        state,
        sentence,
        accounts: if is_in { "answer" } else { "do not answer" },
        line: line.as_deref().map(LineView::of),
        maintenance: app.announcements.all().into_iter().map(MaintenanceView::of).collect(),
        looked_at: Timestamp::now().into(),
        running_since: app.running_since.into(),
    };
    let user = match is_in {
        true => visit.user().await.ok().flatten(),
        false => None,
    };
    visit.render(user.as_ref(), Page::new("pages/status.html", "Status", body))
}

fn judged(accounts: bool, line: Option<&Waiting>) -> (&'static str, &'static str) {
    let Some(line) = line else {
        return (
            "down",
            "The queue does not answer. Files and jobs are safe; what was submitted is annotated later.",
        );
    };
    match (accounts, line.throughput().annotators) {
        (false, _) => (
            "down",
            "Nobody can log in right now: the accounts do not answer. Jobs go on.",
        ),
        (true, 0) => (
            "slow",
            "No annotator is at work right now. Jobs wait, and none is lost.",
        ),
        (true, _) if line.count() > 0 => ("up", "GAS is up. Some jobs wait for a place."),
        (true, _) => ("up", "GAS is up. No job waits for a place."),
    }
}

impl LineView {
    fn of(line: &Waiting) -> Self {
        let seen = line.throughput();
        Self {
            annotators: with_commas(seen.annotators.into()),
            places: count(seen.places.into(), "job"),
            running: count(seen.running, "job"),
            waiting: count(line.count(), "job"),
            first: line.first().map(TimeView::from),
            took: seen.took.map(|took| stretch(took.max(Duration::from_secs(1)))),
        }
    }
}

impl MaintenanceView {
    /// The view of one.
    pub fn of(announced: Announced) -> Self {
        let maintenance = announced.maintenance;
        Self {
            id: announced.id.to_string(),
            goes_on: maintenance.begins_at <= Timestamp::now(),
            words: maintenance.words,
            begins_at: maintenance.begins_at.into(),
            ends_at: maintenance.ends_at.into(),
        }
    }
}
