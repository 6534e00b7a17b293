//! `GET /annotations/<job id>/events`: server-sent events that let the job's page follow it.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>

use std::convert::Infallible;
use std::time::Duration;

use domain::Job;
use futures_util::StreamExt;
use tokio::time::Instant;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};
use warp::sse::{self, Event};

use super::annotation::{StateView, own_job};
use crate::app::{App, Application};
use crate::error::PageError;
use crate::follow::News;
use crate::visit::{Visit, visit};

/// After this the browser connects again by itself, with its session checked anew.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// So often a stream without news says that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

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
    events_of(&visit.app, &job).await
}

/// `progress` with what is known and whenever something has changed, then `done` once the job has ended.
pub async fn events_of(app: &Application, job: &Job) -> Result<Response, PageError> {
    let state = job.state();
    let known = News::of(state, &StateView::of(app, state).await?)?;
    let following = app.followers.join(job.id, job.user_id, known);
    let events = following
        .ok_or_else(too_many)?
        .news(Instant::now() + LONGEST)
        .map(event);
    let keep_alive = sse::keep_alive().interval(SIGN_OF_LIFE);
    Ok(sse::reply(keep_alive.stream(events)).into_response())
}

fn event(news: News) -> Result<Event, Infallible> {
    let name = if news.is_last { "done" } else { "progress" };
    Ok(Event::default().event(name).data(&*news.json))
}

fn too_many() -> PageError {
    PageError::TooManyAtOnce(
        "Too many pages follow jobs",
        "You have as many pages open that follow a job as one person may. Close some of them, then reload this one."
            .into(),
    )
}
