//! The lines of a stretch of packed results, one after the other.

use std::ops::Range;

use noodles_bgzf::VirtualPosition;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;

use super::blocks::{Block, Blocks};
use crate::error::Error;

/// Bytes that are asked for at once: no block has more than half of them.
const PIECE: u64 = 128 * 1024;
/// The most bytes of a block.
const BLOCK: u64 = 64 * 1024;

/// What follows from a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Read on.
    Line,
    /// This stretch has no more.
    Stretch,
    /// Nothing more is wanted, of any stretch.
    Nothing,
}

/// A stretch that is read.
#[derive(Debug)]
pub(super) struct Stretch {
    blocks: Blocks,
    /// Bytes of the first block that belong to what comes before.
    skip: usize,
    /// Where the line begins that is read.
    line_at: Option<VirtualPosition>,
    /// As much of it as ended with a block.
    begun: Vec<u8>,
    end: VirtualPosition,
}

impl Stretch {
    /// The lines that begin in this chunk of an index.
    pub(super) fn of(chunk: Chunk) -> Self {
        Self {
            blocks: Blocks::from(chunk.start().compressed()),
            skip: chunk.start().uncompressed().into(),
            line_at: None,
            begun: Vec::new(),
            end: chunk.end(),
        }
    }

    /// All lines of the file.
    pub(super) fn whole() -> Self {
        Self::of(Chunk::new(VirtualPosition::from(0), VirtualPosition::from(u64::MAX)))
    }

    /// Which bytes it needs next of a packed file of `size` bytes.
    pub(super) fn wants(&self, size: u64) -> Option<Range<u64>> {
        let from = self.blocks.next_byte();
        let near_end = self.end.compressed().saturating_add(BLOCK).max(from + BLOCK);
        let until = (from + PIECE).min(near_end).min(size);
        (from < until).then_some(from..until)
    }

    /// Hands the lines of these bytes to `line`, without their ends. What comes back is `Line` if the next bytes are needed.
    pub(super) fn take(
        &mut self,
        packed: &[u8],
        size: u64,
        mut line: impl FnMut(&[u8]) -> Next,
    ) -> Result<Next, Error> {
        self.blocks.append(packed);
        while let Some(block) = self.blocks.next()? {
            match self.block(&block, &mut line) {
                Next::Line => {}
                next => return Ok(next),
            }
        }
        let is_at_end = self.blocks.next_byte() >= size;
        if is_at_end && !self.begun.is_empty() {
            // A last line may have no end.
            return Ok(match line(&self.begun) {
                Next::Nothing => Next::Nothing,
                _ => Next::Stretch,
            });
        }
        Ok(if is_at_end { Next::Stretch } else { Next::Line })
    }

    fn block(&mut self, block: &Block, line: &mut impl FnMut(&[u8]) -> Next) -> Next {
        let mut from = std::mem::take(&mut self.skip);
        while from < block.data.len() {
            let here = || VirtualPosition::new(block.at, u16::try_from(from).ok()?);
            let at = self.line_at.take().or_else(here);
            if at.is_none_or(|at| at >= self.end) {
                return Next::Stretch;
            }
            let rest = &block.data[from..];
            let Some(length) = memchr::memchr(b'\n', rest) else {
                self.begun.extend_from_slice(rest);
                self.line_at = at;
                return Next::Line;
            };
            let next = match self.begun.is_empty() {
                true => line(without_return(&rest[..length])),
                false => {
                    let mut whole = std::mem::take(&mut self.begun);
                    whole.extend_from_slice(&rest[..length]);
                    line(without_return(&whole))
                }
            };
            if next != Next::Line {
                return next;
            }
            from += length + 1;
        }
        Next::Line
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
