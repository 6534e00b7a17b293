//! One attempt at a job: input → annotation → results and log, reporting as it goes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use annotation::{AnnotateError, Options, Output, Refusal, Report};
use anyhow::{Context, Result};
use backends::jobs::{Jobs, Outcome};
use backends::object_store::{BINARY, Input, ObjectStore, TEXT};
use chassis::watch;
use domain::keys::AttemptKeys;
use domain::{Index, Job, JobSummary, NoIndex, PlanLimits, Progress, ResultsForm, ResultsFormat, Stored};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_util::io::SyncIoBridge;
use tracing::{info, warn};

use crate::bgzip::{Bgzip, Level};
use crate::formats::ParquetForm;
use crate::parts::{Parts, PartsWriter};
use crate::references::Served;
use crate::wanted::{Counters, Lost, Wanted};
use crate::{choices, limits, references};

/// How often the row is told how far the job is. It is also how soon an annotator learns that the job was cancelled.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);

/// How long an annotation may take to stop that is another's by now, or nobody's.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// How long a job waits for a reference that is being prepared, and how often it looks.
const REFERENCE_PATIENCE: Duration = Duration::from_secs(600);
const REFERENCE_INTERVAL: Duration = Duration::from_secs(2);

/// One attempt at one job, by whoever has claimed it.
pub struct Attempt<'a> {
    /// Where progress is reported.
    pub jobs: &'a Jobs,
    /// Where bytes come from and go to.
    pub objects: &'a ObjectStore,
    /// How long the job stays ours without a report.
    pub lease: Duration,
    /// How long after completion the archiver looks at the job.
    pub first_look: Duration,
    /// How large an input each plan takes.
    pub limits: PlanLimits,
    /// The reference bundles.
    pub references: &'a Served,
    /// The job as it was claimed.
    pub job: &'a Job,
    /// Where this attempt writes.
    pub keys: AttemptKeys,
}

/// What an annotation has made, besides the results that it has written.
struct Made {
    report: Report,
    /// Bytes of the results, as they are stored and once they are unpacked.
    size: u64,
    unpacked: u64,
    index: Result<Vec<u8>, NoIndex>,
    /// Bytes of the table of variants, where one is wanted.
    variants: Option<u64>,
}

impl Attempt<'_> {
    /// Annotates the input. `Err` means that another attempt may succeed; an input that cannot be annotated is an
    /// outcome.
    pub async fn run(&self) -> Result<Outcome> {
        let job = self.job;
        let counters = Arc::new(Counters::default());
        let annotated = {
            let mut streamed = std::pin::pin!(self.stream_when_ready(&counters));
            tokio::select! {
                annotated = &mut streamed => annotated?,
                lost = self.report(&counters) => {
                    counters.stop.cancel();
                    // Dropped at once it would leave parts of an upload behind.
                    let _ = timeout(STOP_PATIENCE, streamed).await;
                    return Err(lost.into());
                }
            }
        };
        match annotated {
            Ok(made) => self.completed(made).await,
            Err(refused) => {
                let reason = limits::reason(&refused, job.plan, &self.limits);
                self.failed(&reason, refused.log(job.input_file_name.as_str())).await
            }
        }
    }

    /// Ends a job that no annotator has survived.
    pub async fn give_up(&self) -> Result<Outcome> {
        let reason = format!(
            "The annotation of this file stopped {} times before it was done. This is a fault of ours, not of your file; \
             please tell us the job's id.",
            self.job.attempts() - 1
        );
        self.failed(&reason, format!("{reason}\n")).await
    }

    /// Streams the input as soon as the reference that it needs is at hand. While one is being prepared, a file whose
    /// genome is not here may be one for it; the job is kept, and waits.
    async fn stream_when_ready(&self, counters: &Arc<Counters>) -> Result<Result<Made, Refusal>> {
        let deadline = Instant::now() + REFERENCE_PATIENCE;
        loop {
            let is_preparing = references::is_preparing(&self.references.folder);
            let version = self.job.input_version.as_deref();
            let input = self.objects.open_input(&self.job.input_key, version).await?;
            counters.size.store(input.size, Ordering::Relaxed);
            let annotated = self.stream(input, counters).await?;
            let lacks_reference = annotated.as_ref().is_err_and(Refusal::lacks_reference);
            if !lacks_reference || !is_preparing || Instant::now() > deadline {
                return Ok(annotated);
            }
            info!("Job {} waits for a reference that is being prepared", self.job.id);
            sleep(REFERENCE_INTERVAL).await;
        }
    }

    /// Streams the input through the annotation into the results. The inner error is the input's, the outer ours.
    async fn stream(&self, input: Input, counters: &Arc<Counters>) -> Result<Result<Made, Refusal>> {
        let (writer, parts) = PartsWriter::new();
        let (table, table_parts) = self.has_table().then(PartsWriter::new).unzip();
        let reader = Wanted {
            stream: SyncIoBridge::new(input.reader),
            counters: Arc::clone(counters),
        };
        let counted = Arc::clone(counters);
        let settings = self.job.settings;
        let (served, chosen) = (self.references.clone(), choices::of(settings)?);
        let limits = limits::of(self.job.plan, &self.limits);
        let annotate = spawn_blocking(move || {
            let options = Options {
                limits,
                references: served
                    .open()
                    .map(|bundles| choices::references(bundles, settings))
                    .map_err(|error| AnnotateError::Io(io::Error::other(error)))?,
                ..chosen
            };
            let wanted = |stream| Wanted {
                stream,
                counters: Arc::clone(&counted),
            };
            annotate(reader, wanted(writer), table.map(wanted), &options, &counted)
        });
        // All are awaited: when one fails, the others notice and give their own, duller reasons.
        let upload = self.upload(&self.keys.results, Some(parts), counters);
        let upload_table = self.upload(&self.keys.variants, table_parts, counters);
        let (annotated, results, variants) = tokio::join!(annotate, upload, upload_table);
        let uploaded = results.and(variants);
        match annotated.context("annotate")? {
            Ok(made) => uploaded.map(|()| Ok(made)),
            Err(AnnotateError::Input(refused)) => Ok(Err(refused)),
            Err(AnnotateError::Io(error)) => match uploaded {
                Err(upload) => Err(upload.context(error)),
                Ok(()) => Err(error).context("annotate"),
            },
        }
    }

    /// Whether a table of variants is made beside the results: what AnnTools told is not what its columns are made of.
    fn has_table(&self) -> bool {
        self.job.settings.form == ResultsForm::Modern
    }

    async fn upload(&self, key: &str, parts: Option<Parts>, counters: &Counters) -> Result<()> {
        match parts {
            Some(parts) => self.objects.stream_result(key, parts, counters.stop.cancelled()).await,
            None => Ok(()),
        }
    }
}

impl Attempt<'_> {
    async fn completed(&self, made: Made) -> Result<Outcome> {
        let report = made.report;
        let log = report.count_log() + &choices::log_lines(self.job.settings);
        let (index, log) = tokio::join!(self.put_index(made.index), self.put_log(log));
        let (index, (log_key, log_size)) = (index?, log?);
        let progress = Progress {
            records: report.records,
            percent: 100,
        };
        let summary =
            serde_json::from_value::<JobSummary>(report.to_json()).context("read the annotation's summary")?;
        let stored = Stored {
            format: ResultsFormat::Bgzip,
            results: Some(made.size),
            unpacked: Some(made.unpacked),
            index,
            variants: made.variants,
            log: Some(log_size),
            ..self.job.stored
        };
        Ok(Outcome::Completed {
            summary: Box::new(summary.bounded()),
            results_key: self.keys.results.clone(),
            log_key,
            progress,
            stored,
            retention: self.first_look,
        })
    }

    async fn failed(&self, reason: &str, log: String) -> Result<Outcome> {
        let (log_key, log_size) = self.put_log(log).await?;
        Ok(Outcome::Failed {
            reason: reason.to_owned(),
            log_key,
            log_size,
        })
    }

    /// Key and size of the log.
    async fn put_log(&self, log: String) -> Result<(String, u64)> {
        let (key, size) = (&self.keys.log, log.len() as u64);
        self.objects.put_result(key, log.into(), TEXT).await?;
        Ok((key.clone(), size))
    }

    async fn put_index(&self, index: Result<Vec<u8>, NoIndex>) -> Result<Index> {
        let content = match index {
            Ok(content) => content,
            Err(reason) => return Ok(Index::Absent(reason)),
        };
        let size = content.len() as u64;
        self.objects
            .put_result(&self.keys.index, content.into(), BINARY)
            .await?;
        Ok(Index::Here(size))
    }

    /// Tells the row how far the job is, which is also our sign of life, and by which we learn that the job is not ours any
    /// more. Returns only then.
    async fn report(&self, counters: &Counters) -> Lost {
        let mut ticks = interval(PROGRESS_INTERVAL.min(watch::beat(self.lease)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match self.jobs.report(self.job, counters.progress()).await {
                Ok(true) => {}
                Ok(false) => return Lost,
                // While the store does not answer, nobody sees us silent either.
                Err(error) => warn!("Could not report on job {}: {error:#}", self.job.id),
            }
        }
    }
}

/// Annotates on a thread of its own.
fn annotate(
    input: impl io::Read + Send,
    results: Wanted<PartsWriter>,
    table: Option<Wanted<PartsWriter>>,
    options: &Options,
    counters: &Counters,
) -> Result<Made, AnnotateError> {
    let mut count = |progress: annotation::Progress| {
        counters.records.store(progress.records, Ordering::Relaxed);
        counters.bytes.store(progress.bytes, Ordering::Relaxed);
    };
    let mut results = Bgzip::new(results, Level::default());
    let mut table = table.map(ParquetForm::new);
    let mut outputs = vec![Output::Made(&mut results)];
    outputs.extend(table.as_mut().map(|table| Output::Made(table)));
    let report = annotation::annotate_to(input, &mut outputs, options, &mut count)?;
    let written = results.finish()?;
    let variants = table.map(|table| table.finish()?.stream.finish()).transpose()?;
    Ok(Made {
        report,
        size: written.inner.stream.finish()?,
        unpacked: written.unpacked,
        index: written.index,
        variants,
    })
}
