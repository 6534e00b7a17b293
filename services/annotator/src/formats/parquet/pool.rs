//! Texts, each of them once and with a number.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The texts so far, numbered from 0 in the order in which they came first.
pub(super) struct Pool {
    bytes: Vec<u8>,
    /// Where each begins, and where the last ends.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            ends: vec![0],
            numbers: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Pool {
    /// The text of a number that was given.
    #[inline]
    pub(super) fn get(&self, number: u32) -> &[u8] {
        get(&self.bytes, &self.ends, number)
    }

    /// Where the text of a number is, as [`Self::at`] takes it.
    pub(super) fn place(&self, number: u32) -> Range<usize> {
        let number = number as usize;
        self.ends[number]..self.ends[number + 1]
    }

    /// The text at a place.
    #[inline]
    pub(super) fn at(&self, place: &Range<usize>) -> &[u8] {
        &self.bytes[place.clone()]
    }

    /// The number of a text, which is added if it is new.
    pub(super) fn number(&mut self, text: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(text);
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(number) = self.numbers.find(hash, |number| get(bytes, ends, *number) == text) {
            return *number;
        }
        let new = self.len();
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.numbers
            .insert_unique(hash, new, |number| hasher.hash_one(get(bytes, ends, *number)));
        new
    }

    /// How many there are.
    #[inline]
    pub(super) fn len(&self) -> u32 {
        (self.ends.len() - 1) as u32
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// About how many bytes of memory they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len() + self.ends.len() * (size_of::<usize>() + size_of::<u32>())
    }
}

#[inline]
fn get<'p>(bytes: &'p [u8], ends: &[usize], number: u32) -> &'p [u8] {
    let number = number as usize;
    &bytes[ends[number]..ends[number + 1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number() {
        let mut pool = Pool::default();
        let numbers = ["a", "", "bc", "a", "", "d"].map(|text| pool.number(text.as_bytes()));
        assert_eq!(numbers, [0, 1, 2, 0, 1, 3]);
        assert_eq!(pool.iter().collect::<Vec<_>>(), [&b"a"[..], b"", b"bc", b"d"]);
    }
}
