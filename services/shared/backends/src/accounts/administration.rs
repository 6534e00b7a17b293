//! Accounts as whoever runs the service sees them: found, listed, given another role.

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use domain::{Role, Timestamp, User, UserId, Username};

use super::audit::{self, Action, Actor, Recorded};
use super::{Accounts, user};

/// One page of people, by username.
#[derive(Debug, Clone)]
pub struct People {
    /// At most as many as were asked for.
    pub people: Vec<Account>,
    /// After whom the next page begins, if there is one.
    pub next: Option<Username>,
}

/// A person and when the account was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who it is.
    pub user: User,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// What came of giving a person another role.
#[derive(Debug)]
pub enum RoleChange {
    /// The person has the role, and had another before.
    Changed {
        /// Whose role it is.
        user: UserId,
        /// The role before.
        from: Role,
        /// The record of it.
        recorded: Recorded,
    },
    /// The person has had the role already.
    Same(UserId),
    /// Whoever asks may not give roles, or no longer.
    NotAllowed,
    /// Nobody would be left who may give roles.
    LastSuperUser,
    /// There is no such person.
    Unknown,
}

impl RoleChange {
    /// Whom `PlanChanged` is to name. Who has had the role already may have it from an attempt that died before it told.
    #[must_use]
    pub fn whose_plan_changed(&self, to: Role) -> Option<UserId> {
        match self {
            Self::Changed { user, from, .. } => (from.plan() != to.plan()).then_some(*user),
            Self::Same(user) => Some(*user),
            Self::NotAllowed | Self::LastSuperUser | Self::Unknown => None,
        }
    }
}

impl Accounts {
    /// At most `limit` people whose username or e-mail address begins with `prefix`, by username, after `after`.
    pub async fn people(&self, prefix: &str, limit: usize, after: Option<&Username>) -> Result<People> {
        let sql = "SELECT id, username, email, name, role, premium_ended, created_at FROM users \
                   WHERE (lower(username::text) LIKE $1 OR lower(email::text) LIKE $1) AND username > $2 \
                   ORDER BY username LIMIT $3";
        let pattern = format!("{}%", literally(&prefix.to_lowercase()));
        let after = after.map_or("", Username::as_str);
        let (connection, one_more) = (self.connection().await?, i64::try_from(limit + 1)?);
        let rows = connection.query(sql, &[&pattern, &after, &one_more]).await;
        let account = |row| {
            Ok(Account {
                user: user(row)?,
                created_at: Timestamp::from(row.try_get::<_, SystemTime>("created_at")?),
            })
        };
        let rows = rows.context("list people")?;
        let people = rows.iter().take(limit).map(account).collect::<Result<Vec<_>>>()?;
        let next = people.last().filter(|_| rows.len() > limit);
        Ok(People {
            next: next.map(|last| last.user.username.clone()),
            people,
        })
    }

    /// Gives a person a role, with its record. Who no longer runs the service is signed out everywhere.
    ///
    /// Publish `PlanChanged` afterwards, for [`RoleChange::whose_plan_changed`].
    pub async fn change_role(&self, actor: &Actor, username: &Username, to: Role) -> Result<RoleChange> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to change a role")?;
        let supers = lock_super_users(&transaction).await?;
        if matches!(actor, Actor::Person { id, .. } if !supers.contains(id)) {
            return Ok(RoleChange::NotAllowed);
        }
        let sql = "SELECT id, username, email, name, role, premium_ended FROM users WHERE username = $1 FOR UPDATE";
        let found = transaction.query_opt(sql, &[&username.as_str()]).await;
        let Some(row) = found.context("find whose role to change")? else {
            return Ok(RoleChange::Unknown);
        };
        let subject = user(&row)?;
        if subject.role == to {
            return Ok(RoleChange::Same(subject.id));
        }
        if supers == [subject.id] {
            return Ok(RoleChange::LastSuperUser);
        }
        let recorded = write_role(&transaction, actor, &subject, to).await?;
        transaction.commit().await.context("commit a change of role")?;
        Ok(RoleChange::Changed {
            user: subject.id,
            from: subject.role,
            recorded,
        })
    }
}

/// Everybody who may give roles. Locking them lets two who take the role from each other do so one after the other.
pub(super) async fn lock_super_users(transaction: &Transaction<'_>) -> Result<Vec<UserId>> {
    let sql = "SELECT id FROM users WHERE role = 'super_user' ORDER BY id FOR UPDATE";
    let rows = transaction.query(sql, &[]).await.context("find the super users")?;
    let id = |row: &deadpool_postgres::tokio_postgres::Row| Ok(UserId::from(row.try_get::<_, uuid::Uuid>(0)?));
    rows.iter().map(id).collect()
}

async fn write_role(transaction: &Transaction<'_>, actor: &Actor, subject: &User, to: Role) -> Result<Recorded> {
    let sql = "UPDATE users SET role = $2, premium_ended = CASE \
               WHEN $2 <> 'free_user' THEN NULL WHEN role <> 'free_user' THEN now() ELSE premium_ended END, \
               upgrades = upgrades + (role = 'free_user' AND $2 <> 'free_user')::integer \
               WHERE id = $1";
    transaction
        .execute(sql, &[&subject.id.as_uuid(), &to.as_str()])
        .await
        .context("change a role")?;
    if subject.role.may_administer() && !to.may_administer() {
        let sql = "DELETE FROM sessions WHERE user_id = $1";
        let ended = transaction.execute(sql, &[&subject.id.as_uuid()]).await;
        ended.context("end the sessions of who no longer administers")?;
    }
    let action = Action::ChangeRole {
        username: subject.username.clone(),
        from: subject.role,
        to,
    };
    audit::record(transaction, actor, &action).await
}

/// The text as a pattern of `LIKE` that matches nothing else.
fn literally(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_searches_for_is_no_pattern() {
        assert_eq!(literally(r"a_b%c\"), r"a\_b\%c\\");
    }
}
