//! Text of gzip, unpacked block by block where it is bgzip.
//!
//! A block of bgzip says how long it is (SAM/BAM specification, 4.1), so that it can be unpacked at once, which takes half of
//! the time of a stream. From whatever is no whole and sound block on, a reader of gzip goes on, and finds what is wrong.

use std::io::{self, BufRead, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use zlib_rs::crc32::crc32;
use zlib_rs::{Inflate, InflateFlush, Status};

/// Bytes of a block before its data: a header of gzip with one extra field of two bytes.
const HEADER: usize = 18;
/// Checksum and length after its data.
const TRAILER: usize = 8;
/// The most bytes of text in a block.
const MOST_TEXT: usize = 1 << 16;
/// The window of deflate, as a power of two.
const WINDOW: u8 = 15;

/// Reads the text.
pub struct Unpacked<R> {
    stream: Stream<R>,
    text: Vec<u8>,
    /// How much of the text is taken.
    at: usize,
}

enum Stream<R> {
    Blocks(Box<Blocks<R>>),
    /// The beginning of what was no block, and what follows.
    Gzip(Box<MultiGzDecoder<Chain<Cursor<Vec<u8>>, R>>>),
    /// Between the two, for a moment.
    Neither,
}

struct Blocks<R> {
    input: R,
    packed: Vec<u8>,
    inflate: Inflate,
}

impl<R: BufRead> Unpacked<R> {
    pub(crate) fn new(input: R) -> Self {
        let blocks = Blocks {
            input,
            packed: Vec::new(),
            inflate: Inflate::new(false, WINDOW),
        };
        Self {
            stream: Stream::Blocks(Box::new(blocks)),
            text: Vec::new(),
            at: 0,
        }
    }

    /// Where the bytes come from.
    pub(crate) fn input(&self) -> Option<&R> {
        match &self.stream {
            Stream::Blocks(blocks) => Some(&blocks.input),
            Stream::Gzip(gzip) => Some(gzip.get_ref().get_ref().1),
            Stream::Neither => None,
        }
    }

    /// Unpacks what comes next, which is nothing only at the end.
    fn unpack(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() {
            match &mut self.stream {
                Stream::Blocks(blocks) => match blocks.next(&mut self.text)? {
                    Block::Text => {}
                    Block::End => return Ok(()),
                    Block::Other => self.read_gzip(),
                },
                Stream::Gzip(gzip) => {
                    self.text.resize(MOST_TEXT, 0);
                    let read = gzip.read(&mut self.text);
                    self.text.truncate(*read.as_ref().unwrap_or(&0));
                    return read.map(drop);
                }
                Stream::Neither => return Ok(()),
            }
        }
        Ok(())
    }

    fn read_gzip(&mut self) {
        self.text.clear();
        if let Stream::Blocks(blocks) = std::mem::replace(&mut self.stream, Stream::Neither) {
            let input = Cursor::new(blocks.packed).chain(blocks.input);
            self.stream = Stream::Gzip(Box::new(MultiGzDecoder::new(input)));
        }
    }
}

/// What comes next.
enum Block {
    /// A block, whose text may be empty.
    Text,
    /// Nothing.
    End,
    /// Something else; `packed` has what was read of it.
    Other,
}

impl<R: BufRead> Blocks<R> {
    /// Reads a block, and unpacks it into `text`.
    fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Block> {
        self.packed.clear();
        self.read_until(HEADER)?;
        if self.packed.is_empty() {
            return Ok(Block::End);
        }
        let Some(size) = size(&self.packed) else {
            return Ok(Block::Other);
        };
        self.read_until(size)?;
        match self.packed.len() == size && self.unpack(text) {
            true => Ok(Block::Text),
            false => Ok(Block::Other),
        }
    }

    /// Reads until there are `size` bytes, or the input ends.
    fn read_until(&mut self, size: usize) -> io::Result<()> {
        while self.packed.len() < size {
            let read = self.input.fill_buf()?;
            let taken = read.len().min(size - self.packed.len());
            if taken == 0 {
                break;
            }
            self.packed.extend_from_slice(&read[..taken]);
            self.input.consume(taken);
        }
        Ok(())
    }

    /// `false` if it is not sound.
    fn unpack(&mut self, text: &mut Vec<u8>) -> bool {
        let (data, trailer) = self.packed[HEADER..].split_at(self.packed.len() - HEADER - TRAILER);
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .rev()
                .fold(0, |number: u32, byte| number << 8 | u32::from(*byte))
        };
        let (checksum, length) = (number(&trailer[..4]), number(&trailer[4..]) as usize);
        if length > MOST_TEXT {
            return false;
        }
        text.resize(length, 0);
        self.inflate.reset(false);
        let done = self.inflate.decompress(data, text, InflateFlush::Finish);
        let sizes = (self.inflate.total_in(), self.inflate.total_out());
        done == Ok(Status::StreamEnd) && sizes == (data.len() as u64, length as u64) && crc32(0, text) == checksum
    }
}

/// The size of the block that begins so.
fn size(header: &[u8]) -> Option<usize> {
    let is_block =
        header.len() == HEADER && header.starts_with(&[0x1f, 0x8b, 8, 4]) && header[10..16] == *b"\x06\0BC\x02\0";
    let size = usize::from(*header.get(16)?) + (usize::from(*header.get(17)?) << 8) + 1;
    (is_block && size >= HEADER + TRAILER).then_some(size)
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Unpacked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.text.len() {
            self.unpack()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::DeflateEncoder;
    use flate2::{Compression, Crc};

    use super::*;

    const END: &[u8] = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0";

    fn block(text: &[u8]) -> Vec<u8> {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(text).unwrap();
        let (data, mut checksum) = (deflate.finish().unwrap(), Crc::new());
        checksum.update(text);
        let size = u16::try_from(HEADER + data.len() + TRAILER - 1).unwrap();
        let header = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0";
        [
            &header[..],
            &size.to_le_bytes(),
            &data,
            &checksum.sum().to_le_bytes(),
            &checksum.amount().to_le_bytes(),
        ]
        .concat()
    }

    /// The text, as far as it can be read, and why no further.
    fn unpacked(packed: &[u8]) -> (String, Option<io::ErrorKind>) {
        let (mut reader, mut text) = (Unpacked::new(packed), Vec::new());
        let error = reader.read_to_end(&mut text).err();
        (String::from_utf8(text).unwrap(), error.map(|error| error.kind()))
    }

    #[test]
    fn blocks_empty_blocks_and_plain_gzip_come_out_as_one_text() {
        let gzip = [&block(b"plain ")[..10], b"\0\0"].concat();
        assert_eq!(size(&gzip), None);
        let mut plain = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
        plain.write_all(b"of gzip ").unwrap();
        let file = [
            block(b"first "),
            END.to_vec(),
            block(b"second "),
            plain.finish().unwrap(),
            block(b"last"),
            END.to_vec(),
        ];
        assert_eq!(unpacked(&file.concat()), ("first second of gzip last".to_owned(), None));
        assert_eq!(unpacked(END), (String::new(), None));
    }

    #[test]
    fn blocks_are_unpacked_as_blocks() {
        let file = [block(b"first "), END.to_vec(), block(&[b'x'; MOST_TEXT]), END.to_vec()].concat();
        let (mut reader, mut text) = (Unpacked::new(&file[..]), Vec::new());
        assert_eq!(reader.read_to_end(&mut text).unwrap(), MOST_TEXT + 6);
        assert!(matches!(reader.stream, Stream::Blocks(_)));
    }

    #[test]
    fn what_is_sound_is_read_before_what_is_not() {
        let whole = [block(b"first "), block(b"second ")].concat();
        for end in block(b"first ").len() + 1..whole.len() {
            let (text, error) = unpacked(&whole[..end]);
            assert!(
                text.starts_with("first ") && error == Some(io::ErrorKind::UnexpectedEof),
                "{end}: {error:?}"
            );
        }
        let mut damaged = whole;
        let checksum = damaged.len() - TRAILER;
        damaged[checksum] ^= 1;
        let (text, error) = unpacked(&damaged);
        assert!(text.starts_with("first ") && error.is_some_and(|kind| kind != io::ErrorKind::UnexpectedEof));
    }
}
