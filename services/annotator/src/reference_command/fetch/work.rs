//! The folder in which a reference is being fetched: `<name>.fetch`, beside where the bundle will be.
//!
//! It holds what arrived until the bundle is there, so that the same command goes on after whatever stopped it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};

/// The folder, which is ours as long as this value lives.
pub(super) struct Work {
    folder: PathBuf,
    _lock: File,
}

impl Work {
    /// Takes the folder of a reference.
    pub(super) fn take(references: &Path, name: &str) -> Result<Self> {
        let folder = references.join(format!("{name}.fetch"));
        fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        let lock = folder.join("lock");
        let lock = File::create(&lock).with_context(|| format!("could not write {}", lock.display()))?;
        if lock.try_lock().is_err() {
            bail!("{name} is being fetched already, by another process");
        }
        let work = Self { folder, _lock: lock };
        work.drop_draft();
        Ok(work)
    }

    /// Where what arrives goes.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the bundle in the making.
    pub(super) fn draft(&self) -> Result<PathBuf> {
        let draft = self.folder.join("draft");
        fs::create_dir_all(&draft).with_context(|| format!("could not make {}", draft.display()))?;
        Ok(draft)
    }

    /// Removes what is half built; what was fetched stays.
    pub(super) fn interrupted(&self) -> Error {
        self.drop_draft();
        anyhow!(
            "interrupted; what arrived is kept in {}, and the same command goes on from there",
            self.folder.display()
        )
    }

    /// Removes everything: the bundle is in its place.
    pub(super) fn clear(self) {
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn drop_draft(&self) {
        let _ = fs::remove_dir_all(self.folder.join("draft"));
    }
}
