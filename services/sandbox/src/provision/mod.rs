//! Provisioning: makes what the services expect to find. Safe to repeat, safe to run at once from several places.

mod buckets;
mod mail;
mod messaging;
mod table;

use anyhow::Result;
use aws_config::SdkConfig;
use backends::accounts::Accounts;
use backends::aws::AwsSettings;
use backends::settings::{DatabaseSettings, MailSettings, StoreSettings};
use clap::Args;

/// What to make, and where.
#[derive(Debug, Clone, Args)]
pub struct ProvisionSettings {
    /// Where people reach the web; its pages may upload to the inputs bucket
    #[arg(long, env = "GAS_PUBLIC_URL", default_value = "https://localhost:4433")]
    pub public_url: String,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
    /// What the stores are called.
    #[command(flatten)]
    pub stores: StoreSettings,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Who our e-mails come from.
    #[command(flatten)]
    pub mail: MailSettings,
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
        messaging::make(aws, "job_requests"),
        messaging::make(aws, "job_results"),
        messaging::make(aws, "notices"),
        mail::verify_sender(aws, &settings.mail.mail_from),
    )?;
    Ok(())
}
