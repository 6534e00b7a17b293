//! One thread's hands: the records of a batch are annotated, and outputs make of them what they need.

use super::batch::{Batch, ReadSoFar};
use super::context::Context;
use super::feed::emptied;
use super::output::{Maker, Piece};
use super::worker::Worker;
use crate::error::InputError;
use crate::report::Findings;

/// So much text of a batch goes to the outputs at once: a short line may have much to tell.
const PART_BYTES: usize = 4 << 20;

/// So much text is made into pieces at once, while it is in the cache of the processor.
const STEP_BYTES: usize = 1 << 18;

/// A worker, and what makes pieces of its lines.
pub(super) struct Hand<'c, 'b> {
    worker: Worker<'c, 'b>,
    makers: Vec<Box<dyn Maker>>,
    /// Whether somebody takes the lines as they are.
    keeps_lines: bool,
    lines: Vec<u8>,
}

/// What was made of a part of a batch.
#[derive(Default)]
pub(super) struct Part {
    /// The lines, if somebody takes them as they are.
    pub(super) lines: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    /// Bytes of lines.
    pub(super) text: u64,
    pub(super) records: u64,
    pub(super) error: Option<InputError>,
    /// How far the input was read for its batch.
    pub(super) read: ReadSoFar,
    /// Whether more of the batch is left.
    pub(super) has_more: bool,
}

impl Part {
    /// How many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.lines.len() + self.pieces.iter().map(Piece::bytes).sum::<usize>()
    }
}

impl<'c, 'b> Hand<'c, 'b> {
    pub(super) fn new(context: &'c Context<'c, 'b>, makers: Vec<Box<dyn Maker>>, keeps_lines: bool) -> Self {
        Self {
            worker: Worker::new(context),
            makers,
            keeps_lines,
            lines: Vec::new(),
        }
    }

    /// Annotates the next part of a batch.
    pub(super) fn part(&mut self, batch: &mut Batch) -> Part {
        self.lines = emptied(std::mem::take(&mut self.lines));
        let before = self.worker.findings.records;
        let (mut text, mut has_more, mut error) = (0, true, None);
        while has_more && text < PART_BYTES {
            let begin = self.lines.len();
            let most = if self.makers.is_empty() {
                PART_BYTES
            } else {
                begin + STEP_BYTES
            };
            match self.worker.batch(batch, &mut self.lines, most) {
                Ok(more) => has_more = more,
                Err(reason) => (has_more, error) = (false, Some(reason)),
            }
            let made = &self.lines[begin..];
            text += made.len();
            self.makers.iter_mut().for_each(|maker| maker.lines(made));
            if !self.keeps_lines {
                self.lines.clear();
            }
        }
        Part {
            lines: if self.keeps_lines {
                std::mem::take(&mut self.lines)
            } else {
                Vec::new()
            },
            pieces: self.makers.iter_mut().map(|maker| maker.piece()).collect(),
            text: text as u64,
            records: self.worker.findings.records - before,
            error,
            read: batch.read,
            has_more,
        }
    }

    /// A buffer for the next lines.
    pub(super) fn give_back(&mut self, lines: Vec<u8>) {
        if lines.capacity() > self.lines.capacity() {
            self.lines = lines;
        }
    }

    /// What was found.
    pub(super) fn finish(self) -> Findings {
        self.worker.finish()
    }
}
