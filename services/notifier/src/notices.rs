//! One notice about an account, one mail: the right to send it is taken by its key before the mail is handed over, and
//! given back if SES refuses it.

use anyhow::{Context, Result};
use backends::accounts::Accounts;
use backends::mailer::Mailer;
use chassis::metrics;
use chassis::worker::{DeliveryInfo, Handler};
use domain::events::NoticeDue;
use domain::{Retention, Timestamp};
use tracing::{info, warn};

use crate::letter::Letters;

/// Mails people what they are to know of their account.
pub struct Notices {
    /// Where people are, and what they have been told.
    pub accounts: Accounts,
    /// What sends.
    pub mailer: Mailer,
    /// What is written.
    pub letters: Letters,
    /// How long results can be downloaded after Premium.
    pub retention: Retention,
}

impl Handler for Notices {
    type Event = NoticeDue;

    async fn handle(&self, due: NoticeDue, _delivery: &DeliveryInfo) -> Result<()> {
        let NoticeDue {
            user_id, key, notice, ..
        } = due;
        let Some(user) = self.accounts.user(user_id).await? else {
            warn!("There is no user {user_id} to be told {key}");
            return Ok(());
        };
        // Everything that may fail without harm comes before the right to send is taken.
        let kept_until = user
            .premium_ended
            .map(|ended: Timestamp| ended.plus(self.retention.grace));
        let written = self.letters.write_notice(&user, notice, kept_until);
        let mail = written.with_context(|| format!("write the mail {key}"))?;
        if !self.accounts.claim_notice(&key, user_id).await? {
            return Ok(());
        }
        if let Err(error) = self.mailer.send(&mail).await {
            metrics::mail("refused");
            self.accounts.release_notice(&key).await?;
            return Err(error);
        }
        metrics::mail("sent");
        info!(user.id = %user_id, "Told user {user_id}: {key}");
        Ok(())
    }
}
