//! `POST /annotations/<job id>/delete`: a job goes, with everything that is kept of it.

use bytes::Buf;
use domain::JobId;
use futures_util::Stream;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::App;
use crate::deletions::delete_job;
use crate::error::PageError;
use crate::visit::{Visit, see_other, visit};

/// `POST /annotations/<job id>/delete`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    warp::path!("annotations" / String / "delete")
        .and(warp::post())
        .and(visit(app.clone()))
        .and(warp::body::stream())
        .then(delete)
        .map(Reply::into_response)
        .boxed()
}

/// Asking twice is harmless; an unknown job and another person's look the same.
async fn delete<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let user = visit.signed_in().await?;
    visit.form(body).await?;
    let id: JobId = id.parse().map_err(|_| PageError::NotYourJob)?;
    let deletion = delete_job(&visit.app, user.id, id).await?;
    let deletion = deletion.ok_or(PageError::NotYourJob)?;
    see_other(&format!("/annotations?deleted={deletion}"))
}
