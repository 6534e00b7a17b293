//! The codons that an edit touches.

use std::ops::Range;

use reference::coding::Coding;
use reference::genetic_code::STOP;

use crate::hgvs::{ProteinChange, local_change};

/// The codons that an edit touches, before and after it.
pub(crate) struct Codons {
    /// Where the first of them begins in the coding sequence (0-based, half-open). Empty for an insertion between codons.
    pub(crate) span: Range<usize>,
    before: Vec<u8>,
    after: Vec<u8>,
    /// How many bases at either end are as they were.
    kept: (usize, usize),
    /// Amino acids at the beginning that are not counted.
    uncounted: usize,
    /// Amino acids before.
    pub(crate) amino_acids: Vec<u8>,
    /// Amino acids after; an incomplete codon is an unknown one.
    pub(crate) changed_amino_acids: Vec<u8>,
}

impl Codons {
    /// `edit` is inside the coding sequence and counted from its begin (0-based, half-open); `inserted` reads as it does.
    pub(super) fn new(coding: &Coding, edit: &Range<usize>, inserted: &[u8]) -> Self {
        let bases = coding.bases();
        let first = edit.start - edit.start % 3;
        let between = edit.is_empty() && edit.start == first;
        let last = if between {
            first
        } else {
            (edit.end.max(edit.start + 1)).next_multiple_of(3).min(bases.len())
        };
        let (head, tail) = (&bases[first..edit.start], &bases[edit.end..last]);
        let (before, after) = (bases[first..last].to_vec(), [head, inserted, tail].concat());
        let translate = |codons: &[u8]| {
            let mut amino_acids = coding.code.translate(codons);
            let is_start = first == 0 && !between && coding.has_start();
            if is_start && codons.get(..3).is_some_and(|codon| coding.code.is_start(codon)) {
                amino_acids[0] = b'M';
            }
            if edit.len() == inserted.len() {
                for (index, amino_acid) in amino_acids.iter_mut().enumerate() {
                    let is_same = codons.chunks(3).nth(index) == before.chunks(3).nth(index);
                    let recoded = coding.recoded(first / 3 + index).filter(|_| is_same);
                    *amino_acid = recoded.unwrap_or(*amino_acid);
                }
            }
            amino_acids
        };
        let (amino_acids, changed_amino_acids) = (translate(&before), translate(&after));
        Self {
            span: first..last,
            kept: (head.len(), tail.len()),
            uncounted: coding.uncounted(),
            before,
            after,
            amino_acids,
            changed_amino_acids,
        }
    }

    /// Appends them as Ensembl VEP writes them, changed bases in upper case: `gTa/gCa`, `-/GGC`.
    pub(crate) fn append(&self, out: &mut Vec<u8>) {
        for (index, bases) in [&self.before, &self.after].into_iter().enumerate() {
            out.extend_from_slice(if index > 0 { b"/" } else { b"" });
            if bases.is_empty() {
                out.push(b'-');
            }
            let changed = self.kept.0..bases.len() - self.kept.1;
            let letters = bases.iter().enumerate();
            out.extend(letters.map(|(at, base)| {
                if changed.contains(&at) {
                    *base
                } else {
                    base.to_ascii_lowercase()
                }
            }));
        }
    }

    /// The amino acids, first and last, from 1; for an insertion between codons those beside it. `None` for one that is
    /// not counted.
    pub(crate) fn numbers(&self) -> Option<(usize, usize)> {
        let (first, last) = match self.span.is_empty() {
            true => (self.span.start / 3, self.span.start / 3 + 1),
            false => (self.span.start / 3 + 1, self.span.end.div_ceil(3)),
        };
        let first = first
            .checked_sub(self.uncounted)
            .filter(|first| *first > 0 || self.uncounted == 0)?;
        Some((first, last - self.uncounted))
    }

    /// How many codons there are, before or after, whichever is more.
    pub(crate) fn most(&self) -> usize {
        self.amino_acids.len().max(self.changed_amino_acids.len())
    }

    pub(super) fn touches_start(&self) -> bool {
        self.span.start == 0 && !self.span.is_empty()
    }

    pub(super) fn keeps_start(&self, coding: &Coding) -> bool {
        self.after.get(..3).is_some_and(|codon| coding.code.is_start(codon))
    }

    /// The change of these amino acids, up to a new stop.
    pub(super) fn change(&self, coding: &Coding) -> ProteinChange {
        let start = self.span.start / 3;
        local_change(&coding.protein, start, &self.amino_acids, &self.changed_amino_acids)
    }

    pub(super) fn has_new_stop(&self) -> bool {
        self.changed_amino_acids.contains(&STOP) && !self.amino_acids.contains(&STOP)
    }
}
