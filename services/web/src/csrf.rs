//! CSRF tokens: every form proves that one of our pages made it for this very browser.
//!
//! The token is an HMAC of the browser's session cookie (or of the visitor cookie before sign-in), so nothing is
//! stored and every replica with the same key agrees. See OWASP's cheat sheet on cross-site request forgery
//! prevention, "signed double-submit cookie": <https://cheatsheetseries.owasp.org/>.

use anyhow::{Result, anyhow};
use backends::accounts::Token;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::settings::Secret;

/// The key that tokens are made with.
#[derive(Clone)]
pub struct CsrfKey(Hmac<Sha256>);

impl CsrfKey {
    /// The configured key, or a random one that other replicas do not know.
    pub fn new(secret: Option<&Secret>) -> Result<Self> {
        let random = Token::random();
        let key = secret.map_or(random.reveal().as_bytes(), Secret::bytes);
        if secret.is_none() {
            tracing::warn!(
                "GAS_WEB_SECRET is not set: forms made by another replica, or before a restart, are refused"
            );
        }
        Hmac::new_from_slice(key)
            .map(Self)
            .map_err(|_| anyhow!("the web secret is no usable key"))
    }

    /// The token for the browser that carries `cookie`.
    #[must_use]
    pub fn token(&self, cookie: &Token) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.mac(cookie).finalize().into_bytes())
    }

    /// Whether `token` is the one for the browser that carries `cookie`, compared in constant time.
    #[must_use]
    pub fn verify(&self, cookie: &Token, token: &str) -> bool {
        let Ok(token) = BASE64_URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        self.mac(cookie).verify_slice(&token).is_ok()
    }

    fn mac(&self, cookie: &Token) -> Hmac<Sha256> {
        self.0.clone().chain_update(b"csrf").chain_update(cookie.reveal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_serves_one_browser_only() {
        let key = CsrfKey::new(None).unwrap();
        let (ours, theirs) = (Token::random(), Token::random());
        assert!(key.verify(&ours, &key.token(&ours)));
        assert!(!key.verify(&theirs, &key.token(&ours)));
        assert!(!key.verify(&ours, ""));
    }
}
