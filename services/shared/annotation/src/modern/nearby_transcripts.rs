//! The transcripts at and near a record.

use std::ops::Range;
use std::rc::Rc;

use reference::Genome;

use super::Transcripts;
use crate::transcript::Transcript;

/// How far ahead transcripts are gathered, in bases: the next records are mostly there.
const AHEAD: u32 = 1 << 14;

/// A transcript with its row.
pub(crate) type Row<'b> = (usize, Rc<Transcript<'b>>);

/// The transcripts that overlap a span, and those around it.
pub(crate) struct NearbyTranscripts<'b> {
    chromosome: usize,
    /// The span whose transcripts are in `around`.
    window: Range<u32>,
    around: Vec<Row<'b>>,
    /// Places in `around` of those that overlap the span at hand, by start.
    found: Vec<usize>,
    /// The span at hand; `found` holds for later ones that begin before `first_end` and end up to `next_start`.
    span: Range<u32>,
    first_end: u32,
    next_start: u32,
    /// The most transcripts that are gathered.
    limit: usize,
    /// How many of those that overlap the span at hand are beyond the limit.
    pub(crate) unlisted: usize,
}

impl<'b> NearbyTranscripts<'b> {
    /// Gathers up to `limit` transcripts.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            chromosome: 0,
            window: 0..0,
            around: Vec::new(),
            found: Vec::new(),
            span: 0..0,
            first_end: 0,
            next_start: 0,
            limit,
            unlisted: 0,
        }
    }

    /// Finds the transcripts of a chromosome that overlap `span` (0-based, half-open).
    pub(crate) fn find(
        &mut self,
        genome: &Genome<'b>,
        transcripts: &mut Transcripts<'b>,
        chromosome: usize,
        span: Range<u32>,
    ) {
        let is_inside = self.chromosome == chromosome && span.start >= self.window.start && span.end <= self.window.end;
        if !is_inside {
            self.gather(genome, transcripts, chromosome, &span);
        } else if span.start >= self.span.start
            && span.end >= self.span.end
            && span.start < self.first_end
            && span.end <= self.next_start
        {
            return;
        }
        self.found.clear();
        (self.first_end, self.next_start) = (u32::MAX, u32::MAX);
        for (place, (_, transcript)) in self.around.iter().enumerate() {
            let whole = &transcript.row.span;
            if whole.start >= span.end {
                self.next_start = whole.start;
                break;
            }
            if whole.end > span.start {
                self.first_end = self.first_end.min(whole.end);
                self.found.push(place);
            }
        }
        self.span = span;
    }

    fn gather(&mut self, genome: &Genome<'b>, transcripts: &mut Transcripts<'b>, chromosome: usize, span: &Range<u32>) {
        self.chromosome = chromosome;
        self.window = span.start..span.end.saturating_add(AHEAD);
        self.unlisted = 0;
        self.around.clear();
        let Some(genes) = &genome.genes else { return };
        let mut left_out = false;
        genes.overlapping(chromosome, self.window.clone(), |row| {
            if self.around.len() < self.limit {
                let transcript = transcripts.get(genome, chromosome, row);
                self.around.extend(transcript.map(|transcript| (row, transcript)));
            } else {
                left_out = true;
                self.unlisted += usize::from(genes.row(row).span.start < span.end);
            }
        });
        if left_out {
            // What was left out may be at the next record.
            self.window = 0..0;
        }
    }

    /// Those that were found last, by start.
    pub(crate) fn found(&self) -> impl Iterator<Item = &Row<'b>> {
        self.found.iter().map(|place| &self.around[*place])
    }
}
