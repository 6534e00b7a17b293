//! Columns of numbers and pools of text, read where they lie.

use std::ops::Range;

/// A column of 32-bit numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct U32s<'b>(&'b [[u8; 4]]);

impl<'b> U32s<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes.as_chunks().0)
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    /// The number at `row`.
    #[inline]
    pub(crate) fn get(self, row: usize) -> u32 {
        u32::from_le_bytes(self.0[row])
    }

    /// The first row of sorted `rows` whose number is not less than `least`.
    #[inline]
    pub(crate) fn seek(self, rows: Range<usize>, least: u32) -> usize {
        rows.start + self.0[rows].partition_point(|number| u32::from_le_bytes(*number) < least)
    }

    /// As [`Self::seek`], beginning to look at `hint`, where the last search ended: near it, few rows are read.
    #[inline]
    pub(crate) fn seek_from(self, rows: Range<usize>, least: u32, hint: usize) -> usize {
        if hint < rows.start || hint >= rows.end {
            return self.seek(rows, least);
        }
        if self.get(hint) >= least {
            let is_first = hint == rows.start || self.get(hint - 1) < least;
            return if is_first {
                hint
            } else {
                self.seek(rows.start..hint, least)
            };
        }
        let mut step = 1;
        while hint + step < rows.end && self.get(hint + step) < least {
            step *= 2;
        }
        self.seek(hint + step / 2..rows.end.min(hint + step + 1), least)
    }
}

/// Which rows of a track belong to a chromosome: rows are sorted by chromosome.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'b>(pub U32s<'b>);

impl Rows<'_> {
    /// The rows of a chromosome; none if the track has no such chromosome.
    #[inline]
    pub(crate) fn of(self, chromosome: usize) -> Range<usize> {
        match chromosome + 1 < self.0.len() {
            true => self.0.get(chromosome) as usize..self.0.get(chromosome + 1) as usize,
            false => 0..0,
        }
    }
}

/// Texts, each after its length in two bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pool<'b>(pub &'b [u8]);

impl<'b> Pool<'b> {
    /// The text that begins at `offset`.
    #[inline]
    pub(crate) fn get(self, offset: u32) -> &'b [u8] {
        let at = offset as usize;
        let length = u16::from_le_bytes([self.0[at], self.0[at + 1]]);
        &self.0[at + 2..at + 2 + usize::from(length)]
    }

    /// The text that begins at `offset`, which the builder wrote as UTF-8.
    #[inline]
    pub(crate) fn text(self, offset: u32) -> &'b str {
        std::str::from_utf8(self.get(offset)).unwrap_or_default()
    }
}
