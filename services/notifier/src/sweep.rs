//! The sweep: what nobody was told of, because a message was lost or given up, or a notifier has died. Queues are only
//! faster.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use backends::accounts::UntoldNotice;
use backends::jobs::Watched;
use chassis::shutdown::Shutdown;
use chassis::watch::{self, LOOKS, Watch};
use domain::JobId;
use futures_util::{StreamExt, stream};
use tokio::time::sleep;
use tracing::{Instrument, info_span, warn};

use crate::notices::Notices;
use crate::notifier::Notifier;

/// Mails that the sweep sends at once.
const AT_ONCE: usize = 4;
/// A mail that was refused is tried again after a lease, then two, four … and at most this many times a lease: with
/// twelve seconds, an hour and three quarters.
const LONGEST: u32 = 1 << 9;

/// What the sweep makes up for, and what it has seen.
pub struct Sweep {
    /// The mails about jobs.
    pub jobs: Arc<Notifier>,
    /// The mails about accounts.
    pub notices: Arc<Notices>,
    /// How long a right stays its holder's without a sign of life.
    pub lease: Duration,
}

impl Sweep {
    /// Looks until shutdown. Every replica does; a conditional write lets one of them have each mail.
    pub async fn run(self, shutdown: Shutdown) -> Result<()> {
        let (mut jobs, mut notices) = (Watch::default(), Watch::default());
        let sweeps = async {
            loop {
                sleep(watch::pause(self.lease)).await;
                if let Err(error) = self.look_at_jobs(&mut jobs).await {
                    warn!("Could not see whether owners were told of their jobs: {error:#}");
                }
                if let Err(error) = self.look_at_notices(&mut notices).await {
                    warn!("Could not see whether people were told of their accounts: {error:#}");
                }
            }
        };
        tokio::select! {
            never = sweeps => never,
            () = shutdown.requested() => Ok(()),
        }
    }

    async fn look_at_jobs(&self, seen: &mut Watch<JobId, Watched>) -> Result<()> {
        let untold = self.jobs.jobs.untold().await?;
        let looks = seen.look(untold.into_iter().map(|job| (job.job_id, job)));
        let due = looks.filter(|(_, job, looks)| *looks >= patience(job.mail_attempt));
        let due: Vec<Watched> = due.map(|(_, job, _)| *job).collect();
        let tell = |job: &Watched| {
            let (job, span) = (*job, info_span!("make up for", job.id = %job.job_id));
            let told = async move { Box::pin(self.jobs.make_up_for(&job)).await };
            complain(told).instrument(span)
        };
        stream::iter(due.iter().map(tell))
            .buffer_unordered(AT_ONCE)
            .collect::<()>()
            .await;
        due.iter().for_each(|job| seen.forget(&job.job_id));
        Ok(())
    }

    async fn look_at_notices(&self, seen: &mut Watch<String, UntoldNotice>) -> Result<()> {
        let untold = self.notices.accounts.untold_notices().await?;
        let looks = seen.look(untold.into_iter().map(|notice| (notice.key.clone(), notice)));
        let due = looks.filter(|(_, notice, looks)| *looks >= patience(notice.attempt.unsigned_abs()));
        let due: Vec<UntoldNotice> = due.map(|(_, notice, _)| notice.clone()).collect();
        let tell = |notice: &UntoldNotice| {
            let (notice, span) = (notice.clone(), info_span!("make up for", notice = notice.key));
            let told = async move { Box::pin(self.notices.make_up_for(&notice)).await };
            complain(told).instrument(span)
        };
        stream::iter(due.iter().map(tell))
            .buffer_unordered(AT_ONCE)
            .collect::<()>()
            .await;
        due.iter().for_each(|notice| seen.forget(&notice.key));
        Ok(())
    }
}

async fn complain(told: impl Future<Output = Result<()>>) {
    if let Err(error) = told.await {
        warn!("A mail was not taken, it is tried again later: {error:#}");
    }
}

/// For how many looks a row that was begun so many times may stay as it is.
fn patience(attempts: u32) -> u32 {
    let leases = 1 << attempts.saturating_sub(1).min(LONGEST.ilog2());
    LOOKS * leases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_is_refused_is_tried_less_and_less_often_and_never_given_up() {
        assert_eq!([0, 1, 2, 3, 40].map(patience), [6, 6, 12, 24, 3072]);
    }
}
