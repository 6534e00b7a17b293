//! Bgzip by its blocks: each unpacked alone, with where it begins.
//!
//! <https://samtools.github.io/hts-specs/SAMv1.pdf>, 4.1.

use std::io::Read;

use noodles_bgzf as bgzf;

use crate::error::Error;

/// Bytes of a block's header, as far as its length.
const HEADER: usize = 18;

/// Blocks of which bytes come in pieces.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Where the next block begins, in the packed file.
    at: u64,
    /// Bytes from there on.
    pending: Vec<u8>,
}

/// One block, unpacked.
pub(super) struct Block {
    /// Where it begins, in the packed file.
    pub(super) at: u64,
    /// What it holds, 64 KB at most.
    pub(super) data: Vec<u8>,
}

impl Blocks {
    /// Blocks from byte `at` of the packed file on, where one begins.
    pub(super) const fn from(at: u64) -> Self {
        Self {
            at,
            pending: Vec::new(),
        }
    }

    /// The first byte that is not at hand.
    pub(super) const fn next_byte(&self) -> u64 {
        self.at + self.pending.len() as u64
    }

    /// More bytes of the packed file, those from [`next_byte`](Self::next_byte) on.
    pub(super) fn append(&mut self, packed: &[u8]) {
        self.pending.extend_from_slice(packed);
    }

    /// The next block, if all of it is at hand.
    pub(super) fn next(&mut self) -> Result<Option<Block>, Error> {
        let Some(size) = size(&self.pending)?.filter(|size| *size <= self.pending.len()) else {
            return Ok(None);
        };
        let mut data = Vec::new();
        bgzf::io::Reader::new(&self.pending[..size])
            .read_to_end(&mut data)
            .map_err(|error| Error::DamagedResults(error.to_string()))?;
        self.pending.drain(..size);
        let at = self.at;
        self.at += size as u64;
        Ok(Some(Block { at, data }))
    }
}

/// The size of the block that begins here, its header included; `None` if too little of it is at hand.
fn size(packed: &[u8]) -> Result<Option<usize>, Error> {
    let Some(header) = packed.get(..HEADER) else {
        return Ok(None);
    };
    // The subfield BC comes first, and alone, in what we write.
    match header {
        [0x1f, 0x8b, 8, 4, _, _, _, _, _, _, 6, 0, b'B', b'C', 2, 0, low, high] => {
            Ok(Some(usize::from(u16::from_le_bytes([*low, *high])) + 1))
        }
        _ => Err(Error::DamagedResults(
            "a block of bgzip does not begin where one should".to_owned(),
        )),
    }
}
