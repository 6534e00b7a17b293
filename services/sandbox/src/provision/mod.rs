//! Provisioning: makes what the services expect to find. Safe to repeat, safe to run at once from several places.
//!
//! What is of AWS is what `ecs/data.yaml` says, read at compile time: `template/` resolves it, `laptop.rs` says what a
//! laptop needs otherwise, the others make it by the SDKs. CloudFormation itself would not do: the emulator's loses what
//! a queue or a table of an earlier version holds, and some of what is asked for.

mod buckets;
mod laptop;
mod lifecycle;
mod mail;
mod queues;
mod stores;
mod stripe;
mod table;
mod template;
mod topics;
mod vault;

use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use backends::accounts::Accounts;
use backends::aws::AwsSettings;
use backends::settings::{DatabaseSettings, MailSettings, VaultSettings};
use clap::Args;

use self::stores::Stores;
use self::template::Place;

pub use laptop::ARCHIVE_BUCKET;
pub use stripe::StripeEmulatorSettings;

/// What to make, and where.
#[derive(Clone, Args)]
pub struct ProvisionSettings {
    /// Where people reach the web; its pages may upload to the inputs bucket
    #[arg(long, env = "GAS_PUBLIC_URL", default_value = "https://localhost:4433")]
    pub public_url: String,
    /// How long free users may download results; as far as SQS can, the archive queue holds jobs back for as long
    #[arg(long, env = "GAS_FREE_RETENTION", default_value = "30m", value_parser = chassis::duration::parse)]
    pub free_retention: Duration,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
    /// Where archived results are.
    #[command(flatten)]
    pub vault: VaultSettings,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Who our e-mails come from.
    #[command(flatten)]
    pub mail: MailSettings,
    /// The Stripe emulator, where there is one.
    #[command(flatten)]
    pub stripe: StripeEmulatorSettings,
}

/// `sandbox provision`: everything, with credentials from the environment.
pub async fn run(settings: &ProvisionSettings) -> Result<()> {
    let aws = backends::aws::connect(&settings.aws).await;
    everything(&aws, settings).await
}

/// Makes what is missing, all kinds at once.
pub async fn everything(aws: &SdkConfig, settings: &ProvisionSettings) -> Result<()> {
    let accounts = Accounts::connect(&settings.database)?;
    let stores = Stores::of(&laptop::template(settings, place(aws, settings).await?)?)?;
    tokio::try_join!(
        accounts.migrate(),
        stores.make(aws),
        vault::make(aws, settings),
        stripe::make(&settings.stripe),
    )?;
    Ok(())
}

/// The emulator's account is its own affair, so it is asked.
async fn place(aws: &SdkConfig, settings: &ProvisionSettings) -> Result<Place> {
    let caller = aws_sdk_sts::Client::new(aws).get_caller_identity().send().await;
    let account = caller.context("ask AWS who we are")?.account;
    Ok(Place {
        region: settings.aws.region.clone(),
        account: account.context("AWS does not say whose account this is")?,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        provision: ProvisionSettings,
    }

    /// Those of the command line, with nothing given that has a default.
    pub fn settings() -> ProvisionSettings {
        Cli::parse_from(["provision", "--database-url=postgres://127.0.0.1/gas"]).provision
    }
}
