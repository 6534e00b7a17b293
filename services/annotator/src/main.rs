//! The annotator's command line.

use std::process::ExitCode;

use annotator::Settings;
use annotator::annotate_command::{self, AnnotateArgs};
use annotator::reference_command::{self, ReferenceCommand};
use annotator::severities_command;
use chassis::admin::{self, AdminSettings};
use chassis::build;
use clap::{Parser, Subcommand};

/// Annotates VCF files: as a service, or here and now.
#[derive(Parser)]
#[command(version = build::VERSION)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Annotate one VCF file
    Annotate(Box<AnnotateArgs>),
    /// Make reference bundles, and see what is in them
    #[command(subcommand)]
    Reference(ReferenceCommand),
    /// Print the order of consequences for bcftools +split-vep --severity: least severe first, a term a line
    Severities,
    /// Annotate the jobs of the queue until SIGTERM
    Serve(Box<Settings>),
    /// Ask a running annotator whether it is healthy; the exit code says so
    Healthcheck(AdminSettings),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Annotate(args) => annotate_command::run(&args),
        Command::Reference(command) => reference_command::run(command),
        Command::Severities => severities_command::run(),
        Command::Serve(settings) => chassis::start("annotator", &settings.telemetry.clone(), annotator::run(*settings)),
        Command::Healthcheck(settings) => admin::healthcheck(&settings),
    }
}
