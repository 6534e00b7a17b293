//! A record, read from its annotated line.

use memchr::memchr_iter;

use super::entries::{Entries, Entry};
use super::header::Header;
use super::swar::find;

/// Gives each record of annotated lines, with its line. One after the other takes the same room.
pub(super) fn each<'l>(text: &'l [u8], header: &Header, mut take: impl FnMut(&Record<'l>, &'l [u8])) {
    let (mut record, mut at) = (Record::default(), 0);
    for end in memchr_iter(b'\n', text).map(|end| end + 1).chain([text.len()]) {
        let line = &text[at..end];
        at = end;
        if record.read(line, header) {
            take(&record, line);
        }
    }
}

/// A record; its columns as VCF has them.
#[derive(Default)]
pub(super) struct Record<'l> {
    pub(super) chromosome: &'l [u8],
    pub(super) position: &'l [u8],
    pub(super) id: &'l [u8],
    pub(super) reference: &'l [u8],
    /// The alleles of ALT; none if that is `.`.
    pub(super) alternates: Vec<&'l [u8]>,
    pub(super) quality: &'l [u8],
    pub(super) filter: &'l [u8],
    /// Keys of INFO with their values, in order; a flag has none. CSQ is not among them.
    pub(super) info: Vec<(&'l [u8], Option<&'l [u8]>)>,
    /// Which lengths keys have, a bit each: most keys that are asked for are not there.
    lengths: u64,
    /// The value of CSQ.
    pub(super) csq: &'l [u8],
    entries: Entries<'l>,
    /// FORMAT; empty without samples.
    pub(super) format: &'l [u8],
    /// The columns of the samples, as they are.
    pub(super) samples: &'l [u8],
}

impl<'l> Record<'l> {
    /// Reads a line; `false` for blank lines and comments, which are none.
    fn read(&mut self, line: &'l [u8], header: &Header) -> bool {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.starts_with(b"#") {
            return false;
        }
        let mut rest = line;
        let mut column = || match find(rest, b'\t') {
            Some(tab) => {
                let column = &rest[..tab];
                rest = &rest[tab + 1..];
                column
            }
            None => std::mem::take(&mut rest),
        };
        self.chromosome = column();
        self.position = column();
        self.id = column();
        self.reference = column();
        self.alternates.clear();
        self.alternates.extend(values(column(), b','));
        self.quality = column();
        self.filter = column();
        let info = column();
        self.format = column();
        self.samples = rest;
        self.read_info(info, header);
        true
    }

    fn read_info(&mut self, info: &'l [u8], header: &Header) {
        self.info.clear();
        (self.lengths, self.csq) = (0, b"");
        self.entries.clear();
        let mut rest = if info == b"." { b"" } else { info };
        while !rest.is_empty() {
            let at = find(rest, b';').unwrap_or(rest.len());
            let field = &rest[..at];
            rest = rest.get(at + 1..).unwrap_or_default();
            if field.is_empty() {
                continue;
            }
            let (key, value) = match find(field, b'=') {
                Some(at) => (&field[..at], Some(&field[at + 1..])),
                None => (field, None),
            };
            match value {
                Some(csq) if key == header.told.csq.as_bytes() => {
                    self.csq = csq;
                    self.entries.read(csq, header);
                }
                value => {
                    self.lengths |= bit_of_length(key);
                    self.info.push((key, value));
                }
            }
        }
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &[u8]) -> Option<&'l [u8]> {
        if self.lengths & bit_of_length(key) == 0 {
            return None;
        }
        self.info
            .iter()
            .find(|(own, _)| *own == key)
            .and_then(|(_, value)| *value)
    }

    /// The entries of an allele, counted from 0.
    pub(super) fn entries_of(&self, allele: usize) -> impl Iterator<Item = Entry<'_, 'l>> {
        self.entries.of(allele)
    }
}

fn bit_of_length(key: &[u8]) -> u64 {
    1 << (key.len() % 64)
}

/// The values of a list; none if it is `.`.
pub(super) fn list(text: &[u8], separator: u8) -> Vec<&[u8]> {
    values(text, separator).collect()
}

fn values(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let is_missing = matches!(text, b"." | b"");
    let values = (!is_missing).then(|| text.split(move |byte| *byte == separator));
    values.into_iter().flatten()
}
