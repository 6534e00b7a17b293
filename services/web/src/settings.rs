//! Every setting of the web service: a flag, a variable, a default.

use std::net::SocketAddr;

use backends::settings::{
    AwsSettings, DatabaseSettings, MailSettings, StoreSettings, StripeSettings, TurnSettings, WebhookSettings,
};
use backends::subscriptions::SubscriptionSettings;
use chassis::admin::AdminSettings;
use chassis::input_limits::InputLimitSettings;
use chassis::retention::RetentionSettings;
use chassis::server::{ClientSettings, TlsSettings};
use chassis::telemetry::TelemetrySettings;
use clap::Args;

/// Settings of `web serve`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address of the HTTPS socket
    #[arg(long, env = "GAS_WEB_LISTEN", default_value = "127.0.0.1:4433")]
    pub web_listen: SocketAddr,
    /// Where people reach this service, without a slash at the end
    #[arg(long, env = "GAS_PUBLIC_URL", default_value = "https://localhost:4433", value_parser = public_url)]
    pub public_url: String,
    /// SNS topic on which jobs are requested: a name or an ARN
    #[arg(long, env = "GAS_JOB_REQUESTS_TOPIC", default_value = "job_requests")]
    pub job_requests_topic: String,
    /// SNS topic on which deletions are asked for: a name or an ARN
    #[arg(long, env = "GAS_DELETIONS_TOPIC", default_value = "deletions")]
    pub deletions_topic: String,
    /// SQS queues that the administration shows, with their dead-letter queues: names or URLs, separated by commas
    #[arg(
        long,
        env = "GAS_QUEUES",
        value_delimiter = ',',
        default_value = "job_requests,job_results,job_archive,restore_requests,vault_retrievals,notices,mail_events,deletions,webhooks"
    )]
    pub queues: Vec<String>,
    /// How long free users have results.
    #[command(flatten)]
    pub retention: RetentionSettings,
    /// How large an input each plan takes.
    #[command(flatten)]
    pub input_limits: InputLimitSettings,
    /// Key of the CSRF tokens, at least 32 characters, the same for every replica, or file:/path; several, separated by commas,
    /// while it is rotated: the first makes tokens, all are good [default: random at each start]
    #[arg(
        long = "web-secret",
        env = "GAS_WEB_SECRET",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub web_secrets: Vec<Secret>,
    /// What browsers load and say to Stripe.
    #[command(flatten)]
    pub stripe_js: StripeJsSettings,
    /// Where Stripe is.
    #[command(flatten)]
    pub stripe: StripeSettings,
    /// Where changes of plans are told.
    #[command(flatten)]
    pub subscriptions: SubscriptionSettings,
    #[command(flatten)]
    /// How much one client may ask for.
    pub limits: LimitSettings,
    /// Certificate and key.
    #[command(flatten)]
    pub tls: TlsSettings,
    /// How clients are treated.
    #[command(flatten)]
    pub clients: ClientSettings,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AwsSettings,
    /// What the stores are called.
    #[command(flatten)]
    pub stores: StoreSettings,
    /// How many of a person's jobs may be requested or running at once.
    #[command(flatten)]
    pub turns: TurnSettings,
    /// Where PostgreSQL is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Where webhooks may lead.
    #[command(flatten)]
    pub webhooks: WebhookSettings,
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

/// How much one client may ask for; what is over is answered with 429.
#[derive(Debug, Clone, Args)]
pub struct LimitSettings {
    /// Wrong passwords per minute for an account, from one network address or in a browser that its owner has used before;
    /// ten times as many from one network address for all accounts, and for an account from everywhere else. Programs may
    /// begin ten times as many logins from one network address, and one person may type as many of their codes
    #[arg(long, env = "GAS_SIGN_INS_PER_MINUTE", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub sign_ins_per_minute: u32,
    /// Mails per hour that people at one network address may have sent to register, or to come back into an account
    #[arg(long, env = "GAS_REGISTRATIONS_PER_HOUR", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub registrations_per_hour: u32,
    /// Mails per hour that one address gets because somebody, perhaps not its owner, asks for them
    #[arg(long, env = "GAS_MAILS_PER_RECIPIENT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub mails_per_recipient: u32,
    /// Submitted jobs per minute and user; as often webhooks may be added, tested, and told something again
    #[arg(long, env = "GAS_SUBMISSIONS_PER_MINUTE", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub submissions_per_minute: u32,
    /// Requests of the API per minute and token
    #[arg(long, env = "GAS_API_REQUESTS_PER_MINUTE", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    pub api_requests_per_minute: u32,
    /// Cards entered per minute and user
    #[arg(long, env = "GAS_PAYMENTS_PER_MINUTE", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub payments_per_minute: u32,
    /// Results that are unpacked at once, for people who download them as plain text; two for each person
    #[arg(long, env = "GAS_PLAIN_DOWNLOADS", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub plain_downloads: u16,
    /// Pages that follow jobs at once, for each person and replica
    #[arg(long, env = "GAS_FOLLOWED_JOBS", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    pub followed_jobs: u16,
    /// Proxies in front whose X-Forwarded-For is trusted (behind one load balancer: 1)
    #[arg(long, env = "GAS_TRUSTED_PROXIES", default_value_t = 0)]
    pub trusted_proxies: usize,
}

/// What browsers load and say to Stripe.
#[derive(Debug, Clone, Args)]
pub struct StripeJsSettings {
    /// Address of Stripe.js, which takes the card's number so that we need not, or of an emulator's script
    #[arg(long, env = "GAS_STRIPE_JS_URL", default_value = "https://js.stripe.com/v3/")]
    pub stripe_js_url: String,
    /// Publishable key of the Stripe account (pk_…)
    #[arg(long, env = "GAS_STRIPE_PUBLISHABLE_KEY", value_parser = publishable_key)]
    pub stripe_publishable_key: String,
}

/// A key that never shows in logs.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The key's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl std::str::FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = backends::settings::secret(text.trim())?;
        match text.len() {
            32.. => Ok(Self(text)),
            _ => Err("the secret needs at least 32 characters".to_owned()),
        }
    }
}

/// A secret key in its place would be shown to everybody.
fn publishable_key(text: &str) -> Result<String, &'static str> {
    match text.starts_with("pk_") {
        true => Ok(text.to_owned()),
        false => Err("a publishable key begins with pk_"),
    }
}

fn public_url(text: &str) -> Result<String, &'static str> {
    let url: http::Uri = text.parse().map_err(|_| "this is no URL")?;
    let has_host = url.authority().is_some_and(|authority| !authority.host().is_empty());
    match url.scheme_str() {
        Some("https") if has_host && url.path() == "/" && url.query().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("the URL must be https://host[:port]: cookies are only sent over HTTPS"),
    }
}
