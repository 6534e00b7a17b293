//! The sequence: FASTA, plain or gzip, or UCSC's `.2bit`, packed to two bits a base.
//!
//! It goes to the bundle as it is read, so that a genome takes no more memory than a chromosome's runs of unknown bases;
//! what is built afterwards looks at it there.

use std::path::Path;

use memmap2::Mmap;

use super::chromosomes::Chromosomes;
use super::packer::Packer;
use super::source::{BuildError, Source};
use super::{BuildProgress, Plan, Told, release, track, two_bit};
use crate::bundle::{Kind, Manifest, Packed, Writer};

/// The bases of all chromosomes, as they lie in the draft of the bundle.
pub(super) struct Bases {
    /// The draft, and where the bases begin in it.
    pub(super) draft: (Mmap, usize),
    /// Of each chromosome, where its bases begin, in units of four bytes, and how many there are.
    pub(super) places: Vec<(u32, u32)>,
    /// Columns of the runs of unknown bases: each chromosome's first, starts, ends.
    pub(super) runs: [Vec<u8>; 3],
}

impl Bases {
    /// The view of one chromosome.
    pub(super) fn view(&self, chromosome: usize) -> Option<Packed<'_>> {
        let (offset, len) = *self.places.get(chromosome)?;
        let (draft, begin) = &self.draft;
        let bases = draft.get(begin + offset as usize * 4..)?;
        let [rows, starts, ends] = &self.runs;
        Packed::from_parts(bases, len, chromosome, rows, starts, ends)
    }
}

/// Reads a sequence and writes it to the bundle, whose file is `path`.
pub(super) fn build(
    plan: &Plan,
    file: &Path,
    path: &Path,
    chromosomes: &mut Chromosomes,
    writer: &mut Writer,
    manifest: &mut Manifest,
    told: Told<'_>,
) -> Result<Bases, BuildError> {
    let mut source = Source::open(file)?;
    let mut packer = Packer::new(writer, path);
    match file.extension().is_some_and(|extension| extension == "2bit") {
        true => {
            two_bit::read(file, &mut packer, chromosomes, told)?;
            source.read_to_end()?;
        }
        false => fasta(&mut source, &mut packer, chromosomes, told)?,
    }
    let bases = packer.finish().write(chromosomes.len(), writer);
    let bases = bases.map_err(BuildError::writing(path))?;
    let count = bases.places.iter().map(|(_, len)| u64::from(*len)).sum();
    told(BuildProgress {
        what: "sequence",
        rows: count,
        done: true,
    });
    let provenance = release::provenance("sequence", &source, &plan.notes, None);
    manifest
        .tracks
        .push(track("sequence", Kind::Sequence, provenance, count, 0));
    Ok(bases)
}

fn fasta(
    source: &mut Source,
    packer: &mut Packer<'_>,
    chromosomes: &mut Chromosomes,
    told: Told<'_>,
) -> Result<(), BuildError> {
    let mut name: Option<String> = None;
    loop {
        let line = source.next_line()?.map(<[u8]>::to_vec);
        let title = line.as_deref().map(|line| line.strip_prefix(b">"));
        match (title, &name) {
            (Some(None), None) => return Err(source.error("this is not FASTA: it must begin with > and a name")),
            (Some(None), Some(_)) => packer.add(line.as_deref().unwrap_or_default().trim_ascii_end())?,
            (title, _) => {
                if let Some(name) = &name {
                    packer.end(name, chromosomes)?;
                }
                let Some(Some(title)) = title else { return Ok(()) };
                let word = title.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                name = Some(String::from_utf8_lossy(word).into_owned());
            }
        }
        if source.number() % 1_000_000 == 1 {
            told(BuildProgress {
                what: "sequence",
                rows: packer.count(),
                done: false,
            });
        }
    }
}
