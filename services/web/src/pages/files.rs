//! `GET /annotations/<job id>/{input,results,index,log}`: a job's files, to its owner.
//!
//! Downloads are signed at the click, for a minute: whoever is shown the address later gets nothing.

use std::time::Duration;

use anyhow::Context;
use domain::{FileName, Index, Job, ResultsAccess, Timestamp, User, keys};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use serde::Serialize;
use serde_json::json;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use super::annotation::own_job;
use crate::app::{App, Application};
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::visit::{Page, Visit, reading, visit};

/// How much of a log the page shows, in bytes; the rest is in the download.
const LOG_SHOWN: usize = 256 * 1024;
/// Long enough to follow a redirect, short enough to be useless in a browser's history.
pub const SIGNED_FOR: Duration = Duration::from_secs(60);

/// An address that gives one file to whoever has it, for a while.
pub struct Signed {
    /// The address, of the object store.
    pub url: String,
    /// What the file is called.
    pub name: FileName,
    /// How large it is; rows of version 0.1 do not say.
    pub bytes: Option<u64>,
    /// How long the address is good.
    pub valid: Duration,
}

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
    download(&signed_input(&visit.app, &job).await?.url)
}

async fn results(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    results_of(&visit, &user, &job).await
}

/// The results as they are stored.
pub async fn results_of(visit: &Visit, user: &User, job: &Job) -> Result<Response, PageError> {
    download(&signed_results(&visit.app, user, job).await?.url)
}

async fn index(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    download(&signed_index(&visit.app, &user, &job).await?.url)
}

/// Where the owner downloads the input.
pub async fn signed_input(app: &Application, job: &Job) -> Result<Signed, PageError> {
    let (version, name) = (job.input_version.as_deref(), &job.input_file_name);
    let url = app.objects.input_url(&job.input_key, version, name, SIGNED_FOR).await?;
    Ok(Signed {
        url,
        name: name.clone(),
        bytes: job.stored.input,
        valid: SIGNED_FOR,
    })
}

/// Where the owner downloads the results as they are stored, if that may be now.
pub async fn signed_results(app: &Application, user: &User, job: &Job) -> Result<Signed, PageError> {
    let (key, valid) = available_key(app, user, job)?;
    let name = job.stored.results_name(&job.input_file_name);
    Ok(Signed {
        url: app.objects.result_url(key, &name, valid).await?,
        name,
        bytes: job.stored.results,
        valid,
    })
}

/// The index belongs to the results: who may have them may have it, and nobody else.
pub async fn signed_index(app: &Application, user: &User, job: &Job) -> Result<Signed, PageError> {
    let (_, valid) = available_key(app, user, job)?;
    if let Index::Absent(reason) = job.stored.index {
        return Err(PageError::NoFile(NoFile::Index(reason)));
    }
    let name = &job.input_file_name;
    let keys = keys::attempt(job.user_id, job.id, job.attempt, name);
    Ok(Signed {
        url: app.objects.result_url(&keys.index, &name.index(), valid).await?,
        name: name.index(),
        bytes: job.stored.index.size(),
        valid,
    })
}

/// Where the owner downloads the log.
pub async fn signed_log(app: &Application, job: &Job) -> Result<Signed, PageError> {
    let key = job.log_key.as_deref().ok_or(PageError::NoFile(NoFile::Log))?;
    let name = job.input_file_name.log();
    Ok(Signed {
        url: app.objects.result_url(key, &name, SIGNED_FOR).await?,
        name,
        bytes: job.stored.log,
        valid: SIGNED_FOR,
    })
}

/// Where the results are and how long an address of them may be good, if their owner may have them now.
pub fn available_key<'j>(app: &Application, user: &User, job: &'j Job) -> Result<(&'j str, Duration), PageError> {
    let now = Timestamp::now();
    match job.results_access(user, now, app.retention) {
        ResultsAccess::Available { until } => {
            // The address must not outlive the free plan's time.
            let valid = until.map_or(SIGNED_FOR, |until| until.since(now).min(SIGNED_FOR));
            let key = job.results_key.as_deref().context("a completed job has results")?;
            Ok((key, valid))
        }
        ResultsAccess::UpgradeNeeded => Err(PageError::NoFile(NoFile::Archived)),
        ResultsAccess::Restoring => Err(PageError::NoFile(NoFile::Restoring)),
        ResultsAccess::None => Err(PageError::NoFile(NoFile::Results)),
    }
}

async fn log(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    if visit.query().get("download") == "1" {
        return download(&signed_log(&visit.app, &job).await?.url);
    }
    let key = job.log_key.as_deref().ok_or(PageError::NoFile(NoFile::Log))?;
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
