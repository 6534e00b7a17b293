//! Takes a text apart into a number and the form around it.

/// The most digits of a number: 10^17 - 1 has 57 bits.
const MOST_DIGITS: usize = 17;

/// A text that was taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'t> {
    before: &'t [u8],
    pub(super) number: u64,
    /// How many digits there are before the point; 0 if there is none.
    point: u8,
    after: &'t [u8],
}

impl<'t> Parts<'t> {
    /// Takes a text apart at its longest run of digits, without leading zeros; `None` if it has no digit.
    pub(super) fn of(text: &'t [u8]) -> Option<Self> {
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
    pub(super) fn form(&self, form: &mut Vec<u8>) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
