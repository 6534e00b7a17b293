//! Passwords: argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).
//!
//! One that is common or has leaked is refused, as NIST SP 800-63B-4, 3.1.1.2 has it. The crate `zxcvbn` (MIT) carries the
//! 30,000 most common of the passwords that Mark Burnett published, and words and names that people make them of; it also
//! sees through rows of keys, dates and letters turned into digits.

use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::InvalidField;
use tokio::sync::Semaphore;

/// How many hashes are computed at once: each holds 19 MiB and one processor for some 20 ms.
static HASHERS: Semaphore = Semaphore::const_new(4);
/// How many new passwords are judged at once, apart from those, so that nobody waits for them to sign in.
static JUDGES: Semaphore = Semaphore::const_new(2);
/// How many characters of a password are judged. The work grows with their square and with each digit that may stand for
/// several letters; what is not guessed soon by then is good.
const JUDGED: usize = 32;

/// The power of ten of guesses under which a password is refused: what `zxcvbn` calls a score of 3 withstands them.
const ENOUGH_GUESSES: f64 = 8.0;

/// A password that a person chose: 12 to 128 characters, any, but not one that is guessed soon.
#[derive(Clone)]
pub struct NewPassword(String);

impl NewPassword {
    /// Checks a password of somebody of whom others know these words, such as the username; the inner error says what is
    /// wanted.
    pub async fn choose(text: &str, about: &[&str]) -> Result<Result<Self, InvalidField>> {
        if !(12..=128).contains(&text.chars().count()) {
            return Ok(Err(InvalidField("A password has 12 to 128 characters.")));
        }
        let (password, about) = (text.chars().take(JUDGED).collect::<String>(), words(about));
        let guesses = on_one_of(&JUDGES, move || {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            zxcvbn::zxcvbn(&password, &about).guesses_log10()
        });
        Ok(match guesses.await? {
            few if few < ENOUGH_GUESSES => Err(InvalidField(
                "This password is guessed too soon: it is a common one, or made of what others know. Take four or five words \
                 that do not belong together.",
            )),
            _ => Ok(Self(text.to_owned())),
        })
    }

    /// Hashes the password with a fresh salt, in the PHC string format.
    pub async fn hash(self) -> Result<String> {
        on_one_of(&HASHERS, move || hash(&self.0)).await?
    }
}

/// Whether `password` is the one of `hash`. Without a hash the same work is done for nothing, so that the time taken
/// does not tell whether the account exists.
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool> {
    // Nobody has a longer one, and hashing all of a form is work for nothing.
    let password: String = password.chars().take(129).collect();
    on_one_of(&HASHERS, move || {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| decoy().map(str::to_owned), Ok)?;
        let parsed = PasswordHash::new(&hash).map_err(|e| anyhow!("read a password hash: {e}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

/// What somebody would try first: each of these, the words in them, and our own name.
fn words(about: &[&str]) -> Vec<String> {
    let mut words = vec!["genomics annotation service".to_owned(), "gas".to_owned()];
    for text in about {
        words.push((*text).to_owned());
        let parts = text.split(|c: char| !c.is_alphanumeric());
        words.extend(parts.filter(|part| part.len() > 2).map(str::to_owned));
    }
    words
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

/// Works on a thread of its own, once one of so many places is free.
async fn on_one_of<T: Send + 'static>(places: &Semaphore, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = places.acquire().await?;
    tokio::task::spawn_blocking(work).await.context("work on a password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_account_verifies() {
        let hash = NewPassword::choose("correct horse battery", &[])
            .await
            .unwrap()
            .unwrap()
            .hash()
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(hash.clone())).await.unwrap());
        assert!(!verify("wrong horse battery", Some(hash)).await.unwrap());
        assert!(!verify("a password that nobody has", None).await.unwrap());
    }

    async fn refusal(text: &str, about: &[&str]) -> Option<&'static str> {
        let refused = NewPassword::choose(text, about).await.unwrap().err();
        refused.map(|InvalidField(reason)| reason)
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        let length = Some("A password has 12 to 128 characters.");
        let long = "ùn heron bleu ".repeat(20);
        let of_length = |length: usize| long.chars().take(length).collect::<String>();
        assert_eq!(refusal("elevenchars", &[]).await, length);
        assert_eq!(refusal(&of_length(129), &[]).await, length);
        assert_ne!(refusal(&of_length(128), &[]).await, length);
    }

    #[tokio::test]
    async fn common_and_leaked_passwords_and_what_others_know_are_refused() {
        let about = ["ada-lovelace", "ada.king@example.org", "Ada Lovelace"];
        for common in [
            "123456789012",
            "passwordpassword",
            "Password1234",
            "qwertyuiop123",
            "aaaaaaaaaaaaaaaa",
            "iloveyouiloveyou",
            "ada-lovelace",
            "Lovelace-ada1",
            "ada.king@example.org",
        ] {
            let reason = refusal(common, &about)
                .await
                .unwrap_or_else(|| panic!("{common} is taken"));
            assert!(reason.contains("guessed too soon"), "{common}: {reason}");
        }
        for good in [
            "seven quiet herons at dusk",
            "vB7#kq0Zr!2m",
            "correct horse battery staple",
        ] {
            assert_eq!(refusal(good, &about).await, None, "{good}");
        }
    }
}
