//! The audit: who did what to whose account, job or queue. The web's administration and the command line write it.
//!
//! What changes PostgreSQL is recorded in the same transaction. For what changes another store, the intent is recorded
//! first: that store's method asks for the record, so that nothing can be done without one.

mod columns;

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::GenericClient;
use deadpool_postgres::tokio_postgres::Row;
use domain::{JobId, Role, Timestamp, User, UserId, Username};
use uuid::Uuid;

use super::Accounts;
use columns::{action, columns};

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who is signed in.
    Person {
        /// Whose account it is.
        id: UserId,
        /// What it was called then.
        username: Username,
    },
    /// Whoever can run our programs beside the database.
    CommandLine,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A person may do something else from now on.
    ChangeRole {
        /// Whose role it is.
        username: Username,
        /// The role before.
        from: Role,
        /// The role from now on.
        to: Role,
    },
    /// The dead letters of a queue are to be delivered again.
    Redrive {
        /// The queue that they go back to.
        queue: String,
    },
    /// So many dead letters went back to their queue.
    Redriven {
        /// The queue that they went back to.
        queue: String,
        /// How many went.
        letters: u64,
    },
    /// A failed job is to be annotated again.
    RetryJob {
        /// Which job.
        job: JobId,
    },
    /// A person is signed out and cannot sign in.
    Suspend {
        /// Who.
        username: Username,
    },
    /// A person may sign in again.
    Resume {
        /// Who.
        username: Username,
    },
    /// A person is signed out everywhere.
    EndSessions {
        /// Who.
        username: Username,
    },
    /// A person signs in with the password alone.
    RemoveSecondFactor {
        /// Who.
        username: Username,
    },
    /// An account is to be deleted, by the wish of whoever runs the service.
    EraseAccount {
        /// Whose account; once it is gone, a name that was made for that.
        username: Username,
    },
    /// Everybody is told of a maintenance.
    Announce {
        /// What of it.
        words: String,
    },
    /// Nobody is told of a maintenance any more.
    WithdrawMaintenance {
        /// What was told of it.
        words: String,
    },
}

/// One record of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number; later records have larger ones.
    pub id: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
}

/// The proof that an action is in the audit.
#[derive(Debug)]
pub struct Recorded {
    id: i64,
}

impl Actor {
    /// The person who is signed in.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self::Person {
            id: user.id,
            username: user.username.clone(),
        }
    }
}

impl Recorded {
    /// The record's number.
    #[must_use]
    pub const fn id(&self) -> i64 {
        self.id
    }
}

impl Accounts {
    /// Records what `actor` is about to do, or has just done, to another store than this one.
    pub async fn record_action(&self, actor: &Actor, action: &Action) -> Result<Recorded> {
        let connection = self.connection().await?;
        record(&connection, actor, action).await
    }

    /// The record with this number, if there is one and it is of something that `actor` did.
    pub async fn record_of(&self, actor: UserId, id: i64) -> Result<Option<AuditRecord>> {
        let sql = "SELECT id, at, actor_id, actor, action, subject, detail FROM audit WHERE id = $1 AND actor_id = $2";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&id, &actor.as_uuid()]).await;
        row.context("read a record of the audit")?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// At most `limit` records, newest first, of those before the record `before`.
    pub async fn audit(&self, limit: i64, before: Option<i64>) -> Result<Vec<AuditRecord>> {
        let sql = "SELECT id, at, actor_id, actor, action, subject, detail FROM audit \
                   WHERE id < $1 ORDER BY id DESC LIMIT $2";
        let connection = self.connection().await?;
        let rows = connection.query(sql, &[&before.unwrap_or(i64::MAX), &limit]).await;
        rows.context("read the audit")?.iter().map(read).collect()
    }
}

/// Adds one record, in whichever transaction `client` is.
pub(super) async fn record(client: &impl GenericClient, actor: &Actor, action: &Action) -> Result<Recorded> {
    let (actor_id, actor) = match actor {
        Actor::Person { id, username } => (Some(id.as_uuid()), username.as_str()),
        Actor::CommandLine => (None, "command line"),
    };
    let (action, subject, detail) = columns(action);
    let sql = "INSERT INTO audit (actor_id, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let row = client
        .query_one(sql, &[&actor_id, &actor, &action, &subject, &detail])
        .await
        .context("write the audit")?;
    Ok(Recorded { id: row.try_get(0)? })
}

fn read(row: &Row) -> Result<AuditRecord> {
    let id: i64 = row.try_get("id")?;
    let actor = match row.try_get::<_, Option<Uuid>>("actor_id")? {
        Some(id) => Actor::Person {
            id: UserId::from(id),
            username: Username::parse(row.try_get("actor")?)?,
        },
        None => Actor::CommandLine,
    };
    let action = action(row.try_get("action")?, row.try_get("subject")?, row.try_get("detail")?);
    Ok(AuditRecord {
        id,
        at: Timestamp::from(row.try_get::<_, SystemTime>("at")?),
        actor,
        action: action.with_context(|| format!("read record {id} of the audit"))?,
    })
}
