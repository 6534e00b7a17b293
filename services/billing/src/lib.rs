//! The billing service: takes what Stripe reports of subscriptions, and gives and takes Premium.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod settings;

use anyhow::Result;
use chassis::admin::{self, Health};
use chassis::shutdown;

pub use settings::Settings;

/// Takes webhooks until SIGTERM.
pub async fn run(settings: Settings) -> Result<()> {
    let shutdown = shutdown::signal();
    admin::serve(&settings.admin, Health::new("billing"), shutdown).await
}
