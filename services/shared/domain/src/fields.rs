//! What people type of themselves, checked: username, e-mail address, name.

use std::fmt;

use crate::names::{is_address, is_invisible, is_reserved, names_a_host};

/// Why something a person typed cannot be taken: one sentence to show beside the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidField(pub &'static str);

/// 3 to 32 letters, digits, `.`, `_` or `-`, beginning with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Trims and checks; the error says what a username looks like.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let text = text.trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if (3..=32).contains(&text.len()) && starts_well && text.chars().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidField(
            "A username has 3 to 32 letters, digits, dots, dashes or underscores and starts with a letter or digit.",
        ))
    }

    /// The same for somebody who registers, and who is not to be taken for us, nor to have an address mailed in our name.
    pub fn choose(text: &str) -> Result<Self, InvalidField> {
        let username = Self::parse(text)?;
        if is_reserved(username.as_str()) {
            return Err(InvalidField("This username is reserved. Choose another one."));
        }
        if names_a_host(username.as_str()) {
            return Err(InvalidField("A username does not look like the address of a website."));
        }
        Ok(username)
    }
}

/// An e-mail address that a mail server would take (RFC 5321), without a display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Trims and checks; quoted local parts and bare host names are refused.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let text = text.trim();
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let plain = text.is_ascii() && !text.contains(['"', '\\', '(', ')']);
        match email_address::EmailAddress::parse_with_options(text, options) {
            Ok(_) if plain => Ok(Self(text.to_owned())),
            _ => Err(InvalidField("Enter an e-mail address such as name@example.org.")),
        }
    }
}

/// What a person is called: 1 to 100 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullName(String);

impl FullName {
    /// Trims and checks; control characters are refused because the name stands in mail headers.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
            return Err(InvalidField("Enter your name, at most 100 characters."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The same for somebody who chooses a name: it holds no address, and nothing that hides or turns round what stands
    /// beside it.
    pub fn choose(text: &str) -> Result<Self, InvalidField> {
        let name = Self::parse(text)?;
        if name.as_str().chars().any(is_invisible) {
            return Err(InvalidField(
                "Enter your name without characters that cannot be seen or that turn writing round.",
            ));
        }
        if is_address(name.as_str()) {
            return Err(InvalidField(
                "Enter your name, not the address of a website or mailbox.",
            ));
        }
        Ok(name)
    }
}

macro_rules! text_field {
    ($name:ident) => {
        impl $name {
            /// The text as it is stored and shown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_field!(Username);
text_field!(EmailAddress);
text_field!(FullName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_short_and_plain() {
        for good in ["ada", "a.b-c_9", "  ada "] {
            assert!(Username::parse(good).is_ok(), "{good:?}");
        }
        for bad in ["", "ab", ".ada", "ada lovelace", "adá", &"a".repeat(33)] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn email_addresses_cannot_smuggle_headers() {
        assert_eq!(
            EmailAddress::parse(" ada@example.org ").unwrap().as_str(),
            "ada@example.org"
        );
        for bad in [
            "",
            "ada",
            "ada@localhost",
            "Ada <ada@example.org>",
            "a@example.org\r\nBcc: b@example.org",
            "\"a b\"@example.org",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_stay_on_one_line() {
        assert!(FullName::parse("Ada Lovelace").is_ok());
        for bad in ["", "  ", "Ada\nLovelace", &"a".repeat(101)] {
            assert!(FullName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
