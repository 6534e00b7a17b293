//! `GET /annotations/<job id>/{input,results,index,log}`: a job's files, to its owner.
//!
//! Downloads are signed at the click, for a minute: whoever is shown the address later gets nothing.

use std::time::Duration;

use anyhow::Context;
use domain::{Index, Job, ResultsAccess, Timestamp, User, keys};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use serde::Serialize;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::annotation::own_job;
use crate::app::App;
use crate::error::PageError;
use crate::visit::{Page, Visit, reading, visit};

/// How much of a log the page shows, in bytes; the rest is in the download.
const LOG_SHOWN: usize = 256 * 1024;
/// Long enough to follow a redirect, short enough to be useless in a browser's history.
pub const SIGNED_FOR: Duration = Duration::from_secs(60);

#[derive(Serialize)]
struct Log {
    job: serde_json::Value,
    lines: Vec<String>,
    truncated: bool,
    download_url: String,
}

/// `GET /annotations/<job id>/{input,results,index,log}`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let file = |name| {
        warp::path("annotations")
            .and(warp::path::param::<String>())
            .and(warp::path(name))
    };
    let request = || warp::path::end().and(reading()).and(visit(app.clone()));
    let input = file("input").and(request()).then(input).map(Reply::into_response);
    let results = file("results").and(request()).then(results).map(Reply::into_response);
    let index = file("index").and(request()).then(index).map(Reply::into_response);
    let log = file("log").and(request()).then(log).map(Reply::into_response);
    input.or(results).unify().or(index).unify().or(log).unify().boxed()
}

async fn input(id: String, visit: Visit) -> Result<Response, PageError> {
    let (_, job) = own_job(&visit, &id).await?;
    download(
        &visit
            .app
            .objects
            .input_url(
                &job.input_key,
                job.input_version.as_deref(),
                &job.input_file_name,
                SIGNED_FOR,
            )
            .await?,
    )
}

async fn results(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    results_of(&visit, &user, &job).await
}

/// The results as they are stored.
pub async fn results_of(visit: &Visit, user: &User, job: &Job) -> Result<Response, PageError> {
    let (key, valid) = available_key(visit, user, job)?;
    let name = job.stored.results_name(&job.input_file_name);
    download(&visit.app.objects.result_url(key, &name, valid).await?)
}

/// The index belongs to the results: who may have them may have it, and nobody else.
async fn index(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    let (_, valid) = available_key(&visit, &user, &job)?;
    if let Index::Absent(reason) = job.stored.index {
        let why = format!("There is none, because {}.", reason.reason());
        return Err(PageError::Missing("There is no index", why));
    }
    let name = &job.input_file_name;
    let keys = keys::attempt(job.user_id, job.id, job.attempt, name);
    download(&visit.app.objects.result_url(&keys.index, &name.index(), valid).await?)
}

/// Where the results are and how long an address of them may be good, if their owner may have them now.
pub fn available_key<'j>(visit: &Visit, user: &User, job: &'j Job) -> Result<(&'j str, Duration), PageError> {
    let now = Timestamp::now();
    match job.results_access(user, now, visit.app.retention) {
        ResultsAccess::Available { until } => {
            // The address must not outlive the free plan's time.
            let valid = until.map_or(SIGNED_FOR, |until| until.since(now).min(SIGNED_FOR));
            let key = job.results_key.as_deref().context("a completed job has results")?;
            Ok((key, valid))
        }
        ResultsAccess::UpgradeNeeded => Err(PageError::Forbidden(
            "The time for downloading these results is over",
            "The Free plan keeps results for a limited time. They are not lost: Premium brings them back.".into(),
        )),
        ResultsAccess::Restoring => Err(PageError::Missing(
            "These results are being restored",
            "They come back from the archive, usually within 3–5 hours; you get an e-mail when they are here.".into(),
        )),
        ResultsAccess::None => Err(PageError::Missing(
            "There are no results",
            "This job has not produced any.".into(),
        )),
    }
}

async fn log(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    let Some(key) = job.log_key.as_deref() else {
        return Err(PageError::Missing(
            "There is no log yet",
            "The log is written when the job ends.".into(),
        ));
    };
    if visit.query().get("download") == "1" {
        return download(
            &visit
                .app
                .objects
                .result_url(key, &job.input_file_name.log(), SIGNED_FOR)
                .await?,
        );
    }
    let (text, truncated) = visit.app.objects.read_log(key, LOG_SHOWN).await?;
    let body = Log {
        job: json!({
            "id": job.id.to_string(), "file_name": job.input_file_name.as_str(), "url": job_url(&job),
        }),
        lines: text.lines().map(str::to_owned).collect(),
        truncated,
        download_url: format!("{}/log?download=1", job_url(&job)),
    };
    visit.render(Some(&user), Page::new("pages/log.html", "Annotation log", body))
}

fn job_url(job: &Job) -> String {
    format!("/annotations/{}", job.id)
}

/// Sends the browser to the object store (302).
pub fn download(url: &str) -> Result<Response, PageError> {
    let mut response = StatusCode::FOUND.into_response();
    let location = HeaderValue::from_str(url).context("make a download address")?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}
