//! Text of the input, made safe to show in a message, a page or a mail; and numbers as messages have them.

use std::fmt;

/// The most characters of the input that a message repeats.
const SHOWN: usize = 40;

/// Bytes of the input, kept short; control characters and bytes that are not ASCII are shown escaped.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown(Box<[u8]>, bool);

impl Shown {
    /// Keeps what a message needs.
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes[..bytes.len().min(SHOWN)].into(), bytes.len() > SHOWN)
    }

    /// The bytes that were kept.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in &self.0 {
            match byte {
                b' '..=b'~' => write!(f, "{}", char::from(*byte))?,
                other => write!(f, "{}", other.escape_ascii())?,
            }
        }
        f.write_str(if self.1 { "…" } else { "" })
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// `12345` as `12,345`.
pub fn counted(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in bytes, in the largest unit that it is a whole number of.
pub fn size(bytes: u64) -> String {
    let units = [(30, "GB"), (20, "MB"), (10, "KB")];
    let whole = units.into_iter().find(|(bits, _)| bytes >> bits << bits == bytes);
    whole.map_or_else(
        || format!("{} bytes", counted(bytes)),
        |(bits, unit)| format!("{} {unit}", counted(bytes >> bits)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_binary_text_is_cut_and_escaped() {
        assert_eq!(Shown::new(b"chr1").to_string(), "chr1");
        assert_eq!(Shown::new(b"a\tb\x00\xff").to_string(), r"a\tb\x00\xff");
        assert_eq!(Shown::new(&[b'A'; 5000]).to_string(), "A".repeat(40) + "…");
    }
}
