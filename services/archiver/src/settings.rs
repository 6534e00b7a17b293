//! Every setting of the archiver: a flag, a variable, a default.

use std::time::Duration;

use backends::settings::{AwsSettings, DatabaseSettings, StoreSettings, VaultSettings};
use chassis::admin::AdminSettings;
use chassis::protection::ProtectionSettings;
use chassis::retention::RetentionSettings;
use chassis::telemetry::TelemetrySettings;
use clap::Args;

/// Settings of `archiver serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// SQS queue of the completed jobs, delivered when they may be due: a name or a URL
    #[arg(long, env = "GAS_JOB_ARCHIVE_QUEUE", default_value = "job_archive")]
    pub job_archive_queue: String,
    /// SQS queue of the people whose plan has changed: a name or a URL
    #[arg(long, env = "GAS_RESTORE_REQUESTS_QUEUE", default_value = "restore_requests")]
    pub restore_requests_queue: String,
    /// SQS queue of the ended retrieval jobs of the vault: a name or a URL
    #[arg(long, env = "GAS_VAULT_RETRIEVALS_QUEUE", default_value = "vault_retrievals")]
    pub vault_retrievals_queue: String,
    /// SQS queue of the jobs and accounts that are to be deleted: a name or a URL
    #[arg(long, env = "GAS_DELETIONS_QUEUE", default_value = "deletions")]
    pub deletions_queue: String,
    /// How long after a deletion was asked for there is a last look for what was being written just then
    #[arg(long, env = "GAS_DELETION_LAST_LOOK", default_value = "60s", value_parser = chassis::duration::parse)]
    pub deletion_last_look: Duration,
    /// SNS topic on which mails to people are asked for: a name or an ARN
    #[arg(long, env = "GAS_NOTICES_TOPIC", default_value = "notices")]
    pub notices_topic: String,
    /// Results archived or restored at once, by each queue and by the sweep
    #[arg(long, env = "GAS_ARCHIVER_CONCURRENCY", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,
    /// How long a job stays ours without a sign of life; another archiver then goes on with it
    #[arg(long, env = "GAS_ARCHIVE_LEASE", default_value = "60s", value_parser = chassis::duration::parse)]
    pub lease: Duration,
    /// How often jobs are looked for whose time has come
    #[arg(long, env = "GAS_ARCHIVE_SWEEP_INTERVAL", default_value = "30s", value_parser = chassis::duration::parse)]
    pub sweep_interval: Duration,
    /// How long the vault has to report a retrieval job before it is asked, and between two questions
    #[arg(long, env = "GAS_RETRIEVAL_CHECK_INTERVAL", default_value = "5m", value_parser = chassis::duration::parse)]
    pub retrieval_check_interval: Duration,
    /// How long free users have results.
    #[command(flatten)]
    pub retention: RetentionSettings,
    /// Where archives go.
    #[command(flatten)]
    pub vault: VaultSettings,
    /// What protects the task while there is work.
    #[command(flatten)]
    pub protection: ProtectionSettings,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
    /// What the stores are called.
    #[command(flatten)]
    pub stores: StoreSettings,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Where health and metrics answer.
    #[command(flatten)]
    pub admin: AdminSettings,
    /// How to log.
    #[command(flatten)]
    pub telemetry: TelemetrySettings,
}
