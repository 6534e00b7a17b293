//! The queues of the overview, and `POST /admin/redrive`: dead letters go back to their queue.

use anyhow::Result as AnyResult;
use backends::accounts::{Action, Actor};
use backends::queue::{DeadLetters, Depth, Queue};
use bytes::Buf;
use domain::with_commas;
use futures_util::Stream;
use futures_util::future::try_join_all;
use serde::Serialize;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::administrator;
use crate::app::{App, Application};
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Visit, see_other, visit};

/// A queue as the overview shows it; one that was not provisioned has a name only.
#[derive(Serialize)]
pub struct QueueView {
    name: String,
    waiting: Option<String>,
    in_flight: Option<String>,
    delayed: Option<String>,
    /// How many dead letters, if there are any.
    dead: Option<String>,
    oldest_dead: Option<TimeView>,
}

/// `POST /admin/redrive`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let request = warp::post().and(visit(app.clone())).and(warp::body::stream());
    warp::path!("admin" / "redrive")
        .and(request)
        .then(redrive)
        .map(Reply::into_response)
        .boxed()
}

/// Every queue that the settings name, in their order.
pub async fn all(app: &Application) -> AnyResult<Vec<QueueView>> {
    try_join_all(app.queues.iter().map(|queue| look_at(app, queue))).await
}

async fn look_at(app: &Application, name_or_url: &str) -> AnyResult<QueueView> {
    let name = Queue::name_in(name_or_url);
    let Some(queue) = Queue::find(&app.aws, name_or_url).await? else {
        return Ok(QueueView::of(name, None));
    };
    let Some(dead_letters) = DeadLetters::of(&queue).await? else {
        return Ok(QueueView::of(name, Some(queue.depth(None).await?)));
    };
    let depth = dead_letters.depth().await?;
    let oldest = match depth.dead {
        None | Some(0) => None,
        Some(_) => dead_letters.oldest().await?,
    };
    Ok(QueueView {
        oldest_dead: oldest.map(TimeView::from),
        ..QueueView::of(name, Some(depth))
    })
}

impl QueueView {
    fn of(name: &str, depth: Option<Depth>) -> Self {
        let number = |count: fn(Depth) -> u64| depth.map(|depth| with_commas(count(depth)));
        Self {
            name: name.to_owned(),
            waiting: number(|depth| depth.visible),
            in_flight: number(|depth| depth.in_flight),
            delayed: number(|depth| depth.delayed),
            dead: depth
                .and_then(|depth| depth.dead)
                .filter(|dead| *dead > 0)
                .map(with_commas),
            oldest_dead: None,
        }
    }
}

async fn redrive<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = administrator(&visit).await?;
    let (fields, app) = (visit.form(body).await?, &visit.app);
    let unknown = || PageError::BadRequest("There is no such queue.".into());
    let is_asked = |queue: &&String| Queue::name_in(queue) == fields.get("queue");
    let name_or_url = app.queues.iter().find(is_asked).ok_or_else(unknown)?;
    let name = Queue::name_in(name_or_url).to_owned();
    let queue = Queue::find(&app.aws, name_or_url).await?.ok_or_else(unknown)?;
    let dead_letters = DeadLetters::of(&queue).await?.ok_or_else(unknown)?;
    let (actor, asked) = (Actor::of(&user), Action::Redrive { queue: name.clone() });
    let recorded = app.accounts.record_action(&actor, &asked).await?;
    let letters = dead_letters.redrive(&recorded).await?;
    info!(user.id = %user.id, "User {} sent {letters} dead letters back to {name}", user.id);
    let went = Action::Redriven { queue: name, letters };
    let recorded = app.accounts.record_action(&actor, &went).await?;
    see_other(&format!("/admin?done={}", recorded.id()))
}
