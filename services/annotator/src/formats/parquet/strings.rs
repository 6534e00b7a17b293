//! A column of texts, of which some may be missing.
//!
//! Nearly all texts are UTF-8, so that is looked at once for all of a column; only where it is not so each is looked at by itself.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::{Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};

/// The texts so far.
pub(super) struct Strings {
    bytes: Vec<u8>,
    /// Where each ends.
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl Default for Strings {
    fn default() -> Self {
        Self::with_room(0, 0)
    }
}

impl Strings {
    fn with_room(bytes: usize, count: usize) -> Self {
        let mut offsets = Vec::with_capacity(count + 1);
        offsets.push(0);
        Self {
            bytes: Vec::with_capacity(bytes),
            offsets,
            nulls: NullBufferBuilder::new(count),
        }
    }

    #[inline]
    pub(super) fn append(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.nulls.append_non_null();
        self.end();
    }

    #[inline]
    pub(super) fn append_null(&mut self) {
        self.nulls.append_null();
        self.end();
    }

    #[inline]
    pub(super) fn append_option(&mut self, text: Option<&[u8]>) {
        match text {
            Some(text) => self.append(text),
            None => self.append_null(),
        }
    }

    #[inline]
    fn end(&mut self) {
        self.offsets.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
    }

    /// The column; what follows begins anew. A text that is no UTF-8 ends where that begins.
    pub(super) fn finish(&mut self) -> ArrayRef {
        let room = Self::with_room(self.bytes.len(), self.nulls.len());
        let Self {
            bytes,
            offsets,
            mut nulls,
        } = std::mem::replace(self, room);
        let (bytes, nulls) = (Buffer::from(bytes), nulls.finish());
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        let whole = StringArray::try_new(offsets.clone(), bytes.clone(), nulls.clone());
        Arc::new(whole.unwrap_or_else(|_| {
            let texts = offsets.windows(2).enumerate().map(|(at, ends)| {
                let is_there = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(at));
                is_there.then(|| text(&bytes[ends[0] as usize..ends[1] as usize]))
            });
            texts.collect()
        }))
    }
}

/// Text of bytes, up to what is no UTF-8.
pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_else(|error| {
        let whole = &bytes[..error.valid_up_to()];
        std::str::from_utf8(whole).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::*;

    #[test]
    fn a_text_ends_where_it_is_no_utf_8_and_others_are_whole() {
        let mut strings = Strings::default();
        for _ in 0..2 {
            // The two halves of a letter are no text, though they are one where they touch.
            for text in [Some(&b"caf\xc3"[..]), Some(b"\xa9"), None, Some(b""), Some(b"T>A")] {
                strings.append_option(text);
            }
            let column = strings.finish();
            let column: &StringArray = column.as_any().downcast_ref().unwrap();
            let texts: Vec<Option<&str>> = column.iter().collect();
            assert_eq!(texts, [Some("caf"), Some(""), None, Some(""), Some("T>A")]);
        }
    }
}
