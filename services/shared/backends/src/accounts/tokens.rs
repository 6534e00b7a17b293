//! Secrets that a person carries: a session cookie, a confirmation link. Only their hashes are stored.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// 244 random bits. No `Debug` or `Display`, so that a token cannot slip into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        let bytes = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A token that a browser sent; anything that cannot be one is `None`.
    #[must_use]
    pub fn from_untrusted(text: &str) -> Option<Self> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (text.len() == 43 && text.chars().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// The token as the person carries it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database keeps. A fast hash is enough: the token itself has full entropy.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_read_back() {
        let token = Token::random();
        assert!(token != Token::random());
        assert!(Token::from_untrusted(token.reveal()).unwrap() == token);
        for bad in ["", "short", &format!("{}=", &token.reveal()[1..]), &"é".repeat(22)] {
            assert!(Token::from_untrusted(bad).is_none());
        }
    }
}
