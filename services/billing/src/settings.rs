//! Every setting of the billing service: a flag, a variable, a default.

use std::net::SocketAddr;

use backends::settings::{AwsSettings, DatabaseSettings};
use chassis::admin::AdminSettings;
use chassis::telemetry::TelemetrySettings;
use clap::Args;

/// Settings of `billing serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address of the webhooks, plain HTTP: the load balancer speaks TLS
    #[arg(long, env = "GAS_BILLING_LISTEN", default_value = "127.0.0.1:4434")]
    pub billing_listen: SocketAddr,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
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
