//! `web unlock USER`: lets somebody in again who has lost the second factor, or is suspended, for whoever can run programs
//! beside the database. On the pages nobody does that for themselves, not even the only super user.

use anyhow::{Result, bail};
use backends::accounts::{Accounts, Actor, Intervened, Intervention};
use backends::settings::DatabaseSettings;
use clap::Args;
use domain::Username;

/// Settings of `web unlock`.
#[derive(Debug, Clone, Args)]
pub struct UnlockSettings {
    /// Username of the person
    #[arg(value_name = "USER", value_parser = Username::parse)]
    pub username: Username,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseSettings,
}

/// Takes the second factor and a suspension away, and says so. The password stays as it is.
pub async fn unlock(settings: &UnlockSettings) -> Result<String> {
    let accounts = Accounts::connect(&settings.database)?;
    accounts.check_schema().await?;
    let username = &settings.username;
    for what in [Intervention::RemoveSecondFactor, Intervention::Resume] {
        match accounts.intervene(&Actor::CommandLine, username, what).await? {
            Intervened::Done(_) => {}
            Intervened::Unknown => bail!("there is no account {username}"),
            Intervened::NotAllowed => bail!("the command line may not unlock accounts"),
        }
    }
    Ok(format!("{username} can log in with the password alone."))
}
