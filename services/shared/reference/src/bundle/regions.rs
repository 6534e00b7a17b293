//! A track of spans, each with a value.

use std::ops::Range;

use super::{Bundle, Intervals, Pool, Rows, U32s};

/// The view of a track of regions.
#[derive(Debug, Clone, Copy)]
pub struct Regions<'b> {
    rows: Rows<'b>,
    intervals: Intervals<'b>,
    values: U32s<'b>,
    orders: U32s<'b>,
    pool: Pool<'b>,
    bundle: &'b Bundle,
}

/// One region.
#[derive(Debug, Clone, Copy)]
pub struct Region<'b> {
    /// 0-based.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
    /// Its place in the table that the track was made from.
    pub order: u32,
    /// Columns, separated by tabs.
    pub value: &'b [u8],
}

impl<'b> Regions<'b> {
    /// The view of the track `key`.
    pub(crate) fn new(bundle: &'b Bundle, key: &str) -> Self {
        let column = |name: &str| bundle.column(&format!("{key}.{name}"));
        Self {
            rows: Rows(column("rows")),
            intervals: Intervals {
                starts: column("start"),
                ends: column("end"),
                max_ends: column("max"),
            },
            values: column("value"),
            orders: column("order"),
            pool: Pool(bundle.section(&format!("{key}.pool"))),
            bundle,
        }
    }

    /// Calls `found` with each region of a chromosome that overlaps `span` (0-based, half-open), by start.
    pub fn overlapping(&self, chromosome: usize, span: Range<u32>, mut found: impl FnMut(Region<'b>)) {
        self.intervals.overlapping(self.rows.of(chromosome), span, |row| {
            found(Region {
                start: self.intervals.starts.get(row),
                end: self.intervals.ends.get(row),
                order: self.orders.get(row),
                value: self.pool.get(self.values.get(row)),
            });
        });
    }

    /// Where the next region after a position (0-based) of a chromosome begins; the greatest number if there is none.
    /// `hint` is where the last search ended.
    #[inline]
    pub fn next_start(&self, chromosome: usize, position: u32, hint: &mut usize) -> u32 {
        let rows = self.rows.of(chromosome);
        let next = self
            .intervals
            .starts
            .seek_from(rows.clone(), position.saturating_add(1), *hint);
        *hint = next;
        if next < rows.end {
            self.intervals.starts.get(next)
        } else {
            u32::MAX
        }
    }

    /// The name of a chromosome.
    #[inline]
    pub fn chromosome(&self, place: usize) -> &'b str {
        &self.bundle.manifest().chromosomes[place].name
    }
}

impl Region<'_> {
    /// A column of the value.
    #[inline]
    pub fn column(&self, index: usize) -> &[u8] {
        self.value.split(|byte| *byte == b'\t').nth(index).unwrap_or_default()
    }
}
