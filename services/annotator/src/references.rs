//! Where reference bundles are, and which are there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use reference::bundle::{Bundle, EXTENSION};
use tracing::{info, warn};

/// Where reference bundles are.
#[derive(Debug, Clone, Args)]
pub struct ReferenceSettings {
    /// Folder of the reference bundles [default: ~/.local/share/gas/references; those that `cargo dev` has made are read, too]
    #[arg(long, env = "GAS_REFERENCE_DIR", value_name = "DIR")]
    pub reference_dir: Option<PathBuf>,
}

impl ReferenceSettings {
    /// The folder that references are put into, and that the service has its own from.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        let home = || std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
        self.reference_dir
            .clone()
            .unwrap_or_else(|| home().join(".local/share/gas/references"))
    }

    /// The folders in which references are looked for on the command line, the first one first: the one that is named, or
    /// else one's own and that of `cargo dev`.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        let of_sandbox = self.reference_dir.is_none().then(folder_of_sandbox).flatten();
        [self.folder()].into_iter().chain(of_sandbox).collect()
    }
}

/// Where `cargo dev` keeps references, if this program lies where Cargo puts it: `<target>/sandbox/references` beside
/// `<target>/<profile>/annotator`.
fn folder_of_sandbox() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let folder = program.parent()?.parent()?.join("sandbox/references");
    folder.is_dir().then_some(folder)
}

/// The files of the bundles in a folder, by name. A folder that is not there has none.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("could not read {}", folder.display())),
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION))
        .collect();
    files.sort();
    Ok(files)
}

/// Opens the bundles of a folder. One that cannot be opened is told of and left out.
fn open_all(folder: &Path) -> Result<Vec<Bundle>> {
    let mut bundles = Vec::new();
    for file in files(folder)? {
        match Bundle::open(&file) {
            Ok(bundle) => bundles.push(bundle),
            Err(error) => warn!("Left a reference out: {error}"),
        }
    }
    Ok(bundles)
}

/// The references that a service has, and on which terms.
#[derive(Debug, Clone)]
pub struct Served {
    /// The folder of the bundles.
    pub folder: PathBuf,
    /// Whether tracks are used that are free for non-commercial use only. People pay for Premium, so that somebody must have said so.
    pub non_commercial: bool,
}

impl Served {
    /// Opens the bundles, as they are at this moment.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn open(&self) -> Result<Vec<Bundle>> {
        let bundles = open_all(&self.folder)?.into_iter();
        Ok(bundles.map(|bundle| self.on_terms(bundle).0).collect())
    }

    /// Says in the log what is left out.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn tell(&self) -> Result<()> {
        for bundle in open_all(&self.folder)? {
            let (bundle, left_out) = self.on_terms(bundle);
            if !left_out.is_empty() {
                info!(
                    "Of the reference {} these are left out, because they are free for non-commercial use only: {} \
                     (GAS_NON_COMMERCIAL_TRACKS=true uses them)",
                    bundle.name(),
                    left_out.join(", ")
                );
            }
        }
        Ok(())
    }

    fn on_terms(&self, bundle: Bundle) -> (Bundle, Vec<String>) {
        match self.non_commercial {
            true => (bundle, Vec::new()),
            false => bundle.without_non_commercial(),
        }
    }
}

/// Opens the bundles of several folders; of those with the same name, the first.
pub fn open_each(folders: &[PathBuf]) -> Result<Vec<Arc<Bundle>>> {
    let mut bundles: Vec<Arc<Bundle>> = Vec::new();
    for folder in folders {
        for bundle in open_all(folder)? {
            if bundles.iter().all(|known| known.name() != bundle.name()) {
                bundles.push(Arc::new(bundle));
            }
        }
    }
    Ok(bundles)
}

/// Whether a bundle is being prepared in the folder: whoever does so puts a file `<name>.preparing` there.
#[must_use]
pub fn is_preparing(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.any(|path| path.extension().is_some_and(|extension| extension == "preparing"))
}

#[cfg(test)]
mod tests {
    use reference::build::{ExtraTrack, Plan, build};
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn the_service_has_scores_that_are_not_free_for_all_only_if_it_is_told() {
        let folder = TempDir::new().unwrap();
        let track = |key: &str, name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            ExtraTrack {
                key: key.to_owned(),
                file,
                fields: Vec::new(),
            }
        };
        let cadd = "## CADD GRCh38-v1.7\n#Chrom\tPos\tRef\tAlt\tRawScore\tPHRED\n1\t20\tA\tC\t0.1\t3.4\n";
        let gnomad = "##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
                      1\t20\t.\tA\tC\t.\tPASS\tAF=0.1\n";
        let plan = Plan {
            name: "hg38".to_owned(),
            assembly: "hg38".to_owned(),
            tables: folder.path().join("tables"),
            transcripts: Default::default(),
            sequence: None,
            tracks: vec![track("CADD", "scores.tsv", cadd), track("gnomAD", "gnomad.vcf", gnomad)],
            chains: Vec::new(),
            notes: Default::default(),
            built: "2026-01-01T00:00:00Z".to_owned(),
        };
        build(&plan, &folder.path().join("hg38.gasref"), &mut |_| {}).unwrap();
        let tracks = |non_commercial| {
            let served = Served {
                folder: folder.path().to_owned(),
                non_commercial,
            };
            let bundles = served.open().unwrap();
            let tracks = bundles[0].manifest().tracks.iter();
            tracks.map(|track| track.key.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            (tracks(false), tracks(true)),
            (vec!["gnomAD".to_owned()], vec!["CADD".to_owned(), "gnomAD".to_owned()])
        );
    }
}
