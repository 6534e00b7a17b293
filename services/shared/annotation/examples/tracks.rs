//! What a track of frequencies costs: bytes a variant, seconds and memory to build it, and how fast records are looked up.
//!
//! ```text
//! cargo run --release -p annotation --example tracks -- 2000000 /tmp/tracks
//! ```
//!
//! Generates so many variants as dense as those of gnomAD's genomes, with its AF, AC, AN and AF_popmax, and 200,000 records, of
//! which seven in ten are among them; builds the track, and annotates the records with one thread. Each step is a process of its
//! own, so that its memory is its own. Files that are there are taken as they are: `shuffled` as a third argument builds from
//! the same variants in another order.

mod measured;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use measured::{COLUMNS, Chance, Error};
use reference::build::ExtraTrack;

/// Lengths of GRCh38's chromosomes, the longest first.
const CHROMOSOMES: [(&str, u64); 12] = [
    ("chr1", 248_956_422),
    ("chr2", 242_193_529),
    ("chr3", 198_295_559),
    ("chr4", 190_214_555),
    ("chr5", 181_538_259),
    ("chr6", 170_805_979),
    ("chr7", 159_345_973),
    ("chr8", 145_138_636),
    ("chr9", 138_394_717),
    ("chr10", 133_797_422),
    ("chr11", 135_086_622),
    ("chr12", 133_275_309),
];

const RECORDS: u64 = 200_000;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (count, folder, step) = match words[..] {
        [count, folder] | [count, folder, "shuffled"] => (count.parse()?, Path::new(folder), ""),
        [count, folder, step] => (count.parse()?, Path::new(folder), step),
        _ => return Err("expected how many variants, and a folder for 90 bytes of each".into()),
    };
    match step {
        "generate" => generate(count, folder),
        "build" => build_track(count, folder, "variants.vcf"),
        "build-shuffled" => build_track(count, folder, "shuffled.vcf"),
        "annotate" => measured::annotate_records(folder, RECORDS, ";gnomAD_AF="),
        _ => {
            let builds = if words.len() == 3 { "build-shuffled" } else { "build" };
            measured::each_in_a_process(&words[..2], &["generate", builds, "annotate", "annotate", "annotate"])
        }
    }
}

/// 0 or more, `mean` on the average, as waiting times are.
fn waiting(chance: &mut Chance, mean: f64) -> u64 {
    let uniform = (chance.next() >> 11) as f64 / (1_u64 << 53) as f64;
    (-(1.0 - uniform).ln() * (mean + 0.5)) as u64
}

fn base(chance: &mut Chance) -> char {
    ['A', 'C', 'G', 'T'][chance.below(4) as usize]
}

fn generate(count: u64, folder: &Path) -> Result<(), Error> {
    let Some([mut out, mut sought]) = measured::files(folder, "variants.vcf")? else {
        return Ok(());
    };
    writeln!(
        out,
        "##fileformat=VCFv4.2\n\
         ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Alternate allele count\">\n\
         ##INFO=<ID=AN,Number=1,Type=Integer,Description=\"Total number of alleles\">\n\
         ##INFO=<ID=AF,Number=A,Type=Float,Description=\"Alternate allele frequency\">\n\
         ##INFO=<ID=AF_popmax,Number=A,Type=Float,Description=\"Maximum allele frequency across populations\">\n{COLUMNS}"
    )?;
    let (mut chance, mut places) = (Chance(0x9e37_79b9_7f4a_7c15), CHROMOSOMES.iter());
    let (mut chromosome, mut position) = (places.next().ok_or("no chromosome")?, 10_000);
    let (every, mut called) = ((count / RECORDS).max(1), 0);
    for index in 0..count {
        position += waiting(&mut chance, 3.6);
        if position > chromosome.1 - 10_000 {
            (chromosome, position) = (places.next().ok_or("too many variants")?, 10_000);
        }
        let (reference, alternate) = alleles(&mut chance);
        let name = chromosome.0;
        let an = 152_312 - 2 * waiting(&mut chance, if index % 5 == 0 { 9_000.0 } else { 60.0 }).min(70_000);
        let ac = (0.55 / (1.0 - chance.below(1 << 30) as f64 / f64::from(1 << 30))).powf(1.3) as u64;
        let ac = ac.clamp(1, an);
        write!(
            out,
            "{name}\t{position}\trs{}\t{reference}\t{alternate}\t.\tPASS\tAC={ac};AN={an};",
            1_000_000_000 + chance.below(1 << 30)
        )?;
        write!(out, "AF={}", frequency(ac, an))?;
        if ac > 1 {
            let own = [5_316, 10_624, 41_430, 68_040, 15_292, 3_472][chance.below(6) as usize]
                - 2 * waiting(&mut chance, 12.0);
            let carriers = 1 + chance.below(ac.min(own));
            write!(out, ";AF_popmax={}", frequency(carriers, own))?;
        }
        out.write_all(b"\n")?;
        if index % every == 0 {
            called += 1;
            let own = if called % 10 < 7 {
                alternate
            } else {
                format!("{alternate}{reference}N")
            };
            writeln!(sought, "{name}\t{position}\t.\t{reference}\t{own}\t.\t.\t.")?;
        }
    }
    Ok(out.flush().and_then(|()| sought.flush())?)
}

/// A frequency as Hail writes it for gnomAD.
fn frequency(part: u64, whole: u64) -> String {
    let text = format!("{:.5e}", part as f64 / whole as f64);
    match text.split_once("e-") {
        Some((digits, exponent)) => format!("{digits}e-{exponent:0>2}"),
        None => text.replace('e', "e+0"),
    }
}

/// Six of seven variants are substitutions, and of those two of three transitions.
fn alleles(chance: &mut Chance) -> (String, String) {
    let first = base(chance);
    match chance.below(14) {
        kind @ (0 | 1) => {
            let more: String = (0..=waiting(chance, 2.0).min(40)).map(|_| base(chance)).collect();
            let (short, long) = (first.to_string(), format!("{first}{more}"));
            if kind == 0 { (long, short) } else { (short, long) }
        }
        kind => {
            let transition = match first {
                'A' => 'G',
                'G' => 'A',
                'C' => 'T',
                _ => 'C',
            };
            let other = if kind < 11 { transition } else { base(chance) };
            (
                first.to_string(),
                if other == first { transition } else { other }.to_string(),
            )
        }
    }
}

fn build_track(count: u64, folder: &Path, file: &str) -> Result<(), Error> {
    let file = folder.join(file);
    if !file.is_file() {
        shuffle(&folder.join("variants.vcf"), &file)?;
    }
    let track = ExtraTrack {
        key: "gnomAD".to_owned(),
        file,
        fields: ["AF", "AC", "AN", "AF_popmax"].map(str::to_owned).into(),
    };
    measured::build_track(folder, track, count, "variant")
}

/// The same lines in an order in which no two neighbours stay together: every 1,009th, beginning with each of the first.
fn shuffle(from: &Path, to: &Path) -> Result<(), Error> {
    let text = std::fs::read_to_string(from)?;
    let (header, records): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    let mut out = BufWriter::new(File::create(to)?);
    header.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    for first in 0..1009 {
        records
            .iter()
            .skip(first)
            .step_by(1009)
            .try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(out.flush()?)
}
