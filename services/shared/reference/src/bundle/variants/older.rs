//! Tracks of variants as formats 01 and 02 have them: a row an allele, in columns of 32-bit numbers beside a pool of texts.
//! They are read, so that whoever has such a bundle keeps what is in it, and no longer written.

use std::ops::Range;

use super::super::{Bundle, Pool, Rows, U32s};

/// The view of a track.
#[derive(Debug, Clone, Copy)]
pub(super) struct Older<'b> {
    rows: Rows<'b>,
    starts: U32s<'b>,
    changes: U32s<'b>,
    values: U32s<'b>,
    pool: Pool<'b>,
}

impl<'b> Older<'b> {
    /// The view of the track `key`.
    pub(super) fn new(bundle: &'b Bundle, key: &str) -> Self {
        let column = |name: &str| bundle.column(&format!("{key}.{name}"));
        Self {
            rows: Rows(column("rows")),
            starts: column("start"),
            changes: column("change"),
            values: column("value"),
            pool: Pool(bundle.section(&format!("{key}.pool"))),
        }
    }

    /// The rows that start at a position (0-based) of a chromosome. `hint` is where the last search ended.
    pub(super) fn at(&self, chromosome: usize, start: u32, hint: &mut usize) -> Range<usize> {
        let rows = self.rows.of(chromosome);
        *hint = self.starts.seek_from(rows.clone(), start, *hint);
        let found = (*hint..rows.end).take_while(|row| self.starts.get(*row) == start);
        *hint..*hint + found.count()
    }

    /// What a row replaces, and by what.
    pub(super) fn change(&self, row: usize) -> (&'b [u8], &'b [u8]) {
        let change = self.pool.get(self.changes.get(row));
        let at = change.iter().position(|byte| *byte == b'>').unwrap_or(change.len());
        (&change[..at], change.get(at + 1..).unwrap_or_default())
    }

    /// A value of a row: its id, or that of one of the track's fields.
    pub(super) fn value(&self, row: usize, value: usize) -> &'b [u8] {
        let mut values = self.pool.get(self.values.get(row)).split(|byte| *byte == b'\t');
        values.nth(value).unwrap_or(b".")
    }
}
