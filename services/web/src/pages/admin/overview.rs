//! `GET /admin`: what waits, what failed and what was given up, on one page.

use std::time::Duration;

use anyhow::Result as AnyResult;
use backends::accounts::FailedEvent;
use backends::jobs::Archives;
use domain::{Timestamp, with_commas};
use serde::Serialize;
use tracing::warn;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::queues::QueueView;
use super::{administrator, done, queues};
use crate::app::{App, Application};
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Page, Visit, reading, visit};

/// Failures of this long are counted.
const LATELY: Duration = Duration::from_secs(24 * 60 * 60);

/// The archiver looks at a job when it is due; one that is later than this is noteworthy.
const LATE: Duration = Duration::from_secs(5 * 60);

/// Events of Stripe's in the table.
const MOST_EVENTS: i64 = 20;

/// A part that could not be read is missing, so that the others can still be seen when something is wrong.
#[derive(Serialize)]
struct Overview {
    done: Option<String>,
    jobs: Option<Vec<Count>>,
    queues: Option<Vec<QueueView>>,
    archives: Option<Vec<Count>>,
    stripe_events: Option<Vec<EventView>>,
    most_events: i64,
}

/// A fact: what, how many, and an instant with the words before it.
#[derive(Serialize)]
struct Count {
    what: &'static str,
    number: String,
    is_bad: bool,
    when: &'static str,
    instant: Option<TimeView>,
}

/// An event of Stripe's that could not be handled.
#[derive(Serialize)]
struct EventView {
    id: String,
    kind: String,
    received_at: TimeView,
    attempts: u32,
    error: String,
}

/// `GET /admin`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("admin")
        .and(reading())
        .and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let app = &visit.app;
    let (jobs, queues, archives, events) = tokio::join!(
        jobs(app),
        queues::all(app),
        archives(app),
        app.accounts.failed_events(MOST_EVENTS)
    );
    let events = told("events of Stripe's", events);
    let body = Overview {
        done: done(&visit, &user).await?,
        jobs: told("jobs", jobs),
        queues: told("queues", queues),
        archives: told("archives", archives),
        stripe_events: events.map(|events| events.into_iter().map(EventView::of).collect()),
        most_events: MOST_EVENTS,
    };
    visit.render(
        Some(&user),
        Page::new("pages/admin/overview.html", "Administration", body),
    )
}

fn told<T>(what: &str, read: AnyResult<T>) -> Option<T> {
    read.inspect_err(|error| warn!("Could not read the {what} for the overview: {error:#}"))
        .ok()
}

async fn jobs(app: &Application) -> AnyResult<Vec<Count>> {
    let now = Timestamp::now();
    let (unfinished, failed) =
        tokio::try_join!(app.jobs.unfinished_now(now), app.jobs.failed_since(now.minus(LATELY)))?;
    let first_waits_since = (unfinished.pending > 0).then(|| now.minus(unfinished.longest_wait));
    Ok(vec![
        Count::with("Waiting", unfinished.pending, "the first submitted", first_waits_since),
        Count::of("Running", unfinished.running),
        Count::of("Failed in the last 24 hours", failed),
    ])
}

async fn archives(app: &Application) -> AnyResult<Vec<Count>> {
    let Archives {
        live,
        overdue,
        archiving,
        archived,
        restoring,
        restoring_since,
        first_due,
    } = app.jobs.count_archives(Timestamp::now().minus(LATE)).await?;
    Ok(vec![
        Count::with(
            "Results to be looked at",
            live + archiving + archived + restoring,
            "the first due",
            first_due,
        ),
        Count {
            is_bad: overdue > 0,
            ..Count::of("Late by more than 5 minutes", overdue)
        },
        Count::of("On the way into the vault", archiving),
        Count::of("Still to be cleared from the bucket", archived),
        Count::with("On the way back", restoring, "the first asked for", restoring_since),
    ])
}

impl EventView {
    fn of(event: FailedEvent) -> Self {
        Self {
            id: event.id,
            kind: event.kind,
            received_at: event.received_at.into(),
            attempts: event.attempts,
            error: event.error,
        }
    }
}

impl Count {
    fn of(what: &'static str, number: u64) -> Self {
        Self::with(what, number, "", None)
    }

    fn with(what: &'static str, number: u64, when: &'static str, instant: Option<Timestamp>) -> Self {
        Self {
            what,
            number: with_commas(number),
            is_bad: false,
            when,
            instant: instant.map(TimeView::from),
        }
    }
}
