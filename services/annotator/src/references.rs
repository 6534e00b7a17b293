//! Where reference bundles are, and which are there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use reference::bundle::{Bundle, EXTENSION};
use tracing::warn;

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
pub fn open_all(folder: &Path) -> Result<Vec<Arc<Bundle>>> {
    let mut bundles = Vec::new();
    for file in files(folder)? {
        match Bundle::open(&file) {
            Ok(bundle) => bundles.push(Arc::new(bundle)),
            Err(error) => warn!("Left a reference out: {error}"),
        }
    }
    Ok(bundles)
}

/// Opens the bundles of several folders; of those with the same name, the first.
pub fn open_each(folders: &[PathBuf]) -> Result<Vec<Arc<Bundle>>> {
    let mut bundles: Vec<Arc<Bundle>> = Vec::new();
    for folder in folders {
        for bundle in open_all(folder)? {
            if bundles.iter().all(|known| known.name() != bundle.name()) {
                bundles.push(bundle);
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
