//! Columns of texts, of which some may be missing, as a thread makes them of its rows.
//!
//! Most texts repeat those of the rows before: of these each is kept once, and a row has its number. Whether a text is UTF-8 is
//! looked at where it comes first.

use std::ops::Range;
use std::sync::Arc;

use super::pool::Pool;

/// The number of no text.
pub(super) const NONE: u32 = u32::MAX;

/// A column, or the values of one that has lists.
pub(super) struct Texts {
    /// `None` where every value of the lists is missing.
    pub(super) values: Option<Values>,
    /// Which values each row has; nothing where each has one.
    pub(super) lists: Option<Arc<Lists>>,
}

/// Texts in order.
pub(super) enum Values {
    /// Texts that repeat: the number of each, or [`NONE`].
    Numbers(Vec<u32>, Pool),
    /// Texts that hardly do: the length of each, or [`NONE`], and all of them in one.
    Plain(Vec<u32>, Vec<u8>),
}

/// Which values each row has.
pub(super) struct Lists {
    /// Where those of a row begin, and where those of the last end.
    ends: Vec<u32>,
    /// Rows without a list, if there are some.
    missing: Vec<bool>,
}

/// Texts that are being collected.
pub(super) struct Strings {
    values: Values,
    /// The numbers that came last at each place of a row.
    last: Vec<u32>,
}

impl Default for Strings {
    /// For texts that repeat.
    fn default() -> Self {
        Self {
            values: Values::Numbers(Vec::new(), Pool::default()),
            last: Vec::new(),
        }
    }
}

impl Strings {
    /// For texts that hardly repeat.
    pub(super) fn plain() -> Self {
        Self {
            values: Values::Plain(Vec::new(), Vec::new()),
            last: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn append(&mut self, text: &[u8]) {
        self.append_at(0, text);
    }

    /// Appends a text which is likely to be the last one at this place of a row.
    #[inline]
    pub(super) fn append_at(&mut self, place: usize, value: &[u8]) {
        match &mut self.values {
            Values::Numbers(numbers, pool) => {
                if let Some(last) = self.last.get(place)
                    && *last < pool.len()
                    && pool.get(*last) == value
                {
                    return numbers.push(*last);
                }
                let number = pool.number(text(value).as_bytes());
                numbers.push(number);
                if place >= self.last.len() {
                    self.last.resize(place + 1, NONE);
                }
                self.last[place] = number;
            }
            Values::Plain(lengths, bytes) => {
                let value = text(value).as_bytes();
                lengths.push(u32::try_from(value.len()).unwrap_or(NONE - 1));
                bytes.extend_from_slice(value);
            }
        }
    }

    #[inline]
    pub(super) fn append_null(&mut self) {
        match &mut self.values {
            Values::Numbers(numbers, _) => numbers.push(NONE),
            Values::Plain(lengths, _) => lengths.push(NONE),
        }
    }

    #[inline]
    pub(super) fn append_option(&mut self, text: Option<&[u8]>) {
        match text {
            Some(text) => self.append(text),
            None => self.append_null(),
        }
    }

    /// The texts so far; what follows begins anew.
    pub(super) fn finish(&mut self) -> Values {
        self.last.clear();
        let room = match &self.values {
            Values::Numbers(numbers, _) => Values::Numbers(Vec::with_capacity(numbers.len()), Pool::default()),
            Values::Plain(lengths, bytes) => {
                Values::Plain(Vec::with_capacity(lengths.len()), Vec::with_capacity(bytes.len()))
            }
        };
        std::mem::replace(&mut self.values, room)
    }

    /// The same, of a column that has no lists.
    pub(super) fn finish_column(&mut self) -> Texts {
        Texts {
            values: Some(self.finish()),
            lists: None,
        }
    }
}

impl Texts {
    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        let values = || self.values.as_ref().map_or(0, Values::len);
        self.lists.as_ref().map_or_else(values, |lists| lists.rows())
    }

    /// The values of some rows.
    pub(super) fn values_of(&self, rows: &Range<usize>) -> Range<usize> {
        self.lists
            .as_ref()
            .map_or(rows.clone(), |lists| lists.end_of(rows.start)..lists.end_of(rows.end))
    }

    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let lists = self.lists.as_ref().map_or(0, |lists| size_of_val(&lists.ends[..]));
        let values = match &self.values {
            Some(Values::Numbers(numbers, pool)) => size_of_val(&numbers[..]) + pool.bytes(),
            Some(Values::Plain(lengths, bytes)) => size_of_val(&lengths[..]) + bytes.len(),
            None => 0,
        };
        lists + values
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers, _) => numbers.len(),
            Self::Plain(lengths, _) => lengths.len(),
        }
    }
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            ends: vec![0],
            missing: Vec::new(),
        }
    }
}

impl Lists {
    /// Appends a row with so many values.
    #[inline]
    pub(super) fn push(&mut self, count: usize) {
        let last = self.ends.last().copied().unwrap_or_default();
        self.ends.push(last + u32::try_from(count).unwrap_or_default());
        if !self.missing.is_empty() {
            self.missing.push(false);
        }
    }

    /// Appends a row that has no list.
    pub(super) fn push_missing(&mut self) {
        self.missing.resize(self.rows(), false);
        self.missing.push(true);
        self.ends.push(self.ends.last().copied().unwrap_or_default());
    }

    fn rows(&self) -> usize {
        self.ends.len() - 1
    }

    fn end_of(&self, row: usize) -> usize {
        self.ends[row] as usize
    }

    /// How many values each of some rows has; nothing for a row that has no list.
    pub(super) fn counts(&self, rows: &Range<usize>) -> impl Iterator<Item = Option<usize>> {
        rows.clone().map(|row| {
            let is_missing = self.missing.get(row).is_some_and(|missing| *missing);
            (!is_missing).then(|| self.end_of(row + 1) - self.end_of(row))
        })
    }
}

/// Text of bytes, up to what is no UTF-8.
#[inline]
pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_else(|error| {
        let whole = &bytes[..error.valid_up_to()];
        std::str::from_utf8(whole).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &Values) -> Vec<Option<String>> {
        let own = |text: &[u8]| String::from_utf8(text.to_vec()).unwrap();
        match values {
            Values::Numbers(numbers, pool) => numbers
                .iter()
                .map(|number| (*number != NONE).then(|| own(pool.get(*number))))
                .collect(),
            Values::Plain(lengths, bytes) => {
                let mut at = 0;
                let mut texts = Vec::new();
                for length in lengths.iter().map(|length| *length as usize) {
                    let is_there = length != NONE as usize;
                    texts.push(is_there.then(|| own(&bytes[at..at + length])));
                    at += if is_there { length } else { 0 };
                }
                texts
            }
        }
    }

    #[test]
    fn a_text_ends_where_it_is_no_utf_8_and_others_are_whole() {
        for mut strings in [Strings::default(), Strings::plain()] {
            for _ in 0..2 {
                // The two halves of a letter are no text, though they are one where they touch.
                for text in [Some(&b"caf\xc3"[..]), Some(b"\xa9"), None, Some(b""), Some(b"T>A")] {
                    strings.append_option(text);
                }
                let wanted = [Some("caf"), Some(""), None, Some(""), Some("T>A")];
                assert_eq!(texts(&strings.finish()), wanted.map(|text| text.map(str::to_owned)));
            }
        }
    }

    #[test]
    fn a_row_has_a_list_of_its_values_or_none() {
        let mut lists = Lists::default();
        lists.push(2);
        lists.push_missing();
        lists.push(0);
        lists.push(1);
        assert_eq!(
            lists.counts(&(0..4)).collect::<Vec<_>>(),
            [Some(2), None, Some(0), Some(1)]
        );
        let values = Texts {
            values: None,
            lists: Some(Arc::new(lists)),
        };
        assert_eq!((values.rows(), values.values_of(&(1..4))), (4, 2..3));
    }
}
