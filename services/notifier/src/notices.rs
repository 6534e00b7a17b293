//! One notice about an account, one mail.

use std::sync::Arc;

use anyhow::{Context, Result};
use backends::accounts::{Accounts, NoticeClaim, NoticeRight, UntoldNotice};
use backends::mailer::Mail;
use chassis::worker::{DeliveryInfo, Handler, RetryAfter};
use domain::events::NoticeDue;
use domain::{Retention, Timestamp, User};
use tracing::{info, warn};

use crate::letter::Letters;
use crate::right::{NoticeMail, Sender};

/// Mails people what they are to know of their account.
pub struct Notices {
    /// Where people are, and what they have been told.
    pub accounts: Accounts,
    /// What sends.
    pub sender: Sender,
    /// What is written.
    pub letters: Letters,
    /// How long results can be downloaded after Premium.
    pub retention: Retention,
}

/// Reads `notices`.
pub struct DueNotices(pub Arc<Notices>);

impl Handler for DueNotices {
    type Event = NoticeDue;

    async fn handle(&self, due: NoticeDue, delivery: &DeliveryInfo) -> Result<()> {
        let notices = &self.0;
        let Some(user) = notices.accounts.user(due.user_id).await? else {
            warn!("There is no user {} to be told {}", due.user_id, due.key);
            return Ok(());
        };
        match notices.accounts.claim_notice(&due).await? {
            NoticeClaim::Granted(right) => notices.tell(&user, &due, right).await,
            // The other may yet die.
            NoticeClaim::HeldByAnother if delivery.may_wait() => Err(RetryAfter(notices.sender.lease).into()),
            NoticeClaim::HeldByAnother | NoticeClaim::Told => Ok(()),
        }
    }
}

impl Notices {
    /// Sends a notice whose message was given up, or whose notifier has died.
    pub async fn make_up_for(&self, silent: &UntoldNotice) -> Result<()> {
        let Some((right, due)) = self.accounts.take_over_notice(silent).await? else {
            return Ok(()); // It has moved since.
        };
        let user = self.accounts.user(due.user_id).await?;
        let user = user.with_context(|| format!("find the user to be told {}", due.key))?;
        self.tell(&user, &due, right).await
    }

    async fn tell(&self, user: &User, due: &NoticeDue, right: NoticeRight) -> Result<()> {
        let right = NoticeMail(&self.accounts, right);
        info!("Sending the mail of {right}");
        if self.sender.send(&right, self.letter(user, due)).await? {
            info!(user.id = %user.id, "Told user {}: {}", user.id, due.key);
        }
        Ok(())
    }

    /// The letter, if the person takes it and, where one may live without it, wants it.
    async fn letter(&self, user: &User, due: &NoticeDue) -> Result<Option<Mail>> {
        let mailbox = self.accounts.mailbox(user.id, &user.email).await?;
        let Some(mailbox) = mailbox.filter(|mailbox| mailbox.takes(due.notice.mail_kind())) else {
            return Ok(None);
        };
        let kept_until = user
            .premium_ended
            .map(|ended: Timestamp| ended.plus(self.retention.grace));
        let written = self
            .letters
            .write_notice(user, due.notice, kept_until, mailbox.unsubscribe_token);
        written.map(Some).with_context(|| format!("write the mail {}", due.key))
    }
}
