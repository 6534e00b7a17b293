//! BCF as the text that it stands for, as `bcftools view` prints it: what reads VCF reads this, too.
//!
//! Version 2.2, and 2.1, which ends short vectors by missing values (<https://samtools.github.io/hts-specs/BCFv2_qref.pdf>, and
//! section 6 of VCF 4.3). [`Source`](crate::Source) finds it by its first bytes, packed or not. A record is held at a time, as bytes and as
//! text, within [`Limits`]; whatever is not as the format has it ends the reading with a [`BcfFault`].

mod dictionary;
mod fault;
mod float;
mod genotype;
mod record;
#[cfg(test)]
mod tests;
mod values;

use std::io::{self, BufRead, Read};

use crate::Limits;
use crate::lines::EXPANSION_FREE;
use dictionary::Dictionaries;
pub(crate) use fault::BcfFault;
use record::Shape;

/// How both versions begin.
const MAGICS: [&[u8; 5]; 2] = [b"BCF\x02\x01", b"BCF\x02\x02"];

/// The magic, and the length of the header.
const BEGIN: usize = 9;

/// So much text is made at a time, or one record's; less where it is made of as many bytes as `MOST_BYTES`.
const TEXT_BYTES: usize = 1 << 16;
const MOST_BYTES: u64 = 1 << 20;

/// How many times the longest line the bytes of a record may be: of a number of four bytes a comma and a dot may be left.
const MOST_BYTES_OF_TEXT: u64 = 4;

/// Whether bytes are the beginning of a BCF file that is read.
pub(crate) fn is_bcf(bytes: &[u8]) -> bool {
    MAGICS.iter().any(|magic| bytes.starts_with(&magic[..]))
}

/// Makes text of what an input has, from its beginning on.
pub struct Bcf {
    limits: Limits,
    text: Vec<u8>,
    /// How much of the text is taken.
    at: usize,
    /// How many bytes of the header are still to come; `None` before it begins.
    header: Option<u64>,
    dictionaries: Dictionaries,
    shape: Shape,
    /// The bytes of a record.
    record: Vec<u8>,
    /// How many records were read.
    records: u64,
    /// How many bytes were read.
    bytes: u64,
    /// What comes after the text.
    error: Option<io::Error>,
}

impl Bcf {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            text: Vec::new(),
            at: 0,
            header: None,
            dictionaries: Dictionaries::default(),
            shape: Shape::default(),
            record: Vec::new(),
            records: 0,
            bytes: 0,
            error: None,
        }
    }

    /// The text that comes next of `input`, of which so many bytes were taken as they came; nothing at the end. The limits of text hold
    /// for the bytes that it is made of, too: of those that are in no line, such as the ends of short vectors, there may be far more.
    ///
    /// # Errors
    /// If the bytes cannot be read, or, with a [`BcfFault`] inside, are no BCF.
    pub(crate) fn fill_buf(&mut self, input: &mut impl BufRead, taken: u64) -> io::Result<&[u8]> {
        if self.at == self.text.len() {
            self.text.clear();
            self.at = 0;
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            let before = self.bytes;
            if before > self.limits.unpacked_bytes {
                return Err(BcfFault::TooMuch.into());
            }
            if before > EXPANSION_FREE && before / taken.max(1) > self.limits.expansion_ratio {
                return Err(BcfFault::UnpacksTooFar.into());
            }
            while self.text.len() < TEXT_BYTES && self.bytes < before + MOST_BYTES {
                // What was read before an error is taken before the error.
                match self.more(input) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) if self.text.is_empty() => return Err(error),
                    Err(error) => {
                        self.error = Some(error);
                        break;
                    }
                }
            }
        }
        Ok(&self.text[self.at..])
    }

    pub(crate) fn consume(&mut self, amount: usize) {
        self.at += amount;
    }

    /// Adds a line to the text; `false` at the end.
    fn more(&mut self, input: &mut impl BufRead) -> io::Result<bool> {
        match self.header {
            None => self.begin(input).map(|()| true),
            Some(0) => self.read_record(input),
            Some(_) => self.header_line(input).map(|()| true),
        }
    }

    fn begin(&mut self, input: &mut impl BufRead) -> io::Result<()> {
        let mut begin = [0; BEGIN];
        input.read_exact(&mut begin)?;
        self.shape.has_ends = begin[..5] == MAGICS[1][..];
        let length = u32::from_le_bytes([begin[5], begin[6], begin[7], begin[8]]);
        self.header = Some(u64::from(length));
        Ok(())
    }

    /// Adds a line of the header, as VCF has it. Zero bytes end the text.
    fn header_line(&mut self, input: &mut impl BufRead) -> io::Result<()> {
        let left = self.header.unwrap_or_default();
        let most = (self.limits.line_bytes as u64).saturating_add(1);
        let mut line = Vec::new();
        let read = input.take(left.min(most)).read_until(b'\n', &mut line)?;
        let is_whole = line.ends_with(b"\n");
        if !is_whole && (read as u64) < left.min(most) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.header = Some(left - read as u64);
        self.bytes += read as u64;
        if let Some(end) = memchr::memchr(0, &line) {
            line.truncate(end);
            if self.header != Some(0) {
                return Err(BcfFault::new("text after the byte that ends it").into());
            }
        }
        if line.is_empty() {
            return Ok(());
        }
        if !is_whole && self.header == Some(0) {
            line.push(b'\n');
        }
        self.shape.read_line(&line);
        self.dictionaries.read_line(&line, &mut self.text)?;
        Ok(())
    }

    fn read_record(&mut self, input: &mut impl BufRead) -> io::Result<bool> {
        if input.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let fault = |fault: BcfFault| fault.at(self.records + 1);
        let mut lengths = [0; 8];
        input.read_exact(&mut lengths)?;
        let [a, b, c, d, e, f, g, h] = lengths;
        let shared = u64::from(u32::from_le_bytes([a, b, c, d]));
        let length = shared + u64::from(u32::from_le_bytes([e, f, g, h]));
        if length > MOST_BYTES_OF_TEXT * self.limits.line_bytes as u64 {
            return Err(BcfFault::TooLong.into());
        }
        self.record.clear();
        let read = input.take(length).read_to_end(&mut self.record)?;
        if (read as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.bytes += lengths.len() as u64 + length;
        let begin = self.text.len();
        let (shared, samples) = self.record.split_at(shared as usize);
        let most = begin.saturating_add(self.limits.line_bytes);
        let made = record::append(shared, samples, &self.dictionaries, &self.shape, most, &mut self.text);
        let made = made.and_then(|()| match memchr::memchr(b'\n', &self.text[begin..]) {
            Some(_) => Err(BcfFault::new("a text with a line break in it")),
            None => Ok(()),
        });
        if let Err(what) = made {
            self.text.truncate(begin);
            return Err(fault(what).into());
        }
        self.text.push(b'\n');
        self.records += 1;
        Ok(true)
    }
}
