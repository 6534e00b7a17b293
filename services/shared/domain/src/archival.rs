//! What the archiver has to remember of a job: when to look at it, what the vault holds, what is on its way back.

use std::str::FromStr;

use crate::{InvalidField, Timestamp};

/// An archive in the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The vault's name of it.
    pub id: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 tree hash in hexadecimal
    /// (<https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html>).
    pub tree_hash: String,
}

/// How fast, and how dear, a retrieval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// 1 to 5 minutes; refused when there is no capacity.
    Expedited,
    /// 3 to 5 hours; always accepted.
    Standard,
}

/// The way of a job's results back from the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restore {
    /// Names the restore; everything that one upgrade brings back shares it.
    pub id: String,
    /// When the results were asked for.
    pub requested_at: Timestamp,
    /// The vault's retrieval job, once it has accepted one.
    pub retrieval: Option<(String, Tier)>,
}

/// What the archiver has to remember of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archival {
    /// Counts the archiver's changes of the row; whoever has read an older number may not write.
    pub revision: u64,
    /// When the archiver has to look at the job.
    pub due: Option<Timestamp>,
    /// Until when the job is the one archiver's that works on it.
    pub held_until: Option<Timestamp>,
    /// What was begun in the vault and may have become an archive that nothing else names.
    pub upload: Option<String>,
    /// What the vault holds.
    pub archive: Option<Archive>,
    /// How the results come back, or last came back.
    pub restore: Option<Restore>,
    /// How many times they were asked back.
    pub restores: u32,
    /// When they last came back.
    pub restored_at: Option<Timestamp>,
    /// The results' object, which is archived and still to be deleted.
    pub discarded_key: Option<String>,
    /// The archive whose bytes are back and which is still to be deleted.
    pub discarded_archive: Option<String>,
}

impl Archival {
    /// Until when another archiver works on the job, if one does at `now`.
    #[must_use]
    pub fn held_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.held_until.filter(|until| now < *until)
    }

    /// The vault's retrieval job of the results that are on their way back.
    #[must_use]
    pub fn retrieval(&self) -> Option<&str> {
        let (id, _) = self.restore.as_ref()?.retrieval.as_ref()?;
        Some(id)
    }
}

impl Tier {
    /// The name that the vault and our stores use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expedited => "Expedited",
            Self::Standard => "Standard",
        }
    }
}

impl FromStr for Tier {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "Expedited" => Ok(Self::Expedited),
            "Standard" => Ok(Self::Standard),
            _ => Err(InvalidField("The retrieval tier is unknown.")),
        }
    }
}
