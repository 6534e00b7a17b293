//! Webhooks as their owners have them: made, listed, paused, resumed, deleted. A person's id goes with every call, so that
//! nobody reaches another's. What is sent to them is in [`super::deliveries`].

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::{Timestamp, UserId, WebhookEvent, WebhookId, WebhookSecret, WebhookUrl};
use uuid::Uuid;

use super::Accounts;

/// Webhooks that one person may have at once.
pub const MOST_WEBHOOKS: i64 = 10;

/// One webhook of a person, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Names it.
    pub id: WebhookId,
    /// What is called; not checked anew, so only to be shown.
    pub url: String,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when nothing is sent to it.
    pub paused_at: Option<Timestamp>,
    /// Whether it was paused because nothing arrived, or nothing more was wanted there.
    pub is_given_up: bool,
    /// Since when nothing arrives there.
    pub failing_since: Option<Timestamp>,
}

const COLUMNS: &str = "id, url, events, created_at, paused_at, is_given_up, failing_since";

impl Accounts {
    /// Makes a webhook with a secret of its own; `None` if the person has as many as one may have, or leaves.
    pub async fn make_webhook(
        &self,
        user: UserId,
        url: &WebhookUrl,
        events: &[WebhookEvent],
    ) -> Result<Option<(Webhook, WebhookSecret)>> {
        let secret = WebhookSecret::random();
        let events: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to make a webhook")?;
        // Who makes two at once has them counted one after the other.
        let whose = "SELECT FROM users WHERE id = $1 AND deletion_id IS NULL FOR UPDATE";
        let person = transaction.query_opt(whose, &[&user.as_uuid()]).await;
        if person.context("find whose webhook it is")?.is_none() {
            return Ok(None);
        }
        let sql = format!(
            "INSERT INTO webhooks (user_id, url, events, secret) SELECT $1, $2, $3, $4 \
             WHERE (SELECT count(*) FROM webhooks WHERE user_id = $1) < $5 RETURNING {COLUMNS}"
        );
        let id = user.as_uuid();
        let made = transaction
            .query_opt(&sql, &[&id, &url.as_str(), &events, &secret.bytes(), &MOST_WEBHOOKS])
            .await;
        let made = made.context("make a webhook")?;
        transaction.commit().await.context("commit a webhook")?;
        made.map(|row| Ok((webhook(&row)?, secret))).transpose()
    }

    /// Every webhook of a person, those that were made last first.
    pub async fn webhooks(&self, user: UserId) -> Result<Vec<Webhook>> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE user_id = $1 ORDER BY created_at DESC, id");
        let connection = self.connection().await?;
        let rows = connection.query(&sql, &[&user.as_uuid()]).await;
        rows.context("list webhooks")?.iter().map(webhook).collect()
    }

    /// One webhook of a person; `None` if there is none, or it is not the person's.
    pub async fn webhook(&self, user: UserId, id: WebhookId) -> Result<Option<Webhook>> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE user_id = $1 AND id = $2");
        let connection = self.connection().await?;
        let row = connection.query_opt(&sql, &[&user.as_uuid(), &id.as_uuid()]).await;
        row.context("read a webhook")?.as_ref().map(webhook).transpose()
    }

    /// Sends nothing more to a webhook; what waits goes on waiting. `false` if the person has no such webhook.
    pub async fn pause_webhook(&self, user: UserId, id: WebhookId) -> Result<bool> {
        let pause = "WITH paused AS (UPDATE webhooks SET paused_at = coalesce(paused_at, now()) \
                     WHERE user_id = $1 AND id = $2 RETURNING id), \
                     held AS (UPDATE webhook_deliveries SET next_attempt = 'infinity' FROM paused \
                     WHERE webhook_id = paused.id AND next_attempt IS NOT NULL) SELECT count(*) FROM paused";
        self.change_webhook(pause, user, id).await
    }

    /// Goes on, with what has waited first. `false` if the person has no such webhook.
    pub async fn resume_webhook(&self, user: UserId, id: WebhookId) -> Result<bool> {
        let resume = "WITH resumed AS (UPDATE webhooks SET paused_at = NULL, is_given_up = false, failing_since = NULL \
                      WHERE user_id = $1 AND id = $2 RETURNING id), \
                      begun AS (UPDATE webhook_deliveries SET next_attempt = now(), failures = 0 FROM resumed \
                      WHERE webhook_id = resumed.id AND next_attempt = 'infinity') SELECT count(*) FROM resumed";
        self.change_webhook(resume, user, id).await
    }

    /// Deletes a webhook with all its deliveries; `false` if the person has no such webhook.
    pub async fn delete_webhook(&self, user: UserId, id: WebhookId) -> Result<bool> {
        let delete = "WITH gone AS (DELETE FROM webhooks WHERE user_id = $1 AND id = $2 RETURNING id) \
                      SELECT count(*) FROM gone";
        self.change_webhook(delete, user, id).await
    }

    async fn change_webhook(&self, sql: &str, user: UserId, id: WebhookId) -> Result<bool> {
        let connection = self.connection().await?;
        let changed = connection.query_one(sql, &[&user.as_uuid(), &id.as_uuid()]).await;
        let changed: i64 = changed.context("change a webhook")?.try_get(0)?;
        Ok(changed > 0)
    }
}

fn webhook(row: &Row) -> Result<Webhook> {
    let events: Vec<&str> = row.try_get("events")?;
    let time = |column| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<_, Option<SystemTime>>(column)?.map(Timestamp::from))
    };
    Ok(Webhook {
        id: WebhookId::from(row.try_get::<_, Uuid>("id")?),
        url: row.try_get("url")?,
        // An event of a later release is none that this one knows of.
        events: events.into_iter().filter_map(|event| event.parse().ok()).collect(),
        created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
        paused_at: time("paused_at")?,
        is_given_up: row.try_get("is_given_up")?,
        failing_since: time("failing_since")?,
    })
}
