//! Every setting of the billing service: a flag, a variable, a default.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use backends::settings::{AwsSettings, DatabaseSettings, StripeSettings, secret};
use backends::subscriptions::SubscriptionSettings;
use chassis::admin::AdminSettings;
use chassis::server::ClientSettings;
use chassis::telemetry::TelemetrySettings;
use clap::Args;

/// Settings of `billing serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address of the webhooks, plain HTTP: the load balancer speaks TLS
    #[arg(long, env = "GAS_BILLING_LISTEN", default_value = "127.0.0.1:4434")]
    pub billing_listen: SocketAddr,
    /// What Stripe signs webhooks with (whsec_…), or file:/path; several, separated by commas, while they are rotated
    #[arg(
        long,
        env = "GAS_STRIPE_WEBHOOK_SECRETS",
        hide_env_values = true,
        value_delimiter = ',',
        required = true
    )]
    pub webhook_secrets: Vec<WebhookSecret>,
    /// How often to look for subscriptions of which Stripe should have reported something
    #[arg(long, env = "GAS_RECONCILE_INTERVAL", default_value = "5m", value_parser = chassis::duration::parse)]
    pub reconcile_interval: Duration,
    /// How clients are treated.
    #[command(flatten)]
    pub clients: ClientSettings,
    /// Where Stripe is.
    #[command(flatten)]
    pub stripe: StripeSettings,
    /// Where changes are told.
    #[command(flatten)]
    pub topics: SubscriptionSettings,
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

/// What Stripe signs webhooks with. It never shows in logs.
#[derive(Clone)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// The key's bytes, the prefix `whsec_` included.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}

impl FromStr for WebhookSecret {
    type Err = String;

    /// An empty secret would let anybody sign.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let secret = secret(text.trim())?;
        match secret.len() {
            16.. => Ok(Self(secret)),
            _ => Err("a webhook secret has at least 16 characters; Stripe shows it with the endpoint".to_owned()),
        }
    }
}
