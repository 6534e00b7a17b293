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
    /// Rows that start here (0-based, half-open) are in this group, if there are any.
    known: Range<u32>,
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
            known: 0..0,
        }
    }
}

impl<'b> Cursor<'b> {
    /// Goes to the first row of these blocks that does not start before `start`, or behind the last row of the group before
    /// it; `None` if a block is damaged.
    #[inline]
    pub(super) fn seek(&mut self, blocks: &Blocks<'b>, own: &Range<usize>, start: u32) -> Option<()> {
        if !(self.known.contains(&start) && own.contains(&self.place)) {
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
        let before = self.last().filter(|last| *last < start && own.contains(&self.place));
        if before.is_some() && self.group + 1 < self.open.as_ref()?.groups() {
            self.unpack(blocks, own, self.group + 1, before)?;
            if start < self.known.end {
                return Some(());
            }
        }
        // Rows that start at one position may lie in several blocks: the first of them lies in the block before the first
        // one that starts there, if not at its beginning.
        let next = blocks.first.seek_from(own.clone(), start, self.place);
        self.open(blocks, next.saturating_sub(1).max(own.start))?;
        let group = self.open.as_ref()?.group_before(start);
        self.unpack(blocks, own, group, None)
    }

    /// Where the last row of the group starts.
    fn last(&self) -> Option<u32> {
        self.starts[..self.len].last().copied()
    }

    fn open(&mut self, blocks: &Blocks<'b>, place: usize) -> Option<()> {
        if self.place != place {
            (self.len, self.place, self.open, self.known) = (0, usize::MAX, None, 0..0);
            self.open = Some(Rc::new(blocks.open(place)?));
            self.place = place;
        }
        Some(())
    }

    /// Unpacks a group of the open block; `before` is where the last row of the group before it starts, if that was looked at.
    fn unpack(&mut self, blocks: &Blocks<'b>, own: &Range<usize>, group: usize, before: Option<u32>) -> Option<()> {
        let block = self.open.as_ref()?;
        self.group = group;
        self.len = block.starts(group, &mut self.starts);
        // Rows that start as the first one does may lie in the group before.
        let before = before.or_else(|| self.starts[..self.len].first().copied());
        let is_first = group == 0 && self.place == own.start;
        let next = match group + 1 < block.groups() {
            true => block.group_start(group + 1),
            false if self.place + 1 < own.end => blocks.first.get(self.place + 1),
            false => u32::MAX,
        };
        let least = before
            .filter(|_| !is_first)
            .map_or(0, |before| before.saturating_add(1));
        self.known = least..next;
        Some(())
    }

    /// Whether a row that starts there, and is not in this group, may be in the next one.
    #[inline]
    pub(super) fn may_go_on(&self, start: u32) -> bool {
        start >= self.known.end
    }

    /// Goes to the first row of the next group; `None` if a block is damaged. Behind the last one it stays.
    pub(super) fn advance(&mut self, blocks: &Blocks<'b>, own: &Range<usize>) -> Option<()> {
        let before = self.last();
        if self.group + 1 < self.open.as_ref()?.groups() {
            self.unpack(blocks, own, self.group + 1, before)?;
        } else if self.place + 1 < own.end {
            self.open(blocks, self.place + 1)?;
            self.unpack(blocks, own, 0, before)?;
        } else {
            return Some(());
        }
        self.row = 0;
        Some(())
    }
}
