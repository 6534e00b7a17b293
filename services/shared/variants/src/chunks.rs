//! The bytes of a file that are at hand.

use std::collections::BTreeMap;
use std::ops::Range;

use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::error::Error;

/// What a [`Read`] is kept under: the same for the same bytes of a file, so that a cache needs the file's ETag and this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The row group, from 0.
    pub group: u32,
    /// The column among the leaves of the file's schema, from 0.
    pub column: u32,
    /// Which part of its chunk: 0 the dictionary, 1 the pages.
    pub part: u32,
}

/// Bytes to fetch. The ranges of two reads with different keys do not overlap; what is next to each other may be fetched at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What to keep it under.
    pub key: Key,
    /// Which bytes of the file; from 0, the end excluded. Never empty, never beyond the file.
    pub range: Range<u64>,
}

impl Read {
    /// How many bytes that is.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.range.end - self.range.start
    }
}

/// Bytes of a file, by where they are. Cloning copies no bytes.
#[derive(Debug, Clone, Default)]
pub struct Chunks {
    parts: BTreeMap<u64, Bytes>,
}

impl Chunks {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what was read; `bytes` are those of `read.range`.
    pub fn insert(&mut self, read: &Read, bytes: Bytes) {
        self.parts.insert(read.range.start, bytes);
    }

    /// Whether all of these are at hand.
    #[must_use]
    pub fn has(&self, reads: &[Read]) -> bool {
        self.check(reads).is_ok()
    }

    /// Fails if one of these is not at hand.
    pub(crate) fn check(&self, reads: &[Read]) -> Result<(), Error> {
        let lacks = |read: &&Read| {
            self.get_bytes(read.range.start, usize::try_from(read.size()).unwrap_or(usize::MAX))
                .is_err()
        };
        match reads.iter().find(lacks) {
            Some(Read { range, .. }) => Err(Error::Missing {
                start: range.start,
                end: range.end,
            }),
            None => Ok(()),
        }
    }

    /// All bytes from `start` on that lie together.
    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let part = self.parts.range(..=start).next_back();
        part.and_then(|(at, bytes)| {
            let skip = usize::try_from(start - at).ok().filter(|skip| *skip < bytes.len())?;
            Some(bytes.slice(skip..))
        })
        .ok_or_else(|| missing(start))
    }
}

fn missing(start: u64) -> ParquetError {
    ParquetError::EOF(format!("it ends before its byte {start}"))
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        let last = self.parts.last_key_value();
        last.map_or(0, |(at, bytes)| at + bytes.len() as u64)
    }
}

impl ChunkReader for Chunks {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let bytes = self.from(start)?;
        match length <= bytes.len() {
            true => Ok(bytes.slice(..length)),
            false => Err(missing(start + length as u64)),
        }
    }
}
