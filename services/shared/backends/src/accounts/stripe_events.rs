//! Stripe's events: which have been handled, and why others could not be.

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::Timestamp;

use super::Accounts;

/// An event of Stripe's that could not be handled yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedEvent {
    /// Stripe's id of it.
    pub id: String,
    /// What happened, in Stripe's words.
    pub kind: String,
    /// When it first came.
    pub received_at: Timestamp,
    /// How many times it has come.
    pub attempts: u32,
    /// Why it could not be handled.
    pub error: String,
}

impl Accounts {
    /// Notes that an event has come, perhaps again; `true` if it has been handled already.
    pub async fn receive_event(&self, id: &str, kind: &str) -> Result<bool> {
        let sql = "INSERT INTO stripe_events (id, kind) VALUES ($1, $2) \
                   ON CONFLICT (id) DO UPDATE SET attempts = stripe_events.attempts + 1 \
                   RETURNING handled_at IS NOT NULL";
        let connection = self.connection().await?;
        let row = connection
            .query_one(sql, &[&id, &kind])
            .await
            .context("note an event of Stripe's")?;
        Ok(row.try_get(0)?)
    }

    /// Notes that an event has done all that it was to do.
    pub async fn event_handled(&self, id: &str) -> Result<()> {
        let sql = "UPDATE stripe_events SET handled_at = now(), error = NULL WHERE id = $1";
        let connection = self.connection().await?;
        connection
            .execute(sql, &[&id])
            .await
            .context("note that an event is handled")?;
        Ok(())
    }

    /// Notes why an event could not be handled.
    pub async fn event_failed(&self, id: &str, error: &str) -> Result<()> {
        let sql = "UPDATE stripe_events SET error = $2 WHERE id = $1 AND handled_at IS NULL";
        let connection = self.connection().await?;
        connection
            .execute(sql, &[&id, &error])
            .await
            .context("note that an event failed")?;
        Ok(())
    }

    /// At most `limit` events that could not be handled, those first that came first.
    pub async fn failed_events(&self, limit: i64) -> Result<Vec<FailedEvent>> {
        let sql = "SELECT id, kind, received_at, attempts, error FROM stripe_events \
                   WHERE handled_at IS NULL AND error IS NOT NULL ORDER BY received_at LIMIT $1";
        let connection = self.connection().await?;
        let rows = connection.query(sql, &[&limit]).await;
        rows.context("list events that failed")?
            .iter()
            .map(failed_event)
            .collect()
    }

    /// Forgets events that were handled two months ago; Stripe tries for three days
    /// (<https://docs.stripe.com/webhooks#automatic-retries>).
    pub async fn forget_events(&self) -> Result<()> {
        let sql = "DELETE FROM stripe_events WHERE handled_at < now() - interval '60 days'";
        let connection = self.connection().await?;
        connection.execute(sql, &[]).await.context("forget old events")?;
        Ok(())
    }
}

fn failed_event(row: &Row) -> Result<FailedEvent> {
    Ok(FailedEvent {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        received_at: Timestamp::from(row.try_get::<_, SystemTime>("received_at")?),
        attempts: u32::try_from(row.try_get::<_, i32>("attempts")?)?,
        error: row.try_get("error")?,
    })
}
