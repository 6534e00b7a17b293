//! The values of our keys for one record, put after what INFO has already.

use std::fmt::Display;
use std::rc::Rc;

use vcf::{Record, encode};

use super::csq::Entries;
use super::undeclared::{Undeclared, append_without};
use super::{Block, Described, Entry, Field, Key, Schema, append_beside};
use crate::consequence::Beside;
use crate::transcript::Transcript;

/// Values of one record; made once and used for every record.
pub(crate) struct Fields {
    values: Vec<Value>,
    /// Keys that have a value, in the order in which they got one.
    set: Vec<Key>,
    /// The allele at hand, counted from 0.
    allele: usize,
    /// More values, which other records have, too.
    block: Option<Rc<Block>>,
    /// How CSQ is written.
    entries: Entries,
    /// The most bytes of values.
    limit: usize,
}

/// The room that a value keeps for the next record, in bytes.
const KEPT_BYTES: usize = 1 << 20;

#[derive(Default)]
struct Value {
    text: Vec<u8>,
    /// For how many alleles, or how many times, it has a value.
    count: usize,
}

impl Fields {
    /// Room for the values of a schema's keys, up to `limit` bytes.
    pub(crate) fn new(schema: &Schema, limit: usize) -> Self {
        Self {
            values: (0..schema.len()).map(|_| Value::default()).collect(),
            set: Vec::new(),
            allele: 0,
            block: None,
            entries: Entries::new(schema.layout()),
            limit,
        }
    }

    /// Whether the values of one key alone are more than the limit.
    #[inline]
    pub(crate) fn exceeds_limit(&self, key: Key) -> bool {
        self.values[key.0].text.len() > self.limit
    }

    /// Whether there are more values than the limit.
    pub(crate) fn exceed_limit(&self) -> bool {
        let bytes: usize = self.set.iter().map(|key| self.values[key.0].text.len()).sum();
        bytes > self.limit
    }

    /// Forgets the last record.
    pub(crate) fn clear(&mut self) {
        for key in self.set.drain(..) {
            let value = &mut self.values[key.0];
            value.text.clear();
            if value.text.capacity() > KEPT_BYTES {
                value.text.shrink_to(KEPT_BYTES);
            }
            value.count = 0;
        }
        self.allele = 0;
        self.block = None;
        self.entries.clear();
    }

    /// Whether the entries of CSQ have a field.
    #[inline]
    pub(crate) fn csq_has(&self, field: Field) -> bool {
        self.entries.has(field)
    }

    /// What the entries of the allele at hand tell of it whatever the transcript.
    pub(crate) fn describe(&mut self, described: Described) {
        self.entries.describe(described);
    }

    /// One more entry of CSQ.
    #[inline]
    pub(crate) fn tell(&mut self, entry: &Entry<'_>) {
        let room = room(&mut self.values, &mut self.set, Key::CSQ);
        self.entries.append(entry, self.allele, room);
    }

    /// One more entry of CSQ, of an allele beside a transcript.
    #[inline]
    pub(crate) fn tell_beside(&mut self, allele: &[u8], beside: &Beside, transcript: &Transcript<'_>, existing: &[u8]) {
        match self.entries.is_plain() {
            true => append_beside(self.next(Key::CSQ), allele, beside, transcript, existing),
            false => self.tell(&Entry::beside(allele, beside, transcript, existing)),
        }
    }

    /// Leaves of equal entries of CSQ the first: breakends that are cut off on the same side tell the same of it.
    pub(crate) fn merge_entries(&mut self) {
        let value = &mut self.values[Key::CSQ.0];
        self.entries.merge(&mut value.text);
    }

    /// More values, of keys that have none here.
    pub(crate) fn add_block(&mut self, block: &Rc<Block>) {
        self.block = Some(Rc::clone(block));
    }

    /// Puts the keys that have a value in the schema's order.
    pub(super) fn sort(&mut self) {
        self.set.sort_unstable_by_key(|key| key.0);
    }

    /// The keys that have a value.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> {
        self.set.iter().copied()
    }

    /// Ends an allele.
    pub(crate) fn end_allele(&mut self) {
        self.allele += 1;
    }

    /// The value of a key for the allele at hand.
    pub(crate) fn set(&mut self, key: Key, value: impl Display) {
        encode::append(self.next_of_allele(key), value);
    }

    /// The value of a key for the allele at hand, of bytes.
    pub(crate) fn set_bytes(&mut self, key: Key, value: &[u8]) {
        encode::append_bytes(self.next_of_allele(key), value);
    }

    /// As [`Self::set_bytes`], unless the allele at hand has a value.
    pub(crate) fn set_once(&mut self, key: Key, value: &[u8]) {
        if self.values[key.0].count <= self.allele {
            self.set_bytes(key, value);
        }
    }

    /// Fills the alleles that have no value yet, and makes room for that of the allele at hand.
    fn next_of_allele(&mut self, key: Key) -> &mut Vec<u8> {
        while self.values[key.0].count < self.allele {
            self.next(key).push(b'.');
        }
        self.next(key)
    }

    /// The one value of a key for the whole record.
    pub(crate) fn set_record(&mut self, key: Key, value: impl Display) {
        encode::append(self.next(key), value);
    }

    /// A flag for the whole record.
    pub(crate) fn flag(&mut self, key: Key) {
        if self.values[key.0].count == 0 {
            self.next(key);
        }
    }

    /// Makes room for one more value of a list.
    pub(crate) fn next(&mut self, key: Key) -> &mut Vec<u8> {
        room(&mut self.values, &mut self.set, key)
    }

    /// One more value of a list.
    pub(crate) fn push(&mut self, key: Key, value: &[u8]) {
        encode::append_bytes(self.next(key), value);
    }

    /// One more value of a list, unless the list has it.
    pub(crate) fn push_new(&mut self, key: Key, value: &[u8]) {
        if !self.lists(key, value) {
            self.push(key, value);
        }
    }

    /// Whether a list has a value, as it is written.
    pub(crate) fn lists(&self, key: Key, value: &[u8]) -> bool {
        let list = &self.values[key.0];
        list.count > 0 && list.text.split(|byte| *byte == b',').any(|known| known == value)
    }

    /// Whether a key has a value.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.values[key.0].count > 0
    }

    /// Appends INFO of the record with our values after its own. Says what the record has under names of ours, which its
    /// header does not declare: a CSQ gives way to ours, as with Ensembl VEP, and of every other key ours is left out.
    #[inline]
    pub(crate) fn append_info(&mut self, schema: &Schema, record: &Record<'_>, out: &mut Vec<u8>) -> Undeclared {
        self.entries.pick(&mut self.values[Key::CSQ.0].text);
        let own = if record.info == b"." { b"" } else { record.info };
        let begin = out.len();
        let taken = self.taken(schema, own);
        let replaces = taken & 1 << Key::CSQ.0 != 0;
        let taken = taken & !(1 << Key::CSQ.0);
        match replaces {
            true => append_without(own, schema.name(Key::CSQ), out),
            false => out.extend_from_slice(own),
        }
        if out.len() > begin && !out.ends_with(b";") {
            out.push(b';');
        }
        let ours = out.len();
        self.sort();
        self.fill_alleles(schema);
        let leaves_out = match taken {
            0 => {
                self.append_all(schema, out);
                false
            }
            taken => self.append_free(schema, taken, out),
        };
        if out.len() > ours || replaces && ours > begin {
            // The last semicolon separates nothing.
            out.pop();
        } else {
            out.truncate(begin);
            out.extend_from_slice(if replaces { b"." } else { record.info });
        }
        Undeclared { replaces, leaves_out }
    }

    /// Fills the alleles at the end that have no value of a key that has one for each.
    fn fill_alleles(&mut self, schema: &Schema) {
        for key in self.set.iter().filter(|key| schema.is_per_allele(**key)) {
            let value = &mut self.values[key.0];
            while value.count < self.allele {
                value.text.extend_from_slice(b",.");
                value.count += 1;
            }
        }
    }

    /// Appends every value.
    fn append_all(&self, schema: &Schema, out: &mut Vec<u8>) {
        let mut piece = 0;
        for key in &self.set {
            if let Some(block) = &self.block {
                let (text, next) = block.before(piece, *key);
                out.extend_from_slice(text);
                piece = next;
            }
            self.append_value(schema, *key, out);
        }
        if let Some(block) = &self.block {
            out.extend_from_slice(block.rest(piece));
        }
    }

    /// As [`Self::append_all`], but leaves those out whose keys are `taken`, and says whether there are any.
    fn append_free(&self, schema: &Schema, taken: u128, out: &mut Vec<u8>) -> bool {
        let mut left_out = false;
        let mut is_free = |key: Key| {
            let is_free = key.0 < 128 && taken & 1 << key.0 == 0;
            left_out |= !is_free;
            is_free
        };
        let mut pieces = self.block.iter().flat_map(|block| block.pieces()).peekable();
        for key in self.keys().map(Some).chain([None]) {
            while let Some((own, text)) = pieces.next_if(|(own, _)| key.is_none_or(|key| own.0 < key.0)) {
                out.extend_from_slice(if is_free(own) { text } else { b"" });
            }
            if let Some(key) = key.filter(|key| is_free(*key)) {
                self.append_value(schema, key, out);
            }
        }
        left_out
    }

    /// Appends a key, its value and a semicolon.
    pub(super) fn append_value(&self, schema: &Schema, key: Key, out: &mut Vec<u8>) {
        let value = &self.values[key.0].text;
        out.extend_from_slice(schema.start(key, !value.is_empty()));
        out.extend_from_slice(value);
        out.push(b';');
    }

    /// Which of our names the record's own INFO has, as bits.
    fn taken(&self, schema: &Schema, own: &[u8]) -> u128 {
        let mut found = 0_u128;
        let mut start = 0;
        for end in memchr::memchr_iter(b';', own).chain([own.len()]) {
            let field = &own[start.min(end)..end];
            start = end + 1;
            if schema.may_begin(field) {
                let name = &field[..memchr::memchr(b'=', field).unwrap_or(field.len())];
                found |= schema.find(name).map_or(0, |key| 1 << key.0.min(127));
            }
        }
        found
    }
}

/// Makes room for one more value of a list; `set` has the keys that have a value.
#[inline]
fn room<'v>(values: &'v mut [Value], set: &mut Vec<Key>, key: Key) -> &'v mut Vec<u8> {
    let value = &mut values[key.0];
    match value.count {
        0 => set.push(key),
        _ => value.text.push(b','),
    }
    value.count += 1;
    &mut value.text
}
