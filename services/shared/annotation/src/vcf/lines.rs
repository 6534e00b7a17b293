//! Lines of a file that may be plain, gzip or bgzip, of any origin: bounded in length and in expansion.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;
use memchr::memchr;

use crate::error::{AnnotateError, Refusal};

/// The longest line, in bytes: thousands of samples fit, and memory stays bounded.
pub(crate) const LONGEST_LINE: usize = 64 * 1024 * 1024;
/// A compressed file that grows by more than this, beyond the first 64 MiB, is no VCF but a bomb.
const MOST_EXPANSION: u64 = 300;

/// Reads line by line.
pub(crate) struct Lines<'a> {
    reader: Box<dyn BufRead + 'a>,
    raw: Rc<Raw>,
    is_compressed: bool,
    expanded: u64,
    buffer: Vec<u8>,
    number: u64,
}

/// What has come in so far, and whether it failed there.
#[derive(Default)]
struct Raw {
    bytes: Cell<u64>,
    failed: Cell<bool>,
}

struct Counted<R> {
    inner: R,
    raw: Rc<Raw>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        match &read {
            Ok(count) => self.raw.bytes.set(self.raw.bytes.get() + *count as u64),
            Err(_) => self.raw.failed.set(true),
        }
        read
    }
}

impl<'a> Lines<'a> {
    /// Looks at the first bytes to see whether the input is compressed.
    pub(crate) fn new(input: impl Read + 'a) -> Result<Self, AnnotateError> {
        let raw = Rc::<Raw>::default();
        let mut plain = BufReader::with_capacity(
            1 << 16,
            Counted {
                inner: input,
                raw: Rc::clone(&raw),
            },
        );
        let is_compressed = plain.fill_buf().map_err(AnnotateError::Io)?.starts_with(&[0x1f, 0x8b]);
        let reader: Box<dyn BufRead + 'a> = match is_compressed {
            true => Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain))),
            false => Box::new(plain),
        };
        Ok(Self {
            reader,
            raw,
            is_compressed,
            expanded: 0,
            buffer: Vec::new(),
            number: 0,
        })
    }

    /// 1-based number of the line that was read last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes of the input read so far, compressed if it is.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.raw.bytes.get()
    }

    /// The next line with its line ending; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, AnnotateError> {
        self.buffer.clear();
        self.number += 1;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failure(error)),
            };
            let (taken, ends) = match memchr(b'\n', available) {
                Some(at) => (at + 1, true),
                None => (available.len(), available.is_empty()),
            };
            self.buffer.extend_from_slice(&available[..taken]);
            self.reader.consume(taken);
            self.expanded += taken as u64;
            self.check_bounds()?;
            if ends {
                return Ok((!self.buffer.is_empty()).then_some(&self.buffer));
            }
        }
    }

    fn check_bounds(&self) -> Result<(), Refusal> {
        if self.buffer.len() > LONGEST_LINE {
            return Err(Refusal::at(
                self.number,
                "the line is longer than 64 MB. Is this a VCF?",
            ));
        }
        let expands = self.expanded > 64 << 20 && self.expanded / MOST_EXPANSION > self.bytes_read().max(1);
        match self.is_compressed && expands {
            true => Err(Refusal::of_input(
                "The compressed file grows to more than 300 times its size. Upload it uncompressed.",
            )),
            false => Ok(()),
        }
    }

    /// A failure of the decompression is the file's; any other is ours.
    fn failure(&self, error: io::Error) -> AnnotateError {
        if !self.is_compressed || self.raw.failed.get() {
            return AnnotateError::Io(error);
        }
        let reason = "The compressed file is broken or ends too early. Compress it again, or upload it uncompressed.";
        Refusal::of_input(reason).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn lines(input: &[u8]) -> Result<Vec<Vec<u8>>, AnnotateError> {
        let mut lines = Lines::new(input)?;
        let mut read = Vec::new();
        while let Some(line) = lines.next()? {
            read.push(line.to_vec());
        }
        Ok(read)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn line_endings_are_kept_and_compression_is_seen() {
        let expected = vec![b"a\r\n".to_vec(), b"b\n".to_vec(), b"c".to_vec()];
        assert_eq!(lines(b"a\r\nb\nc").unwrap(), expected);
        assert_eq!(lines(&gzip(b"a\r\nb\nc")).unwrap(), expected);
        assert_eq!(
            lines(&[gzip(b"a\r\nb"), gzip(b"\nc")].concat()).unwrap(),
            expected,
            "as bgzip writes it"
        );
    }

    #[test]
    fn broken_compression_is_the_inputs_fault() {
        let mut cut = gzip(&[b'x'; 5000]);
        cut.truncate(cut.len() - 9);
        assert!(matches!(lines(&cut), Err(AnnotateError::Input(_))));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let line = [vec![b'x'; (1 << 20) - 1], vec![b'\n']].concat();
        (0..100).for_each(|_| encoder.write_all(&line).unwrap());
        assert!(matches!(
            lines(&encoder.finish().unwrap()),
            Err(AnnotateError::Input(_))
        ));
    }

    #[test]
    fn a_failing_disk_is_not_the_inputs_fault() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let input = gzip(&[b'x'; 5000]);
        let mut lines = Lines::new(input[..20].chain(Failing)).unwrap();
        assert!(matches!(lines.next(), Err(AnnotateError::Io(_))));
    }
}
