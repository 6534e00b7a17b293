//! `POST /annotations/<job id>/describe`: what its owner calls a job, and notes of it.

use bytes::Buf;
use domain::{JobName, JobNotes};
use futures_util::Stream;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::job_form::{posted, sent};
use crate::app::App;
use crate::error::PageError;
use crate::visit::{Visit, see_other};

/// `POST /annotations/<job id>/describe`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    posted(app.clone(), "describe")
        .then(describe)
        .map(Reply::into_response)
        .boxed()
}

async fn describe<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, id, form) = sent(&visit, &id, body).await?;
    let (name, notes) = (JobName::parse(form.get("name"))?, JobNotes::parse(form.get("notes"))?);
    match visit.app.jobs.describe(user.id, id, Some(&name), Some(&notes)).await? {
        true => see_other(&format!("/annotations/{id}")),
        false => Err(PageError::NotYourJob),
    }
}
