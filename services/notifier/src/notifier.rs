//! One ended job, one mail, never two.
//!
//! SES has no idempotency token, so the right to notify is taken by a conditional write *before* the mail is handed
//! over, and given back if SES refuses it. A notifier that dies in between leaves a person without a mail, who still
//! finds the job on its page, rather than with two.

use anyhow::{Context, Result, bail};
use backends::accounts::Accounts;
use backends::jobs::Jobs;
use backends::mailer::Mailer;
use chassis::metrics;
use chassis::worker::{DeliveryInfo, Handler};
use domain::events::JobCompleted;
use domain::{Job, Retention, Timestamp};
use tracing::{Span, info, warn};

use crate::letter::Letters;

/// Mails the owners of ended jobs.
pub struct Notifier {
    /// Where jobs are.
    pub jobs: Jobs,
    /// Where owners are.
    pub accounts: Accounts,
    /// What sends.
    pub mailer: Mailer,
    /// What is written.
    pub letters: Letters,
    /// How long free users may download results.
    pub retention: Retention,
}

impl Handler for Notifier {
    type Event = JobCompleted;

    async fn handle(&self, event: JobCompleted, _delivery: &DeliveryInfo) -> Result<()> {
        let id = event.job_id;
        Span::current().record("job.id", id.to_string());
        let Some(job) = self.jobs.get(id).await? else {
            warn!("There is no job {id}");
            return Ok(());
        };
        if !job.status.is_final() {
            bail!("job {id} has not ended yet");
        }
        // Everything that may fail without harm comes before the right to notify is taken.
        let until = self.downloadable_until(&job).await?;
        let mail = self
            .letters
            .write(&job, until)
            .with_context(|| format!("write the mail for job {id}"))?;
        if !self.jobs.claim_notification(id, Timestamp::now()).await? {
            return Ok(());
        }
        if let Err(error) = self.mailer.send(&mail).await {
            metrics::mail("refused");
            self.jobs.release_notification(id).await?;
            return Err(error);
        }
        metrics::mail("sent");
        info!("Notified the owner of job {id}");
        Ok(())
    }
}

impl Notifier {
    /// When the owner's time for downloading the results ends, if it does.
    async fn downloadable_until(&self, job: &Job) -> Result<Option<Timestamp>> {
        let owner = self.accounts.user(job.user_id).await?;
        Ok(owner.and_then(|owner| job.available_until(&owner, self.retention)))
    }
}
