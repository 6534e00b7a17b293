//! What a developer asks of a `cargo dev` that runs, or has run: its database, its logs.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use tokio_postgres::config::Host;

use crate::endpoints::Endpoints;
use crate::folders::Folders;
use crate::python::Python;

/// Which system, and what its database is asked.
#[derive(Debug, Args)]
pub struct PsqlArgs {
    /// File of the running system's addresses [default: sandbox/endpoints.json in the target folder]
    #[arg(long)]
    endpoints: Option<PathBuf>,
    /// Arguments of psql, for example -c 'SELECT username, role FROM users'
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Which logs.
#[derive(Debug, Args)]
pub struct LogsArgs {
    /// Services, stores or `references` [default: all]
    names: Vec<String>,
    /// Go on with what is written from now on, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// How many of the last lines of each
    #[arg(long, default_value_t = 40)]
    lines: u32,
    /// The data folder of the system [default: sandbox/data in the target folder]
    #[arg(long)]
    data: Option<PathBuf>,
}

/// The addresses of a running system, from its file.
///
/// # Errors
/// If nothing runs.
pub fn endpoints(file: Option<PathBuf>) -> Result<Endpoints> {
    let file = match file {
        Some(file) => file,
        None => folders(None)?.endpoints(),
    };
    if !file.exists() {
        bail!(
            "nothing runs here: there is no {}; start `cargo dev` first",
            file.display()
        );
    }
    Endpoints::read(&file)
}

/// Becomes psql, connected to the running system's database.
pub fn psql(args: PsqlArgs) -> Result<()> {
    let endpoints = endpoints(args.endpoints)?;
    let python = Python::ready(&folders(None)?).context("the sandbox is not installed; start `cargo dev` first")?;
    let mut command = Command::new(python.postgres_programs()?.join("psql"));
    command.envs(connection(&endpoints.postgres)?).args(args.arguments);
    Err(command.exec()).context("start psql")
}

/// What psql is told by variables, so that no list of processes shows the password.
fn connection(url: &str) -> Result<Vec<(&'static str, String)>> {
    let config: tokio_postgres::Config = url.parse().context("read the address of the database")?;
    let host = config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) => Some(name.clone()),
        Host::Unix(path) => path.to_str().map(str::to_owned),
    });
    let password = config
        .get_password()
        .map(|secret| String::from_utf8_lossy(secret).into());
    let told = [
        ("PGHOST", host),
        ("PGPORT", config.get_ports().first().map(u16::to_string)),
        ("PGUSER", config.get_user().map(str::to_owned)),
        ("PGPASSWORD", password),
        ("PGDATABASE", config.get_dbname().map(str::to_owned)),
    ];
    Ok(told
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect())
}

/// Becomes tail, over the logs that were asked for.
pub fn logs(args: &LogsArgs) -> Result<()> {
    let folder = folders(args.data.clone())?.below("logs")?;
    let there = names(&folder)?;
    ensure!(
        !there.is_empty(),
        "{} has no logs; start `cargo dev` first",
        folder.display()
    );
    if let Some(unknown) = args.names.iter().find(|name| !there.contains(name)) {
        bail!("there is no log of {unknown}; there are: {}", there.join(", "));
    }
    let asked = if args.names.is_empty() { &there } else { &args.names };
    let mut command = Command::new("tail");
    command.arg(format!("--lines={}", args.lines));
    if args.follow {
        // By name: the next start makes each log anew.
        command.arg("-F");
    }
    command.args(asked.iter().map(|name| format!("{name}.log")));
    Err(command.current_dir(&folder).exec()).context("start tail")
}

/// Whose logs a folder has, in alphabetical order.
fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".log")?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn folders(data: Option<PathBuf>) -> Result<Folders> {
    Folders::new(&std::env::current_exe().context("find this program")?, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psql_is_told_where_to_connect_without_an_argument() {
        let told = connection("postgres://gas:s3cret@127.0.0.1:5433/gas").unwrap();
        assert_eq!(
            told,
            [
                ("PGHOST", "127.0.0.1".to_owned()),
                ("PGPORT", "5433".to_owned()),
                ("PGUSER", "gas".to_owned()),
                ("PGPASSWORD", "s3cret".to_owned()),
                ("PGDATABASE", "gas".to_owned()),
            ]
        );
    }

    #[test]
    fn only_logs_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["web.log", "annotator.log", "web.log.gz", "lock"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(names(folder.path()).unwrap(), ["annotator", "web"]);
    }
}
