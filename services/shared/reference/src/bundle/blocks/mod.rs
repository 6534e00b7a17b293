//! Rows of a track in blocks: some thousand of one chromosome, sorted by start, in columns that are read where they lie.
//!
//! Short columns say where the blocks are: which of them each chromosome has (`rows`), where the first row of each starts
//! (`first`), and where its bytes are in `blocks` (`offset`, 64 bits, and `length`). Every block stands by itself, so that a track
//! can be written as a stream, whatever its size.

mod block;
mod number_packer;
mod numbers;
mod parts;
mod text_packer;
mod texts;

use std::ops::Range;

pub(crate) use block::{Block, BlockPacker, GROUP, MOST_ROWS, Row};

use super::{Bundle, Rows, U32s};

/// Where the blocks of a track are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks<'b> {
    rows: Rows<'b>,
    pub(super) first: U32s<'b>,
    /// Where each block begins in `bytes`, and how long it is.
    offsets: &'b [[u8; 8]],
    lengths: U32s<'b>,
    bytes: &'b [u8],
}

/// Whether a track is in blocks.
pub(crate) fn are_in(bundle: &Bundle, key: &str) -> bool {
    bundle.has_section(&format!("{key}.blocks"))
}

impl<'b> Blocks<'b> {
    /// Those of the track `key`.
    pub(super) fn new(bundle: &'b Bundle, key: &str) -> Self {
        let section = |name: &str| bundle.section(&format!("{key}.{name}"));
        Self {
            rows: Rows(U32s::new(section("rows"))),
            first: U32s::new(section("first")),
            offsets: section("offset").as_chunks().0,
            lengths: U32s::new(section("length")),
            bytes: section("blocks"),
        }
    }

    /// The blocks of a chromosome.
    pub(super) fn of(&self, chromosome: usize) -> Range<usize> {
        let (own, all) = (self.rows.of(chromosome), self.first.len().min(self.lengths.len()));
        own.start.min(own.end).min(all)..own.end.min(all)
    }

    /// The block at a place; `None` if it is damaged.
    pub(super) fn open(&self, place: usize) -> Option<Block<'b>> {
        let offset = u64::from_le_bytes(*self.offsets.get(place)?) as usize;
        let bytes = self.bytes.get(offset..)?.get(..self.lengths.get(place) as usize)?;
        Block::parse(bytes, self.first.get(place))
    }
}
