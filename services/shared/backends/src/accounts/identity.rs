//! What people change of who they are to us: name, e-mail address, password.

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::error::SqlState;
use domain::{EmailAddress, FullName, UserId};

use super::passwords::write_password;
use super::{Accounts, Token};

/// What came of confirming another e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmailChange {
    /// The person has it.
    Changed(EmailAddress),
    /// Another account has it by now.
    Taken,
    /// The link has been used, withdrawn, is too old, or is not the person's.
    Unknown,
}

impl Accounts {
    /// Gives a person another name.
    pub async fn rename(&self, user: UserId, name: &FullName) -> Result<()> {
        let sql = "UPDATE users SET name = $2 WHERE id = $1";
        let connection = self.connection().await?;
        let renamed = connection.execute(sql, &[&user.as_uuid(), &name.as_str()]).await;
        renamed.context("rename a person")?;
        Ok(())
    }

    /// Gives a person another password, and ends every session but that of `stays`.
    pub async fn change_password(&self, user: UserId, password_hash: &str, stays: &Token) -> Result<()> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to change a password")?;
        write_password(&transaction, user, password_hash).await?;
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2";
        let ended = transaction.execute(sql, &[&user.as_uuid(), &stays.hash()]).await;
        ended.context("end the sessions of an old password")?;
        transaction.commit().await.context("commit another password")
    }

    /// A link by which the person confirms another address, good for a day. It replaces one that waits; addresses that
    /// nobody has confirmed in time are forgotten.
    pub async fn begin_email_change(&self, user: UserId, email: &EmailAddress) -> Result<Token> {
        let token = Token::random();
        let sql = "WITH forgotten AS (DELETE FROM email_changes WHERE expires_at < now() AND user_id <> $1) \
                   INSERT INTO email_changes (user_id, email, token_hash, expires_at) \
                   VALUES ($1, $2, $3, now() + interval '24 hours') ON CONFLICT (user_id) DO UPDATE \
                   SET email = excluded.email, token_hash = excluded.token_hash, expires_at = excluded.expires_at";
        let connection = self.connection().await?;
        let begun = connection
            .execute(sql, &[&user.as_uuid(), &email.as_str(), &token.hash()])
            .await;
        begun.context("begin to change an address")?;
        Ok(token)
    }

    /// The address that the person's link is about; `None` as for [`EmailChange::Unknown`].
    pub async fn email_change(&self, user: UserId, token: &Token) -> Result<Option<EmailAddress>> {
        let sql = "SELECT email FROM email_changes WHERE user_id = $1 AND token_hash = $2 AND expires_at > now()";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&user.as_uuid(), &token.hash()]).await;
        let row = row.context("look for a change of address")?;
        row.map(|row| Ok(EmailAddress::parse(row.try_get(0)?)?)).transpose()
    }

    /// Uses the person's link. What was mailed to the old address does not change the password any more.
    pub async fn change_email(&self, user: UserId, token: &Token) -> Result<EmailChange> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to change an address")?;
        let sql = "DELETE FROM email_changes WHERE user_id = $1 AND token_hash = $2 AND expires_at > now() \
                   RETURNING email";
        let used = transaction.query_opt(sql, &[&user.as_uuid(), &token.hash()]).await;
        let Some(row) = used.context("use a link for an address")? else {
            return Ok(EmailChange::Unknown);
        };
        let email = EmailAddress::parse(row.try_get(0)?)?;
        if !write_email(&transaction, user, &email).await? {
            return Ok(EmailChange::Taken);
        }
        transaction.commit().await.context("commit another address")?;
        Ok(EmailChange::Changed(email))
    }
}

/// `false` if another account has the address; nothing more can be done in the transaction then.
async fn write_email(transaction: &Transaction<'_>, user: UserId, email: &EmailAddress) -> Result<bool> {
    let links = "DELETE FROM password_resets WHERE user_id = $1";
    let withdrawn = transaction.execute(links, &[&user.as_uuid()]).await;
    withdrawn.context("withdraw the links for a password")?;
    // Whoever has followed the link gets our mails.
    let delivered = "DELETE FROM undeliverable WHERE email = $1";
    let taken = transaction.execute(delivered, &[&email.as_str()]).await;
    taken.context("take the mark from an address")?;
    let sql = "UPDATE users SET email = $2 WHERE id = $1";
    match transaction.execute(sql, &[&user.as_uuid(), &email.as_str()]).await {
        Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => Ok(false),
        written => {
            written.context("write an address")?;
            Ok(true)
        }
    }
}
