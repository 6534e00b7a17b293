//! A dump of the accounts database, put into the folder of a sandbox that does not run: for tests that start the system
//! on what an earlier version has kept.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use tokio::process::Command;

use crate::folders::Folders;
use crate::ports;
use crate::postgres::Postgres;
use crate::python::Python;
use crate::secrets::Secrets;

/// How long PostgreSQL may take to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a cluster in `data` that holds what pg_dump has written to `dump`. The program at `binary` is the sandbox that
/// is to run on it; passwords are those of `data`.
pub async fn restore(binary: &Path, data: &Path, dump: &Path) -> Result<()> {
    let folders = Folders::new(binary, Some(data.to_owned()))?;
    let (python, secrets) = (Python::install(&folders).await?, Secrets::load(&folders)?);
    let postgres = Postgres {
        folders: &folders,
        python: &python,
        secrets: &secrets,
        port: ports::any()?,
        throwaway: true,
    };
    let process = postgres.start().await?;
    let mut psql = Command::new(python.postgres_programs()?.join("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname"])
        .arg(postgres.url())
        .arg("--file")
        .arg(dump);
    let restored = psql.output().await.context("run psql");
    process.stop(Signal::INT, PATIENCE).await;
    let restored = restored?;
    ensure!(
        restored.status.success(),
        "psql could not read {}: {}",
        dump.display(),
        String::from_utf8_lossy(&restored.stderr)
    );
    Ok(())
}
