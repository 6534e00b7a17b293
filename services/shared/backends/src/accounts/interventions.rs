//! What whoever runs the service does to one person's account, and sees of it before.

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::Row;
use domain::{Role, Timestamp, User, UserId, Username};

use super::audit::{self, Action, Actor, Recorded};
use super::{Accounts, user};

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intervention {
    /// The person is signed out, cannot sign in, and has no tokens of the API any more.
    Suspend,
    /// The person may sign in again.
    Resume,
    /// The person is signed out everywhere, and has no tokens of the API any more.
    EndSessions,
    /// The person signs in with the password alone, having lost what makes codes.
    RemoveSecondFactor,
}

/// What came of it.
#[derive(Debug)]
pub enum Intervened {
    /// It is done, and recorded.
    Done(Recorded),
    /// Whoever asks may not do that to this person.
    NotAllowed,
    /// There is no such person.
    Unknown,
}

/// An account as whoever runs the service sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// Who it is.
    pub user: User,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Since when the person cannot sign in, if so.
    pub suspended_at: Option<Timestamp>,
    /// In how many browsers the person is signed in.
    pub sessions: i64,
    /// When one of these was last seen.
    pub seen_at: Option<Timestamp>,
    /// How many tokens of the API the person has that are good.
    pub api_tokens: i64,
    /// Whether the person signs in with codes, too.
    pub has_second_factor: bool,
}

impl Intervention {
    /// The action that the audit records.
    fn action(self, username: &Username) -> Action {
        let username = username.clone();
        match self {
            Self::Suspend => Action::Suspend { username },
            Self::Resume => Action::Resume { username },
            Self::EndSessions => Action::EndSessions { username },
            Self::RemoveSecondFactor => Action::RemoveSecondFactor { username },
        }
    }

    /// The statements that do it, each for the person `$1`.
    const fn statements(self) -> &'static [&'static str] {
        match self {
            Self::Suspend => &[
                "UPDATE users SET suspended_at = coalesce(suspended_at, now()) WHERE id = $1",
                "DELETE FROM sessions WHERE user_id = $1",
                "DELETE FROM sign_ins WHERE user_id = $1",
                "DELETE FROM api_tokens WHERE user_id = $1",
                "DELETE FROM device_logins WHERE user_id = $1",
            ],
            Self::Resume => &["UPDATE users SET suspended_at = NULL WHERE id = $1"],
            Self::EndSessions => &[
                "DELETE FROM sessions WHERE user_id = $1",
                "DELETE FROM sign_ins WHERE user_id = $1",
                "DELETE FROM known_browsers WHERE user_id = $1",
                "DELETE FROM api_tokens WHERE user_id = $1",
                "DELETE FROM device_logins WHERE user_id = $1",
            ],
            Self::RemoveSecondFactor => &["DELETE FROM second_factors WHERE user_id = $1"],
        }
    }
}

impl Accounts {
    /// The account with this username.
    pub async fn account_details(&self, username: &Username) -> Result<Option<AccountDetails>> {
        let sql = "SELECT id, username, email, name, role, premium_ended, created_at, suspended_at, \
                   (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > now()) AS sessions, \
                   (SELECT max(s.seen_at) FROM sessions s WHERE s.user_id = u.id) AS seen_at, \
                   (SELECT count(*) FROM api_tokens t WHERE t.user_id = u.id AND t.expires_at > now()) AS api_tokens, \
                   EXISTS (SELECT FROM second_factors f WHERE f.user_id = u.id) AS has_second_factor \
                   FROM users u WHERE username = $1";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&username.as_str()]).await;
        row.context("read an account")?.as_ref().map(details).transpose()
    }

    /// Whether the person may not sign in.
    pub async fn is_suspended(&self, user: UserId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT FROM users WHERE id = $1 AND suspended_at IS NOT NULL)";
        let connection = self.connection().await?;
        let row = connection.query_one(sql, &[&user.as_uuid()]).await;
        Ok(row.context("look whether a person is suspended")?.try_get(0)?)
    }

    /// Does something to an account, with its record. Done twice it changes nothing more, and is recorded twice.
    pub async fn intervene(&self, actor: &Actor, username: &Username, what: Intervention) -> Result<Intervened> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin an intervention")?;
        let sql = "SELECT id, username, email, name, role, premium_ended FROM users WHERE username = $1 FOR UPDATE";
        let found = transaction.query_opt(sql, &[&username.as_str()]).await;
        let Some(row) = found.context("find whose account it is")? else {
            return Ok(Intervened::Unknown);
        };
        let subject = user(&row)?;
        if !may_intervene(&transaction, actor, &subject).await? {
            return Ok(Intervened::NotAllowed);
        }
        for sql in what.statements() {
            let done = transaction.execute(*sql, &[&subject.id.as_uuid()]).await;
            done.context("intervene in an account")?;
        }
        let recorded = audit::record(&transaction, actor, &what.action(&subject.username)).await?;
        transaction.commit().await.context("commit an intervention")?;
        Ok(Intervened::Done(recorded))
    }
}

/// Admins may do that to people who do not run the service, super users to those who do, and nobody to themselves: the last
/// who may give roles is never locked out.
async fn may_intervene(transaction: &Transaction<'_>, actor: &Actor, subject: &User) -> Result<bool> {
    let Actor::Person { id, .. } = actor else {
        return Ok(true);
    };
    let sql = "SELECT role FROM users WHERE id = $1 AND suspended_at IS NULL FOR SHARE";
    let found = transaction.query_opt(sql, &[&id.as_uuid()]).await;
    let Some(row) = found.context("read who intervenes")? else {
        return Ok(false);
    };
    let role: Role = row.try_get::<_, &str>(0)?.parse()?;
    let is_enough = match subject.role.may_administer() {
        true => role.may_appoint(),
        false => role.may_administer(),
    };
    Ok(is_enough && *id != subject.id)
}

fn details(row: &Row) -> Result<AccountDetails> {
    let instant = |column| row.try_get::<_, Option<SystemTime>>(column);
    Ok(AccountDetails {
        user: user(row)?,
        created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
        suspended_at: instant("suspended_at")?.map(Timestamp::from),
        sessions: row.try_get("sessions")?,
        seen_at: instant("seen_at")?.map(Timestamp::from),
        api_tokens: row.try_get("api_tokens")?,
        has_second_factor: row.try_get("has_second_factor")?,
    })
}
