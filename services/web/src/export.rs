//! All of one's data as one JSON document: the account, each job with its row and links to its files, and the BED files by which
//! their variants were filtered. It is written as fast as the browser takes it, a page of jobs at a time, so that thousands of jobs
//! take no more memory than a few.

use std::io;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use backends::jobs::ExportedJob;
use bytes::Bytes;
use domain::{Index, Job, ResultsAccess, Timestamp, User, keys};
use futures_util::Stream;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;
use tracing::warn;

use crate::app::App;
use crate::pieces::pieces;
use crate::places::Place;

/// Jobs that are read at once.
const PAGE: i32 = 50;
/// How long a browser may leave a piece untaken.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the links of the document are good. Whoever has the document has the files, so that it is not for long.
const LINKS_LAST: Duration = Duration::from_secs(3600);

/// The document, in pieces. It ends with an error where it could not be written to its end, so that a browser never takes a
/// part for the whole.
pub fn export(app: App, user: User, place: Place) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    pieces("the export could not be written to its end", move |sender| async move {
        if let Err(error) = write(&app, &user, &sender).await {
            warn!(user.id = %user.id, "Could not export the data of user {}: {error:#}", user.id);
        }
        drop(place);
    })
}

async fn write(app: &App, user: &User, sender: &Sender<Option<Bytes>>) -> Result<()> {
    let account = app.accounts.exported(user.id).await?;
    let head = json!({
        "service": app.public_url,
        "exported_at": Timestamp::now().to_rfc3339(),
        "links_are_good_until": Timestamp::now().plus(LINKS_LAST).to_rfc3339(),
        "account": account,
    });
    // The list of jobs is written into the object, before its closing brace.
    let head = head.to_string();
    let head = head.strip_suffix('}').context("an object ends with a brace")?;
    send(sender, Some(format!("{head},\"jobs\":["))).await?;
    write_jobs(app, user, sender).await?;
    send(sender, Some("\n],\"regions\":[".to_owned())).await?;
    write_regions(app, user, sender).await?;
    send(sender, Some("\n]}\n".to_owned())).await?;
    send(sender, None).await
}

async fn write_jobs(app: &App, user: &User, sender: &Sender<Option<Bytes>>) -> Result<()> {
    let (mut after, mut separator) = (None, "\n");
    loop {
        let page = app.jobs.exported(user.id, PAGE, after).await?;
        let mut piece = String::new();
        for exported in &page.jobs {
            let job = with_files(app, user, exported).await?;
            piece += separator;
            piece += &job.to_string();
            separator = ",\n";
        }
        send(sender, Some(piece)).await?;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn write_regions(app: &App, user: &User, sender: &Sender<Option<Bytes>>) -> Result<()> {
    let (mut last, mut separator) = (None, "\n");
    while let Some(regions) = app.accounts.exported_regions(user.id, last.as_ref()).await? {
        send(sender, Some(format!("{separator}{regions}"))).await?;
        (last, separator) = (Some(regions), ",\n");
    }
    Ok(())
}

async fn send(sender: &Sender<Option<Bytes>>, piece: Option<String>) -> Result<()> {
    match timeout(PATIENCE, sender.send(piece.map(Bytes::from))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => bail!("the browser has gone"),
        Err(_) => bail!("the browser takes nothing"),
    }
}

/// The row of a job, and links to those of its files that its owner may have now.
async fn with_files(app: &App, user: &User, exported: &ExportedJob) -> Result<Value> {
    let job = &exported.job;
    let (results, index, why) = results_links(app, user, job).await?;
    let input = app.objects.input_url(
        &job.input_key,
        job.input_version.as_deref(),
        &job.input_file_name,
        LINKS_LAST,
    );
    let log = match job.log_key.as_deref() {
        Some(key) => Some(
            app.objects
                .result_url(key, &job.input_file_name.log(), LINKS_LAST)
                .await?,
        ),
        None => None,
    };
    let files = json!({
        "input": input.await?, "results": results, "index": index, "log": log, "results_are_not_here_because": why,
    });
    Ok(json!({ "row": exported.row, "files": files }))
}

type Links = (Option<String>, Option<String>, Option<&'static str>);

/// Results and index by the rule of the job's page, or why there is no link.
async fn results_links(app: &App, user: &User, job: &Job) -> Result<Links> {
    let now = Timestamp::now();
    let until = match job.results_access(user, now, app.retention) {
        ResultsAccess::Available { until } => until,
        ResultsAccess::UpgradeNeeded => return Ok((None, None, Some("they are archived; Premium brings them back"))),
        ResultsAccess::Restoring => return Ok((None, None, Some("they are on their way back from the archive"))),
        ResultsAccess::None => return Ok((None, None, Some("the job has none"))),
    };
    // No link outlives the free plan's time.
    let valid = until.map_or(LINKS_LAST, |until| until.since(now).min(LINKS_LAST));
    let (objects, name) = (&app.objects, &job.input_file_name);
    let key = job.results_key.as_deref().context("a completed job has results")?;
    let results = objects.result_url(key, &job.stored.results_name(name), valid).await?;
    let index = match job.stored.index {
        Index::Here(_) => {
            let keys = keys::attempt(job.user_id, job.id, job.attempt, name);
            Some(objects.result_url(&keys.index, &name.index(), valid).await?)
        }
        Index::Absent(_) => None,
    };
    Ok((Some(results), index, None))
}
