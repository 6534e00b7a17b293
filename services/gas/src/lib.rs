//! The command line of people: submits files, follows jobs, downloads results, all by the API and a token.
//!
//! Each command is a module; [`api`] asks and reads answers, [`failure`] says what went wrong and with which exit code. Nothing
//! here knows how the service is built: what it imports of ours are the words of `domain` and the reader of `vcf`.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
mod args;
mod check;
mod download;
mod failure;
mod follow;
mod jobs;
mod login;
mod output;
mod parts;
mod plan;
mod settings;
mod submit;
mod transfer;
mod variants;
mod variants_args;

use clap::CommandFactory;

pub use args::Cli;
pub use failure::Failure;

use api::Api;
use args::Command;
use output::Output;

/// Does what the command line says.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let out = Output::new(cli.json, cli.quiet);
    let api = || Api::new(&cli.connection);
    match cli.command {
        Command::Login(args) => login::login(&cli.connection, &args, out).await,
        Command::Logout => login::logout(&cli.connection, out).await,
        Command::Submit(args) => submit::submit(&api()?, &args, out).await,
        Command::Jobs(args) => jobs::list(&api()?, &args, out).await,
        Command::Show { id } => jobs::show(&api()?, &id, out).await,
        Command::Log(args) => follow::log(&api()?, &args, out).await,
        Command::Download(args) => download::download(&api()?, &args, out).await,
        Command::Variants(args) => variants::variants(&api()?, &args, out).await,
        Command::Cancel { ids } => jobs::cancel(&api()?, &ids, out).await,
        Command::Describe(args) => jobs::describe(&api()?, &args, out).await,
        Command::Rerun(args) => jobs::rerun(&api()?, &args, out).await,
        Command::Rm(args) => jobs::remove(&api()?, &args, out).await,
        Command::Check { files } => check::check(&files, out),
        Command::Plan => plan::plan(&api()?, out).await,
        Command::Token => plan::token(&api()?, out).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "gas", &mut std::io::stdout());
            Ok(())
        }
        Command::Man { folder } => Ok(clap_mangen::generate_to(Cli::command(), folder)?),
    }
}
