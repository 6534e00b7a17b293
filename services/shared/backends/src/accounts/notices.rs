//! Mails about an account: the right to send each is taken once.

use anyhow::{Context, Result};
use domain::UserId;

use super::Accounts;

impl Accounts {
    /// Takes the right to send the notice called `key`; `false` if that was taken before.
    pub async fn claim_notice(&self, key: &str, user: UserId) -> Result<bool> {
        let sql = "INSERT INTO notices (key, user_id) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        let connection = self.connection().await?;
        let claimed = connection
            .execute(sql, &[&key, &user.as_uuid()])
            .await
            .context("claim a notice")?;
        Ok(claimed == 1)
    }

    /// Gives the right back, because the mail was refused.
    pub async fn release_notice(&self, key: &str) -> Result<()> {
        let sql = "DELETE FROM notices WHERE key = $1";
        let connection = self.connection().await?;
        connection.execute(sql, &[&key]).await.context("release a notice")?;
        Ok(())
    }
}
