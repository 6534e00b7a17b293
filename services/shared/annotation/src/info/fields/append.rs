//! The values of our keys, put after what INFO has already.

use vcf::Record;

use super::super::undeclared::{Undeclared, append_without};
use super::super::{Key, Schema};
use super::Fields;

impl Fields {
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
    pub(in crate::info) fn append_value(&self, schema: &Schema, key: Key, out: &mut Vec<u8>) {
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
