//! The sequence: FASTA, plain or gzip, or UCSC's `.2bit`, packed to two bits a base.

use std::io;
use std::path::Path;

use md5::{Digest, Md5};

use super::chromosomes::Chromosomes;
use super::source::{BuildError, Source};
use super::{BuildProgress, Plan, Told, release, track};
use crate::bundle::{Kind, Manifest, Packed, Writer, hex};

/// The packed bases of all chromosomes, as they will lie in the bundle.
pub(super) struct Bases {
    bytes: Vec<u8>,
    /// Of each chromosome, where its bases begin, in units of four bytes, and how many there are.
    offsets: Vec<(u32, u32)>,
    /// Of each chromosome, its runs of unknown bases.
    unknown: Vec<Vec<(u32, u32)>>,
    /// Columns of the runs, for the views.
    columns: [Vec<u8>; 3],
}

impl Bases {
    fn new() -> Self {
        Self {
            bytes: Vec::new(),
            offsets: Vec::new(),
            unknown: Vec::new(),
            columns: Default::default(),
        }
    }

    /// The view of one chromosome.
    pub(super) fn view(&self, chromosome: usize) -> Option<Packed<'_>> {
        let (offset, len) = *self.offsets.get(chromosome)?;
        let bases = self.bytes.get(offset as usize * 4..)?;
        let [rows, starts, ends] = &self.columns;
        Packed::from_parts(bases, len, chromosome, rows, starts, ends)
    }

    pub(super) fn write(&self, writer: &mut Writer) -> io::Result<()> {
        let [rows, starts, ends] = &self.columns;
        writer.column(
            "sequence.offset".to_owned(),
            self.offsets.iter().map(|(offset, _)| *offset),
        )?;
        writer.section("sequence.rows".to_owned(), rows)?;
        writer.section("sequence.start".to_owned(), starts)?;
        writer.section("sequence.end".to_owned(), ends)?;
        writer.section("sequence.bases".to_owned(), &self.bytes)
    }

    fn finish(&mut self, chromosomes: usize) {
        self.offsets.resize(chromosomes, (0, 0));
        self.unknown.resize(chromosomes, Vec::new());
        let first = super::first_rows(
            chromosomes,
            self.unknown
                .iter()
                .enumerate()
                .flat_map(|(chromosome, runs)| std::iter::repeat_n(chromosome, runs.len())),
        );
        let column = |numbers: &mut dyn Iterator<Item = u32>| numbers.flat_map(u32::to_le_bytes).collect();
        let runs = || self.unknown.iter().flatten();
        self.columns = [
            column(&mut first.into_iter()),
            column(&mut runs().map(|run| run.0)),
            column(&mut runs().map(|run| run.1)),
        ];
    }
}

/// One chromosome being packed.
struct Packing<'a> {
    bases: &'a mut Bases,
    offset: u32,
    len: u32,
    byte: u8,
    unknown: Vec<(u32, u32)>,
    md5: Md5,
}

impl<'a> Packing<'a> {
    fn new(bases: &'a mut Bases) -> Self {
        bases.bytes.resize(bases.bytes.len().next_multiple_of(4), 0);
        let offset = (bases.bytes.len() / 4) as u32;
        Self {
            bases,
            offset,
            len: 0,
            byte: 0,
            unknown: Vec::new(),
            md5: Md5::new(),
        }
    }

    fn add(&mut self, bases: &[u8]) {
        let upper = bases.to_ascii_uppercase();
        self.md5.update(&upper);
        for base in upper {
            let bits = match base {
                b'A' => 0,
                b'C' => 1,
                b'G' => 2,
                b'T' => 3,
                _ => {
                    match self.unknown.last_mut() {
                        Some(run) if run.1 == self.len => run.1 += 1,
                        _ => self.unknown.push((self.len, self.len + 1)),
                    }
                    0
                }
            };
            self.byte |= bits << (self.len % 4 * 2);
            self.len += 1;
            if self.len.is_multiple_of(4) {
                self.bases.bytes.push(self.byte);
                self.byte = 0;
            }
        }
    }

    fn finish(self, name: &str, chromosomes: &mut Chromosomes) {
        if !self.len.is_multiple_of(4) {
            self.bases.bytes.push(self.byte);
        }
        let place = chromosomes
            .place(name.as_bytes())
            .unwrap_or_else(|| chromosomes.add(name, self.len));
        let size = chromosomes.len();
        self.bases.offsets.resize(self.bases.offsets.len().max(size), (0, 0));
        self.bases
            .unknown
            .resize(self.bases.unknown.len().max(size), Vec::new());
        self.bases.offsets[place] = (self.offset, self.len);
        self.bases.unknown[place] = self.unknown;
        let chromosome = &mut chromosomes.list[place];
        chromosome.sequenced = self.len.min(chromosome.length);
        chromosome.md5 = (self.len == chromosome.length).then(|| hex(&self.md5.finalize()));
    }
}

/// Reads a sequence.
pub(super) fn read(
    plan: &Plan,
    file: &Path,
    chromosomes: &mut Chromosomes,
    manifest: &mut Manifest,
    told: Told<'_>,
) -> Result<Bases, BuildError> {
    let mut source = Source::open(file)?;
    let mut bases = Bases::new();
    match file.extension().is_some_and(|extension| extension == "2bit") {
        true => two_bit(&mut source, &mut bases, chromosomes).map_err(BuildError::reading(file))?,
        false => fasta(&mut source, &mut bases, chromosomes, told)?,
    }
    bases.finish(chromosomes.len());
    let count = bases.offsets.iter().map(|(_, len)| u64::from(*len)).sum();
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
    bases: &mut Bases,
    chromosomes: &mut Chromosomes,
    told: Told<'_>,
) -> Result<(), BuildError> {
    let mut name: Option<String> = None;
    let mut total = 0;
    let mut packing = Packing::new(bases);
    loop {
        let line = source.next_line()?.map(<[u8]>::to_vec);
        let title = line.as_deref().map(|line| line.strip_prefix(b">"));
        match (title, &name) {
            (Some(None), None) => return Err(source.error("this is not FASTA: it must begin with > and a name")),
            (Some(None), Some(_)) => {
                packing.add(line.as_deref().unwrap_or_default().trim_ascii_end());
                total += 1;
            }
            (title, _) => {
                if let Some(name) = &name {
                    packing.finish(name, chromosomes);
                    packing = Packing::new(bases);
                }
                let Some(Some(title)) = title else { return Ok(()) };
                let word = title.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                name = Some(String::from_utf8_lossy(word).into_owned());
            }
        }
        if total % 1_000_000 == 1 {
            told(BuildProgress {
                what: "sequence",
                rows: source.number(),
                done: false,
            });
        }
    }
}

/// Reads UCSC's `.2bit`, <https://genome.ucsc.edu/FAQ/FAQformat.html#format7>.
fn two_bit(source: &mut Source, bases: &mut Bases, chromosomes: &mut Chromosomes) -> io::Result<()> {
    let mut bytes = Vec::new();
    source.reader().read_to_end(&mut bytes)?;
    let broken = || io::Error::other("this is not a .2bit file of version 0, or it was cut off");
    let number = |at: usize| -> io::Result<u32> {
        let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
        word.map(u32::from_le_bytes).ok_or_else(broken)
    };
    if number(0)? != 0x1A41_2743 || number(4)? != 0 {
        return Err(broken());
    }
    let mut at = 16;
    for _ in 0..number(8)? {
        let length = usize::from(*bytes.get(at).ok_or_else(broken)?);
        let name = bytes.get(at + 1..at + 1 + length).ok_or_else(broken)?;
        let record = number(at + 1 + length)? as usize;
        at += 5 + length;
        let (size, runs) = (number(record)?, number(record + 4)? as usize);
        let masks = record + 8 + 8 * runs;
        let packed = masks + 4 + 8 * number(masks)? as usize + 4;
        let packed = bytes
            .get(packed..packed + size.div_ceil(4) as usize)
            .ok_or_else(broken)?;
        let letters = |position: u32| b"TCAG"[usize::from(packed[position as usize / 4] >> (6 - position % 4 * 2) & 3)];
        let mut sequence: Vec<u8> = (0..size).map(letters).collect();
        for run in 0..runs {
            let start = number(record + 8 + 4 * run)? as usize;
            let end = start + number(record + 8 + 4 * (runs + run))? as usize;
            sequence.get_mut(start..end).ok_or_else(broken)?.fill(b'N');
        }
        let mut packing = Packing::new(bases);
        packing.add(&sequence);
        packing.finish(&String::from_utf8_lossy(name), chromosomes);
    }
    Ok(())
}
