//! `annotator reference list`, `show` and `verify`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use domain::{size, with_commas};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use reference::bundle::{Bundle, EXTENSION, Manifest, Provenance, SequenceExtent};

use super::ShowArgs;
use crate::references::{self, ReferenceSettings};

/// Prints a line for each reference.
pub(super) fn list(settings: &ReferenceSettings) -> Result<()> {
    let folders = settings.folders();
    let mut files = Vec::new();
    for folder in &folders {
        files.extend(references::files(folder)?);
    }
    println!("{:<16}{:<10}{:<22}{:>10}  tracks", "NAME", "ASSEMBLY", "BUILT", "SIZE");
    for file in &files {
        match Bundle::open(file) {
            Ok(bundle) => {
                let sequence = match bundle.manifest().sequence() {
                    SequenceExtent::Whole => "",
                    SequenceExtent::Part => " (a part of the sequence only: no codons elsewhere)",
                    SequenceExtent::None => " (NO SEQUENCE: no codons)",
                };
                let Manifest {
                    name,
                    assembly,
                    built,
                    tracks,
                    ..
                } = bundle.manifest();
                let bytes = size(bundle.bytes() as u64);
                let keys: Vec<_> = tracks.iter().map(|track| track.key.as_str()).collect();
                println!(
                    "{name:<16}{assembly:<10}{built:<22}{bytes:>10}  {}{sequence}",
                    keys.join(" ")
                );
            }
            Err(error) => println!("{error}"),
        }
    }
    println!(
        "{:<16}{:<10}{:<22}{:>10}  built in; for MT, M and chrM of 16,569 bases",
        "rCRS", "rCRS", "", ""
    );
    if files.is_empty() {
        eprintln!(
            "There are no references in {}. Make one with: annotator reference build",
            listed(&folders)
        );
    }
    Ok(())
}

fn open(args: &ShowArgs) -> Result<Bundle> {
    let folders = args.references.folders();
    let file = format!("{}.{EXTENSION}", args.name);
    match folders
        .iter()
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
    {
        Some(path) => Ok(Bundle::open(&path)?),
        None => bail!("there is no reference {} in {}", args.name, listed(&folders)),
    }
}

fn listed(folders: &[PathBuf]) -> String {
    let folders = folders.iter().map(|folder| folder.display().to_string());
    folders.collect::<Vec<_>>().join(" or ")
}

/// Prints what a reference was made from.
pub(super) fn show(args: &ShowArgs) -> Result<()> {
    let bundle = open(args)?;
    let manifest = bundle.manifest();
    println!("name        {}", manifest.name);
    println!("assembly    {}", manifest.assembly);
    println!("built       {} by version {}", manifest.built, manifest.program);
    println!(
        "file        {}, {} ({} bytes)",
        bundle.path().display(),
        size(bundle.bytes() as u64),
        with_commas(bundle.bytes() as u64)
    );
    println!("chromosomes {}", manifest.chromosomes.len());
    if let Some(memory) = own_memory() {
        println!(
            "memory      {} beside the file, which annotators of one host share",
            size(memory)
        );
    }
    println!(
        "\n{:<28}{:>14}{:>10}{:>12}  {:<34}{:<16}{:<34}{:>14}  SHA-256",
        "TRACK", "ROWS", "LEFT OUT", "HERE", "WHAT IT IS", "RELEASE", "SOURCE", "BYTES"
    );
    for track in &manifest.tracks {
        println!(
            "{:<28}{:>14}{:>10}{:>12}  {}",
            track.key,
            HumanCount(track.rows).to_string(),
            HumanCount(track.skipped).to_string(),
            manifest.bytes(&track.key).map_or("with others".to_owned(), size),
            columns(&track.provenance)
        );
    }
    for chain in &manifest.chains {
        println!("chain from {:<53}  {}", chain.from, columns(&chain.provenance));
    }
    if let Some(lack) = manifest.lacks_sequence() {
        println!("\n{lack}");
    }
    if !manifest.missing.is_empty() {
        println!("\nnot there   {}", manifest.missing.join(", "));
    }
    Ok(())
}

/// How many bytes this process takes now that the bundle is open, without what is mapped from files; `None` where the system
/// does not tell. See proc_pid_status(5).
fn own_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(1024 * line.split_whitespace().next()?.parse::<u64>().ok()?)
}

/// What it is, release, source, size and checksum.
fn columns(provenance: &Provenance) -> String {
    let release = provenance.release.as_deref().unwrap_or("not known");
    let bytes = match provenance.bytes {
        0 => "not known".to_owned(),
        bytes => HumanCount(bytes).to_string(),
    };
    format!(
        "{:<34}{release:<16}{:<34}{bytes:>14}  {}",
        provenance.label, provenance.source, provenance.sha256
    )
}

/// Reads the whole bundle and compares it with its checksums.
pub(super) fn verify(args: &ShowArgs) -> Result<()> {
    let bundle = open(args)?;
    let bar = ProgressBar::new(bundle.bytes() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %") {
        bar.set_style(style);
    }
    bundle.verify(&mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    println!("{} is whole: {}", args.name, size(bundle.bytes() as u64));
    Ok(())
}
