//! `GET /annotations/<job id>/variants.{tsv,jsonl,parquet,vcf.gz}`: what the table shows, all pages of it, as a file. It is made
//! while it is sent, as fast as the browser takes it.

use std::time::Duration;

use anyhow::{Context, anyhow};
use backends::object_store::{BINARY, attachment};
use domain::{FileName, Job, ResultsFormat, User};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use tokio::io::AsyncRead;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;
use tracing::{info, warn};
use variants::Selected;
use variants::export::{Export, Format};
use warp::reply::{Reply, Response};

use super::asked::Asked;
use super::available::{opened, unavailable};
use super::picked_records::{self, picked};
use crate::app::{App, Application};
use crate::error::PageError;
use crate::pages::annotation::own_job;
use crate::pages::files::available_key;
use crate::pieces::pieces;
use crate::plain_downloads::Place;
use crate::variant_tables::{Opened, Trouble, beside};
use crate::visit::Visit;

/// How long a browser may leave a piece untaken before its place goes to another.
const PATIENCE: Duration = Duration::from_secs(60);

/// A form in which variants can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Columns with tabs between them.
    Tsv,
    /// An object of JSON a line.
    JsonLines,
    /// Parquet, in the columns of the whole file.
    Parquet,
    /// The records of the results, as they are there.
    Vcf,
}

impl ExportFormat {
    /// All, in the order in which the page names them.
    pub const ALL: [Self; 4] = [Self::Tsv, Self::JsonLines, Self::Parquet, Self::Vcf];

    /// How a file of this form ends, without the dot; the API calls the form so, too.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Tsv => "tsv",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
            Self::Vcf => "vcf.gz",
        }
    }

    /// The form whose files end so.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }

    /// What people call it, and what it holds.
    #[must_use]
    pub const fn about(self) -> (&'static str, &'static str) {
        match self {
            Self::Tsv => ("TSV", "Columns as in the table, for spreadsheets and scripts"),
            Self::JsonLines => ("JSON Lines", "An object a line, with all transcripts"),
            Self::Parquet => ("Parquet", "For DuckDB, polars and the like, with all transcripts"),
            Self::Vcf => (
                "VCF",
                "The records of the results, packed by bgzip. More than 10,000, or those without an index, are looked for in all of the results, which takes a while",
            ),
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Tsv => "text/tab-separated-values; charset=utf-8",
            Self::JsonLines => "application/jsonl",
            Self::Parquet | Self::Vcf => BINARY,
        }
    }
}

/// `GET /annotations/<job id>/variants.<ending>`.
pub async fn show(id: String, format: ExportFormat, visit: Visit) -> Result<Response, PageError> {
    let (user, job) = own_job(&visit, &id).await?;
    let opened = match opened(&visit.app, &user, &job).await? {
        Ok(opened) => opened,
        Err(why) => return unavailable(&visit, &user, &job, why),
    };
    let asked = Asked::about(&visit.app, &job, &visit.pairs()).await?;
    export(&visit.app, &user, &job, &opened, &asked, format).await
}

/// All variants that are asked for, in the order of the file.
pub async fn export(
    app: &App,
    user: &User,
    job: &Job,
    opened: &Opened,
    asked: &Asked,
    format: ExportFormat,
) -> Result<Response, PageError> {
    let query = Asked {
        offset: 0,
        ..asked.clone()
    };
    let found = app.variants.find(&app.objects, opened, &query.query(0, false)).await?;
    let place = app.plain_downloads.begin(user.id).ok_or_else(|| {
        PageError::Busy(
            "Too many files are being made",
            "We make files for a few downloads at once, two for each person. Try again in a minute.".into(),
        )
    })?;
    info!(job.id = %job.id, "Sending {} variants of job {} as {}", found.matched, job.id, format.ending());
    let mut response = match format {
        ExportFormat::Tsv => rows(app, opened, found.selected, Format::Tsv, place)?,
        ExportFormat::JsonLines => rows(app, opened, found.selected, Format::JsonLines, place)?,
        ExportFormat::Parquet => rows(app, opened, found.selected, Format::Parquet, place)?,
        ExportFormat::Vcf => records(app, user, job, opened, found.selected, place).await?,
    };
    let disposition = HeaderValue::from_str(&attachment(&name(&job.input_file_name, format)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_DISPOSITION, disposition.context("name a download")?);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    Ok(response)
}

/// `sample.vcf` as `sample.variants.tsv`.
fn name(input: &FileName, format: ExportFormat) -> FileName {
    let results = input.results(ResultsFormat::Plain);
    let stem = results.as_str().trim_end_matches(".annot.vcf");
    FileName::from_untrusted(&format!("{stem}.variants.{}", format.ending()))
}

fn rows(app: &App, opened: &Opened, selected: Selected, format: Format, place: Place) -> Result<Response, PageError> {
    let export = Export::new(&opened.table, selected, format).map_err(Trouble::from)?;
    let (app, opened) = (App::clone(app), opened.clone());
    let stream = pieces(
        "the variants could not be sent to their end",
        move |sender| async move {
            if let Err(trouble) = send_rows(&app, &opened, export, &sender).await {
                warn!("Broke off a file of variants: {:#}", anyhow!(trouble));
            }
            drop(place);
        },
    );
    Ok(warp::reply::stream(stream).into_response())
}

/// Sends every piece, and nothing after the last; less if the browser has gone or takes nothing.
async fn send_rows(
    app: &Application,
    opened: &Opened,
    mut export: Export,
    sender: &Sender<Option<bytes::Bytes>>,
) -> Result<(), Trouble> {
    loop {
        let made = beside(move || export.piece().map(|piece| (export, piece))).await?;
        export = made.0;
        let reads = match made.1 {
            Some(piece) => match taken(sender, Some(piece.into())).await {
                true => continue,
                false => return Ok(()),
            },
            None => export.wants(),
        };
        let Some(reads) = reads else {
            taken(sender, None).await;
            return Ok(());
        };
        let chunks = app.variants.fetch(&app.objects, opened, &reads).await?;
        export = app.variants.work(move || export.take(&chunks).map(|()| export)).await?;
    }
}

/// Whether the browser has taken it.
pub(super) async fn taken(sender: &Sender<Option<bytes::Bytes>>, piece: Option<bytes::Bytes>) -> bool {
    matches!(timeout(PATIENCE, sender.send(piece)).await, Ok(Ok(())))
}

async fn records(
    app: &App,
    user: &User,
    job: &Job,
    opened: &Opened,
    selected: Selected,
    place: Place,
) -> Result<Response, PageError> {
    let (key, _) = available_key(app, user, job)?;
    if let Some(records) = picked(app, job, opened, &selected).await? {
        let (app, key) = (App::clone(app), key.to_owned());
        let stream = pieces("the records could not be sent to their end", move |sender| async move {
            let sent = picked_records::send(&app, &key, records, selected.count(), &sender).await;
            if let Err(error) = sent {
                warn!("Broke off a VCF of some variants: {error:#}");
            }
            drop(place);
        });
        return Ok(warp::reply::stream(stream).into_response());
    }
    let packed = app.objects.open_result(key).await?;
    let (rows, reader): (_, Box<dyn AsyncRead + Send + Unpin>) = (opened.table.rows(), packed.reader);
    let stream = pieces("the records could not be sent to their end", move |sender| async move {
        if let Err(error) = super::records::send(reader, &selected, rows, &sender).await {
            warn!("Broke off a VCF of some variants: {error:#}");
        }
        drop(place);
    });
    Ok(warp::reply::stream(stream).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_the_upload() {
        let of = |name_of: &str, format| name(&FileName::from_untrusted(name_of), format).to_string();
        assert_eq!(of("exome.vcf.gz", ExportFormat::Tsv), "exome.variants.tsv");
        assert_eq!(of("a b.vcf", ExportFormat::Vcf), "a b.variants.vcf.gz");
        for format in ExportFormat::ALL {
            assert_eq!(ExportFormat::of_ending(format.ending()), Some(format));
        }
    }
}
