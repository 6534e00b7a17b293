//! The web service's command line.

use std::process::ExitCode;

use chassis::admin::{self, AdminSettings};
use chassis::build;
use clap::{Parser, Subcommand};
use web::Settings;

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
    /// Ask a running web service whether it is healthy; the exit code says so
    Healthcheck(AdminSettings),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => chassis::start("web", &settings.telemetry.clone(), web::run(*settings)),
        Command::Healthcheck(settings) => admin::healthcheck(&settings),
    }
}
