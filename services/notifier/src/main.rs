//! The notifier's command line.

use std::process::ExitCode;

use chassis::admin::{self, AdminSettings};
use chassis::build;
use clap::{Parser, Subcommand};
use notifier::Settings;

/// Tells people by e-mail how their jobs have ended.
#[derive(Parser)]
#[command(version = build::VERSION)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Notify until SIGTERM
    Serve(Box<Settings>),
    /// Ask a running notifier whether it is healthy; the exit code says so
    Healthcheck(AdminSettings),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => chassis::start("notifier", &settings.telemetry.clone(), notifier::run(*settings)),
        Command::Healthcheck(settings) => admin::healthcheck(&settings),
    }
}
