//! People who leave. One transaction ends their sessions and lets nobody sign in; the archiver then deletes all they have,
//! and their account last.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use deadpool_postgres::Transaction;
use deadpool_postgres::tokio_postgres::Row;
use deadpool_postgres::tokio_postgres::types::ToSql;
use domain::{AskedBy, DeletionId, DeletionKind, Timestamp, UserId, Username};
use uuid::Uuid;

use super::administration::lock_super_users;
use super::audit::{self, Action, Actor};
use super::{Accounts, deletions};

/// What came of asking for an account to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// It is to be deleted, under this deletion.
    Asked(DeletionId),
    /// Nobody would be left who may give roles.
    LastSuperUser,
    /// There is no such person.
    Unknown,
}

/// Somebody whose account is to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Who it is.
    pub user_id: UserId,
    /// Under which deletion.
    pub deletion: DeletionId,
    /// When that was asked for.
    pub asked_at: Timestamp,
    username: String,
    email: String,
}

impl Accounts {
    /// Marks an account to be deleted, by its owner's wish or, with a record in the audit, by that of `actor`. Everybody is
    /// signed out of it. Asking again gives the same deletion. Publish `DeletionRequested` afterwards: should that be lost,
    /// the archiver's sweep finds the mark.
    pub async fn leave(&self, user: UserId, actor: Option<&Actor>) -> Result<Leave> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to leave")?;
        let supers = lock_super_users(&transaction).await?;
        let sql = "SELECT username::text, deletion_id FROM users WHERE id = $1 FOR UPDATE";
        let found = transaction.query_opt(sql, &[&user.as_uuid()]).await;
        let Some(row) = found.context("find who leaves")? else {
            return Ok(Leave::Unknown);
        };
        if let Some(before) = row.try_get::<_, Option<Uuid>>("deletion_id")? {
            return Ok(Leave::Asked(DeletionId::from(before)));
        }
        if supers == [user] {
            return Ok(Leave::LastSuperUser);
        }
        let deletion = mark(&transaction, user, actor).await?;
        if let Some(actor) = actor {
            let username = Username::parse(row.try_get("username")?)?;
            audit::record(&transaction, actor, &Action::EraseAccount { username }).await?;
        }
        transaction.commit().await.context("commit that somebody leaves")?;
        Ok(Leave::Asked(deletion))
    }

    /// Up to a hundred people who leave, those first who asked first.
    pub async fn people_leaving(&self) -> Result<Vec<UserId>> {
        let sql = "SELECT id FROM users WHERE deletion_id IS NOT NULL ORDER BY deletion_asked LIMIT 100";
        let connection = self.connection().await?;
        let rows = connection.query(sql, &[]).await.context("look for people who leave")?;
        let id = |row: &Row| Ok(UserId::from(row.try_get::<_, Uuid>(0)?));
        rows.iter().map(id).collect()
    }

    /// Somebody who leaves; `None` if nobody has asked for that, or the account is gone.
    pub async fn leaving(&self, user: UserId) -> Result<Option<Leaving>> {
        let sql = "SELECT id, username::text, email::text, deletion_id, deletion_asked FROM users \
                   WHERE id = $1 AND deletion_id IS NOT NULL";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&user.as_uuid()]).await;
        row.context("read who leaves")?.as_ref().map(leaving).transpose()
    }

    /// Takes somebody who leaves for `lease`, so that what two would delete at once is counted once; `false` if another has.
    pub async fn take_leaving(&self, user: UserId, lease: Duration) -> Result<bool> {
        let sql = "UPDATE users SET deletion_taken_until = now() + $2 * interval '1 second' \
                   WHERE id = $1 AND deletion_id IS NOT NULL \
                   AND (deletion_taken_until IS NULL OR deletion_taken_until < now())";
        let connection = self.connection().await?;
        let taken = connection.execute(sql, &[&user.as_uuid(), &lease.as_secs_f64()]).await;
        Ok(taken.context("take somebody who leaves")? > 0)
    }

    /// Deletes the account and every row that tells of its owner, takes the name out of the audit, and records that the
    /// deletion is done.
    pub async fn erase(&self, leaving: &Leaving) -> Result<()> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await.context("begin to delete an account")?;
        let id = leaving.user_id.as_uuid();
        let by_id: [&(dyn ToSql + Sync); 1] = [&id];
        let by_name: [&(dyn ToSql + Sync); 2] = [&leaving.email, &leaving.username];
        let by_email: [&(dyn ToSql + Sync); 1] = [&leaving.email];
        forget_names(&transaction, leaving).await?;
        for (sql, parameters) in [
            ("DELETE FROM subscriptions WHERE user_id = $1", &by_id[..]),
            (
                "DELETE FROM registrations WHERE email = $1 OR username = $2",
                &by_name[..],
            ),
            ("DELETE FROM undeliverable WHERE email = $1", &by_email[..]),
            // Sessions, notices and whatever else is of the account go with it.
            ("DELETE FROM users WHERE id = $1", &by_id[..]),
        ] {
            let deleted = transaction.execute(sql, parameters).await;
            deleted.with_context(|| format!("delete what tells of user {}", leaving.user_id))?;
        }
        let done = "UPDATE deletions SET done_at = coalesce(done_at, now()) WHERE id = $1";
        let ended = transaction.execute(done, &[&leaving.deletion.as_uuid()]).await;
        ended.context("record that an account is deleted")?;
        transaction.commit().await.context("commit the deletion of an account")
    }
}

async fn mark(transaction: &Transaction<'_>, user: UserId, actor: Option<&Actor>) -> Result<DeletionId> {
    let deletion = DeletionId::random();
    let by = if actor.is_some() {
        AskedBy::Operator
    } else {
        AskedBy::Owner
    };
    let sql = "UPDATE users SET deletion_id = $2, deletion_asked = now() WHERE id = $1";
    let marked = transaction.execute(sql, &[&user.as_uuid(), &deletion.as_uuid()]).await;
    marked.context("mark who leaves")?;
    for sql in [
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM sign_ins WHERE user_id = $1",
        "DELETE FROM api_tokens WHERE user_id = $1",
        "DELETE FROM webhooks WHERE user_id = $1",
        "DELETE FROM device_logins WHERE user_id = $1",
    ] {
        let ended = transaction.execute(sql, &[&user.as_uuid()]).await;
        ended.context("end the sessions of who leaves")?;
    }
    deletions::record(transaction, deletion, DeletionKind::Account, by).await?;
    Ok(deletion)
}

/// What the person did, and what was done to the account, stays on record under a name that was made for it.
async fn forget_names(transaction: &Transaction<'_>, leaving: &Leaving) -> Result<()> {
    let (id, name) = (leaving.user_id.as_uuid(), name_of(leaving.deletion));
    let did = "UPDATE audit SET actor = $2 WHERE actor_id = $1";
    let forgotten = transaction.execute(did, &[&id, &name]).await;
    forgotten.context("forget the name of who did something")?;
    let suffered = "UPDATE audit SET subject = $2 WHERE lower(subject) = lower($1) \
                    AND action NOT IN ('redrive', 'redriven', 'retry_job')";
    let forgotten = transaction.execute(suffered, &[&leaving.username, &name]).await;
    forgotten.context("forget the name of whom something was done to")?;
    Ok(())
}

/// What somebody who has left is called in the audit.
fn name_of(deletion: DeletionId) -> String {
    let id = deletion.as_uuid().simple().to_string();
    format!("deleted-{}", &id[..8])
}

fn leaving(row: &Row) -> Result<Leaving> {
    Ok(Leaving {
        user_id: UserId::from(row.try_get::<_, Uuid>("id")?),
        deletion: DeletionId::from(row.try_get::<_, Uuid>("deletion_id")?),
        asked_at: Timestamp::from(row.try_get::<_, SystemTime>("deletion_asked")?),
        username: row.try_get("username")?,
        email: row.try_get("email")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_left_has_a_name_that_says_so() {
        let deletion: DeletionId = "6f9619ff-8b86-4011-b42d-00c04fc964ff".parse().unwrap();
        assert_eq!(name_of(deletion), "deleted-6f9619ff");
        assert!(Username::parse(&name_of(deletion)).is_ok());
    }
}
