//! What whoever runs the service tells everybody ahead of time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use deadpool_postgres::tokio_postgres::Row;
use domain::{Maintenance, Timestamp};
use uuid::Uuid;

use super::Accounts;
use super::audit::{Action, Actor, Recorded, record};

/// As many are told at once, those first that begin first.
const MOST: i64 = 20;

/// Something that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Its id, by which it can be withdrawn.
    pub id: Uuid,
    /// What is told.
    pub maintenance: Maintenance,
}

impl Accounts {
    /// Tells everybody, with a record.
    pub async fn announce(&self, actor: &Actor, maintenance: &Maintenance) -> Result<Recorded> {
        let mut connection = self.connection().await?;
        let transaction = connection
            .transaction()
            .await
            .context("begin to announce a maintenance")?;
        let sql = "INSERT INTO maintenance (id, words, begins_at, ends_at) VALUES ($1, $2, $3, $4)";
        let (begins, ends) = (instant(maintenance.begins_at), instant(maintenance.ends_at));
        let written = transaction
            .execute(sql, &[&Uuid::new_v4(), &maintenance.words, &begins, &ends])
            .await;
        written.context("announce a maintenance")?;
        let words = maintenance.words.clone();
        let recorded = record(&transaction, actor, &Action::Announce { words }).await?;
        transaction
            .commit()
            .await
            .context("commit the announcement of a maintenance")?;
        Ok(recorded)
    }

    /// Tells it no more, with a record; `None` if it is not told.
    pub async fn withdraw_maintenance(&self, actor: &Actor, id: Uuid) -> Result<Option<Recorded>> {
        let mut connection = self.connection().await?;
        let transaction = connection
            .transaction()
            .await
            .context("begin to withdraw a maintenance")?;
        let sql = "DELETE FROM maintenance WHERE id = $1 RETURNING words";
        let found = transaction.query_opt(sql, &[&id]).await;
        let Some(row) = found.context("withdraw a maintenance")? else {
            return Ok(None);
        };
        let words = row.try_get(0)?;
        let recorded = record(&transaction, actor, &Action::WithdrawMaintenance { words }).await?;
        transaction
            .commit()
            .await
            .context("commit that a maintenance is withdrawn")?;
        Ok(Some(recorded))
    }

    /// What goes on, or is to come.
    pub async fn maintenance(&self) -> Result<Vec<Announced>> {
        let sql = "SELECT id, words, begins_at, ends_at FROM maintenance WHERE ends_at > now() \
                   ORDER BY begins_at, id LIMIT $1";
        let connection = self.connection().await?;
        let rows = connection.query(sql, &[&MOST]).await;
        rows.context("read which maintenance is to come")?
            .iter()
            .map(announced)
            .collect()
    }
}

fn announced(row: &Row) -> Result<Announced> {
    let time = |column| row.try_get::<_, SystemTime>(column).map(Timestamp::from);
    Ok(Announced {
        id: row.try_get("id")?,
        maintenance: Maintenance {
            words: row.try_get("words")?,
            begins_at: time("begins_at")?,
            ends_at: time("ends_at")?,
        },
    })
}

fn instant(time: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(time.epoch_seconds()).unwrap_or(0))
}
