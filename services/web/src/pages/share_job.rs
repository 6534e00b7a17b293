//! `POST /annotations/<job id>/share`: a link by which anybody reads the job, shown once; `POST /annotations/<job
//! id>/unshare` withdraws it.

use std::time::Duration;

use backends::accounts::Token;
use bytes::Buf;
use domain::{ResultsAccess, Timestamp};
use futures_util::Stream;
use serde::Serialize;
use tracing::info;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::annotation::own_job;
use super::job_form::{posted, sent};
use crate::app::App;
use crate::error::PageError;
use crate::views::TimeView;
use crate::visit::{Page, Visit, see_other};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Days that a link may be good for; the first is what is taken for anything else.
const DAYS: [u32; 3] = [7, 1, 30];

#[derive(Serialize)]
struct Link {
    job_url: String,
    title: String,
    link: String,
    until: TimeView,
    /// Until when there are results, if that is known.
    results_until: Option<TimeView>,
}

/// `POST /annotations/<job id>/{share,unshare}`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let share = posted(app.clone(), "share").then(share_one).map(Reply::into_response);
    let unshare = posted(app.clone(), "unshare")
        .then(unshare_one)
        .map(Reply::into_response);
    share.or(unshare).unify().boxed()
}

async fn share_one<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    let form = visit.form(body).await?;
    let now = Timestamp::now();
    let ResultsAccess::Available { until: results_until } = job.results_access(&user, now, visit.app.retention) else {
        return Err(PageError::Conflict(
            "There are no results to share",
            "A link shows results that you can download yourself. These are not there, or not any more.".into(),
        ));
    };
    let days: Option<u32> = form.get("days").parse().ok();
    let days = days.filter(|days| DAYS.contains(days)).unwrap_or(DAYS[0]);
    let (secret, until) = (Token::random(), now.plus(DAY * days));
    if !visit.app.jobs.share(user.id, job.id, &secret, until).await? {
        return Err(PageError::NotYourJob);
    }
    info!(job.id = %job.id, user.id = %user.id, "User {} shares job {} for {days} days", user.id, job.id);
    let body = Link {
        job_url: format!("/annotations/{}", job.id),
        title: job.title().to_owned(),
        link: format!("{}/shared/{}/{}", visit.app.public_url, job.id, secret.reveal()),
        until: until.into(),
        results_until: results_until.map(TimeView::from),
    };
    visit.render(Some(&user), Page::new("pages/share.html", "Link to share", body))
}

async fn unshare_one<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, id, _) = sent(&visit, &id, body).await?;
    match visit.app.jobs.unshare(user.id, id).await? {
        true => see_other(&format!("/annotations/{id}")),
        false => Err(PageError::NotYourJob),
    }
}
