//! Bytes that are likely to be near, found eight at once in a word.

use memchr::memchr;

/// Gives the places of bars and commas. Fields are short: looking at eight bytes at once is faster than looking for the next one.
#[inline]
pub(super) fn separators(csq: &[u8], mut each: impl FnMut(usize)) {
    let (words, rest) = csq.as_chunks();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let mut found = zeros(word ^ eight(b'|')) | zeros(word ^ eight(b','));
        while found != 0 {
            each(at + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
        at += size_of::<u64>();
    }
    for (place, _) in rest.iter().enumerate().filter(|(_, byte)| matches!(byte, b'|' | b',')) {
        each(at + place);
    }
}

/// The first place of a byte, which is likely to be among the first: what is near is found eight bytes at once.
#[inline]
pub(super) fn find(text: &[u8], byte: u8) -> Option<usize> {
    const NEAR: usize = 4;
    let (words, _) = text.as_chunks();
    for (at, word) in words.iter().take(NEAR).enumerate() {
        let found = zeros(u64::from_le_bytes(*word) ^ eight(byte));
        if found != 0 {
            return Some(at * size_of::<u64>() + found.trailing_zeros() as usize / 8);
        }
    }
    let far = words.len().min(NEAR) * size_of::<u64>();
    Some(far + memchr(byte, &text[far..])?)
}

/// A byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is 0.
#[inline]
fn zeros(word: u64) -> u64 {
    const LOW: u64 = eight(0x7f);
    !(((word & LOW) + LOW) | word | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_separator_is_found() {
        let texts = [
            &b""[..],
            b"|",
            b"A|b,c||\xff\xfc\x7c\x2c,\x7d\xac|end",
            b"||||||||,,,,,,,,|,|,|,|,no",
            b"none of the first thirty-two bytes is one|but a later one, and more",
        ];
        for text in texts {
            for byte in *b"|,n" {
                assert_eq!(find(text, byte), memchr(byte, text), "{text:?}");
            }
            let mut found = Vec::new();
            separators(text, |at| found.push(at));
            let wanted = (0..text.len()).filter(|at| b"|,".contains(&text[*at]));
            assert_eq!(found, wanted.collect::<Vec<_>>(), "{text:?}");
        }
    }
}
