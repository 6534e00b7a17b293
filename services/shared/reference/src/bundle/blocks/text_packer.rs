//! Writes columns of texts.

use std::collections::HashMap;

use super::number_packer::Packer;
use super::parts::Parts;
use super::texts::{Dictionary, WHOLE};

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
    fn bits(&self) -> usize {
        let bits = |most: usize| (usize::BITS - most.leading_zeros()) as usize;
        let places = self.places.len();
        8 * self.bytes + places * bits(self.bytes) + self.rows.len() * bits(places.saturating_sub(1))
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
        let window = self.numbers.window(&self.number);
        let apart = self.forms.bits() + window.bits(self.number.len());
        let is_whole = self.keep_whole(texts, apart);
        let chosen = if is_whole { &mut self.whole } else { &mut self.forms };
        let (forms, rows) = chosen.ranked();
        Dictionary::append(forms.into_iter(), &mut self.numbers, out);
        self.numbers.append(rows, out);
        match is_whole {
            false => Packer::append_with(window, &self.number, out),
            true => {
                self.number.fill(0);
                self.numbers.append(&self.number, out);
            }
        }
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
        self.whole.bits() < most
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::numbers::SPARE_BYTES;
    use super::super::texts::Texts;
    use super::*;

    fn packed(texts: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        TextPacker::default().append(texts, &mut out);
        out.extend_from_slice(&[0; SPARE_BYTES]);
        out
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
