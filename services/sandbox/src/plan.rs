//! What is decided before the first process starts, and the settings that follow from it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use backends::aws::AwsSettings;
use backends::settings::{DatabaseSettings, MailSettings};
use clap::ValueEnum;

use crate::args::UpArgs;
use crate::aws::{REGION, aws_settings, vault_settings, with_keys};
use crate::endpoints::Endpoints;
use crate::folders::Folders;
use crate::localstripe;
use crate::ports;
use crate::postgres::Postgres;
use crate::progress::step;
use crate::provision::{ProvisionSettings, StripeEmulatorSettings};
use crate::python::Python;
use crate::references;
use crate::secrets::{Certificate, Secrets};
use crate::services::{ServiceName, ServicePlan, Services};
use crate::stores::Stores;

const STRIPE_PRICE: &str = "premium_plan";
const MAIL_FROM: &str = "GAS <no-reply@gas.example.org>";

/// Everything that is decided before the first process starts.
pub struct Plan {
    /// What the command line asks for.
    pub args: UpArgs,
    /// Where things are kept.
    pub folders: Folders,
    /// Where programs come from.
    pub python: Python,
    /// Passwords and keys.
    pub secrets: Secrets,
    /// The web's.
    pub certificate: Certificate,
    /// On loopback.
    pub web_port: u16,
    /// On loopback.
    pub aws_port: u16,
    /// On loopback.
    pub glacier_port: u16,
    /// On loopback.
    pub mailbox_port: u16,
    /// On loopback.
    pub postgres_port: u16,
    /// On loopback.
    pub billing_port: u16,
    /// On loopback.
    pub stripe_port: u16,
}

impl Plan {
    /// Takes the ports, makes the Python environment and the secrets where they are missing.
    pub async fn prepare(args: UpArgs, folders: Folders) -> Result<Self> {
        let web_port = ports::free(args.port, "the web pages", "--port")?;
        let aws_port = ports::free(args.aws_port, "the AWS emulator", "--aws-port")?;
        let mailbox_port = ports::free(args.mailbox_port, "the mailbox", "--mailbox-port")?;
        let stripe_port = ports::free(args.stripe_port, "the Stripe emulator", "--stripe-port")?;
        if args.fresh {
            folders.clear()?;
        }
        if let Some(logs) = &args.logs {
            folders.keep_logs_in(logs)?;
        }
        let python = match Python::ready(&folders) {
            Some(python) => python,
            None => step("Install PostgreSQL and the emulators (once)", Python::install(&folders)).await?,
        };
        Ok(Self {
            secrets: Secrets::load(&folders)?,
            certificate: Certificate::load(&folders)?,
            postgres_port: ports::any()?,
            billing_port: ports::any()?,
            glacier_port: ports::any()?,
            args,
            folders,
            python,
            web_port,
            aws_port,
            mailbox_port,
            stripe_port,
        })
    }

    /// Where the AWS emulator answers.
    pub fn aws_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.aws_port)
    }

    /// Where the Glacier emulator answers.
    pub fn glacier_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.glacier_port)
    }

    /// Where the Stripe emulator answers.
    pub fn stripe_url(&self) -> String {
        localstripe::url(self.stripe_port)
    }

    /// Where the billing service answers.
    pub fn billing_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.billing_port)
    }

    /// Where people reach the pages.
    pub fn web_url(&self) -> String {
        format!("https://localhost:{}", self.web_port)
    }

    /// The database to run.
    pub fn postgres(&self) -> Postgres<'_> {
        Postgres {
            folders: &self.folders,
            python: &self.python,
            secrets: &self.secrets,
            port: self.postgres_port,
            throwaway: self.args.throwaway,
        }
    }

    /// The folder of the reference bundles: the developer's own, or the one that is prepared.
    pub fn references(&self) -> PathBuf {
        let own = self.args.reference.clone();
        own.unwrap_or_else(|| references::folder(&self.folders))
    }

    /// The configuration of our own clients.
    pub async fn aws(&self, settings: &AwsSettings) -> SdkConfig {
        with_keys(
            settings,
            &self.secrets.aws_access_key_id,
            &self.secrets.aws_secret_access_key,
        )
        .await
    }

    /// What to provision, and where.
    pub fn provision_settings(&self) -> ProvisionSettings {
        ProvisionSettings {
            public_url: self.web_url(),
            free_retention: self.args.retention,
            aws: aws_settings(&self.aws_url()),
            vault: vault_settings(self.args.vault, &self.glacier_url()),
            database: DatabaseSettings::at(self.postgres().url()),
            mail: MailSettings {
                mail_from: MAIL_FROM.to_owned(),
            },
            stripe: StripeEmulatorSettings {
                stripe_emulator: Some(self.stripe_url()),
                stripe_price: STRIPE_PRICE.to_owned(),
                stripe_webhook_url: format!("{}/webhooks/stripe", self.billing_url()),
                stripe_webhook_secret: Some(self.secrets.stripe_webhook_secret.clone()),
            },
        }
    }

    /// The services to run, in the order they are told of.
    pub fn service_plans(&self) -> Result<Vec<ServicePlan>> {
        let replicas = |name: ServiceName| if name.is_worker() { self.args.replicas } else { 1 };
        let services = ServiceName::value_variants().iter();
        services
            .flat_map(|name| (1..=replicas(*name)).map(|number| self.service_plan(*name, number)))
            .collect()
    }

    fn service_plan(&self, name: ServiceName, number: u16) -> Result<ServicePlan> {
        let replica = match number {
            1 => name.as_str().to_owned(),
            _ => format!("{}-{number}", name.as_str()),
        };
        let admin = format!("127.0.0.1:{}", ports::any()?);
        let file = |path: &std::path::Path| path.display().to_string();
        let variables = [
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", self.secrets.aws_access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secrets.aws_secret_access_key.clone()),
            ("GAS_AWS_ENDPOINT", self.aws_url()),
            ("GAS_GLACIER_ENDPOINT", self.glacier_url()),
            ("GAS_VAULT", self.args.vault.as_str().to_owned()),
            ("GAS_ARCHIVE_BUCKET", self.args.archive_bucket.clone()),
            ("GAS_DATABASE_URL", self.postgres().url()),
            ("GAS_MAIL_FROM", MAIL_FROM.to_owned()),
            ("GAS_PUBLIC_URL", self.web_url()),
            ("GAS_WEB_LISTEN", format!("127.0.0.1:{}", self.web_port)),
            ("GAS_BILLING_LISTEN", format!("127.0.0.1:{}", self.billing_port)),
            ("GAS_STRIPE_API_URL", self.stripe_url()),
            ("GAS_STRIPE_JS_URL", localstripe::script(&self.stripe_url())),
            ("GAS_STRIPE_SECRET_KEY", localstripe::SECRET_KEY.to_owned()),
            ("GAS_STRIPE_PUBLISHABLE_KEY", localstripe::PUBLISHABLE_KEY.to_owned()),
            ("GAS_STRIPE_PRICE", STRIPE_PRICE.to_owned()),
            ("GAS_STRIPE_WEBHOOK_SECRETS", self.secrets.stripe_webhook_secret.clone()),
            ("GAS_WEB_SECRET", self.secrets.web_secret.clone()),
            ("GAS_TLS_CERT", file(&self.certificate.cert)),
            ("GAS_TLS_KEY", file(&self.certificate.key)),
            ("GAS_REFERENCE_DIR", file(&self.references())),
            ("GAS_FREE_RETENTION", format!("{}s", self.args.retention.as_secs())),
            (
                "GAS_WEBHOOK_PRIVATE_ADDRESSES",
                self.args.webhook_private_addresses.to_string(),
            ),
            ("GAS_ADMIN_LISTEN", admin.clone()),
            ("GAS_LOG_FORMAT", "pretty".to_owned()),
            ("NO_COLOR", "1".to_owned()),
        ];
        let variables = variables.into_iter().chain(self.clock(&replica)?);
        Ok(ServicePlan {
            name,
            variables: variables.map(|(name, value)| (name.to_owned(), value)).collect(),
            admin: format!("http://{admin}"),
            log: self.folders.log(&replica)?,
            replica,
        })
    }

    /// The variables by which a service's clock goes as its file says, which is read anew all the time; the file says `+0`
    /// until a test writes something else (<https://github.com/wolfcw/libfaketime>).
    fn clock(&self, replica: &str) -> Result<Vec<(&'static str, String)>> {
        let Some(library) = &self.args.faketime else {
            return Ok(Vec::new());
        };
        let file = self.folders.below("clocks")?.join(replica);
        std::fs::write(&file, "+0").with_context(|| format!("write {}", file.display()))?;
        Ok(vec![
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ])
    }

    /// The addresses of everything, as it runs now.
    pub fn endpoints(&self, services: &Services, stores: &Stores) -> Endpoints {
        let stores = stores.pids().map(|(name, pid)| (name.to_owned(), pid));
        Endpoints {
            web: self.web_url(),
            mailbox: format!("http://localhost:{}/mailbox", self.mailbox_port),
            aws: self.aws_url(),
            s3_public: self.aws_url(),
            glacier: Some(self.glacier_url()),
            stripe: Some(self.stripe_url()),
            postgres: self.postgres().url(),
            billing: Some(self.billing_url()),
            references: self.references(),
            admin: services.admin().clone(),
            pids: services.pids().into_iter().chain(stores).collect(),
            aws_access_key_id: self.secrets.aws_access_key_id.clone(),
            aws_secret_access_key: self.secrets.aws_secret_access_key.clone(),
            stripe_secret_key: localstripe::SECRET_KEY.to_owned(),
            stripe_webhook_secret: self.secrets.stripe_webhook_secret.clone(),
        }
    }
}
