//! What the examples share: random numbers, and what building and look-ups cost.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use annotation::{Options, annotate};
use reference::Bundle;
use reference::build::{ExtraTrack, Plan, build};
use reference::detect::Choice;

pub type Error = Box<dyn std::error::Error>;

/// Random numbers: xorshift64*, Vigna 2016.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        ((self.next() >> 32) * end) >> 32
    }
}

/// The last line of a header without samples.
pub const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";

/// Begins the file that a track is made of, and `records.vcf`, which are looked up in it; nothing if both are there.
pub fn files(folder: &Path, track: &str) -> Result<Option<[BufWriter<File>; 2]>, Error> {
    std::fs::create_dir_all(folder)?;
    let paths = [folder.join(track), folder.join("records.vcf")];
    if paths.iter().all(|path| path.is_file()) {
        return Ok(None);
    }
    let [track, mut records] =
        [File::create(&paths[0])?, File::create(&paths[1])?].map(|file| BufWriter::with_capacity(1 << 20, file));
    writeln!(records, "##fileformat=VCFv4.2\n{COLUMNS}")?;
    Ok(Some([track, records]))
}

/// Runs this program for each step, in a process of its own.
pub fn each_in_a_process(arguments: &[&str], steps: &[&str]) -> Result<(), Error> {
    for step in steps {
        let own = Command::new(std::env::current_exe()?)
            .args(arguments)
            .arg(step)
            .status()?;
        if !own.success() {
            return Err((*step).into());
        }
    }
    Ok(())
}

/// Builds `hg38.gasref` in a folder, of this track alone, which has so many rows, and tells what they cost.
pub fn build_track(folder: &Path, track: ExtraTrack, count: u64, row: &str) -> Result<(), Error> {
    let (tables, path) = (folder.join("tables"), folder.join("hg38.gasref"));
    std::fs::create_dir_all(&tables)?;
    let plan = |tracks| Plan {
        name: "hg38".to_owned(),
        assembly: "hg38".to_owned(),
        tables: tables.clone(),
        sequence: None,
        transcripts: Default::default(),
        tracks,
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    build(&plan(Vec::new()), &path, &mut |_| {})?;
    let without = std::fs::metadata(&path)?.len();
    let begun = Instant::now();
    build(&plan(vec![track]), &path, &mut |_| {})?;
    let bytes = std::fs::metadata(&path)?.len() - without;
    println!(
        "build: {count} {row}s, {bytes} bytes, {:.2} bytes a {row}, {:.1} s, {} MB at most",
        bytes as f64 / count as f64,
        begun.elapsed().as_secs_f64(),
        status("VmHWM")? / 1000,
    );
    Ok(())
}

/// Annotates `records.vcf` of a folder with one thread, and tells how many records had a value after `key`.
pub fn annotate_records(folder: &Path, records: u64, key: &str) -> Result<(), Error> {
    let options = Options {
        references: vec![Arc::new(Bundle::open(&folder.join("hg38.gasref"))?)],
        choice: Choice::Named("hg38".to_owned()),
        threads: 1,
        ..Options::default()
    };
    let mut output = BufWriter::new(File::create(folder.join("annotated.vcf"))?);
    let begun = Instant::now();
    annotate(
        BufReader::new(File::open(folder.join("records.vcf"))?),
        &mut output,
        &options,
        &mut |_| {},
    )?;
    output.flush()?;
    let seconds = begun.elapsed().as_secs_f64();
    let lines = BufReader::new(File::open(folder.join("annotated.vcf"))?).lines();
    let hits = lines.map_while(Result::ok).filter(|line| line.contains(key)).count();
    println!(
        "look-up: {:.2} M records a second, {hits} hits; {} MB without the file that is mapped",
        records as f64 / seconds / 1e6,
        status("RssAnon")? / 1000,
    );
    Ok(())
}

/// A line of Linux' status of this process, in kB.
fn status(key: &str) -> Result<u64, Error> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("not told")?.parse()?)
}
