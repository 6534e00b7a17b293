//! The bytes of the input: counted as they come, unpacked if they are gzip or bgzip.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// The empty block at the end of every complete bgzip file (SAM/BAM specification, 4.1.2).
const BGZIP_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// The input, plain or unpacked.
pub enum Source<R> {
    /// As it came.
    Plain(Counted<R>),
    /// Unpacked as it is read.
    Gzip(Box<BufReader<MultiGzDecoder<Counted<R>>>>),
}

impl<R: BufRead> Source<R> {
    /// Looks at the first bytes to see whether they are gzip.
    pub fn open(input: R) -> io::Result<Self> {
        let mut input = Counted {
            inner: input,
            bytes: 0,
            failed: false,
            tail: Vec::new(),
            bgzip: false,
        };
        let start = input.fill_buf()?;
        if !start.starts_with(&[0x1f, 0x8b]) {
            return Ok(Self::Plain(input));
        }
        // Bgzip marks each of its blocks with an extra field named BC.
        input.bgzip = start.get(12..14) == Some(b"BC");
        Ok(Self::Gzip(Box::new(BufReader::with_capacity(
            1 << 16,
            MultiGzDecoder::new(input),
        ))))
    }

    fn counted(&self) -> &Counted<R> {
        match self {
            Self::Plain(input) => input,
            Self::Gzip(unpacked) => unpacked.get_ref().get_ref(),
        }
    }

    /// Bytes taken from the input as it came.
    pub fn bytes_read(&self) -> u64 {
        self.counted().bytes
    }

    /// Whether the input is compressed.
    pub(crate) fn is_compressed(&self) -> bool {
        matches!(self, Self::Gzip(_))
    }

    /// Whether the input itself failed, rather than what was made of its bytes.
    pub(crate) fn has_failed(&self) -> bool {
        self.counted().failed
    }

    /// Whether a bgzip file ended without the block that marks its end.
    pub fn lacks_bgzip_end(&self) -> bool {
        self.counted().bgzip && self.counted().tail != BGZIP_END
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(into),
            Self::Gzip(unpacked) => unpacked.read(into),
        }
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(input) => input.fill_buf(),
            Self::Gzip(unpacked) => unpacked.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(input) => input.consume(amount),
            Self::Gzip(unpacked) => unpacked.consume(amount),
        }
    }
}

/// Counts the bytes taken, remembers the last of them, and whether the input failed.
pub struct Counted<R> {
    inner: R,
    bytes: u64,
    failed: bool,
    tail: Vec<u8>,
    bgzip: bool,
}

impl<R: BufRead> Counted<R> {
    fn remember(&mut self, amount: usize) {
        let Ok(buffer) = self.inner.fill_buf() else { return };
        let taken = &buffer[..amount.min(buffer.len())];
        self.tail
            .extend_from_slice(&taken[taken.len().saturating_sub(BGZIP_END.len())..]);
        let surplus = self.tail.len().saturating_sub(BGZIP_END.len());
        self.tail.drain(..surplus);
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        loop {
            match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = true;
                    return Err(error);
                }
                Ok(_) => break,
            }
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if self.bgzip {
            self.remember(amount);
        }
        self.bytes += amount as u64;
        self.inner.consume(amount);
    }
}
