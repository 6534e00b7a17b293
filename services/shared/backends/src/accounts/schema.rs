//! The schema of the accounts database: brought up to date by one command before services roll, and waited for by them.
//!
//! Migrations only add, so that the code of the release before keeps running while they are applied, and after.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use deadpool_postgres::tokio_postgres::Error;
use deadpool_postgres::tokio_postgres::error::SqlState;
use tokio::time::sleep;
use tracing::{info, warn};

use super::Accounts;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// How often a service looks whether the schema has come.
const PAUSE: Duration = Duration::from_secs(2);

impl Accounts {
    /// Brings the schema up to date, and gives its version. Safe to run at once from several processes: one waits for the
    /// other. A database that a newer release has migrated stays as it is.
    pub async fn migrate(&self) -> Result<i32> {
        let mut connection = self.connection().await?;
        connection
            .batch_execute("SELECT pg_advisory_lock(7011203)")
            .await
            .context("lock the migrations")?;
        // A rollback brings an older release, which does not know the newest migrations and must not mind them.
        let runner = embedded::migrations::runner().set_abort_missing(false);
        let migrated = runner.run_async(&mut **connection).await;
        connection
            .batch_execute("SELECT pg_advisory_unlock(7011203)")
            .await
            .context("unlock the migrations")?;
        migrated.context("migrate the accounts database")?;
        drop(connection);
        Ok(self.schema_version().await?.unwrap_or_default())
    }

    /// Whether the schema is the one that this release was built with, or a newer one.
    ///
    /// # Errors
    /// Says which schema there is and which is needed, if it is older, or that the database does not answer.
    pub async fn check_schema(&self) -> Result<()> {
        let (found, wanted) = (self.schema_version().await?.unwrap_or_default(), newest());
        ensure!(
            found >= wanted,
            "the accounts database has schema {found}, this release needs {wanted}: run `web migrate`"
        );
        Ok(())
    }

    /// Waits until the schema is there, and says what it waits for.
    ///
    /// # Errors
    /// If the database refuses who we are: that does not pass by itself, and whoever starts us anew brings new secrets.
    pub async fn await_schema(&self) -> Result<()> {
        let mut told = String::new();
        while let Err(error) = self.check_schema().await {
            if is_refused(&error) {
                return Err(error.context("sign in to the accounts database"));
            }
            let reason = format!("{error:#}");
            if reason != told {
                warn!("Waiting for the accounts database: {reason}");
            }
            told = reason;
            sleep(PAUSE).await;
        }
        if !told.is_empty() {
            info!("The accounts database is ready");
        }
        Ok(())
    }

    /// The newest migration that was applied; `None` before the first.
    async fn schema_version(&self) -> Result<Option<i32>> {
        let connection = self.connection().await?;
        let sql = "SELECT to_regclass('refinery_schema_history') IS NOT NULL";
        let reading = "read the schema's version";
        let is_there: bool = connection.query_one(sql, &[]).await.context(reading)?.try_get(0)?;
        if !is_there {
            return Ok(None);
        }
        let sql = "SELECT max(version) FROM refinery_schema_history";
        Ok(connection.query_one(sql, &[]).await.context(reading)?.try_get(0)?)
    }
}

/// Whether the database does not take our name or password (classes of errors in PostgreSQL's appendix A).
fn is_refused(error: &anyhow::Error) -> bool {
    let refused = [
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
    ];
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    causes.any(|cause: &Error| cause.code().is_some_and(|code| refused.contains(code)))
}

/// The newest migration of this release.
fn newest() -> i32 {
    let runner = embedded::migrations::runner();
    let versions = runner.get_migrations().iter().map(refinery::Migration::version);
    versions.max().unwrap_or_default()
}
