//! The whole system, from nothing to ready and back.

use std::io::Read;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use backends::aws::AwsSettings;
use backends::settings::{DatabaseSettings, MailSettings, StoreSettings};
use chassis::shutdown::{self, Shutdown};
use console::style;
use rustix::process::Signal;

use crate::cli::{ServiceName, UpArgs};
use crate::endpoints::Endpoints;
use crate::folders::Folders;
use crate::orphans::Register;
use crate::postgres::Postgres;
use crate::process::Process;
use crate::progress::step;
use crate::provision::{self, ProvisionSettings};
use crate::python::Python;
use crate::secrets::{Certificate, Secrets};
use crate::services::{self, ServicePlan, Services};
use crate::{mailbox, ministack, ports};

/// How long the stores get to write down what they hold.
const STORES_PATIENCE: Duration = Duration::from_secs(2);
/// How long the services may take to get ready.
const READY_PATIENCE: Duration = Duration::from_secs(60);

/// Runs the system until Ctrl-C, SIGTERM or (for tests) the end of standard input.
pub async fn run(args: UpArgs) -> Result<()> {
    let begun = Instant::now();
    let shutdown = shutdown::signal();
    let folders = Folders::new(
        &std::env::current_exe().context("find this program")?,
        args.data.clone(),
    )?;
    let _lock = folders.lock()?;
    println!("{}", style("Genomics Annotation Service").bold());
    let register = Register::new(&folders);
    let orphans = register.stop_orphans();
    if orphans > 0 {
        println!("  Stopped {orphans} processes that an earlier run had left");
    }
    if args.throwaway {
        stop_with_stdin(shutdown.clone());
    }
    // Whoever presses Ctrl-C while packages are installed need not wait for them.
    let plan = tokio::select! {
        plan = Plan::prepare(args, folders) => plan?,
        () = shutdown.requested() => return Ok(()),
    };
    plan.run(&register, shutdown, begun).await
}

/// Everything that is decided before the first process starts.
struct Plan {
    args: UpArgs,
    folders: Folders,
    python: Python,
    secrets: Secrets,
    certificate: Certificate,
    web_port: u16,
    aws_port: u16,
    mailbox_port: u16,
    postgres_port: u16,
}

impl Plan {
    async fn prepare(args: UpArgs, folders: Folders) -> Result<Self> {
        let web_port = ports::free(args.port, "the web pages", "--port")?;
        let aws_port = ports::free(args.aws_port, "the AWS emulator", "--aws-port")?;
        let mailbox_port = ports::free(args.mailbox_port, "the mailbox", "--mailbox-port")?;
        if args.fresh {
            folders.clear()?;
        }
        let python = match Python::ready(&folders) {
            Some(python) => python,
            None => {
                step(
                    "Install PostgreSQL and the AWS emulator (once)",
                    Python::install(&folders),
                )
                .await?
            }
        };
        Ok(Self {
            secrets: Secrets::load(&folders)?,
            certificate: Certificate::load(&folders)?,
            postgres_port: ports::any()?,
            args,
            folders,
            python,
            web_port,
            aws_port,
            mailbox_port,
        })
    }

    async fn run(self, register: &Register, shutdown: Shutdown, begun: Instant) -> Result<()> {
        let mut stores = Stores::default();
        let ran = self.run_over(&mut stores, register, &shutdown, begun).await;
        let _ = std::fs::remove_file(self.folders.endpoints());
        stores.stop().await;
        register.stop_orphans();
        if self.args.throwaway {
            self.folders.clear()?;
        }
        ran
    }

    async fn run_over(
        &self,
        stores: &mut Stores,
        register: &Register,
        shutdown: &Shutdown,
        begun: Instant,
    ) -> Result<()> {
        step("Start PostgreSQL and the AWS emulator", stores.start(self)).await?;
        register.write(stores.pids());
        let provision = self.provision_settings();
        step(
            "Provision buckets, table, topics and queues",
            provision::everything(&self.aws(&provision.aws).await, &provision),
        )
        .await?;
        let mailbox = tokio::spawn(mailbox::serve(self.mailbox_port, self.aws_url()));
        let plans = self.service_plans()?;
        let services = Services::start(plans.clone())?;
        let ready = tokio::select! {
            ready = step("Start web, annotator and notifier", services::healthy(&plans, READY_PATIENCE)) => ready,
            () = shutdown.requested() => Ok(()),
        };
        if ready.is_ok() && !shutdown.is_requested() {
            self.tell(begun);
            self.keep_endpoints(&services, stores, register, shutdown).await;
            println!("\nStopping …");
        }
        services.stop().await;
        mailbox.abort();
        ready
    }

    /// Keeps the file of addresses and the register true until shutdown.
    async fn keep_endpoints(&self, services: &Services, stores: &Stores, register: &Register, shutdown: &Shutdown) {
        loop {
            register.write(stores.pids().into_iter().chain(services.pids().into_values()));
            if let Err(error) = self.endpoints(services).write(&self.folders.endpoints()) {
                println!("{error:#}");
            }
            tokio::select! {
                () = services.changed() => {}
                () = shutdown.requested() => return,
            }
        }
    }

    fn aws_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.aws_port)
    }

    fn web_url(&self) -> String {
        format!("https://localhost:{}", self.web_port)
    }

    fn postgres(&self) -> Postgres<'_> {
        Postgres {
            folders: &self.folders,
            python: &self.python,
            secrets: &self.secrets,
            port: self.postgres_port,
            throwaway: self.args.throwaway,
        }
    }

    async fn aws(&self, settings: &AwsSettings) -> SdkConfig {
        with_keys(
            settings,
            &self.secrets.aws_access_key_id,
            &self.secrets.aws_secret_access_key,
        )
        .await
    }

    fn provision_settings(&self) -> ProvisionSettings {
        ProvisionSettings {
            public_url: self.web_url(),
            aws: aws_settings(&self.aws_url()),
            stores: store_settings(),
            database: DatabaseSettings {
                database_url: self.postgres().url(),
            },
            mail: MailSettings {
                mail_from: MAIL_FROM.to_owned(),
            },
        }
    }

    fn service_plans(&self) -> Result<Vec<ServicePlan>> {
        [ServiceName::Web, ServiceName::Annotator, ServiceName::Notifier]
            .map(|name| self.service_plan(name))
            .into_iter()
            .collect()
    }

    fn service_plan(&self, name: ServiceName) -> Result<ServicePlan> {
        let admin = format!("127.0.0.1:{}", ports::any()?);
        let file = |path: &std::path::Path| path.display().to_string();
        let variables = [
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", self.secrets.aws_access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secrets.aws_secret_access_key.clone()),
            ("GAS_AWS_ENDPOINT", self.aws_url()),
            ("GAS_DATABASE_URL", self.postgres().url()),
            ("GAS_MAIL_FROM", MAIL_FROM.to_owned()),
            ("GAS_PUBLIC_URL", self.web_url()),
            ("GAS_WEB_LISTEN", format!("127.0.0.1:{}", self.web_port)),
            ("GAS_WEB_SECRET", self.secrets.web_secret.clone()),
            ("GAS_TLS_CERT", file(&self.certificate.cert)),
            ("GAS_TLS_KEY", file(&self.certificate.key)),
            ("GAS_FREE_RETENTION", format!("{}s", self.args.retention.as_secs())),
            ("GAS_ADMIN_LISTEN", admin.clone()),
            ("GAS_LOG_FORMAT", "pretty".to_owned()),
            ("NO_COLOR", "1".to_owned()),
        ];
        Ok(ServicePlan {
            name,
            variables: variables.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            admin: format!("http://{admin}"),
            log: self.folders.log(name.as_str())?,
        })
    }

    fn endpoints(&self, services: &Services) -> Endpoints {
        Endpoints {
            web: self.web_url(),
            mailbox: format!("http://localhost:{}/mailbox", self.mailbox_port),
            aws: self.aws_url(),
            s3_public: self.aws_url(),
            glacier: None,
            stripe: None,
            postgres: self.postgres().url(),
            billing: None,
            admin: services.admin().clone(),
            pids: services.pids(),
            aws_access_key_id: self.secrets.aws_access_key_id.clone(),
            aws_secret_access_key: self.secrets.aws_secret_access_key.clone(),
        }
    }

    fn tell(&self, begun: Instant) {
        let (web, mailbox) = (
            self.web_url(),
            format!("http://localhost:{}/mailbox", self.mailbox_port),
        );
        println!(
            "\n{} in {:.1} s\n",
            style("Ready").green().bold(),
            begun.elapsed().as_secs_f64()
        );
        for (what, address) in [
            ("Web pages", web.clone()),
            ("Mailbox", mailbox.clone()),
            ("AWS emulator", self.aws_url()),
            (
                "PostgreSQL",
                format!("127.0.0.1:{} (user gas, database gas)", self.postgres_port),
            ),
            ("Logs", self.folders.data.join("logs").display().to_string()),
            ("All addresses", self.folders.endpoints().display().to_string()),
        ] {
            println!("  {what:<14} {}", style(address).cyan());
        }
        println!("\nFirst steps: register at {web}/register (your browser warns of the self-signed certificate),");
        println!("follow the link that arrives in {mailbox}, log in and annotate a VCF. Ctrl-C stops everything.\n");
    }
}

/// PostgreSQL and the AWS emulator.
#[derive(Default)]
struct Stores {
    postgres: Option<Process>,
    aws: Option<Process>,
}

impl Stores {
    async fn start(&mut self, plan: &Plan) -> Result<()> {
        let postgres = plan.postgres();
        let (postgres, aws) = tokio::join!(
            postgres.start(),
            ministack::start(&plan.folders, &plan.python, &plan.secrets, plan.aws_port)
        );
        // Both are kept before either's failure is told, so that the one that runs is stopped.
        let (postgres, postgres_failure) = apart(postgres);
        let (aws, aws_failure) = apart(aws);
        (self.postgres, self.aws) = (postgres, aws);
        postgres_failure.or(aws_failure).map_or(Ok(()), Err)
    }

    fn pids(&self) -> Vec<u32> {
        [&self.postgres, &self.aws]
            .into_iter()
            .flatten()
            .filter_map(Process::pid)
            .collect()
    }

    async fn stop(self) {
        // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
        let postgres = async {
            if let Some(postgres) = self.postgres {
                postgres.stop(Signal::INT, STORES_PATIENCE).await;
            }
        };
        let aws = async {
            if let Some(aws) = self.aws {
                aws.stop(Signal::TERM, STORES_PATIENCE).await;
            }
        };
        tokio::join!(postgres, aws);
    }
}

fn apart<T>(result: Result<T>) -> (Option<T>, Option<anyhow::Error>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}

const REGION: &str = "us-east-1";
const MAIL_FROM: &str = "GAS <no-reply@gas.example.org>";

/// The emulator, as services and tests reach it.
pub(crate) fn aws_settings(endpoint: &str) -> AwsSettings {
    AwsSettings {
        region: REGION.to_owned(),
        endpoint: Some(endpoint.to_owned()),
        s3_public_endpoint: None,
    }
}

/// The names that the services have by default.
pub(crate) fn store_settings() -> StoreSettings {
    StoreSettings {
        inputs_bucket: "gas-inputs".to_owned(),
        results_bucket: "gas-results".to_owned(),
        annotations_table: "annotations".to_owned(),
    }
}

/// A configuration with these keys instead of the environment's.
pub(crate) async fn with_keys(settings: &AwsSettings, id: &str, secret: &str) -> SdkConfig {
    let keys = SharedCredentialsProvider::new(Credentials::new(id, secret, None, None, "sandbox"));
    backends::aws::connect(settings)
        .await
        .into_builder()
        .credentials_provider(keys)
        .build()
}

/// The test that started us is gone when its end of our standard input is.
fn stop_with_stdin(shutdown: Shutdown) {
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        shutdown.request();
    });
}
