//! Lines within bounds: of length, of unpacked size, and of expansion.

use std::io::{self, BufRead};

use memchr::memchr;

use super::Source;
use crate::options::Limits;

/// The expansion ratio is looked at only from here on: a small file of repeats is no attack.
const EXPANSION_FREE: u64 = 64 << 20;

/// Why the next line could not be read.
pub(crate) enum ReadError {
    /// The input failed; another attempt may succeed.
    Io(io::Error),
    /// The compressed input ends too early.
    GzipCutOff,
    /// The compressed input is not what gzip writes.
    GzipDamaged,
    /// The line is longer than the limit.
    LineTooLong,
    /// The compressed input unpacks to more than the limits.
    UnpacksTooFar,
}

/// One line, and how it ended.
pub(crate) struct Line<'a> {
    /// Without its line break.
    pub(crate) text: &'a [u8],
    /// `\n`, `\r\n`, or nothing at the end of the file.
    pub(crate) ending: &'a [u8],
}

/// Reads lines one at a time into one buffer.
pub(crate) struct Lines<R> {
    source: Source<R>,
    limits: Limits,
    buffer: Vec<u8>,
    unpacked: u64,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(source: Source<R>, limits: &Limits) -> Self {
        Self {
            source,
            limits: limits.clone(),
            buffer: Vec::new(),
            unpacked: 0,
            number: 0,
        }
    }

    /// The number of the line read last, 1-based; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Where the bytes come from.
    pub(crate) fn source(&self) -> &Source<R> {
        &self.source
    }

    /// Reads the next line; `false` at the end of the input.
    pub(crate) fn advance(&mut self) -> Result<bool, ReadError> {
        self.buffer.clear();
        loop {
            let found = match self.source.fill_buf() {
                Ok([]) => break,
                Ok(chunk) => {
                    let found = memchr(b'\n', chunk);
                    self.buffer
                        .extend_from_slice(&chunk[..found.map_or(chunk.len(), |at| at + 1)]);
                    (found.is_some(), found.map_or(chunk.len(), |at| at + 1))
                }
                Err(error) => return Err(self.read_error(error)),
            };
            self.source.consume(found.1);
            self.unpacked += found.1 as u64;
            self.check_limits()?;
            if found.0 {
                break;
            }
        }
        self.number += u64::from(!self.buffer.is_empty());
        Ok(!self.buffer.is_empty())
    }

    /// The line read last.
    pub(crate) fn line(&self) -> Line<'_> {
        let text = self
            .buffer
            .strip_suffix(b"\n")
            .map_or(&self.buffer[..], |text| text.strip_suffix(b"\r").unwrap_or(text));
        Line {
            text,
            ending: &self.buffer[text.len()..],
        }
    }

    fn check_limits(&self) -> Result<(), ReadError> {
        if self.buffer.len() > self.limits.line_bytes {
            return Err(ReadError::LineTooLong);
        }
        if !self.source.is_compressed() {
            return Ok(());
        }
        let packed = self.source.bytes_read().max(1);
        let expands = self.unpacked > EXPANSION_FREE && self.unpacked / packed > self.limits.expansion_ratio;
        if expands || self.unpacked > self.limits.unpacked_bytes {
            return Err(ReadError::UnpacksTooFar);
        }
        Ok(())
    }

    fn read_error(&self, error: io::Error) -> ReadError {
        match error.kind() {
            _ if self.source.has_failed() || !self.source.is_compressed() => ReadError::Io(error),
            io::ErrorKind::UnexpectedEof => ReadError::GzipCutOff,
            _ => ReadError::GzipDamaged,
        }
    }
}
