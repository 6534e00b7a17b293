//! One ended job, one mail.

use anyhow::{Context, Result};
use backends::accounts::Accounts;
use backends::jobs::{Jobs, MailClaim, MailRight, Watched};
use backends::mailer::Mail;
use chassis::worker::{DeliveryInfo, Handler, RetryAfter};
use domain::events::JobCompleted;
use domain::{Job, MailKind, Retention};
use tracing::{Span, info, warn};

use crate::letter::Letters;
use crate::right::{JobMail, Sender};
use crate::webhooks::Webhooks;

/// Mails the owners of ended jobs.
pub struct Notifier {
    /// Where jobs are.
    pub jobs: Jobs,
    /// Where owners are.
    pub accounts: Accounts,
    /// What sends.
    pub sender: Sender,
    /// What is written.
    pub letters: Letters,
    /// How long free users may download results.
    pub retention: Retention,
    /// What else is told, if a message was lost.
    pub webhooks: std::sync::Arc<Webhooks>,
}

/// Reads `job_results`.
pub struct EndedJobs(pub std::sync::Arc<Notifier>);

impl Handler for EndedJobs {
    type Event = JobCompleted;

    async fn handle(&self, event: JobCompleted, delivery: &DeliveryInfo) -> Result<()> {
        let (notifier, id) = (&self.0, event.job_id);
        Span::current().record("job.id", id.to_string());
        match notifier.jobs.claim_mail(id).await? {
            MailClaim::Granted(job, right) => notifier.tell(&job, right).await,
            // The other may yet die.
            MailClaim::HeldByAnother if delivery.may_wait() => Err(RetryAfter(notifier.sender.lease).into()),
            // A job that was requested anew is announced again when it ends.
            MailClaim::HeldByAnother | MailClaim::Told | MailClaim::NotEnded => Ok(()),
            MailClaim::Unknown => {
                warn!("There is no job {id}");
                Ok(())
            }
        }
    }
}

impl Notifier {
    /// Tells the owner of a job whose message was lost, or whose notifier has died.
    pub async fn make_up_for(&self, silent: &Watched) -> Result<()> {
        match self.jobs.take_over_mail(silent).await? {
            MailClaim::Granted(job, right) => {
                self.webhooks.note(&job).await?;
                self.tell(&job, right).await
            }
            _ => Ok(()), // It has moved since.
        }
    }

    async fn tell(&self, job: &Job, right: MailRight) -> Result<()> {
        let (id, right) = (job.id, JobMail(&self.jobs, right));
        info!("Sending the mail of {right}");
        if self.sender.send(&right, self.letter(job)).await? {
            info!("Notified the owner of job {id}");
        }
        Ok(())
    }

    /// The letter, if its owner takes and wants it. It goes to the address of today, not to that of the submission.
    async fn letter(&self, job: &Job) -> Result<Option<Mail>> {
        let Some(owner) = self.accounts.user(job.user_id).await? else {
            return Ok(None);
        };
        let mailbox = self.accounts.mailbox(owner.id, &owner.email).await?;
        let Some(mailbox) = mailbox.filter(|mailbox| mailbox.takes(MailKind::Job)) else {
            return Ok(None);
        };
        let until = job.available_until(&owner, self.retention);
        let written = self.letters.write(job, until, mailbox.unsubscribe_token);
        let written = written.with_context(|| format!("write the mail for job {}", job.id))?;
        Ok(Some(Mail {
            to: owner.email,
            ..written
        }))
    }
}
