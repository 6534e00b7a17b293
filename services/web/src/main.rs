//! The web service's command line.

use std::process::ExitCode;

use backends::settings::DatabaseSettings;
use chassis::admin::{self, AdminSettings};
use chassis::build;
use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use web::{GrantSettings, Settings, UnlockSettings};

/// A page is thousands of small pieces of memory for a moment, which glibc takes a fifth of its time for.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Pages of the Genomics Annotation Service: register, upload a VCF, follow jobs, download results.
#[derive(Parser)]
#[command(version = build::VERSION)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages over HTTPS until SIGTERM
    Serve(Box<Settings>),
    /// Bring the accounts database up to date, once, before the services of a new release are started
    Migrate(Box<DatabaseSettings>),
    /// Give a person a role; this makes the first super_user
    Grant(Box<GrantSettings>),
    /// Let a person log in with the password alone, who has lost the second factor or is suspended
    Unlock(Box<UnlockSettings>),
    /// Ask a running web service whether it is healthy; the exit code says so
    Healthcheck(AdminSettings),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => chassis::start("web", &settings.telemetry.clone(), web::run(*settings)),
        Command::Migrate(settings) => told(web::migrate(&settings)),
        Command::Grant(settings) => told(web::grant(&settings)),
        Command::Unlock(settings) => told(web::unlock(&settings)),
        Command::Healthcheck(settings) => admin::healthcheck(&settings),
    }
}

/// Runs a command to its end and prints what it says.
fn told(command: impl Future<Output = anyhow::Result<String>>) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().map_err(anyhow::Error::from);
    match runtime.and_then(|runtime| runtime.block_on(command)) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
