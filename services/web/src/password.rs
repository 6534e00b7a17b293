//! Passwords: argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).

use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::InvalidField;
use tokio::sync::Semaphore;

/// How many hashes are computed at once: each holds 19 MiB and one processor for some 20 ms.
static HASHERS: Semaphore = Semaphore::const_new(4);

/// A password that a person chose: 12 to 128 characters, any.
#[derive(Clone)]
pub struct NewPassword(String);

impl NewPassword {
    /// Checks the length; the error says what is wanted.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        match text.chars().count() {
            12..=128 => Ok(Self(text.to_owned())),
            _ => Err(InvalidField("A password has 12 to 128 characters.")),
        }
    }

    /// Hashes the password with a fresh salt, in the PHC string format.
    pub async fn hash(self) -> Result<String> {
        on_a_hasher(move || hash(&self.0)).await?
    }
}

/// Whether `password` is the one of `hash`. Without a hash the same work is done for nothing, so that the time taken
/// does not tell whether the account exists.
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool> {
    // Nobody has a longer one, and hashing all of a form is work for nothing.
    let password: String = password.chars().take(129).collect();
    on_a_hasher(move || {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| decoy().map(str::to_owned), Ok)?;
        let parsed = PasswordHash::new(&hash).map_err(|e| anyhow!("read a password hash: {e}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

fn hash(password: &str) -> Result<String> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    Ok(hashed.map_err(|e| anyhow!("hash a password: {e}"))?.to_string())
}

fn decoy() -> Result<&'static str> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if DECOY.get().is_none() {
        let _ = DECOY.set(hash("a password that nobody has")?);
    }
    DECOY.get().map(String::as_str).context("make the decoy hash")
}

async fn on_a_hasher<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = HASHERS.acquire().await?;
    tokio::task::spawn_blocking(work).await.context("hash a password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_account_verifies() {
        let hash = NewPassword::parse("correct horse battery")
            .unwrap()
            .hash()
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(hash.clone())).await.unwrap());
        assert!(!verify("wrong horse battery", Some(hash)).await.unwrap());
        assert!(!verify("a password that nobody has", None).await.unwrap());
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert!(NewPassword::parse("elevenchars").is_err());
        assert!(NewPassword::parse(&"é".repeat(128)).is_ok());
        assert!(NewPassword::parse(&"é".repeat(129)).is_err());
    }
}
