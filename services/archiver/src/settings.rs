//! Every setting of the archiver: a flag, a variable, a default.

use backends::settings::{AwsSettings, DatabaseSettings, StoreSettings};
use chassis::admin::AdminSettings;
use chassis::retention::RetentionSettings;
use chassis::telemetry::TelemetrySettings;
use clap::Args;

/// Settings of `archiver serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
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
    /// Where health and metrics answer.
    #[command(flatten)]
    pub admin: AdminSettings,
    /// How to log.
    #[command(flatten)]
    pub telemetry: TelemetrySettings,
}
