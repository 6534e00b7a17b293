//! The values of our keys for one record.

mod append;

use std::fmt::Display;
use std::rc::Rc;

use vcf::encode;

use super::csq::Entries;
use super::{Block, Described, Entry, Field, Key, Schema};
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
        let room = room(&mut self.values, &mut self.set, Key::CSQ);
        self.entries
            .append_beside(allele, beside, transcript, existing, self.allele, room);
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
