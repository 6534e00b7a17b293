//! Provisioning: makes what the services expect to find. Safe to repeat, safe to run at once from several places.

mod buckets;
mod mail;
mod messaging;
mod stripe;
mod table;
mod vault;

use std::time::Duration;

use anyhow::Result;
use aws_config::SdkConfig;
use backends::accounts::Accounts;
use backends::aws::AwsSettings;
use backends::settings::{DatabaseSettings, MailSettings, StoreSettings, VaultSettings};
use clap::Args;

use self::messaging::{Feed, LONGEST_DELAY};

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
    /// What the stores are called.
    #[command(flatten)]
    pub stores: StoreSettings,
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
    tokio::try_join!(
        accounts.migrate(),
        buckets::make(aws, settings),
        table::make(aws, &settings.stores.annotations_table),
        messages(aws, settings.free_retention),
        vault::make(aws, settings),
        mail::verify_sender(aws, &settings.mail.mail_from),
        stripe::make(&settings.stripe),
    )?;
    Ok(())
}

/// Every queue with the topic that fills it. Whether a job is due for the archive, the archiver decides itself.
async fn messages(aws: &SdkConfig, free_retention: Duration) -> Result<()> {
    let archive = Feed {
        delay: free_retention.min(LONGEST_DELAY),
        ..Feed::new("job_results", "job_archive")
    };
    tokio::try_join!(
        messaging::make(aws, Feed::same("job_requests")),
        messaging::make(aws, Feed::same("job_results")),
        messaging::make(aws, archive),
        messaging::make(aws, Feed::new("plan_changes", "restore_requests")),
        messaging::make(aws, Feed::same("vault_retrievals")),
        messaging::make(aws, Feed::same("notices")),
        messaging::make(aws, Feed::same("mail_events")),
    )?;
    Ok(())
}
