//! Codes that change with time (RFC 6238), as authenticator apps make them: HMAC-SHA-1, six digits, steps of 30 seconds.
//! Apps take other hashes and lengths in an address and go on with these, so that nothing else is offered.

use anyhow::{Result, anyhow};
use backends::accounts::Token;
use data_encoding::BASE32_NOPAD;
use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use qrcodegen::{QrCode, QrCodeEcc};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Seconds for which a code stays the same.
const STEP: i64 = 30;
/// Recovery codes that a person gets.
const RECOVERY_CODES: usize = 10;

/// What the codes of one person are made from: 160 bits, as RFC 4226, 4 has it. No `Debug`: it is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Vec<u8>);

/// A drawing of squares, black on white, for an app's camera.
pub struct Drawing {
    /// How many squares it is wide and high.
    pub size: i32,
    /// The black ones, as the path of an SVG.
    pub path: String,
}

impl TotpSecret {
    /// A new one from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        Self(random_bytes(20))
    }

    /// One that we have given out before.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// One that a form brings back; nothing if it cannot be one of ours.
    #[must_use]
    pub fn from_untrusted(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == 20).then_some(Self(bytes))
    }

    /// What the codes are made from.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same for people who type it into an app (RFC 4648, 6).
    #[must_use]
    pub fn reveal(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address that apps read: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
    #[must_use]
    pub fn address(&self, username: &str) -> String {
        format!("otpauth://totp/GAS:{username}?secret={}&issuer=GAS", self.reveal())
    }

    /// The code of one step of time (RFC 4226, 5.3).
    ///
    /// # Errors
    /// None that we know of: HMAC takes keys of any length.
    pub fn code(&self, step: i64) -> Result<String> {
        let hmac = Hmac::<Sha1>::new_from_slice(&self.0).map_err(|_| anyhow!("the secret is no usable key"))?;
        let hash = hmac.chain_update(step.to_be_bytes()).finalize().into_bytes();
        let at = usize::from(hash[19] & 0xf);
        let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
        Ok(format!("{:06}", number % 1_000_000))
    }

    /// The step of time whose code was typed: this one, or the one before or after it, for clocks that differ and for slow
    /// fingers (RFC 6238, 5.2).
    pub fn step_of(&self, typed: &str, now: Timestamp) -> Result<Option<i64>> {
        let this = step_at(now);
        for step in [this, this - 1, this + 1] {
            if self.code(step)? == typed {
                return Ok(Some(step));
            }
        }
        Ok(None)
    }
}

/// Which step of time it is.
#[must_use]
pub fn step_at(now: Timestamp) -> i64 {
    now.epoch_seconds().div_euclid(STEP)
}

/// New codes for who has lost the app, 80 bits each: `abcd-efgh-ijkl-mnop`.
#[must_use]
pub fn recovery_codes() -> Vec<String> {
    let code = || {
        let letters = BASE32_NOPAD.encode(&random_bytes(10)).to_lowercase();
        let groups = [&letters[..4], &letters[4..8], &letters[8..12], &letters[12..]];
        groups.join("-")
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// What is kept of a recovery code, however it is typed. A fast hash is enough for what is random.
#[must_use]
pub fn recovery_hash(typed: &str) -> Vec<u8> {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    Sha256::digest(plain.as_bytes()).to_vec()
}

/// An address as a QR code. What is in it is short enough for one, else there is none.
#[must_use]
pub fn draw(address: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let squares = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let black = squares.filter(|(x, y)| code.get_module(*x, *y));
    let path = black.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    Some(Drawing { size, path })
}

/// At most 32 bytes.
fn random_bytes(number: usize) -> Vec<u8> {
    Sha256::digest(Token::random().reveal().as_bytes())[..number].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // The last six of the eight digits of appendix B.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = step_at(Timestamp::from_epoch_seconds(seconds));
            assert_eq!(rfc().code(step).unwrap(), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_known_for_a_step_before_and_after_its_own() {
        let typed = rfc().code(1000).unwrap();
        let known = |step: i64| {
            let now = Timestamp::from_epoch_seconds(step * STEP);
            rfc().step_of(&typed, now).unwrap()
        };
        assert_eq!([999, 1000, 1001].map(known), [Some(1000); 3]);
        assert_eq!([998, 1002].map(known), [None; 2]);
    }

    #[test]
    fn a_secret_reads_back_from_its_letters() {
        let secret = TotpSecret::random();
        assert!(secret != TotpSecret::random());
        assert!(TotpSecret::from_untrusted(&secret.reveal()).unwrap() == secret);
        assert!(TotpSecret::from_untrusted("GEZDGNBV").is_none());
        assert!(TotpSecret::from_untrusted("not base32").is_none());
        assert_eq!(
            rfc().address("ada"),
            "otpauth://totp/GAS:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=GAS"
        );
    }

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_typed() {
        let codes = recovery_codes();
        let (code, other) = (&codes[0], &codes[1]);
        assert_eq!((codes.len(), code.len()), (10, 19));
        assert_ne!(code, other);
        let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(recovery_hash(code), recovery_hash(&typed));
        assert_ne!(recovery_hash(code), recovery_hash(other));
    }

    #[test]
    fn an_address_becomes_a_drawing() {
        let drawing = draw(&rfc().address("ada")).unwrap();
        // A QR code has 21 squares a side, and four more for each version.
        assert_eq!((drawing.size - 21) % 4, 0);
        assert!(
            drawing.path.starts_with("M0 0h1v1h-1zM1 0h1v1h-1z"),
            "the corner is black"
        );
    }
}
