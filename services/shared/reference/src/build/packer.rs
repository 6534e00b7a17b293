//! Packs bases, two bits each, into a bundle while they are read.

use std::io;
use std::path::Path;

use md5::{Digest, Md5};

use super::chromosomes::Chromosomes;
use super::sequence::Bases;
use super::source::BuildError;
use crate::bundle::{SectionWriter, Writer, hex};

/// The bundle's section of the bases.
const SECTION: &str = "sequence.bases";

/// How much is packed before it is written.
const PIECE_BYTES: usize = 1 << 16;

/// What is none of the four bases in [`BITS`].
const UNKNOWN: u8 = 4;

/// The bits of each letter, in either case.
const BITS: [u8; 256] = {
    let mut bits = [UNKNOWN; 256];
    let mut base = 0;
    while base < 4 {
        bits[b"ACGT"[base] as usize] = base as u8;
        bits[b"acgt"[base] as usize] = base as u8;
        base += 1;
    }
    bits
};

/// Takes chromosome after chromosome.
pub(super) struct Packer<'w> {
    /// The bundle's file, for errors.
    path: &'w Path,
    section: SectionWriter<'w>,
    piece: Vec<u8>,
    count: u64,
    current: Current,
    packed: Places,
}

/// The chromosome that is being read.
#[derive(Default)]
struct Current {
    len: u32,
    byte: u8,
    unknown: Vec<(u32, u32)>,
    md5: Md5,
}

/// Where the bases of each chromosome are, and which of them are unknown.
#[derive(Default)]
pub(super) struct Places {
    /// Where its bases begin, in units of four bytes, and how many there are.
    bases: Vec<(u32, u32)>,
    unknown: Vec<Vec<(u32, u32)>>,
}

impl<'w> Packer<'w> {
    pub(super) fn new(writer: &'w mut Writer, path: &'w Path) -> Self {
        Self {
            path,
            section: writer.begin(SECTION.to_owned()),
            piece: Vec::with_capacity(2 * PIECE_BYTES),
            count: 0,
            current: Current::default(),
            packed: Places::default(),
        }
    }

    /// Bases so far, of all chromosomes.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds bases to the chromosome that is being read.
    pub(super) fn add(&mut self, bases: &[u8]) -> Result<(), BuildError> {
        let upper = bases.to_ascii_uppercase();
        self.current.md5.update(&upper);
        self.count += upper.len() as u64;
        if u32::try_from(self.current.len as usize + upper.len()).is_err() {
            return Err(self.error(too_long("a chromosome of more than 4 billion bases")));
        }
        for base in upper {
            if self.current.add(BITS[usize::from(base)]) {
                self.piece.push(std::mem::take(&mut self.current.byte));
            }
        }
        match self.piece.len() >= PIECE_BYTES {
            true => self.flush().map_err(|error| self.error(error)),
            false => Ok(()),
        }
    }

    /// Ends the chromosome that is being read.
    pub(super) fn end(&mut self, name: &str, chromosomes: &mut Chromosomes) -> Result<(), BuildError> {
        let Current {
            len,
            byte,
            unknown,
            md5,
        } = std::mem::take(&mut self.current);
        if !len.is_multiple_of(4) {
            self.piece.push(byte);
        }
        let begin = self.section.len() + self.piece.len() as u64 - u64::from(len.div_ceil(4));
        // Each chromosome begins at a multiple of four bytes.
        self.piece
            .resize(self.piece.len() + (len.div_ceil(4).wrapping_neg() % 4) as usize, 0);
        self.flush().map_err(|error| self.error(error))?;
        let begin = u32::try_from(begin / 4);
        let begin = begin.map_err(|_| self.error(too_long("a sequence of more than 64 billion bases")))?;
        let place = chromosomes.place(name.as_bytes());
        let place = place.unwrap_or_else(|| chromosomes.add(name, len));
        self.packed.resize(chromosomes.len());
        self.packed.bases[place] = (begin, len);
        self.packed.unknown[place] = unknown;
        let chromosome = &mut chromosomes.list[place];
        chromosome.sequenced = len.min(chromosome.length);
        chromosome.md5 = (len == chromosome.length).then(|| hex(&md5.finalize()));
        Ok(())
    }

    /// Ends the section.
    pub(super) fn finish(self) -> Places {
        self.section.end();
        self.packed
    }

    fn error(&self, source: io::Error) -> BuildError {
        BuildError::writing(self.path)(source)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.section.write(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}

fn too_long(what: &str) -> io::Error {
    io::Error::other(format!("{what} is not supported"))
}

impl Current {
    /// Adds a base; says whether the byte is full.
    fn add(&mut self, bits: u8) -> bool {
        match (bits, self.unknown.last_mut()) {
            (UNKNOWN, Some(run)) if run.1 == self.len => run.1 += 1,
            (UNKNOWN, _) => self.unknown.push((self.len, self.len + 1)),
            _ => self.byte |= bits << (self.len % 4 * 2),
        }
        self.len += 1;
        self.len.is_multiple_of(4)
    }
}

impl Places {
    fn resize(&mut self, chromosomes: usize) {
        self.bases.resize(chromosomes, (0, 0));
        self.unknown.resize(chromosomes, Vec::new());
    }

    /// Writes the columns beside the bases, and gives the view of them that the rest of the build has.
    pub(super) fn write(mut self, chromosomes: usize, writer: &mut Writer) -> io::Result<Bases> {
        self.resize(chromosomes);
        let of_runs = self.unknown.iter().enumerate();
        let of_runs = of_runs.flat_map(|(chromosome, runs)| std::iter::repeat_n(chromosome, runs.len()));
        let first = super::first_rows(chromosomes, of_runs);
        let column = |numbers: &mut dyn Iterator<Item = u32>| numbers.flat_map(u32::to_le_bytes).collect();
        let runs = || self.unknown.iter().flatten();
        let columns: [Vec<u8>; 3] = [
            column(&mut first.into_iter()),
            column(&mut runs().map(|run| run.0)),
            column(&mut runs().map(|run| run.1)),
        ];
        writer.column("sequence.offset".to_owned(), self.bases.iter().map(|place| place.0))?;
        for (name, column) in ["rows", "start", "end"].iter().zip(&columns) {
            writer.section(format!("sequence.{name}"), column)?;
        }
        Ok(Bases {
            draft: writer.map(SECTION)?,
            places: self.bases,
            runs: columns,
        })
    }
}
