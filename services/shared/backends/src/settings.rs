//! Where the stores are: flags and variables that several services share.

mod vault;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use deadpool_postgres::tokio_postgres::Config;
use domain::{Reach, TurnLimits};

pub use vault::{VaultKind, VaultSettings};

/// Where AWS is. Credentials come from the SDK's own chain (variables, profile, ECS task role).
#[derive(Debug, Clone, Args)]
pub struct AwsSettings {
    /// AWS region of every store and queue
    #[arg(long = "aws-region", env = "AWS_REGION", default_value = "us-east-1")]
    pub region: String,
    /// Endpoint of an AWS emulator, for example http://127.0.0.1:4566 (unset in the cloud)
    #[arg(long = "aws-endpoint", env = "GAS_AWS_ENDPOINT")]
    pub endpoint: Option<String>,
    /// Endpoint by which browsers reach S3, if it is not the one the services use
    #[arg(long, env = "GAS_S3_PUBLIC_ENDPOINT")]
    pub s3_public_endpoint: Option<String>,
}

/// What the object store and the job table are called.
#[derive(Debug, Clone, Args)]
pub struct StoreSettings {
    /// S3 bucket of the uploaded VCF files
    #[arg(long, env = "GAS_INPUTS_BUCKET", default_value = "gas-inputs")]
    pub inputs_bucket: String,
    /// S3 bucket of the annotated VCF files and logs
    #[arg(long, env = "GAS_RESULTS_BUCKET", default_value = "gas-results")]
    pub results_bucket: String,
    /// DynamoDB table of the jobs
    #[arg(long, env = "GAS_ANNOTATIONS_TABLE", default_value = "annotations")]
    pub annotations_table: String,
    /// DynamoDB table of whose turn it is
    #[arg(long, env = "GAS_TURNS_TABLE", default_value = "turns")]
    pub turns_table: String,
}

/// How many of a person's jobs may be requested or running at once.
#[derive(Debug, Clone, Args)]
pub struct TurnSettings {
    /// Jobs of a person on the Free plan that are requested or running at once; more wait for their turn
    #[arg(long, env = "GAS_FREE_TURNS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub free_turns: u32,
    /// The same on Premium, but never more than half of what annotators can be at, nor fewer than on Free
    #[arg(long, env = "GAS_PREMIUM_TURNS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub premium_turns: u32,
}

impl TurnSettings {
    /// The rule that these make.
    #[must_use]
    pub const fn limits(&self) -> TurnLimits {
        TurnLimits {
            free: self.free_turns,
            premium: self.premium_turns,
        }
    }
}

/// Where people's webhooks may lead.
#[derive(Debug, Clone, Args)]
pub struct WebhookSettings {
    /// Whether webhooks may lead to private addresses, by HTTP and to any port: for development only
    #[arg(long, env = "GAS_WEBHOOK_PRIVATE_ADDRESSES", default_value_t = false, action = clap::ArgAction::Set)]
    pub webhook_private_addresses: bool,
}

impl WebhookSettings {
    /// The rule that this makes.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        match self.webhook_private_addresses {
            true => Reach::Anywhere,
            false => Reach::Internet,
        }
    }
}

/// Reads a secret that is given as it is, or as `file:/path`: orchestrators hand secrets to containers as files. For
/// clap's `value_parser`.
pub fn secret(text: &str) -> Result<String, String> {
    let Some(path) = text.strip_prefix("file:") else {
        return Ok(text.to_owned());
    };
    let read = std::fs::read_to_string(path);
    read.map(|content| content.trim_end().to_owned())
        .map_err(|error| format!("the file {path} cannot be read: {error}"))
}

/// Connections that one process opens at most, unless it is told otherwise.
const CONNECTIONS: u16 = 16;
/// How long whoever wants a connection waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where PostgreSQL is: one URL, or its parts, as RDS and Secrets Manager hand them out.
#[derive(Clone, Args)]
pub struct DatabaseSettings {
    /// PostgreSQL with accounts and sessions: postgres://user:password@host:port/database, or file:/path of a file with it
    #[arg(
        long,
        env = "GAS_DATABASE_URL",
        hide_env_values = true,
        value_parser = secret,
        required_unless_present = "database_host"
    )]
    pub database_url: Option<String>,
    /// Host of PostgreSQL, instead of a URL
    #[arg(
        long,
        env = "GAS_DATABASE_HOST",
        conflicts_with = "database_url",
        requires = "database_password"
    )]
    pub database_host: Option<String>,
    /// Port of PostgreSQL
    #[arg(long, env = "GAS_DATABASE_PORT", default_value_t = 5432)]
    pub database_port: u16,
    /// Name of the database
    #[arg(long, env = "GAS_DATABASE_NAME", default_value = "gas")]
    pub database_name: String,
    /// Who signs in to PostgreSQL
    #[arg(long, env = "GAS_DATABASE_USER", default_value = "gas")]
    pub database_user: String,
    /// The user's password, or file:/path of a file with it
    #[arg(long, env = "GAS_DATABASE_PASSWORD", hide_env_values = true, value_parser = secret)]
    pub database_password: Option<String>,
    /// PEM file of the authorities that may vouch for PostgreSQL, whose connections are then always encrypted. Without it,
    /// sslmode=require in the URL asks for that, and the system's authorities are trusted
    #[arg(long, env = "GAS_DATABASE_CA", value_name = "FILE")]
    pub database_ca: Option<PathBuf>,
    /// Connections to PostgreSQL that this process opens at most; all replicas of all services together must stay below its
    /// max_connections
    #[arg(
        long,
        env = "GAS_DATABASE_CONNECTIONS",
        default_value_t = CONNECTIONS,
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    pub database_connections: u16,
    /// How long whoever wants a connection waits for it.
    #[arg(skip = PATIENCE)]
    pub database_patience: Duration,
}

impl DatabaseSettings {
    /// The database at this URL, by connections that are encrypted if the URL says so.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            database_url: Some(url.into()),
            database_host: None,
            database_port: 5432,
            database_name: "gas".to_owned(),
            database_user: "gas".to_owned(),
            database_password: None,
            database_ca: None,
            database_connections: CONNECTIONS,
            database_patience: PATIENCE,
        }
    }

    /// What the driver needs to connect.
    ///
    /// # Errors
    /// If the URL cannot be read, or there is neither a URL nor a host.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        if let Some(url) = &self.database_url {
            return url.parse().context("read GAS_DATABASE_URL");
        }
        let host = self.database_host.as_deref().context("GAS_DATABASE_HOST is not set")?;
        let mut config = Config::new();
        config
            .host(host)
            .port(self.database_port)
            .dbname(&self.database_name)
            .user(&self.database_user)
            .password(self.database_password.as_deref().unwrap_or_default());
        Ok(config)
    }
}

impl std::fmt::Debug for DatabaseSettings {
    /// Keeps the password out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseSettings").finish_non_exhaustive()
    }
}

/// Where Stripe is, and who we are to it.
#[derive(Clone, Args)]
pub struct StripeSettings {
    /// Address of Stripe's API, or of an emulator
    #[arg(long, env = "GAS_STRIPE_API_URL", default_value = "https://api.stripe.com")]
    pub stripe_api_url: String,
    /// Secret key of the Stripe account (sk_… or rk_…), or file:/path of a file with it
    #[arg(long, env = "GAS_STRIPE_SECRET_KEY", hide_env_values = true, value_parser = secret)]
    pub stripe_secret_key: String,
    /// Id of the weekly price that Premium is sold at: price_…, or that of an older plan
    #[arg(long, env = "GAS_STRIPE_PRICE", default_value = "premium_plan")]
    pub stripe_price: String,
}

impl std::fmt::Debug for StripeSettings {
    /// Keeps the key out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StripeSettings")
            .field("stripe_api_url", &self.stripe_api_url)
            .field("stripe_price", &self.stripe_price)
            .finish_non_exhaustive()
    }
}

/// Who our e-mails come from.
#[derive(Debug, Clone, Args)]
pub struct MailSettings {
    /// Sender of every e-mail; SES must have verified the address
    #[arg(long, env = "GAS_MAIL_FROM", default_value = "GAS <no-reply@gas.example.org>")]
    pub mail_from: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn a_secret_is_a_value_or_a_file() {
        let file = std::env::temp_dir().join(format!("secret-{}", std::process::id()));
        std::fs::write(&file, "correct horse\n").unwrap();
        assert_eq!(secret(&format!("file:{}", file.display())).unwrap(), "correct horse");
        std::fs::remove_file(&file).unwrap();
        assert_eq!(secret("battery staple").unwrap(), "battery staple");
        assert!(secret("file:/no/such/file").unwrap_err().contains("/no/such/file"));
    }

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        database: DatabaseSettings,
    }

    fn config(arguments: &[&str]) -> Result<Config, String> {
        let arguments = ["gas"].iter().chain(arguments);
        let cli = Cli::try_parse_from(arguments).map_err(|error| error.to_string())?;
        cli.database.config().map_err(|error| error.to_string())
    }

    #[test]
    fn a_database_is_named_by_a_url_or_by_its_parts() {
        let whole = config(&["--database-url", "postgres://ada:p%40ss@db.example.org:5433/gas"]).unwrap();
        let parts = config(&[
            "--database-host=db.example.org",
            "--database-port=5433",
            "--database-user=ada",
            "--database-password=p@ss",
        ]);
        assert_eq!(whole, parts.unwrap());
        assert!(config(&[]).unwrap_err().contains("--database-url"));
        assert!(
            config(&["--database-host=db"])
                .unwrap_err()
                .contains("--database-password")
        );
    }
}
