//! Values of INFO without the codes that stand for what INFO cannot hold.

use std::borrow::Cow;

/// The characters that `vcf::encode` writes as codes.
const CODED: &[u8] = b";,=%| \t\r\n\"";

/// The value that was encoded. Codes that our encoding never writes are text.
pub(super) fn decoded(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'%', value).is_none() {
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
    CODED.contains(&byte).then_some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

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
