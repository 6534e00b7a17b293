//! Whether a webhook comes from Stripe: its `Stripe-Signature` is an HMAC of time and body with a secret that we share
//! (<https://docs.stripe.com/webhooks/signature#verify-manually>).

use anyhow::{Result, anyhow};
use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::settings::WebhookSecret;

/// How far Stripe's clock and ours may differ, in seconds; what is older may be a recording, played again.
const TOLERANCE: i64 = 300;

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// The header has no time, or no signature of a scheme that we know.
    #[error("the Stripe-Signature header is missing or malformed")]
    Malformed,
    /// Signed too long ago, or in the future.
    #[error("the signature is not of the last five minutes")]
    OutOfTime,
    /// No secret of ours makes such a signature.
    #[error("the signature does not match")]
    Mismatch,
}

/// The secrets in use; during a rotation there are two.
#[derive(Clone)]
pub struct Verifier(Vec<Hmac<Sha256>>);

impl Verifier {
    /// Takes every secret.
    pub fn new(secrets: &[WebhookSecret]) -> Result<Self> {
        let key = |secret: &WebhookSecret| {
            Hmac::new_from_slice(secret.bytes()).map_err(|_| anyhow!("a webhook secret is no usable key"))
        };
        secrets.iter().map(key).collect::<Result<_>>().map(Self)
    }

    /// Whether `header` signs `body`. Signatures are compared in constant time.
    pub fn verify(&self, header: &str, body: &[u8], now: Timestamp) -> Result<(), Forged> {
        let (time, signatures) = parse(header).ok_or(Forged::Malformed)?;
        let made: i64 = time.parse().map_err(|_| Forged::Malformed)?;
        if now.epoch_seconds().abs_diff(made) > TOLERANCE.unsigned_abs() {
            return Err(Forged::OutOfTime);
        }
        let matches = |key: &Hmac<Sha256>, signature: &[u8]| {
            let mac = key.clone().chain_update(time).chain_update(b".").chain_update(body);
            mac.verify_slice(signature).is_ok()
        };
        let is_ours = |signature: &Vec<u8>| self.0.iter().any(|key| matches(key, signature));
        match signatures.iter().any(is_ours) {
            true => Ok(()),
            false => Err(Forged::Mismatch),
        }
    }
}

/// The time as it was signed, and every signature of scheme `v1`; other schemes are to be ignored.
fn parse(header: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let (_, time) = pairs().find(|(name, _)| *name == "t")?;
    let signatures: Vec<_> = pairs()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, signature)| bytes(signature))
        .collect();
    (!signatures.is_empty()).then_some((time, signatures))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const MADE: i64 = 1_795_444_327;
    /// `printf '1795444327.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_of_the_test_one`
    const SIGNED: &str = "fec0b401e0c01a9d18f3365f2f3b5ecd265815741488c88158075760047f7217";

    fn verifier(secrets: &[&str]) -> Verifier {
        let secrets: Vec<WebhookSecret> = secrets.iter().map(|secret| secret.parse().unwrap()).collect();
        Verifier::new(&secrets).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_epoch_seconds(seconds)
    }

    #[test]
    fn what_stripe_has_signed_is_taken_for_five_minutes() {
        let (one, header) = (verifier(&["whsec_of_the_test_one"]), format!("t={MADE},v1={SIGNED}"));
        for now in [MADE - 300, MADE, MADE + 300] {
            assert_eq!(one.verify(&header, BODY, at(now)), Ok(()));
        }
        for now in [MADE - 301, MADE + 301] {
            assert_eq!(one.verify(&header, BODY, at(now)), Err(Forged::OutOfTime));
        }
    }

    #[test]
    fn another_body_time_or_secret_does_not_match() {
        let (one, two) = (
            verifier(&["whsec_of_the_test_one"]),
            verifier(&["whsec_of_the_test_two"]),
        );
        let header = format!("t={MADE},v1={SIGNED}");
        let later = format!("t={},v1={SIGNED}", MADE + 1);
        assert_eq!(one.verify(&header, b"{}", at(MADE)), Err(Forged::Mismatch));
        assert_eq!(one.verify(&later, BODY, at(MADE)), Err(Forged::Mismatch));
        assert_eq!(two.verify(&header, BODY, at(MADE)), Err(Forged::Mismatch));
    }

    #[test]
    fn while_secrets_are_rotated_either_signature_will_do() {
        let both = verifier(&["whsec_of_the_test_two", "whsec_of_the_test_one"]);
        let other = "0".repeat(64);
        let header = format!("t={MADE},v1={other},v1={SIGNED},v0={other}");
        assert_eq!(both.verify(&header, BODY, at(MADE)), Ok(()));
    }

    #[test]
    fn a_header_without_a_signature_is_malformed() {
        let one = verifier(&["whsec_of_the_test_one"]);
        let odd = format!("t={MADE},v1=abc");
        let old = format!("t={MADE},v0={SIGNED}");
        for header in ["", "t=,v1=", "v1=00", "t=now,v1=00", "t=5", &odd, &old] {
            assert_eq!(one.verify(header, BODY, at(MADE)), Err(Forged::Malformed), "{header:?}");
        }
    }
}
