//! `annotator severities`: the order of consequences, for `bcftools +split-vep --severity FILE`.
//!
//! BCFtools has an order of its own, in which a term that it does not know, such as `splice_polypyrimidine_tract_variant`, comes
//! above all others (1.16).

use std::io::{self, Write};
use std::process::ExitCode;

use annotation::Consequence;

/// Prints the order.
#[must_use]
pub fn run() -> ExitCode {
    match io::stdout().write_all(scale().as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: could not write the severities: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A line for each term, least severe first. After the term stands what BCFtools calls it, for `--select worst:missense+`.
fn scale() -> String {
    let lines = Consequence::ALL.iter().rev().map(|consequence| {
        let term = consequence.term();
        match term.strip_suffix("_variant") {
            Some(short) => format!("{term} {short}\n"),
            None => format!("{term}\n"),
        }
    });
    "# Consequences, least severe first, in the order of annotator annotate, which is Ensembl's.\n".to_owned()
        + &lines.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_severe_consequence_comes_last() {
        let scale = scale();
        let lines: Vec<_> = scale.lines().filter(|line| !line.starts_with('#')).collect();
        let place = |line: &str| lines.iter().position(|own| *own == line).unwrap();
        assert_eq!(
            (lines.len(), place("intergenic_variant intergenic")),
            (Consequence::ALL.len(), 0)
        );
        assert_eq!(lines.last(), Some(&"transcript_ablation"));
        assert!(
            place("stop_gained") > place("splice_polypyrimidine_tract_variant splice_polypyrimidine_tract")
                && place("missense_variant missense") > place("synonymous_variant synonymous")
        );
    }
}
