//! A track of variants: alleles, each as the smallest edit, left-aligned where the sequence is known.

use super::{Bundle, Pool, Rows, U32s};

/// The view of a track of variants.
#[derive(Debug, Clone, Copy)]
pub struct Variants<'b> {
    rows: Rows<'b>,
    starts: U32s<'b>,
    changes: U32s<'b>,
    values: U32s<'b>,
    pool: Pool<'b>,
}

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<'b> {
    /// The replaced bases; empty for an insertion.
    pub reference: &'b [u8],
    /// What stands there instead; empty for a deletion.
    pub inserted: &'b [u8],
    /// The id, and then one value for each field of the track, separated by tabs; `.` where there is none.
    pub values: &'b [u8],
}

impl<'b> Variants<'b> {
    /// The view of the track `key`.
    pub(crate) fn new(bundle: &'b Bundle, key: &str) -> Self {
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
    #[inline]
    pub fn at(&self, chromosome: usize, start: u32, hint: &mut usize) -> impl Iterator<Item = Change<'b>> + use<'b> {
        let rows = self.rows.of(chromosome);
        *hint = self.starts.seek_from(rows.clone(), start, *hint);
        let variants = *self;
        (*hint..rows.end)
            .take_while(move |row| variants.starts.get(*row) == start)
            .map(move |row| variants.change(row))
    }

    #[inline]
    fn change(&self, row: usize) -> Change<'b> {
        let change = self.pool.get(self.changes.get(row));
        let at = change.iter().position(|byte| *byte == b'>').unwrap_or(change.len());
        Change {
            reference: &change[..at],
            inserted: change.get(at + 1..).unwrap_or_default(),
            values: self.pool.get(self.values.get(row)),
        }
    }
}
