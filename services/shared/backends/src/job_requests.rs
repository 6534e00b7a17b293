//! Asks annotators for jobs, each when it is its turn.

use anyhow::Result;
use aws_config::SdkConfig;
use domain::events::JobRequested;
use domain::{Job, JobId, JobSettings, Timestamp, TurnLimits, Upload, User, UserId};
use tracing::{Instrument, info, info_span, warn};

use crate::jobs::{Cancelled, Jobs, Submitted};
use crate::settings::{StoreSettings, TurnSettings};
use crate::topic::Topic;

/// The topic `job_requests`, and the rule of whose turn it is.
#[derive(Debug, Clone)]
pub struct JobRequests {
    jobs: Jobs,
    topic: Topic,
    limits: TurnLimits,
}

impl JobRequests {
    /// Finds the topic, by its name or ARN.
    pub async fn connect(aws: &SdkConfig, stores: &StoreSettings, topic: &str, turns: &TurnSettings) -> Result<Self> {
        Ok(Self {
            jobs: Jobs::new(aws, stores),
            topic: Topic::connect(aws, topic).await?,
            limits: turns.limits(),
        })
    }

    /// Writes the row of a new job. Request it afterwards ([`Self::request_new`]).
    pub async fn submit(&self, id: JobId, user: &User, upload: &Upload, now: Timestamp) -> Result<Submitted> {
        self.jobs.submit(id, user, upload, &self.limits, now).await
    }

    /// Writes the row of a job that is run again, as [`Jobs::rerun`] does. Request it afterwards ([`Self::request_new`]).
    pub async fn rerun(
        &self,
        id: JobId,
        of: &Job,
        user: &User,
        settings: JobSettings,
        now: Timestamp,
    ) -> Result<Option<Submitted>> {
        self.jobs.rerun(id, of, user, settings, &self.limits, now).await
    }

    /// Cancels a job of `owner`, and hands its turn on. What gets lost of that, the sweep makes up for.
    pub async fn cancel(&self, owner: UserId, job: JobId, now: Timestamp) -> Result<Cancelled> {
        let cancelled = self.jobs.cancel(owner, job, now).await?;
        if cancelled == Cancelled::Now
            && let Err(error) = self.give_turns(owner).await
        {
            warn!(job.id = %job, "Could not hand on the turn of job {job}, the sweep will: {error:#}");
        }
        Ok(cancelled)
    }

    /// Requests a job that was just written. What gets lost here, the sweep makes up for: the row is the truth.
    pub async fn request_new(&self, job: JobId, owner: UserId, submitted: Submitted) -> Result<()> {
        match submitted {
            Submitted::Requested => self.request(job, owner).await,
            // Between the refusal of a turn and the row, the job that held it may have ended.
            Submitted::AwaitsTurn => self.give_turns(owner).await,
            Submitted::Before => Ok(()),
        }
    }

    /// Requests a job that has its turn. Its owner's id lets SQS serve those first who ask for little
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html>).
    pub async fn request(&self, job: JobId, owner: UserId) -> Result<()> {
        self.topic.publish_of(owner, &JobRequested::new(job)).await
    }

    /// Gives a person's waiting jobs their turns, as many as may have one, and requests each.
    pub async fn give_turns(&self, owner: UserId) -> Result<()> {
        for job in self.jobs.give_turns(owner, &self.limits, Timestamp::now()).await? {
            info!(job.id = %job, "It is the turn of job {job}");
            let span = info_span!("request in turn", job.id = %job);
            self.request(job, owner).instrument(span).await?;
        }
        Ok(())
    }
}
