//! `GET /shared/<job id>/<secret>`: one job, read by whoever was given the link; and its results and log, for as long as its
//! owner has them at hand. Nothing else of the owner's is shown: no name, no notes, no input.

use std::time::Duration;

use backends::accounts::Token;
use domain::{Index, Job, JobId, ResultsAccess, ResultsFormat, Timestamp, keys, with_commas};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::annotation::summary_html;
use super::files::{SIGNED_FOR, download};
use super::settings_view::SettingsView;
use crate::app::App;
use crate::error::PageError;
use crate::views::{Breakable, SizeView, TimeView, breakable};
use crate::visit::{Page, Visit, visit};

#[derive(Serialize)]
struct Shared {
    title_parts: Breakable,
    file_name: String,
    base: String,
    complete_time: Option<TimeView>,
    records: String,
    settings: SettingsView,
    results_size: Option<SizeView>,
    results_ending: &'static str,
    has_index: bool,
    until: Option<TimeView>,
    /// HTML.
    summary: Option<String>,
}

/// `GET /shared/<job id>/<secret>` and its `results`, `index` and `log`. Each open counts, so HEAD is not for them.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let page = warp::path!("shared" / String / String)
        .and(warp::get())
        .and(visit(app.clone()));
    let file = warp::path!("shared" / String / String / String)
        .and(warp::get())
        .and(visit(app.clone()));
    let page = page.then(show).map(Reply::into_response);
    page.or(file.then(send).map(Reply::into_response)).unify().boxed()
}

async fn show(id: String, secret: String, visit: Visit) -> Result<Response, PageError> {
    let (id, secret) = link(&id, &secret)?;
    let opened = visit.app.jobs.open_shared(id, &secret, Timestamp::now()).await?;
    let (job, _) = readable(&visit, opened).await?;
    let summary = match &job.summary {
        Some(summary) => Some(summary_html(summary, &visit.app.templates)?),
        None => None,
    };
    let user = visit.user().await?;
    let body = Shared {
        title_parts: breakable(job.title()),
        file_name: job.input_file_name.to_string(),
        base: visit.path.clone(),
        complete_time: job.complete_time.map(TimeView::from),
        records: with_commas(job.progress.map_or(0, |progress| progress.records)),
        settings: job.settings.into(),
        results_size: job.stored.results.map(SizeView::of),
        results_ending: match job.stored.format {
            ResultsFormat::Plain => ".vcf",
            ResultsFormat::Bgzip => ".vcf.gz",
        },
        has_index: matches!(job.stored.index, Index::Here(_)),
        until: job.share.map(|share| share.until.into()),
        summary,
    };
    visit.render(user.as_ref(), Page::new("pages/shared.html", "Shared annotation", body))
}

async fn send(id: String, secret: String, file: String, visit: Visit) -> Result<Response, PageError> {
    let (id, secret) = link(&id, &secret)?;
    let found = visit.app.jobs.shared(id, &secret, Timestamp::now()).await?;
    let (job, valid) = readable(&visit, found).await?;
    let (objects, name) = (&visit.app.objects, &job.input_file_name);
    let (key, name) = match (&*file, &job.results_key, &job.log_key, job.stored.index) {
        ("results", Some(key), ..) => (key.clone(), job.stored.results_name(name)),
        ("index", .., Index::Here(_)) => {
            let keys = keys::attempt(job.user_id, job.id, job.attempt, name);
            (keys.index, name.index())
        }
        ("log", _, Some(key), _) => (key.clone(), name.log()),
        _ => return Err(PageError::NotFound),
    };
    download(&objects.result_url(&key, &name, valid).await?)
}

/// Whoever guesses learns nothing of which jobs there are.
fn link(id: &str, secret: &str) -> Result<(JobId, Token), PageError> {
    let id = id.parse().ok();
    id.zip(Token::from_untrusted(secret)).ok_or_else(nothing)
}

/// The job, and how long an address of its files may be good, if its owner has the results at hand: who has a link has no
/// more than whoever has sent it.
async fn readable(visit: &Visit, job: Option<Job>) -> Result<(Job, Duration), PageError> {
    let job = job.ok_or_else(nothing)?;
    let owner = visit.app.accounts.user(job.user_id).await?.ok_or_else(nothing)?;
    let now = Timestamp::now();
    match job.results_access(&owner, now, visit.app.retention) {
        ResultsAccess::Available { until } => {
            let valid = until.map_or(SIGNED_FOR, |until| until.since(now).min(SIGNED_FOR));
            Ok((job, valid))
        }
        _ => Err(PageError::Missing(
            "These results are in the archive",
            "A link shows results only while its sender has them at hand. Ask for another one.".into(),
        )),
    }
}

fn nothing() -> PageError {
    PageError::Missing(
        "There is nothing under this link",
        "It has ended, was withdrawn, or was cut off on its way. Ask whoever sent it for another one.".into(),
    )
}
