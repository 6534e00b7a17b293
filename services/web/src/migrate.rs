//! `web migrate`: brings the accounts database up to date, for whoever releases: one task, before the services roll.

use anyhow::Result;
use backends::accounts::Accounts;
use backends::settings::DatabaseSettings;

/// Applies what is missing, and says which schema there is now. A second run changes nothing; two at once wait for each
/// other; the release before keeps running.
pub async fn migrate(settings: &DatabaseSettings) -> Result<String> {
    let version = Accounts::connect(settings)?.migrate().await?;
    Ok(format!("The accounts database has schema {version}."))
}
