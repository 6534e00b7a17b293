//! Tokens by which a person's programs use the API: how they are written, and what they may do.

use std::fmt::Write;
use std::str::FromStr;

use data_encoding::BASE32_DNSSEC;
use uuid::Uuid;

use crate::InvalidField;
use crate::names::is_invisible;

/// What a program carries instead of a password: `gas_`, 244 random bits and a CRC-32 of them, in base32 (RFC 4648, 7, in
/// small letters), so that a token which was copied badly is told from one that has ended, without asking anybody. No `Debug`
/// or `Display`, so that it cannot slip into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(String);

/// What a token is called by its person: one to 60 characters that can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// See the account and the jobs, and download their files.
    Read,
    /// Submit jobs.
    Submit,
    /// Add, change and delete webhooks, which tell others of jobs.
    Webhooks,
    /// Delete jobs.
    Delete,
}

impl ApiToken {
    /// By what people, and programs that look for secrets, know a token.
    pub const PREFIX: &'static str = "gas_";
    const RANDOM_BYTES: usize = 32;

    /// A new token from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        let random = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        let checksum = crc32fast::hash(&random).to_be_bytes();
        let bytes = [random.as_slice(), &checksum].concat();
        Self(format!("{}{}", Self::PREFIX, BASE32_DNSSEC.encode(&bytes)))
    }

    /// Reads what somebody has pasted or a program has sent.
    ///
    /// # Errors
    /// If it is no token, or one of which letters are missing or wrong.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let text = text.trim();
        let Some(encoded) = text.strip_prefix(Self::PREFIX) else {
            return Err(InvalidField("A token begins with gas_."));
        };
        let decoded = BASE32_DNSSEC.decode(encoded.as_bytes()).ok();
        let is_whole = decoded.is_some_and(|bytes| {
            let parts = bytes.split_at_checked(Self::RANDOM_BYTES);
            parts.is_some_and(|(random, checksum)| checksum == crc32fast::hash(random).to_be_bytes())
        });
        match is_whole {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidField(
                "The token is not complete, or has a wrong letter. Copy it again.",
            )),
        }
    }

    /// The token as the program carries it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The last letters, by which its person knows it again; they say nothing about the others.
    #[must_use]
    pub fn ending(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

impl TokenName {
    const MAX_CHARS: usize = 60;

    /// Takes what somebody has typed.
    ///
    /// # Errors
    /// If it is empty, too long, or has characters that cannot be seen.
    pub fn choose(text: &str) -> Result<Self, InvalidField> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(InvalidField(
                "Give the token a name, such as that of the computer which has it.",
            )),
            1..=Self::MAX_CHARS if !text.chars().any(|c| c.is_control() || is_invisible(c)) => {
                Ok(Self(text.to_owned()))
            }
            1..=Self::MAX_CHARS => Err(InvalidField("The name has characters that cannot be seen.")),
            _ => Err(InvalidField("The name may have 60 characters.")),
        }
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scope {
    /// All of them, from what harms least to what harms most.
    pub const ALL: [Self; 4] = [Self::Read, Self::Submit, Self::Webhooks, Self::Delete];

    /// The name that stores, forms and the API have.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Webhooks => "webhooks",
            Self::Delete => "delete",
        }
    }

    /// What it allows, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "See jobs and download their files",
            Self::Submit => "Submit jobs",
            Self::Webhooks => "Add, change and delete webhooks",
            Self::Delete => "Delete jobs",
        }
    }

    /// Several, as a list: `read submit` (RFC 6749, 3.3).
    #[must_use]
    pub fn list(scopes: &[Self]) -> String {
        let mut list = String::new();
        for scope in scopes {
            let space = if list.is_empty() { "" } else { " " };
            let _ = write!(list, "{space}{}", scope.as_str());
        }
        list
    }
}

impl FromStr for Scope {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|scope| scope.as_str() == text);
        found.ok_or(InvalidField("The scope is unknown."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_no_two_are_the_same() {
        let token = ApiToken::random();
        assert!(token != ApiToken::random());
        assert!(ApiToken::parse(&format!(" {}\n", token.reveal())).unwrap() == token);
        assert!(token.reveal().ends_with(token.ending()));
    }

    #[test]
    fn every_wrong_missing_or_swapped_letter_is_noticed() {
        let token = ApiToken::random().reveal().to_owned();
        for at in ApiToken::PREFIX.len()..token.len() {
            let mut letters: Vec<char> = token.chars().collect();
            letters[at] = if letters[at] == '7' { '8' } else { '7' };
            let wrong: String = letters.iter().collect();
            assert!(ApiToken::parse(&wrong).is_err(), "{at}");
            let mut missing: Vec<char> = token.chars().collect();
            missing.remove(at);
            assert!(ApiToken::parse(&missing.iter().collect::<String>()).is_err(), "{at}");
            let mut swapped: Vec<char> = token.chars().collect();
            swapped.swap(at - 1, at);
            let swapped: String = swapped.iter().collect();
            assert!(swapped == token || ApiToken::parse(&swapped).is_err(), "{at}");
        }
        for bad in [
            "",
            "gas_",
            "gas",
            "ghp_0000",
            &format!("{token}0"),
            &token.to_uppercase(),
        ] {
            assert!(ApiToken::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_short_and_seen() {
        assert_eq!(TokenName::choose(" Sequencer 2 ").unwrap().as_str(), "Sequencer 2");
        for bad in ["", "  ", "a\nb", "a\u{202e}b", &"x".repeat(61)] {
            assert!(TokenName::choose(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn scopes_read_back_and_make_a_list() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse::<Scope>().unwrap(), scope);
        }
        assert_eq!(Scope::list(&Scope::ALL), "read submit webhooks delete");
        assert!("admin".parse::<Scope>().is_err());
    }
}
