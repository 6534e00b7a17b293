//! Browsers in which somebody has signed in before. They carry a token of their own, which signs nobody in.

use anyhow::{Context, Result};
use domain::UserId;

use super::{Accounts, Token};

impl Accounts {
    /// Notes that the person has signed in with this browser; that is forgotten after a year without another time.
    pub async fn know_browser(&self, user: UserId, browser: &Token) -> Result<()> {
        let connection = self.connection().await?;
        let forget = "DELETE FROM known_browsers WHERE seen_at < now() - interval '1 year'";
        let forgotten = connection.execute(forget, &[]).await;
        forgotten.context("forget old browsers")?;
        let sql = "INSERT INTO known_browsers (token_hash, user_id) VALUES ($1, $2) \
                   ON CONFLICT (token_hash, user_id) DO UPDATE SET seen_at = now()";
        let known = connection.execute(sql, &[&browser.hash(), &user.as_uuid()]).await;
        known.context("note a browser")?;
        Ok(())
    }

    /// Whether the person has signed in with this browser before.
    pub async fn is_known_browser(&self, user: UserId, browser: &Token) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT FROM known_browsers WHERE token_hash = $1 AND user_id = $2)";
        let connection = self.connection().await?;
        let row = connection.query_one(sql, &[&browser.hash(), &user.as_uuid()]).await;
        Ok(row.context("look for a browser")?.try_get(0)?)
    }
}
