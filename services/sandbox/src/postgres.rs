//! PostgreSQL: made once, started as a child, never as root.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;
use tokio::time::{Instant, sleep};
use tokio_postgres::NoTls;

use crate::folders::Folders;
use crate::process::{Process, last_lines};
use crate::python::Python;
use crate::secrets::{Secrets, write_private};

/// PostgreSQL refuses to be root; `nobody` has this id on every Linux.
const NOBODY: u32 = 65_534;

/// How to run one cluster.
pub struct Postgres<'a> {
    /// Where its files are.
    pub folders: &'a Folders,
    /// Where its programs are.
    pub python: &'a Python,
    /// Its password.
    pub secrets: &'a Secrets,
    /// On loopback.
    pub port: u16,
    /// Whether a crash of this machine may lose what was written last.
    pub throwaway: bool,
}

impl Postgres<'_> {
    /// Where services reach the database.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("gas")
    }

    /// Makes the cluster if there is none, starts it, and makes the database `gas` if it is missing.
    pub async fn start(&self) -> Result<Process> {
        let cluster = self.folders.data.join("postgres");
        if !cluster.join("PG_VERSION").exists() {
            self.initialise(&cluster).await?;
        }
        let log = self.folders.log("postgres")?;
        let mut command = self.program("postgres")?;
        command
            .arg("-D")
            .arg(&cluster)
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.args(["-c", "unix_socket_directories=", "-c", "max_connections=100"]);
        if self.throwaway {
            command.args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]);
        }
        let mut process = Process::start("postgres", command, &log)?;
        let deadline = Instant::now() + Duration::from_secs(30);
        while let Err(error) = self.make_database().await {
            if process.has_ended() || Instant::now() > deadline {
                bail!(
                    "PostgreSQL does not answer ({error:#}); its log ends with{}",
                    last_lines(&log)
                );
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(process)
    }

    async fn initialise(&self, cluster: &Path) -> Result<()> {
        let _ = fs::remove_dir_all(cluster);
        fs::create_dir_all(cluster)?;
        fs::set_permissions(cluster, fs::Permissions::from_mode(0o700))?;
        let password = self.folders.data.join("postgres.password");
        write_private(&password, self.secrets.postgres_password.as_bytes())?;
        if is_root() {
            chown(cluster, Some(NOBODY), Some(NOBODY)).context("give PostgreSQL its folder")?;
            chown(&password, Some(NOBODY), Some(NOBODY))?;
        }
        let mut command = self.program("initdb")?;
        command
            .arg("-D")
            .arg(cluster)
            .arg("--pwfile")
            .arg(&password)
            .stdin(Stdio::null());
        command.args([
            "--username=gas",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        let made = command.output().await.context("run initdb")?;
        fs::remove_file(&password)?;
        match made.status.success() {
            true => Ok(()),
            false => {
                let _ = fs::remove_dir_all(cluster);
                bail!("{}", explain(&made, cluster))
            }
        }
    }

    async fn make_database(&self) -> Result<()> {
        let (client, connection) = tokio_postgres::connect(&self.url_of("postgres"), NoTls).await?;
        tokio::spawn(connection);
        if client
            .query_opt("SELECT FROM pg_database WHERE datname = 'gas'", &[])
            .await?
            .is_none()
        {
            client.batch_execute("CREATE DATABASE gas").await?;
        }
        Ok(())
    }

    /// A program of PostgreSQL, as another user if we are root. That user may read the folders on the way to the
    /// cluster even when the checkout lies in root's home.
    fn program(&self, name: &str) -> Result<Command> {
        let program: PathBuf = self.python.postgres_programs()?.join(name);
        if !is_root() {
            return Ok(Command::new(program));
        }
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={NOBODY}"))
            .arg(format!("--regid={NOBODY}"))
            .arg("--clear-groups");
        command.args(reaching_options());
        command.arg("--").arg(program).current_dir("/");
        Ok(command)
    }

    fn url_of(&self, database: &str) -> String {
        format!(
            "postgres://gas:{}@127.0.0.1:{}/{database}",
            self.secrets.postgres_password, self.port
        )
    }
}

fn explain(made: &Output, cluster: &Path) -> String {
    let text = String::from_utf8_lossy(&made.stderr);
    let reason = text
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("no reason given")
        .to_owned();
    let hint = match is_root() {
        true => "; as root it runs as the user nobody, who must be able to reach that folder (--data chooses another)",
        false => "",
    };
    format!(
        "PostgreSQL could not make its files in {} ({reason}){hint}",
        cluster.display()
    )
}

/// Options of setpriv that let another user pass folders which are closed to it, as far as we are allowed to: with the
/// capability that only reads, or the other, since root in a container often lacks the first.
fn reaching_options() -> Vec<String> {
    // Bits as in <linux/capability.h>.
    let ours = effective_capabilities();
    let has = |bit: u32| ours >> bit & 1 == 1;
    let known = [(2, "dac_read_search"), (1, "dac_override")];
    let Some((_, capability)) = known.into_iter().find(|(bit, _)| has(*bit)) else {
        return Vec::new();
    };
    let mut options = vec![
        format!("--inh-caps=+{capability}"),
        format!("--ambient-caps=+{capability}"),
    ];
    // Without this, access(2) asks as if there were no capability, and initdb asks that way (capabilities(7)).
    let (setpcap, keep) = (8, "--securebits=+no_setuid_fixup".to_owned());
    options.extend(has(setpcap).then_some(keep));
    options
}

fn effective_capabilities() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    effective
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok())
        .unwrap_or(0)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|us| us.uid() == 0)
}
