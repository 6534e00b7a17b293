//! Lines within bounds: of length, of unpacked size, and of expansion.

use std::io::{self, BufRead};

use memchr::{memchr, memchr_iter, memrchr};

use crate::bcf::BcfFault;
use crate::{Limits, Source, VcfError};

/// The expansion ratio is looked at only from here on: a small file of repeats is no attack.
pub(crate) const EXPANSION_FREE: u64 = 64 << 20;

/// Why the next line could not be read.
pub enum ReadError {
    /// The input failed; another attempt may succeed.
    Io(io::Error),
    /// The compressed input ends too early.
    GzipCutOff,
    /// The compressed input is not what gzip writes.
    GzipDamaged,
    /// The bytes of a BCF file are not as the format has them: the record, counted from 1 (0 for the header), and what is wrong.
    BcfDamaged(u64, &'static str),
    /// The line is longer than the limit.
    LineTooLong,
    /// There is more text than the limit.
    TextTooLong,
    /// The compressed input unpacks to far more than its size.
    UnpacksTooFar,
}

impl ReadError {
    /// What the owner of the file is told, where `line` lines were read before.
    ///
    /// # Errors
    /// If it is no fault of the file's: the input failed.
    pub fn at(self, line: u64, limits: &Limits) -> Result<VcfError, io::Error> {
        Ok(match self {
            Self::Io(error) => return Err(error),
            Self::GzipCutOff => VcfError::GzipCutOff { line },
            Self::GzipDamaged => VcfError::GzipDamaged { line },
            Self::BcfDamaged(record, what) => VcfError::BcfDamaged { record, what },
            Self::UnpacksTooFar => VcfError::UnpacksTooFar { line },
            Self::TextTooLong => VcfError::TextTooLong {
                line,
                limit: limits.unpacked_bytes,
            },
            Self::LineTooLong => VcfError::LineTooLong {
                line: line + 1,
                limit: limits.line_bytes,
            },
        })
    }
}

/// One line, and how it ended.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Without its line break.
    pub text: &'a [u8],
    /// `\n`, `\r\n`, or nothing at the end of the file.
    pub ending: &'a [u8],
}

impl<'a> Line<'a> {
    /// Divides a line as it was read.
    #[inline]
    pub fn new(line: &'a [u8]) -> Self {
        let text = line
            .strip_suffix(b"\n")
            .map_or(line, |text| text.strip_suffix(b"\r").unwrap_or(text));
        Self {
            text,
            ending: &line[text.len()..],
        }
    }
}

/// Reads lines one at a time.
pub struct Lines<R> {
    source: Source<R>,
    limits: Limits,
    unpacked: u64,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads a source from its beginning.
    #[inline]
    pub fn new(source: Source<R>, limits: &Limits) -> Self {
        Self {
            source,
            limits: limits.clone(),
            unpacked: 0,
            number: 0,
        }
    }

    /// The number of the line read last, 1-based; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Bytes of text so far.
    pub fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// Where the bytes come from.
    pub fn source(&self) -> &Source<R> {
        &self.source
    }

    /// Appends the next line, with its ending, to `batch`; `false` at the end of the input.
    pub fn append_next(&mut self, batch: &mut Vec<u8>) -> Result<bool, ReadError> {
        let begin = batch.len();
        loop {
            let (found, length) = match self.source.fill_buf() {
                Ok([]) => break,
                Ok(chunk) => {
                    let found = memchr(b'\n', chunk);
                    let length = found.map_or(chunk.len(), |at| at + 1);
                    batch.extend_from_slice(&chunk[..length]);
                    (found.is_some(), length)
                }
                Err(error) => return Err(self.read_error(error)),
            };
            self.source.consume(length);
            self.unpacked += length as u64;
            self.check_limits(batch.len() - begin)?;
            if found {
                break;
            }
        }
        let has_more = batch.len() > begin;
        self.number += u64::from(has_more);
        Ok(has_more)
    }

    /// As [`Self::append_next`], but appends all whole lines that were read from the source already, up to the one with which
    /// `batch` has `enough` bytes.
    pub fn append_read(&mut self, batch: &mut Vec<u8>, enough: usize) -> Result<bool, ReadError> {
        let (begin, limit) = (batch.len(), self.limits.line_bytes);
        let length = match self.source.fill_buf() {
            Ok(chunk) => {
                let from = enough.saturating_sub(begin + 1).min(chunk.len());
                let last = memchr(b'\n', &chunk[from..]).map(|at| from + at);
                let whole = last.or_else(|| memrchr(b'\n', &chunk[..from])).map_or(0, |at| at + 1);
                let length = if whole <= limit { whole } else { 0 };
                batch.extend_from_slice(&chunk[..length]);
                length
            }
            Err(error) => return Err(self.read_error(error)),
        };
        if length == 0 {
            return self.append_next(batch);
        }
        self.source.consume(length);
        self.unpacked += length as u64;
        self.number += memchr_iter(b'\n', &batch[begin..]).count() as u64;
        self.check_limits(0)?;
        Ok(true)
    }

    fn check_limits(&self, line_bytes: usize) -> Result<(), ReadError> {
        if line_bytes > self.limits.line_bytes {
            return Err(ReadError::LineTooLong);
        }
        if self.unpacked > self.limits.unpacked_bytes {
            return Err(ReadError::TextTooLong);
        }
        let packed = self.source.bytes_read().max(1);
        let may_expand = self.source.is_compressed() && self.unpacked > EXPANSION_FREE;
        match may_expand && self.unpacked / packed > self.limits.expansion_ratio {
            true => Err(ReadError::UnpacksTooFar),
            false => Ok(()),
        }
    }

    fn read_error(&self, error: io::Error) -> ReadError {
        match BcfFault::inside(&error) {
            Some(BcfFault::TooLong) => return ReadError::LineTooLong,
            Some(BcfFault::TooMuch) => return ReadError::TextTooLong,
            Some(BcfFault::UnpacksTooFar) => return ReadError::UnpacksTooFar,
            Some(BcfFault::Damaged { record, what }) => return ReadError::BcfDamaged(record, what),
            None => {}
        }
        match error.kind() {
            _ if self.source.has_failed() || !self.source.is_compressed() => ReadError::Io(error),
            io::ErrorKind::UnexpectedEof => ReadError::GzipCutOff,
            _ => ReadError::GzipDamaged,
        }
    }
}
