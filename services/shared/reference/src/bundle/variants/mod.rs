//! A track of variants: alleles, each as the smallest edit, left-aligned where the sequence is known.
//!
//! Variants are kept in [blocks](super::blocks), sorted. A look-up reads one block's head, and of its columns what it asks for; nothing
//! is unpacked as a whole.
//!
//! What a block says is believed as far as it can be: a damaged one gives no rows, and the bundle remembers
//! [that it is damaged](Bundle::damage), which ends the run.

mod cursor;
mod older;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::rc::Rc;

use super::Bundle;
use super::blocks::{self, Block, Blocks, GROUP};
pub use cursor::Cursor;
use older::Older;

/// The view of a track of variants.
#[derive(Debug, Clone, Copy)]
pub struct Variants<'b> {
    bundle: &'b Bundle,
    key: &'b str,
    form: Form<'b>,
    /// Columns of texts before those of the track's fields: that of the ids, if there are any.
    ids: usize,
}

#[derive(Debug, Clone, Copy)]
enum Form<'b> {
    Blocks(Blocks<'b>),
    Older(Older<'b>),
}

/// What a row says.
#[derive(Debug)]
pub struct Change<'c, 'b> {
    /// The replaced bases; empty for an insertion.
    pub reference: &'b [u8],
    /// What stands there instead; empty for a deletion.
    pub inserted: &'b [u8],
    track: &'c Variants<'b>,
    /// The block; `None` of an older format.
    block: Option<Rc<Block<'b>>>,
    row: usize,
}

impl<'b> Variants<'b> {
    /// The view of the track `key`. `has_ids` says whether its rows have one.
    pub fn new(bundle: &'b Bundle, key: &'b str, has_ids: bool) -> Self {
        let form = match blocks::are_in(bundle, key) {
            false => Form::Older(Older::new(bundle, key)),
            true => Form::Blocks(Blocks::new(bundle, key)),
        };
        let ids = usize::from(has_ids);
        Self { bundle, key, form, ids }
    }

    /// The rows that start at a position (0-based) of a chromosome.
    pub fn at<'c>(&'c self, chromosome: usize, start: u32, cursor: &'c mut Cursor<'b>) -> Found<'c, 'b> {
        let own = match &self.form {
            Form::Older(older) => older.at(chromosome, start, &mut cursor.row),
            Form::Blocks(blocks) => {
                let own = blocks.of(chromosome);
                match cursor.seek(blocks, &own, start) {
                    Some(()) => own,
                    None => self.damaged(),
                }
            }
        };
        Found {
            track: self,
            start,
            cursor,
            own,
        }
    }

    /// Remembers that the track is damaged; gives no rows.
    fn damaged(&self) -> Range<usize> {
        self.bundle.found_damaged(&format!("{}.blocks", self.key));
        0..0
    }
}

/// Rows that start at one position, in the order of their source.
#[derive(Debug)]
pub struct Found<'c, 'b> {
    track: &'c Variants<'b>,
    start: u32,
    cursor: &'c mut Cursor<'b>,
    /// The blocks of the chromosome; of an older format, the rows.
    own: Range<usize>,
}

impl<'c, 'b> Iterator for Found<'c, 'b> {
    type Item = Change<'c, 'b>;

    #[inline]
    fn next(&mut self) -> Option<Change<'c, 'b>> {
        match &self.track.form {
            Form::Older(older) => self.own.next().map(|row| {
                let (reference, inserted) = older.change(row);
                self.change(reference, inserted, None, row)
            }),
            Form::Blocks(_) if self.own.is_empty() => None,
            Form::Blocks(blocks) => self.next_of(blocks),
        }
    }
}

impl<'c, 'b> Found<'c, 'b> {
    fn next_of(&mut self, blocks: &Blocks<'b>) -> Option<Change<'c, 'b>> {
        let is_behind = self.cursor.row >= self.cursor.len;
        if is_behind && !self.cursor.may_go_on(self.start) {
            return None;
        }
        if is_behind && self.cursor.advance(blocks, &self.own).is_none() {
            self.own = self.track.damaged();
            return None;
        }
        let cursor = &mut *self.cursor;
        if cursor.starts[..cursor.len].get(cursor.row) != Some(&self.start) {
            return None;
        }
        let (block, row) = (cursor.open.as_ref()?, cursor.group * GROUP + cursor.row);
        cursor.row += 1;
        match block.change(row) {
            Some((reference, inserted)) => {
                let block = Rc::clone(block);
                Some(self.change(reference, inserted, Some(block), row))
            }
            None => {
                self.own = self.track.damaged();
                None
            }
        }
    }

    fn change(
        &self,
        reference: &'b [u8],
        inserted: &'b [u8],
        block: Option<Rc<Block<'b>>>,
        row: usize,
    ) -> Change<'c, 'b> {
        Change {
            reference,
            inserted,
            track: self.track,
            block,
            row,
        }
    }
}

impl Change<'_, '_> {
    /// Appends the id; `.` where there is none.
    #[inline]
    pub fn append_id(&self, out: &mut Vec<u8>) {
        match (&self.track.form, &self.block) {
            (Form::Older(older), _) => out.extend_from_slice(older.value(self.row, 0)),
            (Form::Blocks(_), Some(block)) if self.track.ids > 0 => self.append(block, 0, out),
            _ => out.push(b'.'),
        }
    }

    /// Appends the value of one of the track's fields, as its source has it; `.` where there is none.
    #[inline]
    pub fn append_value(&self, field: usize, out: &mut Vec<u8>) {
        match (&self.track.form, &self.block) {
            (Form::Older(older), _) => out.extend_from_slice(older.value(self.row, 1 + field)),
            (Form::Blocks(_), Some(block)) => self.append(block, self.track.ids + field, out),
            _ => out.push(b'.'),
        }
    }

    fn append(&self, block: &Block<'_>, column: usize, out: &mut Vec<u8>) {
        let begin = out.len();
        if block.append(column, self.row, out).is_none() {
            out.truncate(begin);
            out.push(b'.');
            self.track.damaged();
        }
    }
}
