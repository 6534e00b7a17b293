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

/// What is looked for.
struct Search<'s, F> {
    span: &'s Range<u32>,
    /// How many rows are told; others are counted.
    most: usize,
    told: F,
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
        let behind = self.blocks.first.seek_from(own.clone(), span.end, cursor.hint);
        cursor.hint = behind;
        let mut overlap = Overlap {
            count: 0,
            first_end: u32::MAX,
            next_start: match behind < own.end {
                true => self.blocks.first.get(behind),
                false => u32::MAX,
            },
        };
        let mut search = Search { span, most, told };
        let Some(last) = behind.checked_sub(1).filter(|last| *last >= own.start) else {
            return overlap;
        };
        self.intervals.overlapping(own, span.clone(), |place| {
            if place < last {
                self.search(place, &mut search, &mut overlap, cursor);
            }
        });
        // The last block that begins before the span's end says what is next, whether it overlaps or not.
        self.search(last, &mut search, &mut overlap, cursor);
        overlap
    }

    /// Looks through a block. Gives nothing of a damaged one.
    fn search(
        &self,
        place: usize,
        search: &mut Search<'_, impl FnMut(Region<'_>)>,
        overlap: &mut Overlap,
        cursor: &mut GraphCursor<'b>,
    ) {
        let is_open = cursor.open.as_ref().is_some_and(|(own, _)| *own == place);
        if !is_open {
            cursor.open = self.blocks.open(place).map(|block| (place, block));
        }
        let GraphCursor { open, starts, text, .. } = cursor;
        let block = open.as_ref().map(|(_, block)| block);
        let found = block.and_then(|block| match self.apart.get(place) {
            0 => block.search_all(search, overlap, starts, text),
            _ => block.search_apart(search, overlap, starts, text),
        });
        if found.is_none() {
            self.bundle.found_damaged(&format!("{}.blocks", self.key));
        }
    }
}

impl Block<'_> {
    /// Finds rows that may overlap each other: looks at each that starts before the span's end.
    fn search_all(
        &self,
        search: &mut Search<'_, impl FnMut(Region<'_>)>,
        overlap: &mut Overlap,
        starts: &mut [u32; GROUP],
        text: &mut Vec<u8>,
    ) -> Option<()> {
        for group in 0..self.groups() {
            let count = self.starts(group, starts);
            for (row, start) in starts[..count].iter().enumerate() {
                if *start >= search.span.end {
                    overlap.next_start = overlap.next_start.min(*start);
                    return Some(());
                }
                let row = group * GROUP + row;
                let end = self.end(row, *start, text)?;
                if end > search.span.start {
                    search.tell(self, row, *start..end, overlap, text)?;
                }
            }
        }
        Some(())
    }

    /// Finds rows of which none begins before the one before it ends: all between the first and the last do overlap.
    fn search_apart(
        &self,
        search: &mut Search<'_, impl FnMut(Region<'_>)>,
        overlap: &mut Overlap,
        starts: &mut [u32; GROUP],
        text: &mut Vec<u8>,
    ) -> Option<()> {
        // Behind the rows that start before the end of the span, and where the next one starts.
        let group = self.group_before(search.span.end);
        let count = self.starts(group, starts);
        let within = starts[..count].partition_point(|start| *start < search.span.end);
        let end = group * GROUP + within;
        let next = match within < count {
            true => starts[within],
            false if group + 1 < self.groups() => self.group_start(group + 1),
            false => u32::MAX,
        };
        overlap.next_start = overlap.next_start.min(next);
        let (mut group, of_end) = (self.group_before(search.span.start.saturating_add(1)), group);
        let mut count = match group == of_end {
            true => count,
            false => self.starts(group, starts),
        };
        // Of those that start up to the span's start, the last may reach into it.
        let before = starts[..count].partition_point(|start| *start <= search.span.start);
        let first = group * GROUP + before.saturating_sub(1);
        let mut row = first;
        while row < end {
            if row >= group * GROUP + count {
                group += 1;
                count = self.starts(group, starts);
            }
            let start = *starts[..count].get(row - group * GROUP)?;
            let own_end = self.end(row, start, text)?;
            if row > first && overlap.count >= search.most {
                overlap.first_end = overlap.first_end.min(own_end);
                overlap.count += end - row;
                break;
            }
            if own_end > search.span.start {
                search.tell(self, row, start..own_end, overlap, text)?;
            }
            row += 1;
        }
        Some(())
    }

    /// The end of a row's span; `None` if the block is damaged.
    fn end(&self, row: usize, start: u32, text: &mut Vec<u8>) -> Option<u32> {
        text.clear();
        self.append(0, row, text)?;
        let bases: u32 = std::str::from_utf8(text).ok()?.parse().ok()?;
        Some(start.saturating_add(bases))
    }
}

impl<F: FnMut(Region<'_>)> Search<'_, F> {
    fn tell(
        &mut self,
        block: &Block<'_>,
        row: usize,
        span: Range<u32>,
        overlap: &mut Overlap,
        text: &mut Vec<u8>,
    ) -> Option<()> {
        overlap.count += 1;
        overlap.first_end = overlap.first_end.min(span.end);
        if overlap.count <= self.most {
            text.clear();
            block.append(1, row, text)?;
            (self.told)(Region {
                start: span.start,
                end: span.end,
                order: 0,
                value: text,
            });
        }
        Some(())
    }
}
