//! The record of what was deleted where: it outlives what it tells of, and leads to nobody.

use std::time::SystemTime;

use anyhow::{Context, Result};
use deadpool_postgres::GenericClient;
use deadpool_postgres::tokio_postgres::Row;
use domain::{AskedBy, Deleted, DeletionId, DeletionKind, Timestamp};

use super::Accounts;

/// One deletion, as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletionRecord {
    /// What is deleted.
    pub kind: DeletionKind,
    /// By whose wish.
    pub asked_by: AskedBy,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When a last look had found nothing left in any store.
    pub done_at: Option<Timestamp>,
    /// How much was deleted. It may be too little if an archiver has died between a deletion and the record of it.
    pub deleted: Deleted,
}

impl Accounts {
    /// Records that a job is to be deleted, unless that is recorded.
    pub async fn record_deletion(&self, id: DeletionId, by: AskedBy) -> Result<()> {
        let connection = self.connection().await?;
        record(&connection, id, DeletionKind::Job, by).await
    }

    /// Adds to the record of a deletion what was deleted. A job's that web has not recorded is recorded so.
    pub async fn count_deleted(&self, id: DeletionId, deleted: Deleted) -> Result<()> {
        let connection = self.connection().await?;
        record(&connection, id, DeletionKind::Job, AskedBy::Owner).await?;
        let sql = "UPDATE deletions SET inputs = inputs + $2, results = results + $3, archives = archives + $4, \
                   jobs = jobs + $5 WHERE id = $1";
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let Deleted {
            inputs,
            results,
            archives,
            jobs,
        } = deleted;
        let counts = [inputs, results, archives, jobs].map(count);
        connection
            .execute(sql, &[&id.as_uuid(), &counts[0], &counts[1], &counts[2], &counts[3]])
            .await
            .context("count what was deleted")?;
        Ok(())
    }

    /// Records that nothing is left of a job. That a job of an account is gone does not end the account's deletion.
    pub async fn job_deleted(&self, id: DeletionId) -> Result<()> {
        let sql = "UPDATE deletions SET done_at = coalesce(done_at, now()) WHERE id = $1 AND kind = 'job'";
        let connection = self.connection().await?;
        let ended = connection.execute(sql, &[&id.as_uuid()]).await;
        ended.context("record that a job is deleted")?;
        Ok(())
    }

    /// The record of a deletion.
    pub async fn deletion(&self, id: DeletionId) -> Result<Option<DeletionRecord>> {
        let sql =
            "SELECT kind, asked_by, asked_at, done_at, inputs, results, archives, jobs FROM deletions WHERE id = $1";
        let connection = self.connection().await?;
        let row = connection.query_opt(sql, &[&id.as_uuid()]).await;
        row.context("read the record of a deletion")?
            .as_ref()
            .map(read)
            .transpose()
    }
}

/// Adds a record, in whichever transaction `client` is, unless there is one.
pub(super) async fn record(client: &impl GenericClient, id: DeletionId, kind: DeletionKind, by: AskedBy) -> Result<()> {
    let sql = "INSERT INTO deletions (id, kind, asked_by) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    let recorded = client
        .execute(sql, &[&id.as_uuid(), &kind.as_str(), &by.as_str()])
        .await;
    recorded.context("record a deletion")?;
    Ok(())
}

fn read(row: &Row) -> Result<DeletionRecord> {
    let count = |column| anyhow::Ok(u64::try_from(row.try_get::<_, i64>(column)?)?);
    let done = row.try_get::<_, Option<SystemTime>>("done_at")?;
    Ok(DeletionRecord {
        kind: row.try_get::<_, &str>("kind")?.parse()?,
        asked_by: row.try_get::<_, &str>("asked_by")?.parse()?,
        asked_at: Timestamp::from(row.try_get::<_, SystemTime>("asked_at")?),
        done_at: done.map(Timestamp::from),
        deleted: Deleted {
            inputs: count("inputs")?,
            results: count("results")?,
            archives: count("archives")?,
            jobs: count("jobs")?,
        },
    })
}
