//! `POST /annotations/<job id>/cancel`: a job that waits or runs ends here.

use backends::jobs::Cancelled;
use bytes::Buf;
use domain::{JobId, JobStatus, Timestamp, User};
use futures_util::Stream;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::job_form::{posted, sent};
use crate::app::{App, Application};
use crate::error::PageError;
use crate::visit::{Visit, see_other};

/// `POST /annotations/<job id>/cancel`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    posted(app.clone(), "cancel")
        .then(cancel)
        .map(Reply::into_response)
        .boxed()
}

/// Asking twice is harmless.
async fn cancel<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, id, _) = sent(&visit, &id, body).await?;
    cancel_own(&visit.app, &user, id).await?;
    see_other(&format!("/annotations/{id}"))
}

/// Ends a job of this person's, unless it has ended.
pub async fn cancel_own(app: &Application, user: &User, id: JobId) -> Result<(), PageError> {
    let cancelled = app.job_requests.cancel(user.id, id, Timestamp::now()).await?;
    match cancelled {
        Cancelled::Now => info!(job.id = %id, user.id = %user.id, "User {} cancelled job {id}", user.id),
        Cancelled::Before => {}
        Cancelled::Ended(status) => return Err(too_late(status)),
        Cancelled::Unknown => return Err(PageError::NotYourJob),
    }
    Ok(())
}

fn too_late(status: JobStatus) -> PageError {
    let had = match status {
        JobStatus::Failed => "It had failed before you cancelled it. Its page says why.",
        _ => "It had completed before you cancelled it, and its results are there. You can delete it on its page.",
    };
    PageError::Conflict("The job had ended", had.to_owned())
}
