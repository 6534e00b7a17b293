//! Every setting of the notifier: a flag, a variable, a default.

use std::time::Duration;

use backends::settings::{AwsSettings, DatabaseSettings, MailSettings, StoreSettings, WebhookSettings};
use chassis::admin::AdminSettings;
use chassis::retention::RetentionSettings;
use chassis::telemetry::TelemetrySettings;
use clap::Args;

/// Settings of `notifier serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// SQS queue of the ended jobs: a name or a URL
    #[arg(long, env = "GAS_JOB_RESULTS_QUEUE", default_value = "job_results")]
    pub job_results_queue: String,
    /// SQS queue of the mails that other services ask for: a name or a URL
    #[arg(long, env = "GAS_NOTICES_QUEUE", default_value = "notices")]
    pub notices_queue: String,
    /// SQS queue of what SES reports of our mails, bounces and complaints: a name or a URL
    #[arg(long, env = "GAS_MAIL_EVENTS_QUEUE", default_value = "mail_events")]
    pub mail_events_queue: String,
    /// SQS queue of the ended jobs that people's webhooks are told of: a name or a URL
    #[arg(long, env = "GAS_WEBHOOKS_QUEUE", default_value = "webhooks")]
    pub webhooks_queue: String,
    /// Where webhooks may lead.
    #[command(flatten)]
    pub webhooks: WebhookSettings,
    /// Where people reach the web, for the links in mails and webhooks
    #[arg(long, env = "GAS_PUBLIC_URL", default_value = "https://localhost:4433")]
    pub public_url: String,
    /// How long a mail stays with a notifier that gives no sign of life, by the measure of the others
    #[arg(long, env = "GAS_MAIL_LEASE", default_value = "12s", value_parser = chassis::duration::parse)]
    pub lease: Duration,
    /// How long free users have results.
    #[command(flatten)]
    pub retention: RetentionSettings,
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
    /// Where health and metrics answer.
    #[command(flatten)]
    pub admin: AdminSettings,
    /// How to log.
    #[command(flatten)]
    pub telemetry: TelemetrySettings,
}
