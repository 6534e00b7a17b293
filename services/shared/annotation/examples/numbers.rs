//! What a track of numbers along the genome costs, a number for each base, as phyloP has: bytes a base, seconds and memory to
//! build it, and how fast records are looked up.
//!
//! ```text
//! cargo run --release -p annotation --example numbers -- 20000000 /tmp/numbers
//! ```
//!
//! Generates bedGraph for so many bases of chr1, numbers with three digits behind the point that are like those of their
//! neighbours, and a record of every hundredth base; builds the track, and annotates the records with one thread. Each step is a
//! process of its own, so that its memory is its own. A file that is there is taken as it is.

mod measured;

use std::io::Write;
use std::path::Path;

use measured::{Chance, Error};
use reference::build::ExtraTrack;

/// Bases of GRCh38's chr1, and where the numbers begin, 0-based.
const LENGTH: u64 = 248_956_422;
const BEGIN: u64 = 10_000;
/// A record of so many bases.
const EVERY: u64 = 100;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (count, folder, step) = match words[..] {
        [count, folder] => (count.parse()?, Path::new(folder), ""),
        [count, folder, step] => (count.parse()?, Path::new(folder), step),
        _ => return Err("expected how many bases, and a folder for 30 bytes of each".into()),
    };
    if count > LENGTH - 2 * BEGIN {
        return Err("chr1 has not so many bases".into());
    }
    match step {
        "generate" => generate(count, folder),
        "build" => {
            let track = ExtraTrack {
                key: "phyloP".to_owned(),
                file: folder.join("phyloP.bedGraph"),
                fields: Vec::new(),
            };
            measured::build_track(folder, track, count, "base")
        }
        "annotate" => measured::annotate_records(folder, count / EVERY, "phyloP="),
        _ => measured::each_in_a_process(&words[..2], &["generate", "build", "annotate", "annotate", "annotate"]),
    }
}

fn generate(count: u64, folder: &Path) -> Result<(), Error> {
    let Some([mut out, mut sought]) = measured::files(folder, "phyloP.bedGraph")? else {
        return Ok(());
    };
    let (mut chance, mut level) = (Chance(0x9e37_79b9_7f4a_7c15), 0.0);
    for at in BEGIN..BEGIN + count {
        // The sum of four is near to a bell.
        let noise = (0..4).map(|_| chance.below(1000) as f64).sum::<f64>() / 1000.0 - 2.0;
        level = 0.9 * level + 0.4 * noise;
        writeln!(out, "chr1\t{at}\t{}\t{:.3}", at + 1, level + noise)?;
        if at % EVERY == 0 {
            writeln!(sought, "chr1\t{}\t.\tA\tC\t.\t.\t.", at + 1)?;
        }
    }
    Ok(out.flush().and_then(|()| sought.flush())?)
}
