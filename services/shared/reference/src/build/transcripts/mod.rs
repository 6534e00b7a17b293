//! The track of transcripts: from UCSC's table refGene, or from the files that whoever builds the bundle names instead.
//!
//! Files are UCSC's tables, GFF3 or GTF, or FASTA with the transcripts' own sequences; what one is shows in its lines, not in its
//! name. All go into one track, sorted together, and each transcript says which source it is from.

mod accession;
mod alignment;
mod alignments;
mod assembled;
mod biotype;
mod codons;
mod collector;
mod companions;
mod constraint;
mod ends;
mod facts;
mod feature;
mod frames;
mod mane;
mod model;
mod own;
mod reader;
mod release;
mod sequences;
mod table;
mod tags;
mod write;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::chromosomes::Chromosomes;
use super::sequence::Bases;
use super::source::{BuildError, Source};
use super::{BuildProgress, ExtraTrack, Plan, Told, tables, track};
use crate::bundle::{Kind, Manifest, PoolBuilder, Provenance, REPEATED, Writer};
pub(super) use constraint::find as find_constraint;
use model::Transcript;
pub use sequences::SEQUENCES;

/// Transcripts to take instead of the table refGene.
#[derive(Debug, Clone, Default)]
pub struct Transcripts {
    /// Their files; none for the table refGene of the tables' folder.
    pub sources: Vec<TranscriptSource>,
    /// NCBI's summary of MANE, `MANE.GRCh38.v1.4.summary.txt.gz`.
    pub mane: Option<PathBuf>,
}

/// A file of transcripts: GFF3 or GTF of Ensembl, GENCODE or NCBI, one of UCSC's tables, or FASTA with transcripts' own sequences.
#[derive(Debug, Clone)]
pub struct TranscriptSource {
    /// What CSQ calls it in SOURCE, and its key in the bundle; without it `RefSeq`, `GENCODE` or `Ensembl` by its accessions, or
    /// the file's name.
    pub label: Option<String>,
    /// Its file, plain or gzip.
    pub file: PathBuf,
}

/// The key of the table, which is also that of its sections.
const TABLE: &str = "refGene";

/// What is being gathered: the transcripts of all sources, and their texts.
struct Gathering<'g> {
    chromosomes: &'g Chromosomes,
    transcripts: Vec<Transcript>,
    pool: PoolBuilder,
}

/// A source that was read: its key, where it comes from, and how many transcripts it has and lacks.
struct Read {
    key: String,
    provenance: Provenance,
    rows: u64,
    skipped: u64,
}

/// Compiles the transcripts, if there are any. `constraint` is the table of how well their genes bear variants; `bases` tell where
/// coding sequences are cut off whose source does not.
pub(super) fn build(
    plan: &Plan,
    constraint: Option<&ExtraTrack>,
    chromosomes: &Chromosomes,
    bases: Option<&Bases>,
    writer: &mut Writer,
    manifest: &mut Manifest,
    told: Told<'_>,
) -> Result<(), BuildError> {
    let (mut sources, mut sequences) = (Vec::new(), Vec::new());
    for source in &plan.transcripts.sources {
        match sequences::are_in(&source.file)? {
            true => sequences.push(source),
            false => sources.push(source),
        }
    }
    let table = tables::find(plan, &["refGene.txt"]).filter(|_| sources.is_empty());
    let mut gathering = Gathering::new(chromosomes).map_err(BuildError::reading(&plan.tables))?;
    let mut read = Vec::new();
    if let Some(file) = &table {
        gathering.read(plan, file, Some((TABLE, "RefSeq")), bases, &mut read, told)?;
    }
    for source in &sources {
        let named = source.label.as_deref().map(|label| (label, label));
        gathering.read(plan, &source.file, named, bases, &mut read, told)?;
    }
    if read.is_empty() && sequences.is_empty() && constraint.is_none() {
        manifest.missing.push(TABLE.to_owned());
        return Ok(());
    }
    for source in &sequences {
        let one = sequences::read(plan, &source.file, &mut gathering, bases, &read, told)?;
        read.push(one);
    }
    if let Some(file) = &plan.transcripts.mane {
        read.push(mane::read(plan, file, &mut gathering, told)?);
    }
    if let Some(table) = constraint {
        read.push(constraint::read(plan, table, &mut gathering, told)?);
    }
    let path = table.as_deref().or_else(|| Some(&sources.first()?.file));
    let path = path.unwrap_or(&plan.tables);
    gathering.finish(writer).map_err(BuildError::writing(path))?;
    for one in read {
        let is_other = |other: &&ExtraTrack| constraint.is_none_or(|own| !std::ptr::eq(own, *other));
        if plan.tracks.iter().filter(is_other).any(|other| other.key == one.key) {
            return Err(BuildError::SameKey(one.key));
        }
        let of_transcripts = track(&one.key, Kind::Genes, one.provenance, one.rows, one.skipped);
        manifest.tracks.push(of_transcripts);
    }
    Ok(())
}

/// The key of a source: a second `Ensembl` is `Ensembl_2`.
fn free_key(key: &str, read: &[Read]) -> String {
    let is_free = |key: &String| read.iter().all(|other| other.key != *key);
    let numbered = (2..).map(|number| format!("{key}_{number}"));
    std::iter::once(key.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}

impl<'g> Gathering<'g> {
    fn new(chromosomes: &'g Chromosomes) -> io::Result<Self> {
        let mut pool = PoolBuilder::default();
        // Offset 0 is the empty text, so that what nobody says is 0.
        pool.add(b"")?;
        Ok(Self {
            chromosomes,
            transcripts: Vec::new(),
            pool,
        })
    }

    /// Reads one source, and adds it and those beside it to `read`. `named` are its key and what CSQ calls it.
    fn read(
        &mut self,
        plan: &Plan,
        file: &Path,
        named: Option<(&str, &str)>,
        bases: Option<&Bases>,
        read: &mut Vec<Read>,
        told: Told<'_>,
    ) -> Result<(), BuildError> {
        let mut source = Source::open(file)?;
        let first = self.transcripts.len();
        let (said, beside) = reader::read(plan, &mut source, self, bases, told)?;
        if self.transcripts.len() == first {
            return Err(source.error(
                "no transcript of a known chromosome is in this file; is it one of UCSC's tables of genes, GFF3 or GTF, and of \
                 this assembly?",
            ));
        }
        let label = match named {
            Some((_, label)) => label.to_owned(),
            None => said.label(source.name(), self.first_name(first)),
        };
        self.label(first, &label).map_err(BuildError::reading(file))?;
        let rows = (self.transcripts.len() - first) as u64;
        let key = free_key(named.map_or(&label[..], |(key, _)| key), read);
        told(BuildProgress {
            what: &key,
            rows,
            done: true,
        });
        let provenance = release::provenance(&key, &label, &source, &plan.notes, said);
        read.push(Read {
            key,
            provenance,
            rows,
            skipped: source.skipped(),
        });
        for one in beside {
            // Two tables may have it beside them.
            if read.iter().all(|other| other.key != one.key) {
                read.push(one);
            }
        }
        Ok(())
    }

    /// The accession of a transcript.
    fn first_name(&self, index: usize) -> &str {
        std::str::from_utf8(self.pool.get(self.transcripts[index].texts.name)).unwrap_or_default()
    }

    /// Says of the transcripts from `first` on which source they are from, and which of them have places more than one.
    fn label(&mut self, first: usize, label: &str) -> io::Result<()> {
        let label = self.pool.add(label.as_bytes())?;
        let transcripts = &mut self.transcripts[first..];
        let mut places = HashMap::new();
        for transcript in transcripts.iter_mut() {
            transcript.texts.source = label;
            *places.entry(transcript.texts.name).or_insert(0_u32) += 1;
        }
        for transcript in transcripts
            .iter_mut()
            .filter(|transcript| places[&transcript.texts.name] > 1)
        {
            transcript.flags |= REPEATED;
        }
        Ok(())
    }

    /// Sorts the transcripts and writes the track.
    fn finish(mut self, writer: &mut Writer) -> io::Result<()> {
        for (order, transcript) in self.transcripts.iter_mut().enumerate() {
            transcript.order = order as u32;
        }
        self.transcripts
            .sort_by_key(|transcript| (transcript.chromosome, transcript.span, transcript.order));
        write::write(&self.transcripts, &self.pool, self.chromosomes.len(), writer)
    }
}
