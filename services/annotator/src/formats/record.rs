//! A record, read from its annotated line.

use memchr::{memchr, memchr_iter};

use super::header::Header;

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
        let mut column = || match memchr(b'\t', rest) {
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
        self.entries.alleles.clear();
        self.entries.fields.clear();
        let info = if info == b"." { b"" } else { info };
        let mut from = 0;
        for at in memchr_iter(b';', info).chain([info.len()]) {
            let field = &info[from..at];
            from = at + 1;
            if field.is_empty() {
                continue;
            }
            let (key, value) = match field.iter().position(|byte| *byte == b'=') {
                Some(at) => (&field[..at], Some(&field[at + 1..])),
                None => (field, None),
            };
            match value {
                Some(csq) if key == header.told.csq.as_bytes() => self.entries.read(csq, header),
                value => self.info.push((key, value)),
            }
        }
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &[u8]) -> Option<&'l [u8]> {
        self.info
            .iter()
            .find(|(own, _)| *own == key)
            .and_then(|(_, value)| *value)
    }

    /// The entries of an allele, counted from 0.
    pub(super) fn entries_of(&self, allele: usize) -> impl Iterator<Item = &[&'l [u8]]> {
        let Entries { alleles, fields } = &self.entries;
        let width = fields.len().checked_div(alleles.len()).unwrap_or_default();
        let entries = alleles.iter().zip(fields.chunks(width.max(1)));
        entries.filter(move |(of, _)| **of == allele).map(|(_, fields)| fields)
    }
}

/// The entries of CSQ.
#[derive(Default)]
struct Entries<'l> {
    /// The allele of each, counted from 0.
    alleles: Vec<usize>,
    /// The fields of all, one entry after the other, as many of each as CSQ has.
    fields: Vec<&'l [u8]>,
}

impl<'l> Entries<'l> {
    /// Reads the value of CSQ.
    fn read(&mut self, csq: &'l [u8], header: &Header) {
        let (width, mut from) = (header.told.fields.len(), 0);
        separators(csq, |at| {
            self.fields.push(&csq[from..at]);
            from = at + 1;
            if csq[at] == b',' {
                self.end_entry(width);
            }
        });
        self.fields.push(&csq[from..]);
        self.end_entry(width);
        let Some(number) = header.allele_number else { return };
        for (allele, fields) in self.alleles.iter_mut().zip(self.fields.chunks_exact(width)) {
            *allele = fields.get(number).map_or(0, |text| digits(text).saturating_sub(1));
        }
    }
}

impl Entries<'_> {
    fn end_entry(&mut self, width: usize) {
        self.alleles.push(0);
        self.fields.resize(self.alleles.len() * width, b"");
    }
}

/// Gives the places of bars and commas. Fields are short: looking at eight bytes at once is faster than looking for the next one.
#[inline]
fn separators(csq: &[u8], mut each: impl FnMut(usize)) {
    let (words, rest) = csq.as_chunks();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let mut found = zeros(word ^ eight(b'|')) | zeros(word ^ eight(b','));
        while found != 0 {
            each(at + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
        at += size_of::<u64>();
    }
    for (place, _) in rest.iter().enumerate().filter(|(_, byte)| matches!(byte, b'|' | b',')) {
        each(at + place);
    }
}

/// A byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is 0.
#[inline]
fn zeros(word: u64) -> u64 {
    const LOW: u64 = eight(0x7f);
    !(((word & LOW) + LOW) | word | LOW)
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

fn digits(text: &[u8]) -> usize {
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_separator_is_found() {
        let texts = [
            &b""[..],
            b"|",
            b"A|b,c||\xff\xfc\x7c\x2c,\x7d\xac|end",
            b"||||||||,,,,,,,,|,|,|,|,no",
        ];
        for text in texts {
            let mut found = Vec::new();
            separators(text, |at| found.push(at));
            let wanted = (0..text.len()).filter(|at| b"|,".contains(&text[*at]));
            assert_eq!(found, wanted.collect::<Vec<_>>(), "{text:?}");
        }
    }
}
