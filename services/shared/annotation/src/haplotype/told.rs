//! What is told, until its records are handed on.

use std::collections::BTreeMap;
use std::rc::Rc;

/// The most entries of one record, and the most bytes of them.
const MOST_ENTRIES: usize = 1000;
const MOST_BYTES: usize = 1 << 20;

/// Entries, by line.
#[derive(Default)]
pub(super) struct Told {
    lines: BTreeMap<u64, Entries>,
}

/// The allele of an entry, and the rest, which entries of other records share.
type Entry = (Box<[u8]>, Rc<[u8]>);

/// The entries of one record.
#[derive(Default)]
struct Entries {
    entries: Vec<Entry>,
    bytes: usize,
}

impl Told {
    /// One more entry of a line; `false` if the line has as many as it may.
    pub(super) fn add(&mut self, line: u64, allele: &[u8], rest: &Rc<[u8]>) -> bool {
        let Entries { entries, bytes } = self.lines.entry(line).or_default();
        *bytes += allele.len() + rest.len() + 1;
        let has_room = entries.is_empty() || entries.len() < MOST_ENTRIES && *bytes <= MOST_BYTES;
        if has_room {
            entries.push((allele.into(), Rc::clone(rest)));
        }
        has_room
    }

    /// The entries of lines before this one, as INFO has them.
    pub(super) fn take_before(&mut self, line: u64) -> Vec<(u64, Vec<u8>)> {
        let rest = self.lines.split_off(&line);
        let before = std::mem::replace(&mut self.lines, rest).into_iter();
        before.map(|(line, entries)| (line, entries.text())).collect()
    }
}

impl Entries {
    fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        for (at, (allele, rest)) in self.entries.iter().enumerate() {
            text.extend_from_slice(if at > 0 { b"," } else { b"" });
            text.extend_from_slice(allele);
            text.extend_from_slice(rest);
        }
        text
    }
}
