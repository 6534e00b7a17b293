//! A record, read from its annotated line.

use memchr::memchr;

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
    /// The entries of CSQ: the allele of each, counted from 0, and its fields.
    pub(super) entries: Vec<(usize, Vec<&'l [u8]>)>,
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
        let own = self.entries.iter().filter(move |(of, _)| *of == allele);
        own.map(|(_, fields)| fields.as_slice())
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
type Entries<'l> = Vec<(usize, Vec<&'l [u8]>)>;

fn read_info<'l>(info: &'l [u8], header: &Header) -> (Info<'l>, Entries<'l>) {
    let (mut keys, mut entries) = (Vec::new(), Vec::new());
    let number = header.told.fields.iter().position(|field| field == "ALLELE_NUM");
    for field in list(info, b';').into_iter().filter(|field| !field.is_empty()) {
        let (key, value) = match memchr(b'=', field) {
            Some(at) => (&field[..at], Some(&field[at + 1..])),
            None => (field, None),
        };
        match value {
            Some(csq) if key == header.told.csq.as_bytes() => {
                for entry in csq.split(|byte| *byte == b',') {
                    let fields: Vec<&[u8]> = entry.split(|byte| *byte == b'|').collect();
                    let number = number.and_then(|at| fields.get(at)).map_or(1, |text| digits(text));
                    entries.push((number.saturating_sub(1), fields));
                }
            }
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
