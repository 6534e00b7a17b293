//! Bgzip: gzip in blocks of at most 64 KB, each of which can be read by itself.
//!
//! <https://samtools.github.io/hts-specs/SAMv1.pdf>, 4.1. Of the library that reads and writes it, `noodles-bgzf` 0.52, only
//! positions are taken: its writer makes a compressor of a third of a megabyte for every block. What an index keeps
//! meanwhile lands between those, so that the heap grows with the file: to 500 MB for a VCF of 118 MB. Here one is kept.

use std::io::{self, Write};

use noodles_bgzf::VirtualPosition;
use zlib_rs::crc32::crc32;
use zlib_rs::{Deflate, DeflateFlush, Status};

/// Bytes of a block before it is packed, as bgzip itself has it: packed or not, it then fits into 64 KB.
const BLOCK: usize = 0xff00;
/// The level of gzip.
const LEVEL: i32 = 6;
/// The window of deflate, as a power of two.
const WINDOW: u8 = 15;
/// A member of gzip with an extra field BC, whose value is the block's size less one.
const HEADER: [u8; 16] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0];
/// Bytes of header, that size, checksum and length.
const FRAME: usize = 26;
/// The empty block that ends every whole file.
const END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// Writes blocks.
pub(super) struct Blocks<W> {
    inner: W,
    deflate: Deflate,
    /// What goes into the next block.
    block: Vec<u8>,
    packed: Vec<u8>,
    /// Bytes written.
    written: u64,
}

impl<W: Write> Blocks<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            deflate: Deflate::new(LEVEL, false, WINDOW),
            block: Vec::with_capacity(BLOCK),
            packed: vec![0; BLOCK],
            written: 0,
        }
    }

    /// Where the next byte goes: the block, and how far in it.
    pub(super) fn position(&self) -> VirtualPosition {
        let within = u16::try_from(self.block.len()).unwrap_or(u16::MAX);
        // Files of 256 TB are beyond what a position can say.
        VirtualPosition::try_from((self.written, within)).unwrap_or(VirtualPosition::MAX)
    }

    /// Takes all of these bytes.
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK {
                self.write_block()?;
            }
        }
        Ok(())
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if !self.block.is_empty() {
            self.write_block()?;
        }
        self.inner.write_all(&END)?;
        Ok(self.inner)
    }

    fn write_block(&mut self) -> io::Result<()> {
        self.deflate.reset();
        let packed = self
            .deflate
            .compress(&self.block, &mut self.packed, DeflateFlush::Finish);
        let packed = packed.map_err(|error| io::Error::other(error.as_str()))?;
        let length = u16::try_from(self.block.len()).map_err(io::Error::other)?;
        // What does not get smaller is stored as it is: one last block of deflate without compression (RFC 1951, 3.2.4).
        let [low, high] = length.to_le_bytes();
        let stored = [1, low, high, !low, !high];
        let [head, body]: [&[u8]; 2] = match packed {
            Status::StreamEnd => {
                let size = usize::try_from(self.deflate.total_out()).map_err(io::Error::other)?;
                [&[], &self.packed[..size]]
            }
            _ => [&stored, &self.block],
        };
        let size = FRAME + head.len() + body.len();
        self.inner.write_all(&HEADER)?;
        self.inner
            .write_all(&u16::try_from(size - 1).map_err(io::Error::other)?.to_le_bytes())?;
        self.inner.write_all(head)?;
        self.inner.write_all(body)?;
        self.inner.write_all(&crc32(0, &self.block).to_le_bytes())?;
        self.inner.write_all(&u32::from(length).to_le_bytes())?;
        self.written += size as u64;
        self.block.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn packed(pieces: &[&[u8]]) -> (Vec<u8>, VirtualPosition) {
        let mut blocks = Blocks::new(Vec::new());
        pieces.iter().for_each(|piece| blocks.write(piece).unwrap());
        let position = blocks.position();
        (blocks.finish().unwrap(), position)
    }

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        noodles_bgzf::io::Reader::new(packed).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn what_gets_smaller_and_what_does_not_unpacks_to_what_it_was() {
        let even = vec![b'x'; 200_000];
        let mut noise = 1_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (noise >> 56) as u8
        })
        .take(200_000)
        .collect();
        for (bytes, most) in [(even, 2_000), (noise, 200_200), (Vec::new(), END.len())] {
            let (packed, _) = packed(&[&bytes]);
            assert!(packed.len() <= most, "{} of {}", packed.len(), bytes.len());
            assert!(unpacked(&packed) == bytes && packed.ends_with(&END));
        }
    }

    #[test]
    fn a_full_block_is_left_behind_at_once() {
        let (file, position) = packed(&[&vec![b'x'; BLOCK - 1]]);
        assert_eq!(
            (position.compressed(), usize::from(position.uncompressed())),
            (0, BLOCK - 1)
        );
        let (_, position) = packed(&[&vec![b'x'; BLOCK - 1], b"x"]);
        assert_eq!(position.uncompressed(), 0);
        assert!(position.compressed().abs_diff((file.len() - END.len()) as u64) < 10);
    }
}
