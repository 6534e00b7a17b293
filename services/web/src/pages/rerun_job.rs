//! `POST /annotations/<job id>/again`: the same file once more, with the same settings or with others, as a new job.

use backends::jobs::Submitted;
use bytes::Buf;
use domain::{Job, JobId, JobSettings, Timestamp, User};
use futures_util::Stream;
use tracing::{info, warn};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::annotation::own_job;
use super::job_form::posted;
use super::settings_view::chosen;
use super::submission::check_size;
use crate::app::{App, Application};
use crate::error::PageError;
use crate::visit::{Visit, see_other};

/// `POST /annotations/<job id>/again`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    posted(app.clone(), "again")
        .then(rerun)
        .map(Reply::into_response)
        .boxed()
}

/// The form brings the new job's id, so that one that is sent twice makes one job.
async fn rerun<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, of) = own_job(&visit, &id).await?;
    let form = visit.form(body).await?;
    let again: JobId = form.get("new_job").parse().map_err(|_| PageError::StaleForm)?;
    run_again(&visit.app, &user, &of, again, chosen(&form)).await?;
    see_other(&format!("/annotations/{again}"))
}

/// Makes a new job of the same file, unless it was made before.
pub async fn run_again(
    app: &Application,
    user: &User,
    of: &Job,
    again: JobId,
    settings: JobSettings,
) -> Result<Submitted, PageError> {
    if !of.status.is_final() {
        return Err(PageError::Conflict(
            "The job has not ended",
            "Cancel it first, or wait for its end; then it can be run again.".into(),
        ));
    }
    app.limits.submission(user.id).await?;
    has_input(app, of).await?;
    check_size(of.stored.input.unwrap_or(0), user.role.plan(), &app.input_limits)?;
    let requests = &app.job_requests;
    let written = requests.rerun(again, of, user, settings, Timestamp::now());
    let submitted = written.await?.ok_or(PageError::NotYourJob)?;
    if submitted != Submitted::Before {
        info!(job.id = %again, user.id = %user.id, "User {} runs job {} again, as job {again}", user.id, of.id);
    }
    // The row is the truth: should this be lost, the sweep does it again.
    if let Err(error) = requests.request_new(again, user.id, submitted).await {
        warn!(job.id = %again, "Could not request job {again}, the sweep will: {error:#}");
    }
    Ok(submitted)
}

/// What was uploaded later with the same form takes the place of an input, which the bucket then keeps for a day.
async fn has_input(app: &Application, of: &Job) -> Result<(), PageError> {
    let is_there = app.objects.has_input(&of.input_key, of.input_version.as_deref());
    match is_there.await? {
        true => Ok(()),
        false => Err(PageError::Missing(
            "The file is not there any more",
            "Another file was uploaded with the form of this job, and has taken its place. Upload the file again."
                .into(),
        )),
    }
}
