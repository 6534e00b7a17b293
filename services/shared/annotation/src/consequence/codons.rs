//! The codons that an edit touches.

use std::ops::Range;

use reference::Inserted;
use reference::coding::Coding;
use reference::genetic_code::STOP;
use smallvec::SmallVec;

use crate::hgvs::{ProteinChange, local_change};

/// The codons that an edit touches, before and after it.
pub(crate) struct Codons {
    /// Where the first of them begins in the coding sequence (0-based, half-open). Empty for an insertion between codons.
    pub(crate) span: Range<usize>,
    before: Inserted,
    after: Inserted,
    /// How many bases at either end are as they were.
    kept: (usize, usize),
    /// Amino acids at the beginning that are not counted.
    uncounted: usize,
    /// Amino acids before.
    pub(crate) amino_acids: AminoAcids,
    /// Amino acids after; an incomplete codon is an unknown one.
    pub(crate) changed_amino_acids: AminoAcids,
}

/// Amino acids in one letter each; a few need no memory of their own.
pub(crate) type AminoAcids = SmallVec<[u8; 8]>;

impl Codons {
    /// `edit` is inside the coding sequence and counted from its begin (0-based, half-open); `inserted` reads as it does.
    pub(super) fn new(coding: &Coding, edit: &Range<usize>, inserted: &[u8]) -> Self {
        let bases = coding.bases();
        let first = edit.start - edit.start % 3;
        if let ([base], 1, Some(codon)) = (inserted, edit.len(), bases.get(first..first + 3)) {
            return Self::of_one_base(coding, edit.start, *base, [codon[0], codon[1], codon[2]]);
        }
        let between = edit.is_empty() && edit.start == first;
        let last = if between {
            first
        } else {
            (edit.end.max(edit.start + 1)).next_multiple_of(3).min(bases.len())
        };
        let (head, tail) = (&bases[first..edit.start], &bases[edit.end..last]);
        let before = Inserted::from_slice(&bases[first..last]);
        let mut after = Inserted::from_slice(head);
        after.extend_from_slice(inserted);
        after.extend_from_slice(tail);
        let translate = |codons: &[u8]| {
            let chunks = codons.chunks(3);
            let mut amino_acids: AminoAcids = chunks.map(|codon| coding.code.amino_acid(codon)).collect();
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

    /// The codon of a base of the coding sequence, which becomes another one.
    fn of_one_base(coding: &Coding, at: usize, base: u8, before: [u8; 3]) -> Self {
        let (first, place) = (at - at % 3, at % 3);
        let mut after = before;
        after[place] = base;
        let read = |codon: [u8; 3]| {
            let is_start = first == 0 && coding.has_start() && coding.code.is_start(&codon);
            let amino_acid = if is_start { b'M' } else { coding.code.amino_acid(&codon) };
            let recoded = if codon == before {
                coding.recoded(first / 3)
            } else {
                None
            };
            AminoAcids::from_slice(&[recoded.unwrap_or(amino_acid)])
        };
        Self {
            span: first..first + 3,
            before: Inserted::from_slice(&before),
            after: Inserted::from_slice(&after),
            kept: (place, 2 - place),
            uncounted: coding.uncounted(),
            amino_acids: read(before),
            changed_amino_acids: read(after),
        }
    }

    /// Appends them as Ensembl VEP writes them, changed bases in upper case: `gTa/gCa`, `-/GGC`.
    pub(crate) fn append(&self, out: &mut Vec<u8>) {
        if let ([a, b, c], [x, y, z], 2) = (&self.before[..], &self.after[..], self.kept.0 + self.kept.1) {
            let case = |base: &u8, at| {
                if at == self.kept.0 {
                    *base
                } else {
                    base.to_ascii_lowercase()
                }
            };
            let before = [case(a, 0), case(b, 1), case(c, 2)];
            let after = [case(x, 0), case(y, 1), case(z, 2)];
            return out.extend_from_slice(&[before[0], before[1], before[2], b'/', after[0], after[1], after[2]]);
        }
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
