//! A track of spans, each with a value.

use std::ops::Range;

use super::{Bundle, Intervals, Pool, Rows, U32s};

/// The view of a track of regions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Regions<'b> {
    rows: Rows<'b>,
    intervals: Intervals<'b>,
    values: U32s<'b>,
    orders: U32s<'b>,
    pool: Pool<'b>,
    bundle: &'b Bundle,
}

/// One region.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Region<'b> {
    /// 0-based.
    pub(crate) start: u32,
    /// One past the last base.
    pub(crate) end: u32,
    /// Its place in the table that the track was made from.
    pub(crate) order: u32,
    /// Columns, separated by tabs.
    pub(crate) value: &'b [u8],
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
    pub(crate) fn overlapping(&self, chromosome: usize, span: Range<u32>, mut found: impl FnMut(Region<'b>)) {
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
    pub(crate) fn next_start(&self, chromosome: usize, position: u32, hint: &mut usize) -> u32 {
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
    pub(crate) fn chromosome(&self, place: usize) -> &'b str {
        &self.bundle.manifest().chromosomes[place].name
    }
}

impl Region<'_> {
    /// A column of the value.
    pub(crate) fn column(&self, index: usize) -> &[u8] {
        self.value.split(|byte| *byte == b'\t').nth(index).unwrap_or_default()
    }
}
