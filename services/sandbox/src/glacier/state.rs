//! What the emulator knows: vaults with their archives, uploads and jobs. It is on disk before a change is answered.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;

use super::refusal::Refusal;
use crate::secrets::write_private;

/// All vaults by name.
pub type Vaults = BTreeMap<String, Vault>;

/// One vault.
#[derive(Serialize, Deserialize)]
pub struct Vault {
    pub created: Moment,
    pub notifications: Option<Notifications>,
    pub archives: BTreeMap<String, Archive>,
    pub uploads: BTreeMap<String, Upload>,
    pub jobs: BTreeMap<String, Job>,
}

/// Where a vault tells what ends in it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Notifications {
    #[serde(rename = "SNSTopic")]
    pub topic: String,
    #[serde(rename = "Events")]
    pub events: Vec<String>,
}

/// One archive; its bytes are a file.
#[derive(Clone, Serialize, Deserialize)]
pub struct Archive {
    pub description: Option<String>,
    pub created: Moment,
    pub size: u64,
    pub tree_hash: String,
}

/// One upload in parts; each part is a file.
#[derive(Serialize, Deserialize)]
pub struct Upload {
    pub description: Option<String>,
    pub created: Moment,
    pub part_size: u64,
    /// By their first byte.
    pub parts: BTreeMap<u64, Part>,
    /// What it has become; asking again for its completion gives the same.
    pub archive: Option<String>,
}

/// One part that is up.
#[derive(Clone, Serialize, Deserialize)]
pub struct Part {
    pub size: u64,
    pub tree_hash: String,
}

/// One retrieval job; the output of a completed one is a file.
#[derive(Clone, Serialize, Deserialize)]
pub struct Job {
    pub archive_id: String,
    pub archive: Archive,
    pub description: Option<String>,
    pub topic: Option<String>,
    pub tier: String,
    /// First and last byte to retrieve.
    pub start: u64,
    pub end: u64,
    pub created: Moment,
    /// When it completes.
    pub due: Moment,
    pub completed: Option<Moment>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// Milliseconds since 1970; prints as the API writes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment(i64);

impl Moment {
    pub fn now() -> Self {
        Self(i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
    }

    pub fn plus(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long it is until then; nothing if it has passed.
    pub fn time_left(self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - Self::now().0).unwrap_or(0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        let then = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).map_err(|_| fmt::Error)?;
        f.write_str(&then.format(format).map_err(|_| fmt::Error)?)
    }
}

/// The vaults on disk, and the files of what is in them.
pub struct Store {
    folder: PathBuf,
    vaults: Mutex<Vaults>,
}

impl Store {
    /// What earlier runs have left in `folder`.
    pub fn open(folder: &Path) -> Result<Self> {
        for name in ["archives", "parts", "outputs", "incoming"] {
            let below = folder.join(name);
            fs::create_dir_all(&below).with_context(|| format!("make the folder {}", below.display()))?;
        }
        // What was on its way when an earlier run was killed.
        for entry in fs::read_dir(folder.join("incoming"))?.filter_map(Result::ok) {
            let _ = fs::remove_file(entry.path());
        }
        let index = folder.join("vaults.json");
        let vaults = match fs::exists(&index)? {
            true => serde_json::from_slice(&fs::read(&index)?).with_context(|| format!("read {}", index.display()))?,
            false => Vaults::new(),
        };
        Ok(Self {
            folder: folder.to_owned(),
            vaults: Mutex::new(vaults),
        })
    }

    /// Looks at the vaults.
    pub fn look<T>(&self, look: impl FnOnce(&Vaults) -> T) -> T {
        look(&self.vaults.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the vaults and writes them down; a change that fails must not have begun.
    pub fn change<T>(&self, change: impl FnOnce(&mut Vaults) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut vaults = self.vaults.lock().unwrap_or_else(PoisonError::into_inner);
        let done = change(&mut vaults)?;
        let (index, draft) = (self.folder.join("vaults.json"), self.folder.join("vaults.draft"));
        let text = serde_json::to_vec(&*vaults).map_err(|error| Refusal::unavailable(error.to_string()))?;
        write_private(&draft, &text).map_err(|error| Refusal::unavailable(format!("{error:#}")))?;
        fs::rename(draft, index)?;
        Ok(done)
    }

    /// Where bodies are while they come.
    pub fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// The bytes of an archive.
    pub fn archive(&self, id: &str) -> PathBuf {
        self.folder.join("archives").join(id)
    }

    /// The bytes of a part.
    pub fn part(&self, upload: &str, start: u64) -> PathBuf {
        self.folder.join("parts").join(format!("{upload}.{start}"))
    }

    /// The archive that a completed job gives out.
    pub fn output(&self, job: &str) -> PathBuf {
        self.folder.join("outputs").join(job)
    }
}
