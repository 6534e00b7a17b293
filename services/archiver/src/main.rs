//! The archiver's command line.

use std::process::ExitCode;

use archiver::Settings;
use chassis::admin::{self, AdminSettings};
use chassis::build;
use clap::{Parser, Subcommand};

/// Moves free users' results into the vault, and back after an upgrade; deletes what people do not want to be kept.
#[derive(Parser)]
#[command(version = build::VERSION)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Archive, restore and delete until SIGTERM
    Serve(Box<Settings>),
    /// Ask a running archiver whether it is healthy; the exit code says so
    Healthcheck(AdminSettings),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => chassis::start("archiver", &settings.telemetry.clone(), archiver::run(*settings)),
        Command::Healthcheck(settings) => admin::healthcheck(&settings),
    }
}
