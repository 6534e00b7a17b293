//! A chain of UCSC's liftover: which bases of another assembly are which of this one.

use super::{Bundle, ChainInfo, Rows, U32s};

/// The view of the chain from one assembly. Source: <https://genome.ucsc.edu/goldenPath/help/chain.html>.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'b> {
    pub(crate) info: &'b ChainInfo,
    rows: Rows<'b>,
    starts: U32s<'b>,
    ends: U32s<'b>,
    targets: U32s<'b>,
    target_starts: U32s<'b>,
}

/// A run of bases that both assemblies have without a gap. Positions are 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The chromosome in this assembly.
    pub(crate) target: usize,
    /// Where the block's first base is in this assembly; on the reverse strand, where its last one is.
    pub(crate) target_start: u32,
    pub(crate) is_reverse: bool,
}

impl<'b> Chain<'b> {
    /// The chain from `assembly`; `None` if the bundle has none.
    pub fn new(bundle: &'b Bundle, assembly: &str) -> Option<Self> {
        let info = bundle.manifest().chains.iter().find(|chain| chain.from == assembly)?;
        let column = |name: &str| bundle.column(&format!("chain.{assembly}.{name}"));
        Some(Self {
            info,
            rows: Rows(column("rows")),
            starts: column("start"),
            ends: column("end"),
            targets: column("target"),
            target_starts: column("target_start"),
        })
    }

    /// The place of a chromosome of the other assembly.
    pub(crate) fn chromosome(&self, name: &str) -> Option<usize> {
        self.info.chromosomes.iter().position(|(known, _)| known == name)
    }

    /// The block that has a position (0-based) of the other assembly.
    pub fn block(&self, chromosome: usize, position: u32) -> Option<Block> {
        let rows = self.rows.of(chromosome);
        let next = self.starts.seek(rows.clone(), position + 1);
        let row = next.checked_sub(1).filter(|row| *row >= rows.start)?;
        let target = self.targets.get(row);
        let block = Block {
            start: self.starts.get(row),
            end: self.ends.get(row),
            target: target as usize >> 1,
            target_start: self.target_starts.get(row),
            is_reverse: target & 1 == 1,
        };
        (position < block.end).then_some(block)
    }
}

impl Block {
    /// Where a span that lies in the block is in this assembly; `None` if it passes the block's ends.
    pub fn lift(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        let inside = start >= self.start && end <= self.end;
        inside.then(|| match self.is_reverse {
            false => (
                self.target_start + (start - self.start),
                self.target_start + (end - self.start),
            ),
            true => (
                self.target_start + (self.end - end),
                self.target_start + (self.end - start),
            ),
        })
    }
}
