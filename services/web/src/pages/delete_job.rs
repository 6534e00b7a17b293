//! `POST /annotations/<job id>/delete`: a job goes, with everything that is kept of it.

use bytes::Buf;
use futures_util::Stream;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::job_form::{posted, sent};
use crate::app::App;
use crate::deletions::delete_job;
use crate::error::PageError;
use crate::visit::{Visit, see_other};

/// `POST /annotations/<job id>/delete`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    posted(app.clone(), "delete")
        .then(delete)
        .map(Reply::into_response)
        .boxed()
}

/// Asking twice is harmless.
async fn delete<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, id, _) = sent(&visit, &id, body).await?;
    let deletion = delete_job(&visit.app, user.id, id).await?;
    let deletion = deletion.ok_or(PageError::NotYourJob)?;
    see_other(&format!("/annotations?deleted={deletion}"))
}
