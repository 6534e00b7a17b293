//! The archiver: moves free users' results from the object store to the vault, and back after an upgrade.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod settings;

use anyhow::Result;
use chassis::admin::{self, Health};
use chassis::shutdown;

pub use settings::Settings;

/// Archives and restores until SIGTERM.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    admin::serve(&settings.admin, Health::new("archiver"), shutdown).await
}
