//! The keeper: goes with a job from step to step until there is nothing to do for now.

use std::time::Duration;

use anyhow::{Result, bail};
use backends::accounts::Accounts;
use backends::jobs::Jobs;
use backends::object_store::ObjectStore;
use backends::topic::Topic;
use backends::vault::Vault;
use domain::{Job, JobId, Retention, Timestamp, User};
use tracing::{Span, info, warn};

use crate::step::Step;

/// More steps than any life has in a row; a job that needs more is changed by somebody else all the time.
pub(crate) const MOST_STEPS: usize = 12;

/// Keeps the results of jobs where their owners' plans want them.
pub struct Keeper<V> {
    /// Where jobs are.
    pub jobs: Jobs,
    /// Where owners are.
    pub accounts: Accounts,
    /// Where results are.
    pub objects: ObjectStore,
    /// Where archives are.
    pub vault: V,
    /// Where is said that results are back.
    pub notices: Topic,
    /// How long free users have results.
    pub retention: Retention,
    /// How long a job stays ours without a sign of life.
    pub lease: Duration,
    /// How long the vault has to report before it is asked.
    pub patience: Duration,
    /// How long after a deletion was asked for there is a last look for what was being written just then.
    pub last_look: Duration,
}

impl<V: Vault> Keeper<V> {
    /// Does all that can be done for a job now; gives when to look at it again, if ever.
    pub async fn attend(&self, id: JobId) -> Result<Option<Timestamp>> {
        Span::current().record("job.id", id.to_string());
        for _ in 0..MOST_STEPS {
            let Some((job, owner)) = self.look(id).await? else {
                return Ok(None);
            };
            match Step::next(&job, &owner, Timestamp::now(), self.retention) {
                Step::Rest if self.jobs.look_again(&job, None).await?.is_some() => return Ok(None),
                Step::Wait(until) => {
                    if let Some(due) = self.wait(&job, until).await? {
                        return Ok(Some(due));
                    }
                }
                Step::Rest => {} // The row has changed meanwhile.
                step => Box::pin(self.take(step, &job)).await?,
            }
        }
        bail!("job {id} changes faster than it can be looked at")
    }

    /// Does what the plan of a job's owner asks for and can be done at once, and leaves to the sweep what takes longer.
    pub async fn follow_plan(&self, id: JobId) -> Result<()> {
        Span::current().record("job.id", id.to_string());
        for _ in 0..MOST_STEPS {
            let Some((job, owner)) = self.look(id).await? else {
                return Ok(());
            };
            let done = match Step::next(&job, &owner, Timestamp::now(), self.retention) {
                Step::Rest => self.jobs.look_again(&job, None).await?.is_some(),
                Step::Wait(until) => self.wait(&job, until).await?.is_some(),
                step if step.is_slow() => {
                    let due = job.archival.due.unwrap_or_else(Timestamp::now);
                    self.jobs.look_again(&job, Some(due)).await?.is_some()
                }
                Step::Request => {
                    // The claim is written, so the sweep asks again for as long as it takes.
                    if let Err(error) = Box::pin(self.take(Step::Request, &job)).await {
                        warn!("Could not ask the vault for the results of job {id}, the sweep will: {error:#}");
                    }
                    true
                }
                step => {
                    Box::pin(self.take(step, &job)).await?;
                    false
                }
            };
            if done {
                return Ok(());
            }
        }
        bail!("job {id} changes faster than it can be looked at")
    }

    async fn take(&self, step: Step, job: &Job) -> Result<()> {
        match step {
            Step::Rest | Step::Wait(_) => Ok(()),
            Step::Archive => self.archive(job).await,
            Step::EndArchive => self.end_archive(job).await,
            Step::Abandon => self.abandon(job).await,
            Step::Discard => self.discard(job).await,
            Step::BeginRestore => self.begin_restore(job).await,
            Step::Request => self.request(job).await,
            Step::Retrieve => self.retrieve(job).await,
        }
    }

    /// Sees to it that the job is looked at then, or before that if its owner is to be told; gives when, or `None` if its
    /// row has changed meanwhile. A job that another holds, or that the vault is at work on, is in the index already.
    async fn wait(&self, job: &Job, until: Timestamp) -> Result<Option<Timestamp>> {
        if job.archival.held_until == Some(until) {
            return Ok(Some(until));
        }
        let due = self.warn_in_time(job, until).await?;
        Ok(self.jobs.look_again(job, Some(due)).await?.map(|_| due))
    }

    /// The job and its owner as they are now, the job first: should the plan change in between, the row that we write is
    /// either not what it was any more, or looked at again with the new plan.
    pub(crate) async fn look(&self, id: JobId) -> Result<Option<(Job, User)>> {
        let Some(job) = self.jobs.get(id).await? else {
            info!("There is no job {id}");
            return Ok(None);
        };
        let Some(owner) = self.accounts.user(job.user_id).await? else {
            warn!("Job {id} has no owner; its results stay where they are");
            self.jobs.look_again(&job, None).await?;
            return Ok(None);
        };
        Ok(Some((job, owner)))
    }

    /// Until when a job is ours that we begin to work on now.
    pub(crate) fn lease_from_now(&self) -> Timestamp {
        Timestamp::now().plus(self.lease)
    }
}
