//! One input file of a build: read line by line, plain or gzip, with its size and checksum.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::{BuildProgress, Told};
use crate::bundle::hex;

/// How far a file is read is told after so many rows.
const TOLD_ROWS: u64 = 100_000;

/// Why a bundle could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A file could not be read.
    #[error("could not read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The bundle could not be written.
    #[error("could not write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it must be.
    #[error("{path}, line {line}: {reason}")]
    Content {
        /// The file.
        path: PathBuf,
        /// The line; 0 if it is about the whole file.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// A track has no row that could be read.
    #[error(
        "no row of {0} could be read: a track is a VCF file, a table of alleles, a BED or bedGraph file or a UCSC table, on chromosomes that the assembly has"
    )]
    NoRows(PathBuf),
    /// Two sources have one key.
    #[error("two sources are called {0}; give one of them another name")]
    SameKey(String),
    /// Numbers along the genome that are called as one of the tables that are known by name.
    #[error("{0} is the name of one of UCSC's tables; give the numbers of bedGraph another one")]
    TableName(String),
    /// The chromosomes of the assembly are not known.
    #[error(
        "the chromosomes of {assembly} are not known: put chromInfo.txt.gz or chrom.sizes beside the tables in {tables}, or give --sequence"
    )]
    NoChromosomes {
        /// The assembly.
        assembly: String,
        /// The folder.
        tables: PathBuf,
    },
    /// A note about a source that there is not.
    #[error("there is no source {key} of which a label or release could be noted; there are: {}", known.join(", "))]
    NoSuchSource {
        /// The key of the note.
        key: String,
        /// The keys that there are.
        known: Vec<String>,
    },
}

impl BuildError {
    pub(super) fn writing(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn reading(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}

/// A file of lines.
pub(super) struct Source {
    path: PathBuf,
    lines: Box<dyn BufRead>,
    digest: SharedDigest,
    line: Vec<u8>,
    number: u64,
    skipped: u64,
    day: Option<String>,
}

/// Checksum and count of the bytes that were read so far.
type SharedDigest = Rc<RefCell<(Sha256, u64)>>;

/// Adds to a checksum what is read.
struct Digesting<R> {
    inner: R,
    digest: SharedDigest,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(into)?;
        let mut digest = self.digest.borrow_mut();
        digest.0.update(&into[..length]);
        digest.1 += length as u64;
        Ok(length)
    }
}

impl Source {
    /// Opens a file, gzip or plain.
    pub(super) fn open(path: &Path) -> Result<Self, BuildError> {
        let reading = BuildError::reading(path);
        let file = File::open(path).map_err(&reading)?;
        let digest = SharedDigest::default();
        let digesting = Digesting {
            inner: file,
            digest: Rc::clone(&digest),
        };
        let mut raw = BufReader::with_capacity(1 << 18, digesting);
        let begin = raw.fill_buf().map_err(&reading)?;
        let (is_gzip, day) = (begin.starts_with(&[0x1f, 0x8b]), packed_on(begin));
        let lines: Box<dyn BufRead> = match is_gzip {
            true => Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(raw))),
            false => Box::new(raw),
        };
        Ok(Self {
            path: path.to_owned(),
            lines,
            digest,
            line: Vec::new(),
            number: 0,
            skipped: 0,
            day,
        })
    }

    /// The next line without its end; `None` at the end of the file. It may be as long as a chromosome, whose bases some write
    /// on one line.
    pub(super) fn next_line(&mut self) -> Result<Option<&[u8]>, BuildError> {
        self.next_line_within(u64::MAX)
    }

    /// The next line without its end, of up to `most` bytes; `None` at the end of the file.
    pub(super) fn next_line_within(&mut self, most: u64) -> Result<Option<&[u8]>, BuildError> {
        self.line.clear();
        let read = self.lines.by_ref().take(most).read_until(b'\n', &mut self.line);
        let read = read.map_err(BuildError::reading(&self.path))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read as u64 == most && !self.line.ends_with(b"\n") {
            return Err(self.error(format!("the line is longer than {most} bytes")));
        }
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some(text.strip_suffix(b"\r").unwrap_or(text)))
    }

    /// Tells now and then how many rows were read so far of what is being built.
    pub(super) fn tell(&self, what: &str, told: Told<'_>) {
        if self.number.is_multiple_of(TOLD_ROWS) {
            told(BuildProgress {
                what,
                rows: self.number,
                done: false,
            });
        }
    }

    /// Rows read so far.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Counts a row that was left out.
    pub(super) fn skip(&mut self) {
        self.skipped += 1;
    }

    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name.
    pub(super) fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// The SHA-256 of what was read, which after the last line is the whole file.
    pub(super) fn sha256(&self) -> String {
        hex(&self.digest.borrow().0.clone().finalize())
    }

    /// The size of what was read, in bytes as the file has them.
    pub(super) fn bytes(&self) -> u64 {
        self.digest.borrow().1
    }

    /// The day that gzip has written into the file: when what is packed was last changed. `None` if there is none.
    pub(super) fn day(&self) -> Option<String> {
        self.day.clone()
    }

    /// An error about the line read last.
    pub(super) fn error(&self, reason: impl Into<String>) -> BuildError {
        BuildError::Content {
            path: self.path.clone(),
            line: self.number,
            reason: reason.into(),
        }
    }

    /// Reads the rest for the checksum, of files that are no lines.
    pub(super) fn read_to_end(&mut self) -> Result<(), BuildError> {
        let read = io::copy(&mut self.lines, &mut io::sink());
        read.map(drop).map_err(BuildError::reading(&self.path))
    }
}

/// The day in the header of a gzip file, field MTIME of RFC 1952; 0 stands for none.
fn packed_on(begin: &[u8]) -> Option<String> {
    let [0x1f, 0x8b, _, _, time @ ..] = begin else {
        return None;
    };
    let seconds = u32::from_le_bytes(time.get(..4)?.try_into().ok()?);
    (seconds > 0).then(|| day(u64::from(seconds)))
}

/// The day of a time in seconds since 1970, UTC. Algorithm:
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
fn day(seconds: u64) -> String {
    let days = (seconds / 86_400) as i64 + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year}-{month:02}-{:02}", day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_774_915_200, "2026-03-31"),
        ] {
            assert_eq!(day(seconds), expected);
        }
    }

    #[test]
    fn gzip_says_when_a_table_was_dumped_if_it_says_so() {
        let begin = |time: u32| [&[0x1f, 0x8b, 8, 8][..], &time.to_le_bytes()].concat();
        assert_eq!(packed_on(&begin(1_774_915_200)).as_deref(), Some("2026-03-31"));
        assert_eq!(packed_on(&begin(0)), None);
        assert_eq!(packed_on(b"chr1\t1\t2"), None);
    }
}
