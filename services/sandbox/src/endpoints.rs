//! The addresses of a running sandbox, for people and for tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::secrets::write_private;

/// Where everything is. What this stage of the system does not have is `null`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Endpoints {
    /// The pages.
    pub web: String,
    /// The mailbox's page; `.json` after it gives the mails to programs.
    pub mailbox: String,
    /// The AWS emulator.
    pub aws: String,
    /// S3 as browsers reach it.
    pub s3_public: String,
    /// The Glacier emulator.
    pub glacier: Option<String>,
    /// The Stripe emulator.
    pub stripe: Option<String>,
    /// The accounts database.
    pub postgres: String,
    /// The webhooks' service.
    pub billing: Option<String>,
    /// The folder of the reference bundles.
    pub references: PathBuf,
    /// Health and metrics of each service.
    pub admin: BTreeMap<String, String>,
    /// The process of each service, and of each store.
    pub pids: BTreeMap<String, u32>,
    /// What the emulator accepts.
    pub aws_access_key_id: String,
    /// What the emulator accepts.
    pub aws_secret_access_key: String,
    /// What the Stripe emulator accepts.
    #[serde(default)]
    pub stripe_secret_key: String,
    /// What the Stripe emulator signs with.
    #[serde(default)]
    pub stripe_webhook_secret: String,
}

impl Endpoints {
    /// Writes the file; it holds passwords, so only its owner reads it.
    pub fn write(&self, path: &Path) -> Result<()> {
        // Whoever waits for the file must never read half of it.
        let draft = path.with_extension("draft");
        write_private(&draft, serde_json::to_string_pretty(self)?.as_bytes())?;
        std::fs::rename(&draft, path).with_context(|| format!("write {}", path.display()))
    }

    /// Reads the file of a running sandbox.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("read {}", path.display()))
    }
}
