//! `POST /unsubscribe`: Premium ends when the time that is paid for does, or, with `keep`, goes on after all.

use anyhow::Result as AnyResult;
use bytes::Buf;
use domain::{Plan, UserId};
use futures_util::Stream;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::error::PageError;
use crate::pages::subscribe::payments;
use crate::visit::{Visit, see_other, visit};

/// `POST /unsubscribe`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("unsubscribe").and(warp::post());
    path.and(visit(app.clone()))
        .and(warp::body::stream())
        .then(unsubscribe)
        .map(Reply::into_response)
        .boxed()
}

/// Asking twice is harmless: the page that follows says how the subscription stands.
async fn unsubscribe<B: Buf>(
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    let keeps = !visit.form(body).await?.get("keep").is_empty();
    decide(&visit.app, user.id, !keeps).await.map_err(payments)?;
    see_other("/profile")
}

async fn decide(app: &App, user: UserId, ends: bool) -> AnyResult<()> {
    let standing = app.subscriptions.refresh(user).await?;
    let running = standing.filter(|standing| standing.plan() == Plan::Premium && standing.cancel_at_period_end != ends);
    if let Some(id) = running.and_then(|standing| standing.subscription) {
        app.payments.cancel_at_period_end(&id, ends).await?;
        app.subscriptions.refresh(user).await?;
        info!(user.id = %user, ends, "User {user} has decided whether Premium ends");
    }
    Ok(())
}
