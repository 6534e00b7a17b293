//! A track of numbers along the genome, made of bedGraph: spans in [blocks](super::blocks), as many as a genome has bases.
//!
//! A row has two texts, how many bases its span has and the number as it was written. Three more columns are of the blocks: the
//! greatest end of each block's spans (`last`), the same of each node of a tree over them (`max`), and whether no span of the block
//! begins before the one before it ends (`apart`), as in nearly all such files: then few rows are read to find those of a place.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::blocks::{Block, Blocks, GROUP};
use super::{Bundle, Intervals, Region, U32s};

/// The view of a track of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Graph<'b> {
    bundle: &'b Bundle,
    key: &'b str,
    blocks: Blocks<'b>,
    /// The spans of the blocks.
    intervals: Intervals<'b>,
    apart: U32s<'b>,
}

/// Where the last look-up in a track ended, and what was unpacked for it. Each worker has its own.
#[derive(Debug)]
pub struct GraphCursor<'b> {
    /// The place of the open block.
    open: Option<(usize, Block<'b>)>,
    /// Where the last search for a block ended.
    hint: usize,
    starts: [u32; GROUP],
    text: Vec<u8>,
}

/// What overlaps a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// How many rows do.
    pub count: usize,
    /// The first end of their spans (0-based); the greatest number if there are none.
    pub first_end: u32,
    /// Where the first row behind the span starts (0-based); the greatest number if there is none.
    pub next_start: u32,
}

/// What is looked for, and what was found so far.
struct Search<'s, F> {
    span: &'s Range<u32>,
    /// How many rows are told; others are counted.
    most: usize,
    told: F,
    overlap: Overlap,
    starts: &'s mut [u32; GROUP],
    text: &'s mut Vec<u8>,
}

impl Default for GraphCursor<'_> {
    fn default() -> Self {
        Self {
            open: None,
            hint: 0,
            starts: [0; GROUP],
            text: Vec::new(),
        }
    }
}

impl<'b> Graph<'b> {
    /// The view of the track `key`.
    pub(crate) fn new(bundle: &'b Bundle, key: &'b str) -> Self {
        let column = |name: &str| bundle.column(&format!("{key}.{name}"));
        let blocks = Blocks::new(bundle, key);
        Self {
            bundle,
            key,
            blocks,
            intervals: Intervals {
                starts: blocks.first,
                ends: column("last"),
                max_ends: column("max"),
            },
            apart: column("apart"),
        }
    }

    /// Tells the first `most` rows of a chromosome that overlap `span` (0-based, half-open), by start, and counts all of them.
    pub fn overlapping(
        &self,
        chromosome: usize,
        span: &Range<u32>,
        most: usize,
        cursor: &mut GraphCursor<'b>,
        told: impl FnMut(Region<'_>),
    ) -> Overlap {
        let mut own = self.blocks.of(chromosome);
        let columns = [self.intervals.ends, self.intervals.max_ends, self.apart];
        own.end = columns.iter().fold(own.end, |end, column| end.min(column.len()));
        own.start = own.start.min(own.end);
        let GraphCursor {
            open,
            hint,
            starts,
            text,
        } = cursor;
        let behind = self.blocks.first.seek_from(own.clone(), span.end, *hint);
        *hint = behind;
        let mut search = Search {
            span,
            most,
            told,
            overlap: Overlap {
                count: 0,
                first_end: u32::MAX,
                next_start: match behind < own.end {
                    true => self.blocks.first.get(behind),
                    false => u32::MAX,
                },
            },
            starts,
            text,
        };
        let Some(last) = behind.checked_sub(1).filter(|last| *last >= own.start) else {
            return search.overlap;
        };
        self.intervals.overlapping(own, span.clone(), |place| {
            if place < last {
                self.look_through(place, open, &mut search);
            }
        });
        // The last block that begins before the span's end says what is next, whether it overlaps or not.
        self.look_through(last, open, &mut search);
        search.overlap
    }

    /// Looks through a block. Gives nothing of a damaged one.
    fn look_through(
        &self,
        place: usize,
        open: &mut Option<(usize, Block<'b>)>,
        search: &mut Search<'_, impl FnMut(Region<'_>)>,
    ) {
        let is_open = open.as_ref().is_some_and(|(own, _)| *own == place);
        if !is_open {
            *open = self.blocks.open(place).map(|block| (place, block));
        }
        let found = open.as_ref().and_then(|(_, block)| match self.apart.get(place) {
            0 => search.all(block),
            _ => search.apart(block),
        });
        if found.is_none() {
            self.bundle.found_damaged(&format!("{}.blocks", self.key));
        }
    }
}

impl<F: FnMut(Region<'_>)> Search<'_, F> {
    /// Finds rows that may overlap each other: looks at each that starts before the span's end.
    fn all(&mut self, block: &Block<'_>) -> Option<()> {
        for group in 0..block.groups() {
            for at in 0..block.starts(group, self.starts) {
                let start = self.starts[at];
                if start >= self.span.end {
                    self.overlap.next_start = self.overlap.next_start.min(start);
                    return Some(());
                }
                self.look_at(block, group * GROUP + at, start)?;
            }
        }
        Some(())
    }

    /// Finds rows of which none begins before the one before it ends: all between the first and the last do overlap.
    fn apart(&mut self, block: &Block<'_>) -> Option<()> {
        // Behind the rows that start before the end of the span, and where the next one starts.
        let of_end = block.group_before(self.span.end);
        let mut count = block.starts(of_end, self.starts);
        let within = self.starts[..count].partition_point(|start| *start < self.span.end);
        let end = of_end * GROUP + within;
        let next = match within < count {
            true => self.starts[within],
            false if of_end + 1 < block.groups() => block.group_start(of_end + 1),
            false => u32::MAX,
        };
        self.overlap.next_start = self.overlap.next_start.min(next);
        let mut group = block.group_before(self.span.start.saturating_add(1));
        if group != of_end {
            count = block.starts(group, self.starts);
        }
        // Of those that start up to the span's start, the last may reach into it.
        let before = self.starts[..count].partition_point(|start| *start <= self.span.start);
        let first = group * GROUP + before.saturating_sub(1);
        for row in first..end {
            if row >= group * GROUP + count {
                group += 1;
                count = block.starts(group, self.starts);
            }
            let start = *self.starts[..count].get(row - group * GROUP)?;
            let is_enough = row > first && self.overlap.count >= self.most;
            self.look_at(block, row, start)?;
            if is_enough {
                self.overlap.count += end - row - 1;
                break;
            }
        }
        Some(())
    }

    /// Counts a row if it reaches into the span, and tells it if few were told. Gives nothing if the block is damaged.
    fn look_at(&mut self, block: &Block<'_>, row: usize, start: u32) -> Option<()> {
        self.text.clear();
        block.append(0, row, self.text)?;
        let bases: u32 = std::str::from_utf8(self.text).ok()?.parse().ok()?;
        let end = start.saturating_add(bases);
        if end <= self.span.start {
            return Some(());
        }
        self.overlap.count += 1;
        self.overlap.first_end = self.overlap.first_end.min(end);
        if self.overlap.count <= self.most {
            self.text.clear();
            block.append(1, row, self.text)?;
            (self.told)(Region {
                start,
                end,
                order: 0,
                value: self.text,
            });
        }
        Some(())
    }
}
