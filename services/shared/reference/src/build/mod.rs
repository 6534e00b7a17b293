//! Compiles tables in UCSC's layout, a sequence, tracks and chains into one reference bundle.
//!
//! Tables are read from a folder laid out as <https://hgdownload.soe.ucsc.edu/goldenPath/>`hg19/`: `database/*.txt.gz`
//! beside `chromInfo.txt.gz` or `chrom.sizes`. A table that is not there is named in the manifest as missing.

mod bed_graph;
mod blocks;
mod carried;
mod chains;
mod chromosomes;
mod fields;
mod found;
mod order;
mod packer;
mod regions;
mod release;
mod scores;
mod sequence;
mod snp;
mod source;
mod tables;
#[cfg(test)]
mod tests;
mod transcripts;
mod two_bit;
mod variants;

use std::io;
use std::path::{Path, PathBuf};

pub use release::{Note, Notes};
pub use source::BuildError;
pub use tables::tables;
pub use transcripts::{SEQUENCES, TranscriptSource, Transcripts};

use crate::bundle::{Kind, Manifest, Provenance, Track, Writer, max_ends};
use chromosomes::Chromosomes;

/// What to build a bundle from.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The bundle's name.
    pub name: String,
    /// UCSC's name of the assembly: `hg19`, `hg38`.
    pub assembly: String,
    /// The folder that holds `database/`.
    pub tables: PathBuf,
    /// The sequence: FASTA, plain or gzip, or `.2bit`.
    pub sequence: Option<PathBuf>,
    /// Transcripts to take instead of the table refGene.
    pub transcripts: Transcripts,
    /// More tracks: `.vcf[.gz]`, `.bed[.gz]`, `.bedGraph[.gz]`, or a UCSC table `.txt[.gz]`.
    pub tracks: Vec<ExtraTrack>,
    /// Liftover chains into this assembly, `hg18ToHg19.over.chain.gz`.
    pub chains: Vec<PathBuf>,
    /// What is known of the sources beyond what they say themselves.
    pub notes: Notes,
    /// When the bundle is built, RFC 3339; the caller has the clock.
    pub built: String,
}

/// A track beside those of the tables.
#[derive(Debug, Clone)]
pub struct ExtraTrack {
    /// Its key in INFO; `dbSNP`, `ClinVar`, `gnomAD`, `SpliceAI`, `CADD`, `REVEL` and `AlphaMissense` are known by name. Several files
    /// of variants that have one key become one track.
    pub key: String,
    /// Its file.
    pub file: PathBuf,
    /// INFO fields of a VCF file, or columns of a table, to carry; empty for those that are known to matter.
    pub fields: Vec<String>,
}

/// How far the build is.
#[derive(Debug, Clone, Copy)]
pub struct BuildProgress<'a> {
    /// What is being read: a table, a track, the sequence.
    pub what: &'a str,
    /// Rows read, or bases.
    pub rows: u64,
    /// Whether it is done.
    pub done: bool,
}

/// Hears how far the build is.
pub type Told<'a> = &'a mut dyn FnMut(BuildProgress<'_>);

/// Builds the bundle file `path`. The file appears when it is whole.
///
/// # Errors
/// [`BuildError`] with the file and line that could not be read. Single rows that make no sense are counted, not errors.
pub fn build(plan: &Plan, path: &Path, told: Told<'_>) -> Result<Manifest, BuildError> {
    let mut writer = Writer::create(path).map_err(BuildError::writing(path))?;
    let mut manifest = Manifest {
        name: plan.name.clone(),
        assembly: plan.assembly.clone(),
        built: plan.built.clone(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        chromosomes: Vec::new(),
        tracks: Vec::new(),
        missing: Vec::new(),
        chains: Vec::new(),
        sections: Default::default(),
    };
    let mut chromosomes = Chromosomes::read(plan, told)?;
    let bases = match &plan.sequence {
        None => None,
        Some(file) => Some(sequence::build(
            plan,
            file,
            path,
            &mut chromosomes,
            &mut writer,
            &mut manifest,
            told,
        )?),
    };
    let wrote = BuildError::writing(path);
    let constraint = transcripts::find_constraint(plan)?;
    transcripts::build(
        plan,
        constraint,
        &chromosomes,
        bases.as_ref(),
        &mut writer,
        &mut manifest,
        told,
    )?;
    regions::build(plan, &chromosomes, &mut writer, &mut manifest, told)?;
    let common = tables::snp_table(plan).filter(|_| plan.tracks.iter().all(|track| track.key != "dbSNP"));
    let common = common.map(|file| ExtraTrack {
        key: "dbSNP".to_owned(),
        file,
        fields: Vec::new(),
    });
    let is_track = |extra: &&ExtraTrack| constraint.is_none_or(|table| !std::ptr::eq(table, *extra));
    let extras: Vec<&ExtraTrack> = common.iter().chain(plan.tracks.iter().filter(is_track)).collect();
    for (index, extra) in extras.iter().enumerate() {
        let is_same = |other: &&&ExtraTrack| other.key == extra.key;
        if extras[..index].iter().any(|other| is_same(&other)) {
            continue;
        }
        let files: Vec<&ExtraTrack> = extras.iter().filter(is_same).copied().collect();
        let kinds = files.iter().map(|extra| tables::kind_of(&extra.file));
        let is_variants = kinds.clone().all(|kind| kind == Kind::Variants);
        let track = match files[..] {
            _ if is_variants => variants::build(plan, &files, path, &chromosomes, bases.as_ref(), &mut writer, told)?,
            [extra] if tables::form_of(&extra.file) == tables::Form::BedGraph => {
                bed_graph::build(plan, extra, path, &chromosomes, &mut writer, told)?
            }
            [extra] => regions::build_extra(plan, extra, &chromosomes, &mut writer, told)?,
            _ => return Err(BuildError::SameKey(extra.key.clone())),
        };
        if track.rows == 0 && track.skipped > 0 {
            return Err(BuildError::NoRows(extra.file.clone()));
        }
        manifest.tracks.retain(|known| known.key != track.key);
        manifest.missing.retain(|key| *key != track.key);
        manifest.tracks.push(track);
    }
    if !manifest.tracks.iter().any(|track| track.key == "dbSNP") {
        manifest.missing.push("dbSNP".to_owned());
    }
    for file in &plan.chains {
        chains::build(plan, file, &chromosomes, &mut writer, &mut manifest, told)?;
    }
    release::check(&plan.notes, &manifest)?;
    manifest.chromosomes = chromosomes.list;
    writer.finish(manifest).map_err(wrote)
}

/// The entry of a track in the manifest.
fn track(key: &str, kind: Kind, provenance: Provenance, rows: u64, skipped: u64) -> Track {
    Track {
        key: key.to_owned(),
        kind,
        provenance,
        rows,
        skipped,
        fields: Vec::new(),
    }
}

/// Rows sorted by chromosome and start, and where each chromosome's begin.
fn first_rows(chromosomes: usize, of_rows: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut counts = vec![0_u32; chromosomes + 1];
    of_rows.for_each(|chromosome| counts[chromosome + 1] += 1);
    let mut sum = 0;
    for count in &mut counts {
        sum += *count;
        *count = sum;
    }
    counts
}

/// Of rows with these ends, the greatest ends by which those of each chromosome are found; `first` is where each chromosome's begin.
fn max_of_each(first: &[u32], ends: &[u32]) -> impl Iterator<Item = u32> {
    let of_each = first.windows(2).map(|pair| &ends[pair[0] as usize..pair[1] as usize]);
    of_each.flat_map(max_ends)
}

fn too_many() -> io::Error {
    io::Error::other("a track of more than 4 billion rows is not supported")
}
