//! `gas`: the service from a terminal.

use std::process::ExitCode;

use clap::Parser;
use gas::{Cli, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let as_json = cli.json;
    // reqwest chooses none by itself.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::Other(error.into()));
    match runtime.and_then(|runtime| runtime.block_on(gas::run(cli))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell(as_json);
            ExitCode::from(failure.exit_code())
        }
    }
}
