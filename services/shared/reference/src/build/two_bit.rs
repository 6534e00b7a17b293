//! UCSC's `.2bit`: an index of sequences, then each with its runs of N, its masked runs and its bases.
//!
//! Format: <https://genome.ucsc.edu/FAQ/FAQformat.html#format7>. Version 1 has offsets of 64 bits. What is masked is not
//! kept. A genome's file has some 800 MB; it is read piece by piece.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use super::chromosomes::Chromosomes;
use super::packer::Packer;
use super::source::BuildError;
use super::{BuildProgress, Told};

/// How a file begins that was written by a little-endian machine, as UCSC's are.
const SIGNATURE: u32 = 0x1A41_2743;

/// How much is read at a time; four bases a byte.
const PIECE_BYTES: usize = 1 << 16;

/// The four bases of each byte, the first in the highest bits.
const BASES: [[u8; 4]; 256] = {
    let mut bases = [[0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut place = 0;
        while place < 4 {
            bases[byte][place] = b"TCAG"[byte >> (6 - 2 * place) & 3];
            place += 1;
        }
        byte += 1;
    }
    bases
};

/// An open file.
struct TwoBit<'p> {
    path: &'p Path,
    file: BufReader<File>,
    length: u64,
}

/// One sequence of the index: its name, and where its record is.
struct Entry {
    name: String,
    offset: u64,
}

/// Reads every sequence, in the order of the index.
pub(super) fn read(
    path: &Path,
    packer: &mut Packer<'_>,
    chromosomes: &mut Chromosomes,
    told: Told<'_>,
) -> Result<(), BuildError> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (length, file) = opened.map_err(BuildError::reading(path))?;
    let mut file = TwoBit {
        path,
        file: BufReader::with_capacity(PIECE_BYTES, file),
        length,
    };
    for entry in file.index().map_err(|error| file.error(error))? {
        file.sequence(&entry, packer, told)?;
        packer.end(&entry.name, chromosomes)?;
    }
    Ok(())
}

fn broken() -> io::Error {
    io::Error::other("this is not a .2bit file of version 0 or 1, or it was cut off")
}

impl TwoBit<'_> {
    fn index(&mut self) -> io::Result<Vec<Entry>> {
        let [signature, version, count, _] = self.numbers(4)?[..] else {
            return Err(broken());
        };
        if signature != SIGNATURE || version > 1 {
            return Err(broken());
        }
        let mut entries = Vec::new();
        for _ in 0..count {
            let [length] = self.bytes()?;
            let mut name = vec![0; usize::from(length)];
            self.file.read_exact(&mut name)?;
            entries.push(Entry {
                name: String::from_utf8_lossy(&name).into_owned(),
                offset: match version {
                    0 => u64::from(self.number()?),
                    _ => u64::from_le_bytes(self.bytes()?),
                },
            });
        }
        Ok(entries)
    }

    /// Goes to the bases of a sequence; says how many there are, and which are unknown.
    fn seek(&mut self, entry: &Entry) -> io::Result<(u32, Vec<Range<u32>>)> {
        self.file.seek(SeekFrom::Start(entry.offset))?;
        let size = self.number()?;
        let unknown = self.runs(size)?;
        let masked = self.number()?;
        // Starts and sizes of masked runs, and a reserved number.
        self.file.seek_relative(i64::from(masked) * 8 + 4)?;
        Ok((size, unknown))
    }

    /// Reads the bases of a sequence.
    fn sequence(&mut self, entry: &Entry, packer: &mut Packer<'_>, told: Told<'_>) -> Result<(), BuildError> {
        let (size, unknown) = self.seek(entry).map_err(|error| self.error(error))?;
        let mut packed = vec![0; PIECE_BYTES];
        let mut bases = Vec::with_capacity(4 * PIECE_BYTES);
        let mut at = 0;
        while at < size {
            let count = (size - at).min(4 * PIECE_BYTES as u32);
            let packed = &mut packed[..count.div_ceil(4) as usize];
            self.file.read_exact(packed).map_err(|error| self.error(error))?;
            bases.clear();
            packed
                .iter()
                .for_each(|byte| bases.extend_from_slice(&BASES[usize::from(*byte)]));
            bases.truncate(count as usize);
            blank(&mut bases, at, &unknown);
            packer.add(&bases)?;
            at += count;
            told(BuildProgress {
                what: "sequence",
                rows: packer.count(),
                done: false,
            });
        }
        Ok(())
    }

    /// Runs of unknown bases of a sequence of `size` bases: all starts, then all lengths.
    fn runs(&mut self, size: u32) -> io::Result<Vec<Range<u32>>> {
        let count = self.number()?;
        let (starts, lengths) = (self.numbers(count)?, self.numbers(count)?);
        let runs = starts.iter().zip(&lengths).map(|(start, length)| {
            let end = start.checked_add(*length).filter(|end| *end <= size)?;
            Some(*start..end)
        });
        runs.collect::<Option<_>>().ok_or_else(broken)
    }

    /// An error of reading; an end where there should be more means that the file was cut off.
    fn error(&self, error: io::Error) -> BuildError {
        BuildError::reading(self.path)(match error.kind() {
            io::ErrorKind::UnexpectedEof => broken(),
            _ => error,
        })
    }

    fn number(&mut self) -> io::Result<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    /// So many numbers, unless the file is too short for them.
    fn numbers(&mut self, count: u32) -> io::Result<Vec<u32>> {
        if u64::from(count) * 4 > self.length {
            return Err(broken());
        }
        (0..count).map(|_| self.number()).collect()
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Puts N where bases are unknown; `at` is the position of the first.
fn blank(bases: &mut [u8], at: u32, unknown: &[Range<u32>]) {
    let end = at + bases.len() as u32;
    for run in unknown {
        let (from, to) = (run.start.max(at), run.end.min(end));
        if from < to {
            bases[(from - at) as usize..(to - at) as usize].fill(b'N');
        }
    }
}

#[cfg(test)]
mod tests;
