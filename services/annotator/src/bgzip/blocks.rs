//! Bgzip: gzip in blocks of at most 64 KB, each of which can be read by itself.
//!
//! <https://samtools.github.io/hts-specs/SAMv1.pdf>, 4.1. One compressor is kept for all blocks of a thread: that of
//! `noodles-bgzf` 0.52 makes one of a third of a megabyte for every block.

use zlib_rs::crc32::crc32;
use zlib_rs::{Deflate, DeflateFlush, Status};

/// Bytes of a block before it is packed, as bgzip itself has it: packed or not, it then fits into 64 KB.
pub(super) const BLOCK: usize = 0xff00;
/// A member of gzip with an extra field BC, whose value is the block's size less one.
const HEADER: [u8; 16] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0];
/// Bytes of that header and that size.
const BEFORE: usize = 18;
/// Bytes of checksum and length.
const AFTER: usize = 8;
/// The empty block that ends every whole file.
pub(super) const END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];
/// The window of deflate, as a power of two.
const WINDOW: u8 = 15;

/// How hard to compress: 1, the fastest, to 9, the smallest, as gzip has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level(u8);

impl Default for Level {
    fn default() -> Self {
        // Of annotated VCF, 3 makes files 11 to 22 % larger than 6 does, in a quarter to two fifths of its time; 2 makes them up to
        // 44 % larger where there are many samples.
        Self(3)
    }
}

impl Level {
    /// `None` if there is no such level.
    pub(crate) fn new(level: u8) -> Option<Self> {
        (1..=9).contains(&level).then_some(Self(level))
    }
}

/// Packs blocks.
pub(super) struct Blocks {
    deflate: Deflate,
}

impl Blocks {
    pub(super) fn new(level: Level) -> Self {
        Self {
            deflate: Deflate::new(level.0.into(), false, WINDOW),
        }
    }

    /// Appends a block with this text, of at most [`BLOCK`] bytes.
    pub(super) fn append(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let begin = out.len();
        out.extend_from_slice(&HEADER);
        out.resize(begin + BEFORE + text.len(), 0);
        // Room for as much as the text: what does not get smaller is stored as it is.
        self.deflate.reset();
        let packed = self
            .deflate
            .compress(text, &mut out[begin + BEFORE..], DeflateFlush::Finish);
        let size = usize::try_from(self.deflate.total_out()).unwrap_or_default();
        if packed == Ok(Status::StreamEnd) {
            out.truncate(begin + BEFORE + size);
        } else {
            out.truncate(begin + BEFORE);
            append_stored(text, out);
        }
        out.extend_from_slice(&crc32(0, text).to_le_bytes());
        out.extend_from_slice(&low_32(text.len()).to_le_bytes());
        let [low, high, ..] = low_32(out.len() - begin - 1).to_le_bytes();
        out[begin + HEADER.len()..begin + BEFORE].copy_from_slice(&[low, high]);
        debug_assert!(out.len() - begin <= BEFORE + 5 + text.len() + AFTER);
    }
}

/// Appends one last block of deflate without compression (RFC 1951, 3.2.4).
fn append_stored(text: &[u8], out: &mut Vec<u8>) {
    let [low, high, ..] = low_32(text.len()).to_le_bytes();
    out.extend_from_slice(&[1, low, high, !low, !high]);
    out.extend_from_slice(text);
}

/// A number that is below 64 K here.
fn low_32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_cannot_be_compressed_is_stored() {
        let mut noise = 1_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (noise >> 56) as u8
        })
        .take(BLOCK)
        .collect();
        let mut blocks = Blocks::new(Level::default());
        for text in [&noise[..], &noise[..1], b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", b""] {
            let (mut packed, mut unpacked) = (b"before".to_vec(), Vec::new());
            blocks.append(text, &mut packed);
            let packed = &packed[6..];
            assert!(
                packed.len() <= BEFORE + 5 + text.len() + AFTER,
                "{} of {}",
                packed.len(),
                text.len()
            );
            noodles_bgzf::io::Reader::new(packed)
                .read_to_end(&mut unpacked)
                .unwrap();
            assert!(unpacked == text);
        }
    }

    #[test]
    fn there_are_nine_levels() {
        assert!((1..=9).all(|level| Level::new(level).is_some()));
        assert!(Level::new(0).is_none() && Level::new(10).is_none());
    }
}
