//! Where batches come from: what was read already, then the rest of the input.

use super::ahead::Ahead;
use super::batch::{Batch, ReadSoFar};
use super::context::Context;
use super::{Run, Stopped};
use crate::report::Phased;
use vcf::ReadError;

/// A batch ends with the first line that makes it so long: where batches end depends on the input alone, neither on how its
/// bytes come nor on the number of threads, and so does what outputs make of them.
const BATCH_BYTES: usize = 1 << 17;

/// The largest buffer that is used again; larger ones, of some long line, are given back to the system.
const KEPT_BYTES: usize = 8 << 20;

/// The most buffers that wait to be used again.
const MOST_SPENT: usize = 8;

/// Batches, one after the other.
pub(super) struct Feed<'c, 'b> {
    first: Option<Batch>,
    rest: bool,
    /// Buffers to be used again.
    spent: Vec<Vec<u8>>,
    /// Batches that wait for what is told of haplotypes.
    ahead: Option<Ahead<'c, 'b>>,
}

impl<'c, 'b> Feed<'c, 'b> {
    /// Batches of `first`, and, if `rest` says that there may be more, of what follows in the input.
    pub(super) fn new(context: &'c Context<'c, 'b>, first: Batch, rest: bool) -> Self {
        Self {
            first: Some(first),
            rest,
            spent: Vec::new(),
            ahead: Ahead::new(context),
        }
    }

    /// What was found of haplotypes, if they were told of.
    pub(super) fn found(&self) -> Option<Phased> {
        self.ahead.as_ref().map(|ahead| ahead.found().clone())
    }

    /// A buffer to be used again.
    pub(super) fn give_back(&mut self, bytes: Vec<u8>) {
        self.spent.push(emptied(bytes));
        self.spent.truncate(MOST_SPENT);
    }

    pub(super) fn next(&mut self, run: &mut Run<'_, '_>) -> Result<Option<Batch>, Stopped> {
        let Some(mut ahead) = self.ahead.take() else {
            return self.read(run);
        };
        let next = ahead.next(|| self.read(run));
        self.ahead = Some(ahead);
        next
    }

    fn read(&mut self, run: &mut Run<'_, '_>) -> Result<Option<Batch>, Stopped> {
        if let Some(mut batch) = self.next_of_first() {
            batch.read = run.read_so_far();
            return Ok(Some(batch));
        }
        let mut bytes = self.spent.pop().unwrap_or_default();
        let line = run.lines.number() + 1;
        while self.rest && bytes.len() < BATCH_BYTES {
            self.rest = run.next_lines(&mut bytes, BATCH_BYTES)?;
        }
        let read = run.read_so_far();
        Ok((!bytes.is_empty()).then(|| Batch {
            read,
            ..Batch::new(line, bytes)
        }))
    }

    /// Cuts the next batch off what was read already. The last one is not copied: it may be one long line.
    fn next_of_first(&mut self) -> Option<Batch> {
        let first = self.first.as_mut()?;
        let left = &first.bytes[first.at..];
        let from = BATCH_BYTES.min(left.len());
        let end = memchr::memchr(b'\n', &left[from..]).map_or(left.len(), |at| from + at + 1);
        if end == left.len() {
            return self.first.take().filter(|first| first.at < first.bytes.len());
        }
        let mut bytes = self.spent.pop().unwrap_or_default();
        bytes.extend_from_slice(&left[..end]);
        let line = first.line;
        first.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        first.at += end;
        Some(Batch::new(line, bytes))
    }
}

impl Run<'_, '_> {
    /// Appends the next line to `batch`.
    pub(super) fn next_line(&mut self, batch: &mut Vec<u8>) -> Result<bool, Stopped> {
        let line = self.lines.number();
        self.lines.append_next(batch).map_err(|error| self.stopped(error, line))
    }

    /// Appends the next lines to `batch`: as many as were read at once, or one, but none after that with which the batch has
    /// `enough` bytes.
    fn next_lines(&mut self, batch: &mut Vec<u8>, enough: usize) -> Result<bool, Stopped> {
        let line = self.lines.number();
        let read = self.lines.append_read(batch, enough);
        read.map_err(|error| self.stopped(error, line))
    }

    /// Why no line follows line number `line`.
    fn stopped(&self, error: ReadError, line: u64) -> Stopped {
        match error.at(line, &self.limits.reader) {
            Ok(reason) => reason.into(),
            Err(error) => Stopped::Io(error),
        }
    }

    fn read_so_far(&self) -> ReadSoFar {
        ReadSoFar {
            lines: self.lines.number(),
            text: self.lines.unpacked(),
        }
    }
}

/// An empty buffer, with its room if that is not too much to keep.
pub(super) fn emptied(mut buffer: Vec<u8>) -> Vec<u8> {
    if buffer.capacity() > KEPT_BYTES {
        return Vec::new();
    }
    buffer.clear();
    buffer
}
