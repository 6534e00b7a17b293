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

/// The keys of tokens: the first makes them, all are good, so that one can follow another without a form refused.
#[derive(Clone)]
pub struct CsrfKeys(Vec<Hmac<Sha256>>);

impl CsrfKeys {
    /// The configured keys, or a random one that other replicas do not know.
    pub fn new(secrets: &[Secret]) -> Result<Self> {
        if secrets.is_empty() {
            tracing::warn!(
                "GAS_WEB_SECRET is not set: forms made by another replica, or before a restart, are refused"
            );
            return Ok(Self(vec![key(Token::random().reveal().as_bytes())?]));
        }
        let keys = secrets.iter().map(|secret| key(secret.bytes()));
        keys.collect::<Result<_>>().map(Self)
    }

    /// The token for the browser that carries `cookie`.
    #[must_use]
    pub fn token(&self, cookie: &Token) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(mac(&self.0[0], cookie).finalize().into_bytes())
    }

    /// Whether `token` is the one for the browser that carries `cookie`, compared in constant time.
    #[must_use]
    pub fn verify(&self, cookie: &Token, token: &str) -> bool {
        let Ok(token) = BASE64_URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let mut keys = self.0.iter();
        keys.any(|key| mac(key, cookie).verify_slice(&token).is_ok())
    }
}

fn key(bytes: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(bytes).map_err(|_| anyhow!("the web secret is no usable key"))
}

fn mac(key: &Hmac<Sha256>, cookie: &Token) -> Hmac<Sha256> {
    key.clone().chain_update(b"csrf").chain_update(cookie.reveal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_serves_one_browser_only() {
        let key = CsrfKeys::new(&[]).unwrap();
        let (ours, theirs) = (Token::random(), Token::random());
        assert!(key.verify(&ours, &key.token(&ours)));
        assert!(!key.verify(&theirs, &key.token(&ours)));
        assert!(!key.verify(&ours, ""));
    }

    #[test]
    fn a_form_outlives_the_rotation_of_the_key() {
        let keys = |secrets: &[&str]| {
            let secrets: Vec<Secret> = secrets.iter().map(|text| text.repeat(32).parse().unwrap()).collect();
            CsrfKeys::new(&secrets).unwrap()
        };
        let browser = Token::random();
        let (before, during, after) = (keys(&["a"]), keys(&["b", "a"]), keys(&["b"]));
        assert!(during.verify(&browser, &before.token(&browser)));
        assert!(after.verify(&browser, &during.token(&browser)));
        assert!(!after.verify(&browser, &before.token(&browser)));
    }
}
