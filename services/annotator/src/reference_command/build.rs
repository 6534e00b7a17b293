//! `annotator reference build`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use domain::size;
use indicatif::{HumanCount, ProgressBar};
use reference::build::{BuildProgress, ExtraTrack, Notes, Plan, SEQUENCES, Transcripts};
use reference::bundle::{EXTENSION, Manifest, WITHOUT_SEQUENCE, sequence_address};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::build_args::BuildArgs;
use super::tables;

/// What the command line says of the sources.
fn notes(args: &BuildArgs) -> Notes {
    let mut notes = Notes::new();
    for (key, release) in &args.releases {
        notes.entry(key.clone()).or_default().release = Some(release.clone());
    }
    for (key, label) in &args.labels {
        notes.entry(key.clone()).or_default().label = Some(label.clone());
    }
    notes
}

pub(super) fn run(args: &BuildArgs) -> Result<()> {
    check_name(&args.name)?;
    if args.sequence.is_none() && !args.no_sequence {
        bail!(
            "no sequence was given. Without it {WITHOUT_SEQUENCE}. Give --sequence FILE, with {} for example, or say \
             --no-sequence to do without; annotator reference fetch {} fetches everything by itself",
            sequence_address(&args.assembly),
            args.assembly
        );
    }
    for file in args
        .tracks
        .iter()
        .map(|track| &track.file)
        .chain(args.transcripts.iter().map(|source| &source.file))
        .chain(&args.mane)
        .chain(&args.chains)
        .chain(&args.sequence)
    {
        if !file.is_file() {
            bail!("there is no file {}", file.display());
        }
    }
    let folder = args.references.folder();
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let fetched = match &args.tables {
        Some(tables) if !tables.starts_with("http") => None,
        address => Some(tables::into_temporary(
            address.as_deref(),
            &args.assembly,
            &args.download,
        )?),
    };
    let tables = match (&fetched, &args.tables) {
        (Some(fetched), _) => fetched.path().to_owned(),
        (None, tables) => PathBuf::from(tables.as_deref().unwrap_or_default()),
    };
    if !tables.is_dir() {
        bail!("there is no folder {}", tables.display());
    }
    let plan = Plan {
        name: args.name.clone(),
        assembly: args.assembly.clone(),
        tables,
        transcripts: Transcripts {
            sources: args.transcripts.clone(),
            mane: args.mane.clone(),
        },
        sequence: args.sequence.clone(),
        tracks: args
            .tracks
            .iter()
            .map(|track| ExtraTrack {
                key: track.key.clone(),
                file: track.file.clone(),
                fields: track.fields.clone(),
            })
            .collect(),
        chains: args.chains.clone(),
        notes: notes(args),
        built: now()?,
    };
    let begun = Instant::now();
    let path = folder.join(format!("{}.{EXTENSION}", args.name));
    compile(&plan, &path)?;
    tell_place(&path, begun);
    Ok(())
}

/// Refuses what cannot be the name of a reference.
pub(super) fn check_name(name: &str) -> Result<()> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_part) {
        bail!("the name of a reference has letters, digits, -, _ and . only: {name}");
    }
    Ok(())
}

/// Now, RFC 3339, in seconds.
pub(super) fn now() -> Result<String> {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0);
    Ok(now.unwrap_or(OffsetDateTime::UNIX_EPOCH).format(&Rfc3339)?)
}

/// Says where a bundle is, how large it is, and how long that took.
pub(super) fn tell_place(path: &Path, begun: Instant) {
    let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    eprintln!(
        "{}: {} in {:.1} s",
        path.display(),
        size(bytes),
        begun.elapsed().as_secs_f64()
    );
}

/// Builds a bundle, and tells how far it is and what it lacks.
pub(super) fn compile(plan: &Plan, path: &Path) -> Result<()> {
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut tell = |progress: BuildProgress<'_>| {
        let line = format!("{:<28}{:>14}", progress.what, HumanCount(progress.rows).to_string());
        match progress.done {
            true => {
                bar.suspend(|| eprintln!("{line}"));
                bar.set_message("");
            }
            false => bar.set_message(line),
        }
    };
    let manifest = reference::build::build(plan, path, &mut tell)?;
    bar.finish_and_clear();
    tell_missing(&manifest);
    Ok(())
}

fn tell_missing(manifest: &Manifest) {
    if !manifest.missing.is_empty() {
        eprintln!(
            "warning: not there, and so not in the reference: {}",
            manifest.missing.join(", ")
        );
    }
    if let Some(lack) = manifest.lacks_sequence() {
        eprintln!("warning: {lack}");
    }
    for track in manifest.tracks.iter().filter(|track| track.skipped > 0) {
        let why = match track.key.starts_with(SEQUENCES) {
            true => "transcripts do not fit their sequences, and nobody says how both are aligned: they are flagged",
            false => {
                "rows were left out: they are on chromosomes that the assembly does not list, or could not be read"
            }
        };
        eprintln!("warning: {}: {} {why}", track.key, track.skipped);
    }
}
