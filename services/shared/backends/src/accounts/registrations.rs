//! Registrations: an account begins when its owner follows the link that was mailed.

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::Row;
use domain::{EmailAddress, FullName, TERMS_VERSION, UserId, Username};
use uuid::Uuid;

use super::{Accounts, Token};

/// What a person asks for when registering.
#[derive(Clone)]
pub struct Registration {
    /// What the person wants to sign in with.
    pub username: Username,
    /// Where the link goes.
    pub email: EmailAddress,
    /// What the person is called.
    pub name: FullName,
    /// Argon2id, in the PHC string format.
    pub password_hash: String,
}

/// What came of following a confirmation link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The account exists now.
    Confirmed,
    /// The link was followed before.
    Already,
    /// The link is older than a day.
    Expired,
    /// Somebody else has taken the username or the address in the meantime.
    Taken,
    /// No registration has this link.
    Unknown,
}

/// Where a confirmation link leads.
#[derive(Clone)]
pub enum Link {
    /// To a registration that waits to be confirmed by whoever chose its password.
    Waits {
        /// What the person wants to sign in with.
        username: Username,
        /// Of the password that was chosen.
        password_hash: String,
    },
    /// To one that cannot be confirmed, or no longer.
    Over(Confirmation),
}

impl Accounts {
    /// Whether an account has this e-mail address; and whether one has this username.
    pub async fn taken(&self, email: &EmailAddress, username: &Username) -> Result<(bool, bool)> {
        let sql = "SELECT EXISTS (SELECT FROM users WHERE email = $1), EXISTS (SELECT FROM users WHERE username = $2)";
        let connection = self.connection().await?;
        let row = connection
            .query_one(sql, &[&email.as_str(), &username.as_str()])
            .await
            .context("look for an account")?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// Keeps a registration for a day and gives the token for its link. Whoever registers has accepted the terms in force.
    pub async fn register(&self, registration: &Registration) -> Result<Token> {
        let token = Token::random();
        let connection = self.connection().await?;
        let forget = "DELETE FROM registrations WHERE expires_at < now() - interval '30 days'";
        connection
            .execute(forget, &[])
            .await
            .context("drop old registrations")?;
        let sql = "INSERT INTO registrations (id, username, email, name, password_hash, token_hash, terms_version, \
                   terms_accepted_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, now(), now() + interval '24 hours')";
        let Registration {
            username,
            email,
            name,
            password_hash,
        } = registration;
        let row: [&(dyn deadpool_postgres::tokio_postgres::types::ToSql + Sync); 7] = [
            &Uuid::new_v4(),
            &username.as_str(),
            &email.as_str(),
            &name.as_str(),
            password_hash,
            &token.hash(),
            &TERMS_VERSION,
        ];
        connection.execute(sql, &row).await.context("keep a registration")?;
        Ok(token)
    }

    /// A new link, valid for a day, for the last unconfirmed registration of the address. `None` if there is none or
    /// the last mail went out within a minute.
    pub async fn renew_registration(&self, email: &EmailAddress) -> Result<Option<(Token, Username)>> {
        let token = Token::random();
        let sql = "UPDATE registrations SET token_hash = $2, sent_at = now(), expires_at = now() + interval '24 hours' \
                   WHERE id = (SELECT id FROM registrations WHERE email = $1 ORDER BY sent_at DESC LIMIT 1) \
                   AND confirmed_at IS NULL AND sent_at < now() - interval '1 minute' RETURNING username";
        let connection = self.connection().await?;
        let row = connection
            .query_opt(sql, &[&email.as_str(), &token.hash()])
            .await
            .context("renew a registration")?;
        let named = |row: Row| Ok((token, Username::parse(row.try_get(0)?)?));
        row.map(named).transpose()
    }

    /// Where a link leads; looking changes nothing.
    pub async fn confirmation_link(&self, token: &Token) -> Result<Link> {
        let sql = "SELECT r.username, r.password_hash, r.confirmed_at IS NOT NULL AS already, r.expires_at < now() AS expired, \
                   EXISTS (SELECT FROM users u WHERE u.username = r.username OR u.email = r.email) AS taken \
                   FROM registrations r WHERE r.token_hash = $1";
        let connection = self.connection().await?;
        let found = connection.query_opt(sql, &[&token.hash()]).await;
        let Some(row) = found.context("look where a link leads")? else {
            return Ok(Link::Over(Confirmation::Unknown));
        };
        for (column, outcome) in [
            ("already", Confirmation::Already),
            ("expired", Confirmation::Expired),
            ("taken", Confirmation::Taken),
        ] {
            if row.try_get(column)? {
                return Ok(Link::Over(outcome));
            }
        }
        Ok(Link::Waits {
            username: Username::parse(row.try_get("username")?)?,
            password_hash: row.try_get("password_hash")?,
        })
    }

    /// Makes the account of a followed link, once. Ask for its password before.
    pub async fn confirm(&self, token: &Token) -> Result<Confirmation> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin a confirmation")?;
        let sql = "SELECT id, confirmed_at IS NOT NULL AS already, expires_at < now() AS expired \
                   FROM registrations WHERE token_hash = $1 FOR UPDATE";
        let found = transaction
            .query_opt(sql, &[&token.hash()])
            .await
            .context("find a registration")?;
        let Some(row) = found else {
            return Ok(Confirmation::Unknown);
        };
        if row.try_get("already")? {
            return Ok(Confirmation::Already);
        }
        if row.try_get("expired")? {
            return Ok(Confirmation::Expired);
        }
        let confirmation = make_account(&transaction, row.try_get("id")?).await?;
        transaction.commit().await.context("commit a confirmation")?;
        Ok(confirmation)
    }
}

async fn make_account(transaction: &Transaction<'_>, registration: Uuid) -> Result<Confirmation> {
    let insert = "INSERT INTO users (id, username, email, name, password_hash) \
                  SELECT $2, username, email, name, password_hash FROM registrations WHERE id = $1 \
                  ON CONFLICT DO NOTHING";
    let id = UserId::random().as_uuid();
    let made = transaction
        .execute(insert, &[&registration, &id])
        .await
        .context("make an account")?;
    if made == 0 {
        return Ok(Confirmation::Taken);
    }
    let accepted = "UPDATE users SET (terms_version, terms_accepted_at) = \
                    (SELECT terms_version, terms_accepted_at FROM registrations WHERE id = $1) WHERE id = $2";
    transaction
        .execute(accepted, &[&registration, &id])
        .await
        .context("keep which terms were accepted")?;
    // Whoever has followed the link gets our mails.
    let delivered = "DELETE FROM undeliverable WHERE email = (SELECT email FROM registrations WHERE id = $1)";
    transaction
        .execute(delivered, &[&registration])
        .await
        .context("take the mark from an address")?;
    let used = "UPDATE registrations SET confirmed_at = now(), password_hash = NULL WHERE id = $1";
    transaction
        .execute(used, &[&registration])
        .await
        .context("use up a registration")?;
    Ok(Confirmation::Confirmed)
}
