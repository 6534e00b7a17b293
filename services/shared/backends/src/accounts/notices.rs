//! Mails about an account: each at least once, and twice only if whoever sends it dies between SES's answer and the row.
//!
//! The right to send one is held as that to mail an ended job is ([`crate::jobs::MailRight`]): by signs of life.

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::UserId;
use domain::events::NoticeDue;
use uuid::Uuid;

use super::Accounts;

/// What came of asking for the right to send a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeClaim {
    /// The right is ours for as long as we give signs of life.
    Granted(NoticeRight),
    /// It has been sent.
    Told,
    /// Another notifier is at it, or has died and is not missed yet.
    HeldByAnother,
}

/// The right to send one notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRight {
    /// Names the notice.
    pub key: String,
    /// Counts the claims of it.
    pub attempt: i32,
}

/// A notice that was begun and not sent, as one look has shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntoldNotice {
    /// Names the notice.
    pub key: String,
    /// How many times somebody has begun to send it.
    pub attempt: i32,
    beat: i64,
}

impl Accounts {
    /// Takes the right to send a notice, unless somebody has it. From then on the notice is known, whatever becomes of
    /// the message that asked for it.
    pub async fn claim_notice(&self, due: &NoticeDue) -> Result<NoticeClaim> {
        let sql = "INSERT INTO notices (key, user_id, notice, held, attempt) VALUES ($1, $2, $3, true, 1) \
                   ON CONFLICT (key) DO UPDATE SET held = true, attempt = notices.attempt + 1, beat = notices.beat + 1 \
                   WHERE notices.told_at IS NULL AND NOT notices.held RETURNING key, attempt";
        let notice = serde_json::to_string(&due.notice)?;
        let connection = self.connection().await?;
        let taken = connection
            .query_opt(sql, &[&due.key, &due.user_id.as_uuid(), &notice])
            .await
            .context("claim a notice")?;
        if let Some(row) = taken {
            return Ok(NoticeClaim::Granted(right(&row)?));
        }
        let sql = "SELECT told_at IS NOT NULL FROM notices WHERE key = $1";
        let found = connection.query_opt(sql, &[&due.key]).await.context("read a notice")?;
        let is_told = found.map(|row| row.try_get::<_, bool>(0)).transpose()?;
        Ok(match is_told {
            Some(true) => NoticeClaim::Told,
            _ => NoticeClaim::HeldByAnother,
        })
    }

    /// Up to a thousand notices that were begun and not sent, those first that were begun first.
    pub async fn untold_notices(&self) -> Result<Vec<UntoldNotice>> {
        let sql = "SELECT key, attempt, beat FROM notices WHERE told_at IS NULL AND notice IS NOT NULL \
                   ORDER BY claimed_at LIMIT 1000";
        let connection = self.connection().await?;
        let rows = connection
            .query(sql, &[])
            .await
            .context("look for notices that were not sent")?;
        rows.iter().map(untold).collect()
    }

    /// Takes the right of whoever gives no sign of life, or that was given back; `None` if the notice has moved since it
    /// was seen.
    pub async fn take_over_notice(&self, silent: &UntoldNotice) -> Result<Option<(NoticeRight, NoticeDue)>> {
        let sql = "UPDATE notices SET held = true, attempt = attempt + 1, beat = beat + 1 \
                   WHERE key = $1 AND told_at IS NULL AND attempt = $2 AND beat = $3 \
                   RETURNING key, attempt, user_id, notice";
        let connection = self.connection().await?;
        let taken = connection
            .query_opt(sql, &[&silent.key, &silent.attempt, &silent.beat])
            .await
            .context("take a notice over")?;
        taken.map(|row| Ok((right(&row)?, due(&row)?))).transpose()
    }

    /// Gives a sign of life; `false` if the right is another's by now.
    pub async fn keep_notice(&self, right: &NoticeRight) -> Result<bool> {
        self.change_notice("beat = beat + 1", right).await
    }

    /// Notes that SES has taken the mail; `false` if the right is another's by now.
    pub async fn notice_told(&self, right: &NoticeRight) -> Result<bool> {
        self.change_notice("told_at = now(), held = false", right).await
    }

    /// Gives the right back, because the mail was refused.
    pub async fn release_notice(&self, right: &NoticeRight) -> Result<()> {
        self.change_notice("held = false, beat = beat + 1", right).await?;
        Ok(())
    }

    async fn change_notice(&self, change: &str, right: &NoticeRight) -> Result<bool> {
        let sql = format!("UPDATE notices SET {change} WHERE key = $1 AND attempt = $2 AND held");
        let connection = self.connection().await?;
        let changed = connection
            .execute(&sql, &[&right.key, &right.attempt])
            .await
            .with_context(|| format!("change the notice {}", right.key))?;
        Ok(changed == 1)
    }
}

fn right(row: &Row) -> Result<NoticeRight> {
    Ok(NoticeRight {
        key: row.try_get("key")?,
        attempt: row.try_get("attempt")?,
    })
}

fn untold(row: &Row) -> Result<UntoldNotice> {
    Ok(UntoldNotice {
        key: row.try_get("key")?,
        attempt: row.try_get("attempt")?,
        beat: row.try_get("beat")?,
    })
}

fn due(row: &Row) -> Result<NoticeDue> {
    let user = UserId::from(row.try_get::<_, Uuid>("user_id")?);
    let notice = serde_json::from_str(row.try_get("notice")?).context("read a notice")?;
    Ok(NoticeDue::new(user, row.try_get("key")?, notice))
}
