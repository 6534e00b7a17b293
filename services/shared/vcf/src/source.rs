//! The bytes of the input: counted as they come, unpacked if they are gzip or bgzip, and made text if they are BCF.

use std::io::{self, BufRead, Read};

use crate::Limits;
use crate::ahead::Ahead;
use crate::bcf::{Bcf, is_bcf};
use crate::bgzip::Unpacked;

/// The empty block at the end of every complete bgzip file (SAM/BAM specification, 4.1.2).
const BGZIP_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// The input, plain or unpacked, here or on another thread.
pub enum Source<R> {
    /// As it came.
    Plain(Counted<R>),
    /// Unpacked as it is read.
    Gzip(Box<Packed<R>>),
    /// BCF that is not packed, made text as it is read.
    Bcf(Box<(Counted<R>, Bcf)>),
    /// Read and unpacked by another thread.
    Ahead(Ahead),
}

/// What the input has been like so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct State {
    /// Bytes taken from it as it came.
    bytes: u64,
    /// Whether it failed itself, rather than what was made of its bytes.
    failed: bool,
    /// Whether it is bgzip, and does not end with the block that marks its end.
    lacks_end: bool,
}

impl<R: BufRead> Source<R> {
    /// Looks at the first bytes to see whether they are gzip or BCF. Of BCF a record is held at a time, within the limits of a line.
    pub fn open(input: R, limits: &Limits) -> io::Result<Self> {
        let mut input = Counted {
            inner: input,
            bytes: 0,
            failed: false,
            tail: Vec::new(),
            bgzip: false,
        };
        let start = input.fill_buf()?;
        if is_bcf(start) {
            return Ok(Self::Bcf(Box::new((input, Bcf::new(limits)))));
        }
        if !start.starts_with(&[0x1f, 0x8b]) {
            return Ok(Self::Plain(input));
        }
        // Bgzip marks each of its blocks with an extra field named BC.
        input.bgzip = start.get(12..14) == Some(b"BC");
        Ok(Self::Gzip(Box::new(Packed {
            unpacked: Unpacked::new(input),
            unread: Some(limits.clone()),
            bcf: None,
        })))
    }

    pub(crate) fn state(&self) -> State {
        match self {
            Self::Plain(input) => input.state(),
            Self::Gzip(packed) => packed.unpacked.input().map(Counted::state).unwrap_or_default(),
            Self::Bcf(bcf) => bcf.0.state(),
            Self::Ahead(ahead) => ahead.state(),
        }
    }

    /// Bytes taken from the input as it came.
    pub fn bytes_read(&self) -> u64 {
        self.state().bytes
    }

    /// Whether the input is compressed, or BCF: it may stand for far more text than it has bytes.
    pub fn is_compressed(&self) -> bool {
        !matches!(self, Self::Plain(_))
    }

    /// Whether the input itself failed, rather than what was made of its bytes.
    pub fn has_failed(&self) -> bool {
        self.state().failed
    }

    /// Whether a bgzip file ended without the block that marks its end.
    pub fn lacks_bgzip_end(&self) -> bool {
        self.state().lacks_end
    }

    /// What comes next of the text; nothing at the end.
    ///
    /// # Errors
    /// If the input fails, or what is compressed is not sound: [`Self::has_failed`] tells which.
    pub fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(input) => input.fill_buf(),
            Self::Gzip(packed) => packed.fill_buf(),
            Self::Bcf(bcf) => {
                let (input, bcf) = &mut **bcf;
                let taken = input.bytes;
                bcf.fill_buf(input, taken)
            }
            Self::Ahead(ahead) => ahead.fill_buf(),
        }
    }

    /// Takes so many bytes of it.
    pub fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(input) => input.consume(amount),
            Self::Gzip(packed) => packed.consume(amount),
            Self::Bcf(bcf) => bcf.1.consume(amount),
            Self::Ahead(ahead) => ahead.consume(amount),
        }
    }
}

/// Gzip, and BCF if that is what is packed.
pub struct Packed<R> {
    unpacked: Unpacked<Counted<R>>,
    /// The limits of BCF, until the first bytes are there, which show what it is.
    unread: Option<Limits>,
    bcf: Option<Box<Bcf>>,
}

impl<R: BufRead> Packed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Some(limits) = self.unread.take()
            && is_bcf(self.unpacked.fill_buf()?)
        {
            self.bcf = Some(Box::new(Bcf::new(&limits)));
        }
        match &mut self.bcf {
            Some(bcf) => {
                let taken = self.unpacked.input().map_or(0, |input| input.bytes);
                bcf.fill_buf(&mut self.unpacked, taken)
            }
            None => self.unpacked.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.bcf {
            Some(bcf) => bcf.consume(amount),
            None => self.unpacked.consume(amount),
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

impl<R> Counted<R> {
    fn state(&self) -> State {
        State {
            bytes: self.bytes,
            failed: self.failed,
            lacks_end: self.bgzip && self.tail != BGZIP_END,
        }
    }
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
