//! Lines on their way.

use std::collections::VecDeque;

/// Whole lines.
pub(super) struct Batch {
    /// The number of the next line to annotate.
    pub(super) line: u64,
    pub(super) bytes: Vec<u8>,
    /// Where that line begins.
    pub(super) at: usize,
    /// What is told of haplotypes, by line.
    pub(super) told: VecDeque<(u64, Vec<u8>)>,
    /// How far the input was read for it, whatever was read since.
    pub(super) read: ReadSoFar,
}

/// How far the input was read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReadSoFar {
    pub(super) lines: u64,
    /// Bytes of text.
    pub(super) text: u64,
}

impl Batch {
    /// Lines, the first of which has the number `line`.
    pub(super) fn new(line: u64, bytes: Vec<u8>) -> Self {
        Self {
            line,
            bytes,
            at: 0,
            told: VecDeque::new(),
            read: ReadSoFar::default(),
        }
    }

    /// What is told of haplotypes at a line, the next of those that have something.
    #[inline]
    pub(super) fn told_of(&mut self, line: u64) -> Option<Vec<u8>> {
        match self.told.front() {
            Some((own, _)) if *own == line => self.told.pop_front().map(|(_, text)| text),
            _ => None,
        }
    }
}
