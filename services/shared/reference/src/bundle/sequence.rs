//! The bases of an assembly, two bits each, with the runs of unknown ones beside them.

use std::ops::Range;

use super::{Bundle, Rows, U32s};

const BASES: &[u8; 4] = b"ACGT";

/// The view of the sequence of one chromosome. Soft-masking is not kept.
#[derive(Debug, Clone)]
pub(crate) struct Packed<'b> {
    bases: &'b [u8],
    /// How many bases there are, from the chromosome's first on.
    len: u32,
    /// Runs of `N`: starts and ends, sorted.
    unknown: Range<usize>,
    starts: U32s<'b>,
    ends: U32s<'b>,
}

impl<'b> Packed<'b> {
    /// The sequence of a chromosome; `None` if the bundle has none.
    pub(crate) fn new(bundle: &'b Bundle, chromosome: usize) -> Option<Self> {
        let len = bundle.manifest().chromosomes.get(chromosome)?.sequenced;
        if len == 0 {
            return None;
        }
        let offset = bundle.column("sequence.offset").get(chromosome) as usize * 4;
        Some(Self {
            bases: &bundle.section("sequence.bases")[offset..offset + len.div_ceil(4) as usize],
            len,
            unknown: Rows(bundle.column("sequence.rows")).of(chromosome),
            starts: bundle.column("sequence.start"),
            ends: bundle.column("sequence.end"),
        })
    }

    /// The view of bases that are not yet in a bundle; `rows`, `starts` and `ends` are the columns of unknown runs.
    pub(crate) fn from_parts(
        bases: &'b [u8],
        len: u32,
        chromosome: usize,
        rows: &'b [u8],
        starts: &'b [u8],
        ends: &'b [u8],
    ) -> Option<Self> {
        (len > 0).then(|| Self {
            bases,
            len,
            unknown: Rows(U32s::new(rows)).of(chromosome),
            starts: U32s::new(starts),
            ends: U32s::new(ends),
        })
    }

    #[inline]
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// The base at a position (0-based); `N` if it is unknown, `None` beyond the end.
    #[inline]
    pub(crate) fn base(&self, position: u32) -> Option<u8> {
        if position >= self.len {
            return None;
        }
        let next = self.starts.seek(self.unknown.clone(), position + 1);
        if next > self.unknown.start && self.ends.get(next - 1) > position {
            return Some(b'N');
        }
        Some(self.known(position))
    }

    #[inline]
    fn known(&self, position: u32) -> u8 {
        let byte = self.bases[position as usize / 4];
        BASES[usize::from(byte >> (position % 4 * 2) & 3)]
    }

    /// Appends the bases of a span; `false`, and nothing is appended, if the span passes the end.
    #[inline]
    pub(crate) fn append(&self, span: Range<u32>, out: &mut Vec<u8>) -> bool {
        if span.end > self.len || span.start > span.end {
            return false;
        }
        let at = out.len();
        out.extend(span.clone().map(|position| self.known(position)));
        let first = self.ends.seek(self.unknown.clone(), span.start + 1);
        for run in first..self.unknown.end {
            let (start, end) = (self.starts.get(run).max(span.start), self.ends.get(run).min(span.end));
            if start >= span.end {
                break;
            }
            out[at + (start - span.start) as usize..at + (end - span.start) as usize].fill(b'N');
        }
        true
    }
}
