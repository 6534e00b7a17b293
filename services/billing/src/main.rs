//! The billing service's command line.

use std::process::ExitCode;

use billing::Settings;
use chassis::admin::{self, AdminSettings};
use chassis::build;
use clap::{Parser, Subcommand};

/// Takes what Stripe reports of subscriptions, and gives and takes Premium.
#[derive(Parser)]
#[command(version = build::VERSION)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take webhooks until SIGTERM
    Serve(Box<Settings>),
    /// Ask a running billing service whether it is healthy; the exit code says so
    Healthcheck(AdminSettings),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => chassis::start("billing", &settings.telemetry.clone(), billing::run(*settings)),
        Command::Healthcheck(settings) => admin::healthcheck(&settings),
    }
}
