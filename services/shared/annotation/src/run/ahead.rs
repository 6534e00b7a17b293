//! Reading ahead, for what alleles of one haplotype do together: a batch is handed on when all is known that is told of its records.
//!
//! What is told of a record may depend on records up to the end of its transcript. So batches wait, as they were read; where
//! they are many, because genes are long and samples are many, what is known until then is told, and the report says so.

use std::collections::VecDeque;

use super::Stopped;
use super::batch::Batch;
use super::context::Context;
use super::place::Place;
use crate::haplotype::Haplotypes;
use crate::report::Phased;
use vcf::{Line, Record};

/// Batches that were read and are not yet handed on.
pub(super) struct Ahead<'c, 'b> {
    context: &'c Context<'c, 'b>,
    haplotypes: Haplotypes<'c, 'b>,
    /// Each with the number of the line after it.
    waiting: VecDeque<(Batch, u64)>,
    bytes: usize,
    /// The chromosome of the last record, and what it is.
    last: (Vec<u8>, Place),
    has_ended: bool,
    /// Why no more can be read; what was read before comes first.
    stopped: Option<Stopped>,
}

impl<'c, 'b> Ahead<'c, 'b> {
    /// `None` if no haplotypes are told of.
    pub(super) fn new(context: &'c Context<'c, 'b>) -> Option<Self> {
        let genome = context.genome.as_ref().filter(|_| context.phasing.is_ok())?;
        let samples = context.phasing.as_ref().ok()?.clone();
        Some(Self {
            context,
            haplotypes: Haplotypes::new(genome, samples, context.limits.transcripts),
            waiting: VecDeque::new(),
            bytes: 0,
            last: (Vec::new(), Place::Unknown),
            has_ended: false,
            stopped: None,
        })
    }

    /// The next batch, with what is told of its records. `read` gives batches as they are read.
    pub(super) fn next(
        &mut self,
        mut read: impl FnMut() -> Result<Option<Batch>, Stopped>,
    ) -> Result<Option<Batch>, Stopped> {
        loop {
            let is_known = |waiting: &(Batch, u64)| waiting.1 <= self.haplotypes.first_open();
            if self.waiting.front().is_some_and(is_known)
                && let Some((mut batch, end)) = self.waiting.pop_front()
            {
                self.bytes -= batch.bytes.len();
                batch.told = self.haplotypes.take_before(end).into();
                return Ok(Some(batch));
            }
            if self.has_ended {
                return self.stopped.take().map_or(Ok(None), Err);
            }
            match read() {
                Ok(Some(batch)) => self.see(batch),
                Ok(None) => self.end(),
                Err(stopped) => {
                    self.stopped = Some(stopped);
                    self.end();
                }
            }
        }
    }

    /// What was found.
    pub(super) fn found(&self) -> &Phased {
        &self.haplotypes.found
    }

    fn end(&mut self) {
        self.haplotypes.end();
        self.has_ended = true;
    }

    fn see(&mut self, batch: Batch) {
        let mut number = batch.line;
        for line in batch.bytes[batch.at..].split_inclusive(|byte| *byte == b'\n') {
            self.line(line, number);
            number += 1;
        }
        self.bytes += batch.bytes.len();
        self.waiting.push_back((batch, number));
        if self.bytes + self.haplotypes.bytes() > self.context.limits.haplotype_bytes {
            self.haplotypes.cut();
        }
    }

    /// A line. What is wrong with one is told when its batch is annotated.
    fn line(&mut self, line: &[u8], number: u64) {
        let text = Line::new(line).text;
        if text.is_empty() || text[0] == b'#' {
            return;
        }
        let Ok(record) = Record::parse(text, number, self.context.header.columns, false) else {
            return;
        };
        if self.last.0 != record.chromosome {
            self.last = (record.chromosome.to_vec(), self.context.place(record.chromosome));
        }
        if let Place::Nuclear(chromosome) = self.last.1 {
            self.haplotypes.see(&record, chromosome, number);
        }
    }
}
