//! Stripe's events: which have been handled, and why others could not be.

use anyhow::{Context, Result};

use super::Accounts;

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

    /// Forgets events that were handled two months ago; Stripe tries for three days
    /// (<https://docs.stripe.com/webhooks#automatic-retries>).
    pub async fn forget_events(&self) -> Result<()> {
        let sql = "DELETE FROM stripe_events WHERE handled_at < now() - interval '60 days'";
        let connection = self.connection().await?;
        connection.execute(sql, &[]).await.context("forget old events")?;
        Ok(())
    }
}
