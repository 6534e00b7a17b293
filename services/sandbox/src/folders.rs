//! Where the sandbox keeps things.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// `<target>/sandbox` and, in it unless said otherwise, the data of one system.
#[derive(Debug, Clone)]
pub struct Folders {
    /// What every sandbox of this build shares: the Python environment.
    pub shared: PathBuf,
    /// What one system has for itself.
    pub data: PathBuf,
}

impl Folders {
    /// The folders of the binary `<target>/<profile>/sandbox`.
    pub fn new(binary: &Path, data: Option<PathBuf>) -> Result<Self> {
        let target = binary
            .parent()
            .and_then(Path::parent)
            .context("find the target folder")?;
        let shared = target.join("sandbox");
        let data = data.unwrap_or_else(|| shared.join("data"));
        fs::create_dir_all(&data).with_context(|| format!("make the folder {}", data.display()))?;
        Ok(Self {
            shared,
            data: data.canonicalize()?,
        })
    }

    /// Keeps other sandboxes off the data until the returned file is closed.
    pub fn lock(&self) -> Result<File> {
        let lock = File::create(self.data.join("lock")).context("make the lock file")?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => bail!(
                "another `cargo dev` uses {}; stop it first, or give this one its own folder with --data",
                self.data.display()
            ),
            Err(TryLockError::Error(error)) => Err(error).context("lock the data folder"),
        }
    }

    /// Deletes everything of earlier runs.
    pub fn clear(&self) -> Result<()> {
        for entry in fs::read_dir(&self.data)?
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name() != "lock")
        {
            let path = entry.path();
            let removed = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            removed.with_context(|| format!("delete {}", path.display()))?;
        }
        Ok(())
    }

    /// A folder below the data, made if it is missing.
    pub fn below(&self, name: &str) -> Result<PathBuf> {
        let folder = self.data.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("make the folder {}", folder.display()))?;
        Ok(folder)
    }

    /// Has the logs of this process and its children go into a folder of their own in `there`, which outlives the data.
    pub fn keep_logs_in(&self, there: &Path) -> Result<()> {
        let kept = there.join(std::process::id().to_string());
        fs::create_dir_all(&kept).with_context(|| format!("make the folder {}", kept.display()))?;
        let logs = self.data.join("logs");
        // An earlier run on the same data led to its own.
        let _ = fs::remove_file(&logs);
        symlink(kept.canonicalize()?, &logs).with_context(|| format!("lead {} there", logs.display()))
    }

    /// Where a process's log goes.
    pub fn log(&self, process: &str) -> Result<PathBuf> {
        Ok(self.below("logs")?.join(format!("{process}.log")))
    }

    /// Where the addresses of the running system are written.
    #[must_use]
    pub fn endpoints(&self) -> PathBuf {
        self.data.parent().unwrap_or(&self.data).join("endpoints.json")
    }
}
