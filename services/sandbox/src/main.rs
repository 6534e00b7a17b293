//! `cargo dev`.

use std::process::ExitCode;

fn main() -> ExitCode {
    sandbox::cli::main()
}
