//! `GET /annotations/<job id>/events`: server-sent events that let the job's page follow it.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>

use std::convert::Infallible;
use std::time::Duration;

use anyhow::Result;
use domain::JobId;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tracing::warn;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};
use warp::sse::{self, Event};

use super::annotation::{StateView, own_job};
use crate::app::App;
use crate::error::PageError;
use crate::visit::{Visit, visit};

/// Progress is written at most once a second, so looking more often shows nothing new.
const INTERVAL: Duration = Duration::from_secs(1);
/// After this the browser connects again by itself, with its session checked anew.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// `GET /annotations/<job id>/events`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("annotations" / String / "events").and(warp::get());
    path.and(visit(app.clone()))
        .then(follow)
        .map(Reply::into_response)
        .boxed()
}

async fn follow(id: String, visit: Visit) -> Result<Response, PageError> {
    let (_, job) = own_job(&visit, &id).await?;
    let keep_alive = sse::keep_alive().interval(Duration::from_secs(10));
    Ok(sse::reply(keep_alive.stream(events(visit.app, job.id))).into_response())
}

/// `progress` whenever something changed, then `done` once the job has ended.
fn events(app: App, job: JobId) -> impl Stream<Item = Result<Event, Infallible>> + Send + Sync {
    let (sender, mut receiver) = mpsc::channel(1);
    tokio::spawn(
        Teller {
            app,
            job,
            last: None,
            sender,
        }
        .tell(),
    );
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

/// Looks at one job for one browser.
struct Teller {
    app: App,
    job: JobId,
    last: Option<StateView>,
    sender: mpsc::Sender<Result<Event, Infallible>>,
}

impl Teller {
    /// Tells until the job has ended, the browser is gone, or we shut down.
    async fn tell(mut self) {
        let shutdown = self.app.shutdown.clone();
        let until = Instant::now() + LONGEST;
        while Instant::now() < until {
            // When a store does not answer, the next look may do better.
            match self.look().await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => warn!(job.id = %self.job, "Could not look at job {}: {error:#}", self.job),
            }
            tokio::select! {
                () = sleep(INTERVAL) => {}
                () = self.sender.closed() => return,
                () = shutdown.requested() => return,
            }
        }
    }

    /// Sends an event if there is news; `true` if there will be no more.
    async fn look(&mut self) -> Result<bool> {
        let Some(job) = self.app.jobs.get(self.job).await? else {
            return Ok(true);
        };
        let is_final = job.status.is_final();
        let state = StateView::of(&self.app, &job).await?;
        if is_final || self.last.as_ref() != Some(&state) {
            let event = Event::default()
                .event(if is_final { "done" } else { "progress" })
                .json_data(&state)?;
            self.last = Some(state);
            return Ok(self.sender.send(Ok(event)).await.is_err() || is_final);
        }
        Ok(false)
    }
}
