//! Sessions: kept on the server, found by the hash of the cookie's token.

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::{Timestamp, User, UserId};
use uuid::Uuid;

use super::{Accounts, Token, user};

/// Where a session is begun, in words by which its person knows it again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// `Firefox on Linux`.
    pub browser: String,
    /// The network address that it came from.
    pub address: String,
}

/// One session of a person, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEntry {
    /// Names it; the token is in its browser alone.
    pub id: Uuid,
    /// Where it was begun.
    pub origin: Origin,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When its browser last asked for a page, to five minutes.
    pub seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_this_one: bool,
}

impl Accounts {
    /// Signs a person in: 12 hours without a request, or 7 days in all, end the session.
    pub async fn begin_session(&self, user: UserId, origin: &Origin) -> Result<Token> {
        let token = Token::random();
        let connection = self.connection().await?;
        connection
            .execute("DELETE FROM sessions WHERE expires_at < now()", &[])
            .await
            .context("drop old sessions")?;
        let sql = "INSERT INTO sessions (token_hash, user_id, browser, address, expires_at) \
                   VALUES ($1, $2, $3, $4, now() + interval '12 hours')";
        connection
            .execute(sql, &[&token.hash(), &user.as_uuid(), &origin.browser, &origin.address])
            .await
            .context("begin a session")?;
        Ok(token)
    }

    /// The person whose session the token is, if it has not ended. Being seen prolongs the session.
    pub async fn session(&self, token: &Token) -> Result<Option<User>> {
        let sql = "SELECT u.id, u.username, u.email, u.name, u.role, u.premium_ended, \
                   s.expires_at < now() + interval '11 hours 55 minutes' AS ageing \
                   FROM sessions s JOIN users u ON u.id = s.user_id \
                   WHERE s.token_hash = $1 AND s.expires_at > now() AND u.suspended_at IS NULL \
                   AND u.deletion_id IS NULL";
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
            let sql = "UPDATE sessions SET seen_at = now(), expires_at = \
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

    /// Every session of a person, the one last seen first; `current` is the token of the one that asks.
    pub async fn sessions(&self, user: UserId, current: &Token) -> Result<Vec<SessionEntry>> {
        let sql = "SELECT id, browser, address, created_at, seen_at, token_hash = $2 AS is_this_one FROM sessions \
                   WHERE user_id = $1 AND expires_at > now() ORDER BY seen_at DESC, id";
        let connection = self.connection().await?;
        let rows = connection.query(sql, &[&user.as_uuid(), &current.hash()]).await;
        rows.context("list sessions")?.iter().map(entry).collect()
    }

    /// Ends one session of a person; `false` if it has ended, or is not the person's.
    pub async fn end_session_of(&self, user: UserId, id: Uuid) -> Result<bool> {
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND id = $2";
        let connection = self.connection().await?;
        let ended = connection.execute(sql, &[&user.as_uuid(), &id]).await;
        Ok(ended.context("end one of the sessions")? > 0)
    }

    /// Ends every session of a person, and knows none of the browsers any more.
    pub async fn end_sessions(&self, user: UserId) -> Result<()> {
        let sql = "WITH forgotten AS (DELETE FROM known_browsers WHERE user_id = $1), \
                   stopped AS (DELETE FROM sign_ins WHERE user_id = $1) \
                   DELETE FROM sessions WHERE user_id = $1";
        let connection = self.connection().await?;
        let ended = connection.execute(sql, &[&user.as_uuid()]).await;
        ended.context("end every session")?;
        Ok(())
    }
}

fn entry(row: &Row) -> Result<SessionEntry> {
    Ok(SessionEntry {
        id: row.try_get("id")?,
        origin: Origin {
            browser: row.try_get("browser")?,
            address: row.try_get("address")?,
        },
        begun_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
        seen_at: Timestamp::from(row.try_get::<_, SystemTime>("seen_at")?),
        is_this_one: row.try_get("is_this_one")?,
    })
}
