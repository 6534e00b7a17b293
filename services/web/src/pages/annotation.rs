//! `GET /annotations/<job id>`: one job, to its owner.

use std::time::Duration;

use anyhow::{Context, Result as AnyResult};
use domain::{Job, JobId, JobState, JobStatus, JobSummary, User, with_commas};
use serde::Serialize;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::{Reply, Response};

use crate::app::{App, Application};
use crate::error::PageError;
use crate::pages::results_view::ResultsView;
use crate::pages::settings_view::{ChoiceView, OWN, SettingsView, choices};
use crate::pages::summary::SummaryView;
use crate::templates::Templates;
use crate::views::{Breakable, SizeView, TimeView, breakable, count, status_word, stretch};
use crate::visit::{Page, Visit, reading, visit};

#[derive(Serialize)]
struct Annotation<'a> {
    job: JobView,
    results: ResultsView,
    /// HTML.
    summary: Option<&'a str>,
}

#[derive(Serialize)]
struct Found {
    summary: SummaryView,
}

#[derive(Serialize)]
struct JobView {
    id: String,
    file_name: String,
    /// The name, as it may be broken.
    name_parts: Breakable,
    /// What its owner calls it; empty if that is how the file is called.
    name: String,
    /// What the page calls it, and the same as it may be broken.
    title: String,
    title_parts: Breakable,
    notes: String,
    settings: SettingsView,
    /// What may be chosen for another run, and the id of that.
    choices: Vec<ChoiceView>,
    new_job: String,
    share: Option<ShareView>,
    username: String,
    submit_time: TimeView,
    start_time: Option<TimeView>,
    complete_time: Option<TimeView>,
    error: Option<String>,
    is_final: bool,
    input_url: String,
    input_size: Option<SizeView>,
    log_url: Option<String>,
    log_size: Option<SizeView>,
    /// Bytes of all its files.
    stored: Option<SizeView>,
    events_url: Option<String>,
    #[serde(flatten)]
    state: StateView,
}

/// The link by which others read the job.
#[derive(Serialize)]
struct ShareView {
    until: TimeView,
    opened: String,
}

/// How far a job is: what the page shows and what its events bring.
#[derive(Serialize, PartialEq, Eq, Clone)]
pub struct StateView {
    pub(crate) status: &'static str,
    status_word: &'static str,
    pub(crate) status_sentence: String,
    pub(crate) percent: u8,
    pub(crate) records: u64,
    /// The same, with commas.
    records_text: String,
    pub(crate) ahead: Option<u64>,
    /// When it will begin, in words; empty where that cannot be said.
    pub(crate) forecast: String,
}

/// `GET /annotations/<job id>`.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    let path = warp::path!("annotations" / String).and(reading());
    path.and(visit(app.clone()))
        .then(show)
        .map(Reply::into_response)
        .boxed()
}

/// What was found, as HTML, of the JSON that it is written in.
fn found(json: &str, templates: &Templates) -> AnyResult<String> {
    let summary = serde_json::from_str(json).context("read the summary")?;
    summary_html(&summary, templates)
}

/// What was found, as HTML.
pub fn summary_html(summary: &JobSummary, templates: &Templates) -> AnyResult<String> {
    let context = Found {
        summary: SummaryView::of(summary),
    };
    templates.render("pages/annotation/summary.html", &context)
}

/// The signed-in person's own job; an unknown job and another person's look the same.
pub async fn own_job(visit: &Visit, id: &str) -> Result<(User, Job), PageError> {
    let (user, job, _) = own_job_with_summary(visit, id).await?;
    Ok((user, job))
}

/// The same, with the summary as it is written.
pub async fn own_job_with_summary(visit: &Visit, id: &str) -> Result<(User, Job, Option<String>), PageError> {
    let user = visit.signed_in().await?;
    let id: JobId = id.parse().map_err(|_| PageError::NotYourJob)?;
    match visit.app.jobs.get_unread(id).await? {
        Some((job, summary)) if job.user_id == user.id => Ok((user, job, summary)),
        _ => Err(PageError::NotYourJob),
    }
}

async fn show(id: String, visit: Visit) -> Result<Response, PageError> {
    let (user, job, summary) = own_job_with_summary(&visit, &id).await?;
    let html = |json| visit.app.summaries.html(json, |json| found(json, &visit.app.templates));
    let summary = summary.map(html).transpose()?;
    let state = StateView::of(&visit.app, job.state()).await?;
    let body = Annotation {
        results: ResultsView::of(&job, &user, visit.app.retention),
        summary: summary.as_deref(),
        job: JobView::of(&job, state),
    };
    visit.render(Some(&user), Page::new("pages/annotation.html", "Annotation", body))
}

impl JobView {
    fn of(job: &Job, state: StateView) -> Self {
        let (is_final, stored) = (job.status.is_final(), &job.stored);
        let title = job.title();
        Self {
            id: job.id.to_string(),
            file_name: job.input_file_name.to_string(),
            name_parts: breakable(job.input_file_name.as_str()),
            name: job.name.as_str().to_owned(),
            title_parts: breakable(title),
            title: title.to_owned(),
            notes: job.notes.as_str().to_owned(),
            settings: job.settings.into(),
            choices: choices(job.settings, OWN),
            new_job: JobId::random().to_string(),
            share: job.share.map(|share| ShareView {
                until: share.until.into(),
                opened: count(share.opened, "time"),
            }),
            username: job.username.to_string(),
            submit_time: job.submit_time.into(),
            start_time: job.start_time.map(TimeView::from),
            complete_time: job.complete_time.map(TimeView::from),
            error: job.error.clone(),
            is_final,
            input_url: format!("/annotations/{}/input", job.id),
            input_size: stored.input.map(SizeView::of),
            log_size: stored.log.map(SizeView::of),
            stored: Some(stored.total()).filter(|total| *total > 0).map(SizeView::of),
            log_url: job.log_key.as_ref().map(|_| format!("/annotations/{}/log", job.id)),
            events_url: (!is_final).then(|| format!("/annotations/{}/events", job.id)),
            state,
        }
    }
}

impl StateView {
    /// The state of a job, with the jobs ahead of one that waits.
    pub async fn of(app: &Application, state: JobState) -> AnyResult<Self> {
        let (ahead, wait) = match state.status {
            JobStatus::Pending if state.awaits_turn => (Some(app.waiting_line.turns_before(&state).await?), None),
            JobStatus::Pending => {
                let (ahead, wait) = app.waiting_line.before(state.submit_time).await?;
                (Some(ahead), wait)
            }
            _ => (None, None),
        };
        let progress = state.progress;
        let records = progress.map_or(0, |progress| progress.records);
        Ok(Self {
            status: state.status.as_str(),
            status_word: status_word(state.status),
            status_sentence: sentence(state, ahead.unwrap_or(0)),
            percent: progress.map_or(0, |progress| progress.percent),
            records,
            records_text: with_commas(records),
            ahead,
            forecast: wait.map(forecast).unwrap_or_default(),
        })
    }
}

/// A job that waits for its turn is behind its owner's own, not behind others'.
fn turn(ahead: u64) -> String {
    match ahead {
        0 => "Waiting for its turn: it is next, as soon as one of your other jobs has ended.".to_owned(),
        1 => "Waiting for its turn: 1 job of yours comes first.".to_owned(),
        _ => format!("Waiting for its turn: {} of yours come first.", count(ahead, "job")),
    }
}

/// Rounded as coarsely as it is known.
fn forecast(wait: Duration) -> String {
    let begins = match wait.as_secs() {
        0 => return "It begins within seconds: a place is free for it.".to_owned(),
        1..90 => "in about a minute".to_owned(),
        seconds @ 90..5400 => format!("in about {}", count((seconds + 30) / 60, "minute")),
        seconds => format!("in about {}", count((seconds + 1800) / 3600, "hour")),
    };
    format!("It probably begins {begins}, going by how long the last jobs took.")
}

fn sentence(job: JobState, ahead: u64) -> String {
    let records = count(job.progress.map_or(0, |progress| progress.records), "record");
    match job.status {
        JobStatus::Pending if job.awaits_turn => turn(ahead),
        JobStatus::Pending if ahead == 0 => "Waiting: yours is the next job.".to_owned(),
        JobStatus::Pending if ahead == 1 => "Waiting: 1 job is ahead of yours.".to_owned(),
        JobStatus::Pending => format!("Waiting: {} are ahead of yours.", count(ahead, "job")),
        JobStatus::Running => format!("Annotating: {records} done."),
        JobStatus::Completed => match job.complete_time.zip(job.start_time) {
            Some((end, start)) if end > start => format!("{records} annotated in {}.", stretch(end.since(start))),
            _ => format!("{records} annotated in less than a second."),
        },
        JobStatus::Failed => "The file could not be annotated.".to_owned(),
        JobStatus::Cancelled => "You cancelled this job. There are no results.".to_owned(),
    }
}
