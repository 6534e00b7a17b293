//! Values that many records have alike, as INFO has them.

use super::{Fields, Key, Schema};

/// Keys with their values, written once: `cytoBand=p36.33;tfbsRegion=V$MYOD;`.
#[derive(Default)]
pub(crate) struct Block {
    text: Vec<u8>,
    /// The keys in the schema's order, and where the piece of each ends in the text.
    pieces: Vec<(Key, usize)>,
}

impl Block {
    /// Takes over the values that are set. None of their keys may have a value for each allele.
    pub(crate) fn fill(&mut self, schema: &Schema, fields: &mut Fields) {
        self.text.clear();
        self.pieces.clear();
        fields.sort();
        for key in fields.keys() {
            fields.append_value(schema, key, &mut self.text);
            self.pieces.push((key, self.text.len()));
        }
    }

    /// The pieces in order, each with its semicolon.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (Key, &[u8])> {
        let mut start = 0;
        self.pieces.iter().map(move |(key, end)| {
            let piece = &self.text[start..*end];
            start = *end;
            (*key, piece)
        })
    }

    /// The pieces from number `first` on whose keys come before `key`, and the number of the piece after them.
    #[inline]
    pub(super) fn before(&self, first: usize, key: Key) -> (&[u8], usize) {
        let mut next = first;
        while self.pieces.get(next).is_some_and(|(own, _)| own.0 < key.0) {
            next += 1;
        }
        (&self.text[self.start(first)..self.start(next)], next)
    }

    /// The pieces from number `first` on.
    #[inline]
    pub(super) fn rest(&self, first: usize) -> &[u8] {
        &self.text[self.start(first)..]
    }

    /// Where a piece begins.
    fn start(&self, piece: usize) -> usize {
        piece.checked_sub(1).map_or(0, |last| self.pieces[last].1)
    }
}
