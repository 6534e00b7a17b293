//! A record, read from its annotated line.

use memchr::{memchr, memchr_iter};

use super::header::Header;

/// A record; its columns as VCF has them.
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
    /// Reads a line; nothing for blank lines and comments.
    pub(super) fn read(line: &'l [u8], header: &Header) -> Option<Self> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.starts_with(b"#") {
            return None;
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
        let [
            chromosome,
            position,
            id,
            reference,
            alternates,
            quality,
            filter,
            info,
            format,
        ] = std::array::from_fn(|_| column());
        let (info, entries) = read_info(info, header);
        Some(Self {
            chromosome,
            position,
            id,
            reference,
            alternates: list(alternates, b','),
            quality,
            filter,
            info,
            entries,
            format,
            samples: rest,
        })
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
        self.fields.reserve(4 * width);
        self.alleles.reserve(4);
        // Fields are short: looking at each byte is faster than looking for the next separator.
        for (at, byte) in csq.iter().enumerate().filter(|(_, byte)| matches!(byte, b'|' | b',')) {
            self.fields.push(&csq[from..at]);
            from = at + 1;
            if *byte == b',' {
                self.end_entry(width);
            }
        }
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

/// The values of a list; none if it is `.`.
pub(super) fn list(text: &[u8], separator: u8) -> Vec<&[u8]> {
    match text {
        b"." | b"" => Vec::new(),
        text => text.split(|byte| *byte == separator).collect(),
    }
}

type Info<'l> = Vec<(&'l [u8], Option<&'l [u8]>)>;

fn read_info<'l>(info: &'l [u8], header: &Header) -> (Info<'l>, Entries<'l>) {
    let (mut keys, mut entries, mut from) = (Vec::with_capacity(16), Entries::default(), 0);
    let info = if info == b"." { b"" } else { info };
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
            Some(csq) if key == header.told.csq.as_bytes() => entries.read(csq, header),
            value => keys.push((key, value)),
        }
    }
    (keys, entries)
}

fn digits(text: &[u8]) -> usize {
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}
