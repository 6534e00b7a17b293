//! Passwords: how somebody who has forgotten one chooses another. Whoever changes it ends what began with the old one.

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::Row;
use domain::{EmailAddress, User, UserId};
use uuid::Uuid;

use super::{Accounts, Token, user};

impl Accounts {
    /// A link by which the person with this address may choose another password: good for 30 minutes, once. `None` if
    /// nobody has the address, or three links are on their way to it already.
    pub async fn begin_reset(&self, email: &EmailAddress) -> Result<Option<(Token, User)>> {
        let token = Token::random();
        let connection = self.connection().await?;
        let forget = "DELETE FROM password_resets WHERE expires_at < now()";
        connection
            .execute(forget, &[])
            .await
            .context("drop old links for passwords")?;
        let sql = "WITH made AS ( \
                   INSERT INTO password_resets (token_hash, user_id, expires_at) \
                   SELECT $2, u.id, now() + interval '30 minutes' FROM users u \
                   WHERE u.email = $1 AND u.deletion_id IS NULL AND 3 > \
                   (SELECT count(*) FROM password_resets r WHERE r.user_id = u.id AND r.expires_at > now()) \
                   RETURNING user_id) \
                   SELECT id, username, email, name, role, premium_ended FROM users WHERE id = (SELECT user_id FROM made)";
        let made = connection.query_opt(sql, &[&email.as_str(), &token.hash()]).await;
        let made = made.context("make a link for a password")?;
        made.map(|row| Ok((token, user(&row)?))).transpose()
    }

    /// Whose password the link may change; `None` if it has been used, is too old, or was never made.
    pub async fn resettable(&self, token: &Token) -> Result<Option<User>> {
        let sql = "SELECT id, username, email, name, role, premium_ended FROM users WHERE deletion_id IS NULL AND id = \
                   (SELECT user_id FROM password_resets WHERE token_hash = $1 AND expires_at > now())";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&token.hash()]).await;
        row.context("look for a link for a password")?
            .as_ref()
            .map(user)
            .transpose()
    }

    /// Uses the link: the person has another password, is signed out everywhere, and has no tokens of the API
    /// any more. `None` as for [`Self::resettable`].
    pub async fn reset_password(&self, token: &Token, password_hash: &str) -> Result<Option<User>> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to reset a password")?;
        let sql = "DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > now() RETURNING user_id";
        let used = transaction.query_opt(sql, &[&token.hash()]).await;
        let Some(row) = used.context("use a link for a password")? else {
            return Ok(None);
        };
        let id = UserId::from(row.try_get::<_, Uuid>(0)?);
        let person = write_password(&transaction, id, password_hash).await?;
        let sessions = "DELETE FROM sessions WHERE user_id = $1";
        let ended = transaction.execute(sessions, &[&id.as_uuid()]).await;
        ended.context("end the sessions of an old password")?;
        for tokens in [
            "DELETE FROM api_tokens WHERE user_id = $1",
            "DELETE FROM device_logins WHERE user_id = $1",
        ] {
            let ended = transaction.execute(tokens, &[&id.as_uuid()]).await;
            ended.context("end the tokens of an old password")?;
        }
        // Whoever has followed the link gets our mails.
        let delivered = "DELETE FROM undeliverable WHERE email = (SELECT email FROM users WHERE id = $1)";
        let taken = transaction.execute(delivered, &[&id.as_uuid()]).await;
        taken.context("take the mark from an address")?;
        transaction.commit().await.context("commit another password")?;
        user(&person).map(Some)
    }
}

/// Writes the hash, withdraws every link that somebody with the old password, or its mail, may have asked for, knows no
/// browser any more and lets nobody go on who has given the old password and not yet a code; gives the columns of the person.
pub(super) async fn write_password(transaction: &Transaction<'_>, id: UserId, password_hash: &str) -> Result<Row> {
    for left in [
        "DELETE FROM password_resets WHERE user_id = $1",
        "DELETE FROM email_changes WHERE user_id = $1",
        "DELETE FROM known_browsers WHERE user_id = $1",
        "DELETE FROM sign_ins WHERE user_id = $1",
    ] {
        let withdrawn = transaction.execute(left, &[&id.as_uuid()]).await;
        withdrawn.context("withdraw what is left of an old password")?;
    }
    let sql = "UPDATE users SET password_hash = $2 WHERE id = $1 \
               RETURNING id, username, email, name, role, premium_ended";
    let written = transaction.query_one(sql, &[&id.as_uuid(), &password_hash]).await;
    written.context("write a password")
}
