//! One requested job: claimed, attempted, ended, announced. Bytes first, row next, event last.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use backends::aws::SdkConfig;
use backends::job_requests::JobRequests;
use backends::jobs::{Claim, Jobs, Outcome};
use backends::object_store::ObjectStore;
use backends::topic::Topic;
use chassis::metrics;
use chassis::worker::{DeliveryInfo, Handler, RetryAfter};
use domain::events::{JobCompleted, JobRequested};
use domain::keys::AttemptKeys;
use domain::{Job, JobStatus, PlanLimits, Timestamp, keys};
use tracing::{Span, info, warn};

use crate::Settings;
use crate::attempt::Attempt;
use crate::pace::Pace;
use crate::references::Served;
use crate::wanted::Lost;

/// Annotates jobs of the queue `job_requests`.
pub struct Annotator {
    jobs: Arc<Jobs>,
    objects: ObjectStore,
    results: Topic,
    requests: JobRequests,
    lease: Duration,
    /// How long after completion the archiver looks at a job.
    first_look: Duration,
    /// How large an input each plan takes.
    limits: PlanLimits,
    references: Served,
    pace: Arc<Pace>,
}

impl Annotator {
    /// How long its last jobs took.
    pub fn pace(&self) -> Arc<Pace> {
        Arc::clone(&self.pace)
    }

    /// Connects to the stores and the topic.
    pub async fn connect(aws: &SdkConfig, requests: JobRequests, settings: &Settings) -> Result<Self> {
        Ok(Self {
            jobs: Arc::new(Jobs::new(aws, &settings.stores)),
            objects: ObjectStore::new(aws, &settings.aws, &settings.stores),
            results: Topic::connect(aws, &settings.job_results_topic).await?,
            requests,
            lease: settings.lease,
            first_look: settings.retention.rule().first_look(),
            limits: settings.input_limits.limits(),
            references: settings.served(),
            pace: Arc::default(),
        })
    }

    /// Makes an attempt at a job; `false` if its owner has cancelled or deleted it meanwhile, so that nobody is to hear of it.
    async fn annotate(&self, job: &Job) -> Result<bool> {
        let attempt = Attempt {
            jobs: &self.jobs,
            objects: &self.objects,
            lease: self.lease,
            first_look: self.first_look,
            limits: self.limits,
            references: &self.references,
            job,
            keys: keys_of(job, job.attempt),
        };
        info!("Attempt {} at job {} begins", job.attempt, job.id);
        let begun = std::time::Instant::now();
        let outcome = match job.attempts() {
            // Boxed, because the SDK's futures are large and a worker holds many.
            1..=Job::MOST_ATTEMPTS => Box::pin(attempt.run()).await,
            _ => attempt.give_up().await,
        };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) if error.is::<Lost>() => return self.lost(job).await,
            Err(error) => {
                // The next delivery need not wait until an attempt that has ended is missed.
                self.jobs.release(job, Timestamp::now()).await?;
                return Err(error);
            }
        };
        if !self.jobs.end(job, &outcome, Timestamp::now()).await? {
            return self.lost(job).await;
        }
        self.pace.note(begun.elapsed());
        tell(job, &outcome, begun.elapsed());
        Ok(true)
    }
}

impl Annotator {
    /// Takes back what the row will never name, because another attempt has taken the job over, or its owner has cancelled or
    /// deleted it; `false` if one of the last two is so. If none is so, the row was written although that was not answered.
    async fn lost(&self, job: &Job) -> Result<bool> {
        let now = self.jobs.get(job.id).await?;
        if now.as_ref().is_none_or(|now| now.status == JobStatus::Cancelled) {
            self.drop_attempts(job, job.attempt).await?;
            metrics::job("cancelled", Duration::ZERO, 0);
            info!("Job {} was cancelled or deleted; what was made of it is gone", job.id);
            return Ok(false);
        }
        if now.is_some_and(|now| now.attempt > job.attempt) {
            self.drop_attempt(job, job.attempt).await?;
        }
        bail!("job {} was taken over by another annotator", job.id);
    }

    /// Takes back what the first attempts at a job have left that has ended otherwise: they have died, or failed.
    async fn drop_attempts(&self, job: &Job, last: u32) -> Result<()> {
        for attempt in 1..=last {
            self.drop_attempt(job, attempt).await?;
        }
        Ok(())
    }

    async fn drop_attempt(&self, job: &Job, attempt: u32) -> Result<()> {
        let AttemptKeys {
            results,
            index,
            variants,
            log,
        } = keys_of(job, attempt);
        for key in [results, index, variants, log] {
            self.objects.delete_result(&key).await?;
        }
        Ok(())
    }
}

impl Handler for Annotator {
    type Event = JobRequested;

    async fn handle(&self, event: JobRequested, delivery: &DeliveryInfo) -> Result<()> {
        let id = event.job_id;
        Span::current().record("job.id", id.to_string());
        let job = match self.jobs.claim(id, Timestamp::now()).await? {
            Claim::Granted(job) => {
                if !Box::pin(self.annotate(&job)).await? {
                    return Ok(());
                }
                job
            }
            // Its annotator may have died before it took back what it had made.
            Claim::Ended(job) if job.status == JobStatus::Cancelled => {
                return self.drop_attempts(&job, job.attempt).await;
            }
            // The earlier delivery may have died before what follows.
            Claim::Ended(job) => job,
            Claim::HeldByAnother if delivery.may_wait() => return Err(RetryAfter(self.lease).into()),
            // Should the other die, the vigil requests the job again.
            Claim::HeldByAnother | Claim::AwaitsTurn => return Ok(()),
            Claim::Unknown => {
                warn!("There is no job {id}");
                return Ok(());
            }
        };
        self.drop_attempts(&job, job.attempt.saturating_sub(1)).await?;
        let completed = JobCompleted::new(id);
        // Neither needs the other. Both go to their ends, lest a turn that is given stays without its request.
        let (told, given) = tokio::join!(self.results.publish(&completed), self.requests.give_turns(job.user_id));
        told.and(given)
    }
}

/// Where an attempt at a job writes.
fn keys_of(job: &Job, attempt: u32) -> AttemptKeys {
    keys::attempt(job.user_id, job.id, attempt, &job.input_file_name)
}

fn tell(job: &Job, outcome: &Outcome, took: Duration) {
    match outcome {
        Outcome::Completed { progress, .. } => {
            metrics::job("completed", took, progress.records);
            info!(
                "Annotated {} records of job {} in {} ms",
                progress.records,
                job.id,
                took.as_millis()
            );
        }
        Outcome::Failed { reason, .. } => {
            metrics::job("failed", took, 0);
            info!("Job {} failed: {reason}", job.id);
        }
    }
}
