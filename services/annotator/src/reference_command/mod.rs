//! `annotator reference`: makes reference bundles, and says what is in them.

mod build;
mod build_args;
mod fetch;
mod show;
mod tables;

use std::process::ExitCode;

use clap::Subcommand;

use crate::interrupt;
use crate::recipe;
use crate::references::ReferenceSettings;
use build_args::BuildArgs;
use fetch::FetchArgs;

/// What to do with references.
#[derive(Debug, Clone, Subcommand)]
pub enum ReferenceCommand {
    /// Compile UCSC's tables, a sequence and other tracks into one reference bundle
    Build(Box<BuildArgs>),
    /// Fetch everything that a reference of hg38 or hg19 is made of, and make it
    Fetch(Box<FetchArgs>),
    /// Print from where `fetch` has the files of an assembly, and on which terms they may be used
    Recipe {
        /// The assembly: hg38 or hg19
        assembly: String,
    },
    /// List the references that are here
    List(ReferenceSettings),
    /// Show what a reference was made from: sources, releases, checksums
    Show(ShowArgs),
    /// Compare every part of a reference with its checksum
    Verify(ShowArgs),
}

/// Which reference.
#[derive(Debug, Clone, clap::Args)]
pub struct ShowArgs {
    /// Its name
    pub name: String,
    /// Where references are.
    #[command(flatten)]
    pub references: ReferenceSettings,
}

/// Runs the command. What goes wrong is said on standard error.
#[must_use]
pub fn run(command: ReferenceCommand) -> ExitCode {
    let done = match command {
        ReferenceCommand::Build(args) => {
            interrupt::remove_drafts();
            build::run(&args)
        }
        ReferenceCommand::Fetch(args) => fetch::run(&args),
        ReferenceCommand::Recipe { assembly } => recipe::text(&assembly).map(|text| print!("{text}")),
        ReferenceCommand::List(references) => show::list(&references),
        ReferenceCommand::Show(args) => show::show(&args),
        ReferenceCommand::Verify(args) => show::verify(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
