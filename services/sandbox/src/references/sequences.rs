//! The sequences of hg19 and hg38, fetched from UCSC in the background, about 800 MB each.
//!
//! The bundles that are made from packages have none, so that coding variants are told without codons. When a sequence is
//! here, its bundle is made anew, with the same tables, and takes the place of the old one; annotators open it for the
//! next job, and a job that runs keeps what it has. Without a network everything goes on as it is.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use annotator::download::{DownloadSettings, Downloader, Lines, require_space};
use annotator::recipe::{self, file_name};
use anyhow::{Context, Result};
use clap::Args;
use reference::Bundle;
use tokio::process::Command;
use tokio::time::sleep;

use super::kept::{NAMES, bundle};
use super::{arguments, run};
use crate::progress::line;

/// Where bundles and tables are, for containers.
#[derive(Debug, Clone, Args)]
pub struct SequencesArgs {
    /// Folder of the reference bundles
    #[arg(long, env = "GAS_REFERENCE_DIR")]
    pub into: PathBuf,
    /// Folder of the tables that they were made from
    #[arg(long, value_name = "FOLDER")]
    pub tables: PathBuf,
    /// How long to wait before looking again whether sequences are lacking, and whether they can be fetched
    #[arg(long, env = "GAS_SEQUENCES_INTERVAL", default_value = "6h", value_parser = chassis::duration::parse)]
    pub interval: Duration,
    /// Where they come from.
    #[command(flatten)]
    pub download: DownloadSettings,
}

/// Completes the bundles of a folder.
pub struct Sequences {
    /// The folder of the bundles.
    pub folder: PathBuf,
    /// The folder of the tables.
    pub tables: PathBuf,
    /// What the build says goes here.
    pub log: PathBuf,
    /// The program that builds.
    pub binary: PathBuf,
    /// Where sequences come from.
    pub download: DownloadSettings,
}

/// Looks after the sequences for ever.
pub async fn serve(args: SequencesArgs) -> Result<()> {
    let sequences = Sequences {
        folder: args.into,
        tables: args.tables,
        log: std::env::temp_dir().join("sequences.log"),
        binary: std::env::current_exe().context("find this program")?,
        download: args.download,
    };
    let hours = humantime(args.interval);
    loop {
        sequences.complete(&format!("The next attempt is in {hours}")).await;
        sleep(args.interval).await;
    }
}

fn humantime(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds => format!("{seconds} s"),
    }
}

impl Sequences {
    /// Fetches what is lacking. What cannot be fetched is one line, which ends with what happens `next`.
    pub async fn complete(&self, next: &str) {
        if let Err(error) = self.try_complete().await {
            line(format_args!(
                "  sequences: coding variants stay without codons, since a sequence could not be fetched: {error:#}. {next}"
            ));
        }
    }

    async fn try_complete(&self) -> Result<()> {
        let lacking: Vec<_> = NAMES.into_iter().filter(|name| self.lacks(name)).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let lock = self.folder.join("sequences.lock");
        let lock = File::create(&lock).with_context(|| format!("write {}", lock.display()))?;
        if lock.try_lock().is_err() {
            return Ok(());
        }
        line(format_args!(
            "  sequences: fetching {} in the background; until then coding variants are told without codons",
            lacking.join(" and ")
        ));
        let downloader = Downloader::new(&self.download)?;
        for name in lacking {
            self.add(name, &downloader).await?;
        }
        Ok(())
    }

    /// Whether a bundle is here, and without its sequence. One that is out of date has been made anew before.
    fn lacks(&self, name: &str) -> bool {
        let bundle = Bundle::open(&bundle(&self.folder, name));
        bundle.is_ok_and(|bundle| bundle.manifest().track("sequence").is_none())
    }

    /// Fetches one sequence and makes its bundle with it.
    async fn add(&self, name: &str, downloader: &Downloader) -> Result<()> {
        let begun = Instant::now();
        let recipe = recipe::load(name, None)?;
        let source = recipe
            .sequence
            .with_context(|| format!("find the sequence of {name}"))?;
        let work = self.folder.join(format!("{name}.fetch"));
        fs::create_dir_all(&work).with_context(|| format!("make {}", work.display()))?;
        let file = file_name(&source.address);
        let mut lines = Lines::new(file);
        let mut told = |progress| {
            if let Some(text) = lines.hear(progress) {
                line(format_args!("  sequences: {text}"));
            }
        };
        let fetched = downloader.fetch(source.wanted(), &work.join(file), &mut told).await?;
        // The bundle holds two bits a base, too.
        require_space(&self.folder, fetched.bytes + fetched.bytes / 4)?;
        let draft = work.join("draft");
        let _ = fs::remove_dir_all(&draft);
        fs::create_dir(&draft).with_context(|| format!("make {}", draft.display()))?;
        let release = fetched.day.as_deref();
        self.build(name, &fetched.path, release, &draft).await?;
        let place = bundle(&self.folder, name);
        fs::rename(bundle(&draft, name), &place).with_context(|| format!("put {name} at {}", place.display()))?;
        let _ = fs::remove_dir_all(&work);
        line(format_args!(
            "  sequences: {name} has its sequence after {:.0} s; jobs from now on are told codons, those before can be run again",
            begun.elapsed().as_secs_f64()
        ));
        Ok(())
    }

    async fn build(&self, name: &str, sequence: &Path, release: Option<&str>, draft: &Path) -> Result<()> {
        let mut command = Command::new(&self.binary);
        command.args(arguments(name, &self.tables, draft, Some(sequence)));
        if let Some(release) = release {
            command.args(["--release", &format!("sequence={release}")]);
        }
        run(&mut command, &self.log).await
    }
}
