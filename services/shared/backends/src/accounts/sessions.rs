//! Sessions: kept on the server, found by the hash of the cookie's token.

use anyhow::{Context, Result};
use domain::{User, UserId};

use super::{Accounts, Token, user};

impl Accounts {
    /// Signs a person in: 12 hours without a request, or 7 days in all, end the session.
    pub async fn begin_session(&self, user: UserId) -> Result<Token> {
        let token = Token::random();
        let connection = self.connection().await?;
        connection
            .execute("DELETE FROM sessions WHERE expires_at < now()", &[])
            .await
            .context("drop old sessions")?;
        let sql = "INSERT INTO sessions (token_hash, user_id, expires_at) VALUES ($1, $2, now() + interval '12 hours')";
        connection
            .execute(sql, &[&token.hash(), &user.as_uuid()])
            .await
            .context("begin a session")?;
        Ok(token)
    }

    /// The person whose session the token is, if it has not ended. Being seen prolongs the session.
    pub async fn session(&self, token: &Token) -> Result<Option<User>> {
        let sql = "SELECT u.id, u.username, u.email, u.name, u.role, u.premium_ended, \
                   s.expires_at < now() + interval '11 hours 55 minutes' AS ageing \
                   FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > now()";
        let connection = self.connection().await?;
        // Every page asks this: a statement that is prepared anew costs a second question, and more than the answer.
        let statement = connection
            .prepare_cached(sql)
            .await
            .context("prepare to read a session")?;
        let row = connection.query_opt(&statement, &[&token.hash()]).await;
        let Some(row) = row.context("read a session")? else {
            return Ok(None);
        };
        // Writing at every request would cost more than five minutes of precision are worth.
        if row.try_get("ageing")? {
            let sql = "UPDATE sessions SET expires_at = \
                       least(now() + interval '12 hours', created_at + interval '7 days') WHERE token_hash = $1";
            connection
                .execute(sql, &[&token.hash()])
                .await
                .context("prolong a session")?;
        }
        user(&row).map(Some)
    }

    /// Signs a person out; harmless when the session has ended.
    pub async fn end_session(&self, token: &Token) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE token_hash = $1";
        self.connection()
            .await?
            .execute(sql, &[&token.hash()])
            .await
            .context("end a session")?;
        Ok(())
    }
}
