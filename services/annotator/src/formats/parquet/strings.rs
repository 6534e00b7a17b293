//! Columns of texts, of which some may be missing, as a thread makes them of its rows.
//!
//! Most texts repeat those of the rows before: of these each is kept once, and a row has its number. Whether a text is UTF-8 is
//! looked at where it comes first.

use std::ops::Range;
use std::sync::Arc;

use super::lists::Lists;
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

/// Texts that are being collected.
pub(super) struct Strings {
    values: Values,
    /// What came last at each place of a row.
    last: Vec<Last>,
}

/// A text of the pool, and where it has that.
#[derive(Clone)]
struct Last {
    number: u32,
    bytes: Range<usize>,
}

impl Last {
    const NOTHING: Self = Self {
        number: NONE,
        bytes: 0..0,
    };
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
        if self.repeat_at(place, value) {
            return;
        }
        let value = text(value).as_bytes();
        match &mut self.values {
            Values::Numbers(numbers, pool) => {
                let number = pool.number(value);
                numbers.push(number);
                if place >= self.last.len() {
                    self.last.resize(place + 1, Last::NOTHING);
                }
                self.last[place] = Last {
                    number,
                    bytes: pool.place(number),
                };
            }
            Values::Plain(lengths, bytes) => {
                lengths.push(u32::try_from(value.len()).unwrap_or(NONE - 1));
                bytes.extend_from_slice(value);
            }
        }
    }

    /// Appends a text if it is the last one at this place of a row, and says whether it is.
    #[inline]
    pub(super) fn repeat_at(&mut self, place: usize, value: &[u8]) -> bool {
        let Values::Numbers(numbers, pool) = &mut self.values else {
            return false;
        };
        let last = self.last.get(place).filter(|last| last.number != NONE);
        let last = last.filter(|last| are_same(pool.at(&last.bytes), value));
        numbers.extend(last.map(|last| last.number));
        last.is_some()
    }

    /// Appends missing values until there are so many values.
    #[inline]
    pub(super) fn miss_until(&mut self, count: usize) {
        let (Values::Numbers(numbers, _) | Values::Plain(numbers, _)) = &mut self.values;
        if numbers.len() < count {
            numbers.resize(count, NONE);
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
        let lists = self.lists.as_ref().map_or(0, |lists| lists.bytes());
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

/// Whether two texts are the same; most are short.
#[inline]
fn are_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (Some(end), Some(other_end)) = (one.last_chunk::<8>(), other.last_chunk()) else {
        return one.iter().eq(other);
    };
    let (words, other_words) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
    end == other_end && words.iter().eq(other_words)
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
    fn rows_have_the_values_of_their_lists() {
        let mut lists = Lists::default();
        for count in [2, 0, 1] {
            lists.push(count);
        }
        let values = Texts {
            values: None,
            lists: Some(Arc::new(lists)),
        };
        assert_eq!((values.rows(), values.values_of(&(1..3))), (3, 2..3));
    }
}
