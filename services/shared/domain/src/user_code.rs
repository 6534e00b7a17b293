//! The code that a program shows and its person types in a browser: which login is meant.

use std::fmt;

use uuid::Uuid;

use crate::InvalidField;

/// Eight letters, of which none is a vowel or looks like another one, so that no word comes about and none is mistyped: 34 bits, as
/// RFC 8628, 6.1, has it. Whoever guesses has ten minutes and a few tries in each. It is shown as `WDJB-MJHT`, and never logged:
/// there is no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode(String);

const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

impl UserCode {
    /// A new code from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        let mut code = String::with_capacity(LENGTH);
        while code.len() < LENGTH {
            let bytes = *Uuid::new_v4().as_bytes();
            // Two bytes of a UUID say of which kind it is. The others are as likely to be each letter if the last ones are left out.
            let random = (0..16).filter(|at| !matches!(at, 6 | 8)).map(|at| bytes[at]);
            let letters = random
                .filter(|byte| *byte < 240)
                .map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            code.extend(letters.take(LENGTH - code.len()));
        }
        Self(code)
    }

    /// Reads what somebody has typed: in any case, with or without the hyphen.
    ///
    /// # Errors
    /// If it is no code.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let typed = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
        let code: String = typed
            .take(LENGTH + 1)
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        match code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter)) {
            true => Ok(Self(code)),
            false => Err(InvalidField("A code has eight letters, such as WDJB-MJHT.")),
        }
    }

    /// The letters alone, of which stores keep a hash.
    #[must_use]
    pub fn letters(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.0.split_at(LENGTH / 2);
        write!(formatter, "{first}-{last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        for _ in 0..100 {
            let code = UserCode::random();
            let shown = code.to_string();
            assert_eq!((shown.len(), shown.as_bytes()[4]), (9, b'-'));
            for typed in [
                shown.clone(),
                shown.to_lowercase(),
                shown.replace('-', ""),
                format!(" {} ", shown.replace('-', " ")),
            ] {
                assert!(UserCode::parse(&typed).unwrap() == code, "{typed}");
            }
        }
        assert!(UserCode::random() != UserCode::random());
        for wrong in ["", "WDJB", "WDJB-MJHA", "WDJB-MJHTT", "WDJB-MJH1", "ÄÖÜB-MJHT"] {
            assert!(UserCode::parse(wrong).is_err(), "{wrong}");
        }
    }
}
