//! Where a look-up in a track is, and how it gets there.

use std::ops::Range;
use std::rc::Rc;

use super::super::blocks::{Block, Blocks, GROUP};

/// Where the last look-up in a track ended, and what was unpacked for it. Each worker has its own.
#[derive(Debug)]
pub struct Cursor<'b> {
    /// The open block's place; beyond all blocks if none is open.
    place: usize,
    pub(super) open: Option<Rc<Block<'b>>>,
    pub(super) group: usize,
    /// The starts of the group, `len` of them.
    pub(super) starts: [u32; GROUP],
    pub(super) len: usize,
    /// Which of them is looked at; in an older format, which row.
    pub(super) row: usize,
}

impl Default for Cursor<'_> {
    fn default() -> Self {
        Self {
            place: usize::MAX,
            open: None,
            group: 0,
            starts: [0; GROUP],
            len: 0,
            row: 0,
        }
    }
}

impl<'b> Cursor<'b> {
    /// Goes to the first row of these blocks that does not start before `start`, or behind the last row of the group before
    /// it; `None` if a block is damaged.
    #[inline]
    pub(super) fn seek(&mut self, blocks: &Blocks<'b>, own: &Range<usize>, start: u32) -> Option<()> {
        let starts = &self.starts[..self.len];
        let is_here = starts.first().is_some_and(|first| *first < start)
            && starts.last().is_some_and(|last| start <= *last)
            && own.contains(&self.place);
        if !is_here {
            self.jump(blocks, own, start)?;
        }
        self.row = self.starts[..self.len].partition_point(|own| *own < start);
        Some(())
    }

    fn jump(&mut self, blocks: &Blocks<'b>, own: &Range<usize>, start: u32) -> Option<()> {
        if own.is_empty() {
            return Some(());
        }
        // The next group is the likeliest one.
        let ends_before = self.starts[..self.len].last().is_some_and(|last| *last < start);
        if ends_before && own.contains(&self.place) && self.group + 1 < self.open.as_ref()?.groups() {
            self.unpack(self.group + 1)?;
            if self.starts[..self.len].last().is_some_and(|last| start <= *last) {
                return Some(());
            }
        }
        // Rows that start at one position may lie in several blocks: the first of them lies in the block before the first
        // one that starts there, if not at its beginning.
        let next = blocks.first.seek_from(own.clone(), start, self.place);
        self.open(blocks, next.saturating_sub(1).max(own.start))?;
        let group = self.open.as_ref()?.group_before(start);
        self.unpack(group)
    }

    fn open(&mut self, blocks: &Blocks<'b>, place: usize) -> Option<()> {
        if self.place != place {
            (self.len, self.place, self.open) = (0, usize::MAX, None);
            self.open = Some(Rc::new(blocks.open(place)?));
            self.place = place;
        }
        Some(())
    }

    fn unpack(&mut self, group: usize) -> Option<()> {
        self.group = group;
        self.len = self.open.as_ref()?.starts(group, &mut self.starts);
        Some(())
    }

    /// Goes to the first row of the next group; `None` if a block is damaged. Behind the last one it stays.
    pub(super) fn advance(&mut self, blocks: &Blocks<'b>, own: &Range<usize>) -> Option<()> {
        if self.group + 1 < self.open.as_ref()?.groups() {
            self.unpack(self.group + 1)?;
        } else if self.place + 1 < own.end {
            self.open(blocks, self.place + 1)?;
            self.unpack(0)?;
        } else {
            return Some(());
        }
        self.row = 0;
        Some(())
    }
}
