//! Text as INFO may hold it: VCF 4.3, 1.2, writes characters with a meaning of their own as `%` and two digits.
//!
//! Before 4.3 such codes mean nothing. They are written all the same, and the header of such a file says what they stand for:
//! Ensembl VEP has them in every version, no other encoding is known to any reader, and what has a meaning cannot stay. Values
//! of the input's own keys are never touched, whatever its version.

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

use memchr::memchr;

/// Appends a value. Encoded are what ends a value, a list or a line (`;`, `,`, `=`, tab, CR, LF), the space that
/// versions before 4.3 forbid, `|`, which separates the fields of CSQ, and `%` itself. A colon means nothing in INFO
/// and stays.
pub fn append(out: &mut Vec<u8>, value: impl Display) {
    // Writing to a vector cannot fail.
    let _ = write!(Encoded(out), "{value}");
}

/// As [`append`], of bytes.
#[inline]
pub fn append_bytes(out: &mut Vec<u8>, value: &[u8]) {
    if !value.iter().any(|byte| MEANS.0[usize::from(*byte)]) {
        out.extend_from_slice(value);
        return;
    }
    for byte in value {
        match MEANS.0[usize::from(*byte)] {
            true => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
            }
            false => out.push(*byte),
        }
    }
}

/// The value that was encoded. Codes that are never written here are text.
#[must_use]
pub fn decoded(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'%', value).is_none() {
        return Cow::Borrowed(value);
    }
    let (mut text, mut rest) = (Vec::with_capacity(value.len()), value);
    while let [byte, after @ ..] = rest {
        let coded = if *byte == b'%' {
            after.get(..2).and_then(code)
        } else {
            None
        };
        text.push(coded.unwrap_or(*byte));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    Cow::Owned(text)
}

fn code(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    let byte = u8::from_str_radix(text, 16).ok()?;
    MEANS.0[usize::from(byte)].then_some(byte)
}

/// Appends a number in decimal digits.
#[inline]
pub fn number(out: &mut Vec<u8>, number: usize) {
    let digit = |unit: usize| b'0' + (number / unit % 10) as u8;
    // Most are positions in a gene; pieces of a known length are stored without a call.
    match number {
        0..10 => out.push(digit(1)),
        10..100 => out.extend_from_slice(&[digit(10), digit(1)]),
        100..1000 => out.extend_from_slice(&[digit(100), digit(10), digit(1)]),
        1000..10_000 => out.extend_from_slice(&[digit(1000), digit(100), digit(10), digit(1)]),
        _ => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
    }
}

/// Which bytes have a meaning in INFO.
struct Means([bool; 256]);

static MEANS: Means = {
    let mut means = [false; 256];
    let bytes = b";,=%| \t\r\n\"";
    let mut at = 0;
    while at < bytes.len() {
        means[bytes[at] as usize] = true;
        at += 1;
    }
    Means(means)
};

struct Encoded<'a>(&'a mut Vec<u8>);

impl Write for Encoded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        append_bytes(self.0, text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_info_is_encoded() {
        let mut out = Vec::new();
        append(&mut out, "MM / HCM; 50 %, YP_1:p.Leu4=");
        assert_eq!(out, b"MM%20/%20HCM%3B%2050%20%25%2C%20YP_1:p.Leu4%3D");
    }

    #[test]
    fn codes_of_ours_are_decoded_and_others_are_text() {
        for (value, text) in [
            ("p.Leu4%3D", "p.Leu4="),
            ("50%20%25", "50 %"),
            ("100%", "100%"),
            ("%41%3", "%41%3"),
            ("", ""),
        ] {
            assert_eq!(*decoded(value.as_bytes()), *text.as_bytes());
        }
    }
}
