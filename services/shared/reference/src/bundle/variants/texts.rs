//! One column of a block: the texts of one field, byte for byte as the source wrote them.
//!
//! Most texts are a number among letters that repeat: `6.57843e-06`, `rs1489251879`, `0.25`, `152312`. A text is taken apart
//! into its longest run of digits, which becomes a number, and the form around it, of which a block has few. Texts whose
//! forms do not repeat are kept whole, each distinct one once; `.` is such a one, too. For each column of a block that is
//! chosen which takes less room.
//!
//! ```text
//! forms (u32) · their bytes (u32) · ends of the forms · forms · form of each row · number of each row
//! ```
//!
//! A form is 0 and a whole text, or 1 and so many digits as there are before the decimal point (0 if there is none), the
//! length of what precedes the digits, that, and what follows them.

use std::collections::HashMap;

use super::numbers::{Numbers, Packer};

/// The first byte of a form that is a whole text.
const WHOLE: u8 = 0;

/// The most digits of a number: 10^17 - 1 has 57 bits.
const MOST_DIGITS: usize = 17;

/// Distinct texts, each of which is read by its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionary<'b> {
    count: usize,
    ends: Numbers<'b>,
    bytes: &'b [u8],
}

impl<'b> Dictionary<'b> {
    /// The dictionary that begins here, and what follows it.
    pub(super) fn parse(bytes: &'b [u8]) -> Option<(Self, &'b [u8])> {
        let (count, bytes) = bytes.split_first_chunk()?;
        let (length, bytes) = bytes.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (ends, bytes) = Numbers::parse(bytes, count)?;
        let (bytes, rest) = bytes.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some((Self { count, ends, bytes }, rest))
    }

    /// The text at a place.
    pub(super) fn get(&self, place: u64) -> Option<&'b [u8]> {
        let place = usize::try_from(place).ok().filter(|place| *place < self.count)?;
        let start = match place {
            0 => 0,
            _ => self.ends.get(place - 1),
        };
        self.bytes.get(start as usize..self.ends.get(place) as usize)
    }

    /// Appends a dictionary.
    pub(super) fn append<'t>(texts: impl Iterator<Item = &'t [u8]>, packer: &mut Packer, out: &mut Vec<u8>) {
        let (mut ends, mut bytes) = (Vec::new(), Vec::new());
        for text in texts {
            bytes.extend_from_slice(text);
            ends.push(bytes.len() as u64);
        }
        out.extend_from_slice(&(ends.len() as u32).to_le_bytes());
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        packer.append(&ends, out);
        out.extend_from_slice(&bytes);
    }
}

/// A column, read where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'b> {
    forms: Dictionary<'b>,
    form: Numbers<'b>,
    number: Numbers<'b>,
}

impl<'b> Texts<'b> {
    /// The column of `rows` texts that begins here.
    pub(super) fn parse(bytes: &'b [u8], rows: usize) -> Option<Self> {
        let (forms, bytes) = Dictionary::parse(bytes)?;
        let (form, bytes) = Numbers::parse(bytes, rows)?;
        let (number, _) = Numbers::parse(bytes, rows)?;
        Some(Self { forms, form, number })
    }

    /// Appends the text of a row; `None` if the column is damaged.
    pub(super) fn append(&self, row: usize, out: &mut Vec<u8>) -> Option<()> {
        match self.forms.get(self.form.get(row))?.split_first()? {
            (&WHOLE, text) => out.extend_from_slice(text),
            (point, form) => {
                let (length, form) = form.split_first()?;
                let (before, after) = form.split_at_checked(usize::from(*length))?;
                let mut digits = itoa::Buffer::new();
                let digits = digits.format(self.number.get(row)).as_bytes();
                out.extend_from_slice(before);
                match usize::from(point - 1) {
                    0 => out.extend_from_slice(digits),
                    point => {
                        let (whole, fraction) = digits.split_at_checked(point)?;
                        out.extend_from_slice(whole);
                        out.push(b'.');
                        out.extend_from_slice(fraction);
                    }
                }
                out.extend_from_slice(after);
            }
        }
        Some(())
    }
}

/// A text that was taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts<'t> {
    before: &'t [u8],
    number: u64,
    /// How many digits there are before the point; 0 if there is none.
    point: u8,
    after: &'t [u8],
}

impl<'t> Parts<'t> {
    /// Takes a text apart at its longest run of digits, without leading zeros; `None` if it has no digit.
    fn of(text: &'t [u8]) -> Option<Self> {
        let mut longest: Option<(usize, usize, usize, usize)> = None;
        let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
        let mut at = 0;
        while at < text.len() {
            if !is_digit(at) {
                at += 1;
                continue;
            }
            // Zeros before other digits, before the point or after it, belong to what precedes the number.
            if text[at] == b'0' && (is_digit(at + 1) || text.get(at + 1) == Some(&b'.') && is_digit(at + 2)) {
                at += if is_digit(at + 1) { 1 } else { 2 };
                continue;
            }
            let (start, mut digits, mut point) = (at, 0, 0);
            while digits < MOST_DIGITS {
                if is_digit(at) {
                    (at, digits) = (at + 1, digits + 1);
                } else if point == 0 && text.get(at) == Some(&b'.') && is_digit(at + 1) {
                    (at, point) = (at + 1, digits);
                } else {
                    break;
                }
            }
            if longest.is_none_or(|known| known.2 < digits) {
                longest = Some((start, at, digits, point));
            }
        }
        let (start, end, _, point) = longest?;
        let digits = text[start..end].iter().filter(|byte| **byte != b'.');
        Some(Self {
            before: &text[..start],
            number: digits.fold(0, |number, digit| 10 * number + u64::from(digit - b'0')),
            point: point as u8,
            after: &text[end..],
        })
    }

    /// Writes the form; `false` if it cannot be written.
    fn form(&self, form: &mut Vec<u8>) -> bool {
        let Ok(length) = u8::try_from(self.before.len()) else {
            return false;
        };
        form.clear();
        form.extend_from_slice(&[1 + self.point, length]);
        form.extend_from_slice(self.before);
        form.extend_from_slice(self.after);
        true
    }
}

/// Distinct texts in the making, and which of them each row has.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    places: HashMap<Box<[u8]>, u32>,
    rows: Vec<u64>,
    bytes: usize,
    /// The text added last, and its place: neighbours are often equal.
    last: (Vec<u8>, u32),
}

impl Distinct {
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.rows.clear();
        self.bytes = 0;
    }

    pub(super) fn add(&mut self, text: &[u8]) {
        if self.rows.is_empty() || self.last.0 != text {
            let next = self.places.len() as u32;
            let place = match self.places.get(text) {
                Some(place) => *place,
                None => {
                    self.places.insert(text.into(), next);
                    self.bytes += text.len();
                    next
                }
            };
            self.last.0.clear();
            self.last.0.extend_from_slice(text);
            self.last.1 = place;
        }
        self.rows.push(u64::from(self.last.1));
    }

    /// The texts, the most frequent first, and which of them each row has.
    pub(super) fn ranked(&mut self) -> (Vec<&[u8]>, &[u64]) {
        let mut texts = vec![(0_usize, &[][..], 0_usize); self.places.len()];
        for (text, place) in &self.places {
            texts[*place as usize] = (0, text, *place as usize);
        }
        self.rows.iter().for_each(|row| texts[*row as usize].0 += 1);
        texts.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
        let mut ranks = vec![0; texts.len()];
        for (rank, (_, _, place)) in texts.iter().enumerate() {
            ranks[*place] = rank as u64;
        }
        self.rows.iter_mut().for_each(|row| *row = ranks[*row as usize]);
        (texts.into_iter().map(|(_, text, _)| text).collect(), &self.rows)
    }

    /// How many bits they take, about.
    fn bits(&mut self, packer: &mut Packer) -> usize {
        let ends = usize::BITS - self.bytes.leading_zeros();
        8 * self.bytes + self.places.len() * ends as usize + packer.bits(&self.rows)
    }
}

/// Writes columns.
#[derive(Debug, Default)]
pub(super) struct TextPacker {
    pub(super) numbers: Packer,
    forms: Distinct,
    whole: Distinct,
    number: Vec<u64>,
    form: Vec<u8>,
}

impl TextPacker {
    /// Appends a column.
    pub(super) fn append(&mut self, texts: &[&[u8]], out: &mut Vec<u8>) {
        self.take_apart(texts);
        let apart = self.forms.bits(&mut self.numbers) + self.numbers.bits(&self.number);
        let is_whole = self.keep_whole(texts, apart);
        let chosen = if is_whole { &mut self.whole } else { &mut self.forms };
        let (forms, rows) = chosen.ranked();
        Dictionary::append(forms.into_iter(), &mut self.numbers, out);
        self.numbers.append(rows, out);
        if is_whole {
            self.number.fill(0);
        }
        self.numbers.append(&self.number, out);
    }

    fn take_apart(&mut self, texts: &[&[u8]]) {
        self.forms.clear();
        self.number.clear();
        for text in texts {
            let parts = Parts::of(text);
            let number = match parts.filter(|parts| parts.form(&mut self.form)) {
                Some(parts) => parts.number,
                None => {
                    self.form.clear();
                    self.form.push(WHOLE);
                    self.form.extend_from_slice(text);
                    // Any number will do; its neighbour's takes least room.
                    self.number.last().copied().unwrap_or_default()
                }
            };
            self.forms.add(&self.form);
            self.number.push(number);
        }
    }

    /// Collects the whole texts; `false` once they take more than `most` bits.
    fn keep_whole(&mut self, texts: &[&[u8]], most: usize) -> bool {
        self.whole.clear();
        for text in texts {
            self.form.clear();
            self.form.push(WHOLE);
            self.form.extend_from_slice(text);
            self.whole.add(&self.form);
            if 8 * self.whole.bytes > most {
                return false;
            }
        }
        self.whole.bits(&mut self.numbers) < most
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::numbers::SPARE_BYTES;
    use super::*;

    fn packed(texts: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        TextPacker::default().append(texts, &mut out);
        out.extend_from_slice(&[0; SPARE_BYTES]);
        out
    }

    fn apart(text: &str) -> Option<(&str, u64, u8, &str)> {
        let text_of = |bytes| std::str::from_utf8(bytes).unwrap();
        let parts = Parts::of(text.as_bytes())?;
        Some((text_of(parts.before), parts.number, parts.point, text_of(parts.after)))
    }

    #[test]
    fn a_text_is_taken_apart_at_its_longest_number() {
        for (text, expected) in [
            ("6.57843e-06", ("", 657_843, 1, "e-06")),
            ("0.00123", ("0.00", 123, 0, "")),
            ("0.00000e+00", ("0.0000", 0, 0, "e+00")),
            ("-12.50", ("-", 1250, 2, "")),
            ("0", ("", 0, 0, "")),
            ("1.", ("", 1, 0, ".")),
            ("00", ("0", 0, 0, "")),
            ("rs1489251879", ("rs", 1_489_251_879, 0, "")),
            ("NC_000001.11:g.930139C>T", ("NC_000001.11:g.", 930_139, 0, "C>T")),
            ("1234567890123456.75", ("", 12_345_678_901_234_567, 16, "5")),
            ("12345678901234567.5", ("", 12_345_678_901_234_567, 0, ".5")),
        ] {
            assert_eq!(apart(text), Some(expected), "{text}");
        }
        assert_eq!(apart("Benign/Likely_benign"), None);
    }

    #[test]
    fn numbers_in_few_forms_take_the_room_of_numbers() {
        let texts: Vec<String> = (0..4096)
            .map(|row| format!("{:.5e}", f64::from(row * 7 + 1) / 152_312.0))
            .collect();
        let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        // Six digits are twenty bits, and there are five exponents.
        assert!(packed(&texts).len() < 4096 * 23 / 8 + 200, "{}", packed(&texts).len());
        let words = [&b"Benign"[..], b"Pathogenic", b"."];
        let texts: Vec<&[u8]> = (0..4096).map(|row| words[row % 3]).collect();
        assert!(packed(&texts).len() < 4096 * 2 / 8 + 100, "{}", packed(&texts).len());
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        let text = prop_oneof![
            4 => "[0-9]\\.[0-9]{1,6}e-0[0-9]",
            4 => "0\\.[0-9]{1,9}",
            2 => "-?[0-9]{1,20}(\\.[0-9]{1,20})?",
            2 => Just(".".to_owned()),
            2 => "rs[0-9]{1,10}",
            1 => "[ -~]{0,12}",
            1 => "[0.]{0,6}",
            1 => "x{300}[0-9]",
        ];
        prop::collection::vec(text, 0..200)
    }

    proptest! {
        #[test]
        fn texts_come_back_byte_for_byte(texts in texts()) {
            let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
            let bytes = packed(&texts);
            let column = Texts::parse(&bytes, texts.len()).unwrap();
            for (row, text) in texts.iter().enumerate() {
                let mut found = Vec::new();
                column.append(row, &mut found).unwrap();
                prop_assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(text));
            }
        }

        #[test]
        fn damaged_columns_are_refused_or_read_as_something(
            texts in texts(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
        ) {
            let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
            let mut bytes = packed(&texts);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(cut.index(bytes.len() + 1));
            if let Some(column) = Texts::parse(&bytes, texts.len()) {
                for row in 0..texts.len() + 2 {
                    let _ = column.append(row, &mut Vec::new());
                }
            }
        }
    }
}
