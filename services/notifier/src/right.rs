//! Sending one mail under the right to send it: the row is written after SES has answered, so that no mail is lost.
//!
//! SES has no idempotency token. A mail comes twice if its sender dies between SES's answer and the row, or if SES's
//! answer itself is lost; it never comes not at all.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::Result;
use backends::accounts::{Accounts, NoticeRight};
use backends::jobs::{Jobs, MailRight};
use backends::mailer::{Mail, Mailer};
use chassis::{metrics, watch};
use domain::Timestamp;
use tokio::time::sleep;
use tracing::{info, warn};

/// The pause between two tries to note that a mail has gone.
const PAUSE: Duration = Duration::from_secs(1);

/// The right to send one mail, which its holder keeps, uses up or gives back.
pub trait Right: std::fmt::Display + Sync {
    /// Gives a sign of life; `false` if the right is another's by now.
    fn keep(&self) -> impl Future<Output = Result<bool>> + Send;
    /// Notes that SES has taken the mail; `false` if the right is another's by now.
    fn told(&self) -> impl Future<Output = Result<bool>> + Send;
    /// Gives the right back.
    fn release(&self) -> impl Future<Output = Result<()>> + Send;
}

/// The right to tell the owner of a job how it has ended.
pub struct JobMail<'a>(pub &'a Jobs, pub MailRight);

/// The right to send a notice.
pub struct NoticeMail<'a>(pub &'a Accounts, pub NoticeRight);

/// What sends, and how long others wait for a sign of its life.
pub struct Sender {
    /// SES.
    pub mailer: Mailer,
    /// How long a right stays its holder's without a sign of life.
    pub lease: Duration,
}

impl Sender {
    /// Writes a mail and hands it over; `false` if none is to be sent, which is noted as well. `Err` means that the mail was
    /// not taken, and that the right is free again.
    pub async fn send(
        &self,
        right: &impl Right,
        written: impl Future<Output = Result<Option<Mail>>> + Send,
    ) -> Result<bool> {
        tokio::select! {
            sent = self.send_and_note(right, written) => sent,
            never = self.keep(right) => match never {},
        }
    }

    async fn send_and_note(
        &self,
        right: &impl Right,
        written: impl Future<Output = Result<Option<Mail>>> + Send,
    ) -> Result<bool> {
        let handed_over = async {
            match written.await? {
                Some(mail) => self.mailer.send(&mail).await.map(|()| true),
                None => Ok(false),
            }
        };
        let is_sent = match handed_over.await {
            Ok(is_sent) => is_sent,
            Err(error) => {
                metrics::mail("refused");
                info!("The mail of {right} was not taken");
                right.release().await?;
                return Err(error);
            }
        };
        if is_sent {
            metrics::mail("sent");
        } else {
            metrics::mail("withheld");
            info!("The mail of {right} is not sent: its recipient does not take or want it");
        }
        note(right).await;
        Ok(is_sent)
    }

    async fn keep(&self, right: &impl Right) -> Infallible {
        loop {
            sleep(watch::beat(self.lease)).await;
            match right.keep().await {
                Ok(true) => {}
                Ok(false) => {
                    warn!("The mail of {right} is another's by now");
                    std::future::pending::<()>().await;
                }
                // While the store does not answer, nobody sees us silent either.
                Err(error) => warn!("Could not keep the mail of {right}: {error:#}"),
            }
        }
    }
}

/// Notes that the mail has gone, however long the store takes to answer: to give up would send it again.
async fn note(right: &impl Right) {
    loop {
        match right.told().await {
            Ok(true) => return info!("The mail of {right} has gone"),
            // Either another has taken the right over, or our own write was done although its answer was lost.
            Ok(false) => return info!("The mail of {right} has gone, as is noted already"),
            Err(error) => warn!("Could not note that the mail of {right} has gone: {error:#}"),
        }
        sleep(PAUSE).await;
    }
}

impl Right for JobMail<'_> {
    async fn keep(&self) -> Result<bool> {
        self.0.keep_mail(self.1).await
    }

    async fn told(&self) -> Result<bool> {
        self.0.told(self.1, Timestamp::now()).await
    }

    async fn release(&self) -> Result<()> {
        self.0.release_mail(self.1).await
    }
}

impl Right for NoticeMail<'_> {
    async fn keep(&self) -> Result<bool> {
        self.0.keep_notice(&self.1).await
    }

    async fn told(&self) -> Result<bool> {
        self.0.notice_told(&self.1).await
    }

    async fn release(&self) -> Result<()> {
        self.0.release_notice(&self.1).await
    }
}

impl std::fmt::Display for JobMail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "job {} (attempt {})", self.1.job_id, self.1.attempt)
    }
}

impl std::fmt::Display for NoticeMail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "notice {} (attempt {})", self.1.key, self.1.attempt)
    }
}
