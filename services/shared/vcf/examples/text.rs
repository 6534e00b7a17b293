//! Prints the text of a file, whatever it is packed in, up to what is wrong with it.
//!
//! `cargo run --release -p vcf --example text -- FILE.bcf | diff - <(bcftools view --no-version FILE.bcf)`
#![allow(clippy::print_stderr, missing_docs)]

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::process::ExitCode;

use vcf::{Limits, Lines, Source};

fn main() -> io::Result<ExitCode> {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("name a file");
        return Ok(ExitCode::FAILURE);
    };
    let limits = Limits::default();
    let mut lines = Lines::new(Source::open(BufReader::new(File::open(path)?), &limits)?, &limits);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut batch = Vec::new();
    loop {
        batch.clear();
        match lines.append_read(&mut batch, 1 << 16) {
            Ok(true) => out.write_all(&batch)?,
            Ok(false) => break,
            Err(error) => {
                out.flush()?;
                eprintln!("{}", error.at(lines.number(), &limits)?);
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
