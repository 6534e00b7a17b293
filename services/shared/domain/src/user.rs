//! People: who they are, what they may do, what their plan allows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::names::{is_address, is_invisible, is_reserved, names_a_host};
use crate::{Timestamp, UserId};

/// A registered, confirmed person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identifies the account for ever.
    pub id: UserId,
    /// What the person signs in with; unique without regard to case.
    pub username: Username,
    /// Where notifications go; unique without regard to case.
    pub email: EmailAddress,
    /// What the person is called.
    pub name: FullName,
    /// What the person may do.
    pub role: Role,
    /// When the person's last Premium plan ended, if one did and none runs.
    pub premium_ended: Option<Timestamp>,
}

/// What a person may do. PostgreSQL keeps exactly these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May annotate small files and download results for a while.
    FreeUser,
    /// Pays, and has no limits on size or time.
    PremiumUser,
    /// Runs the service.
    AdminUser,
    /// Runs the service and appoints who runs it.
    SuperUser,
}

impl Role {
    /// Every role, from the least that one may do to the most.
    pub const ALL: [Self; 4] = [Self::FreeUser, Self::PremiumUser, Self::AdminUser, Self::SuperUser];

    /// The name that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FreeUser => "free_user",
            Self::PremiumUser => "premium_user",
            Self::AdminUser => "admin_user",
            Self::SuperUser => "super_user",
        }
    }

    /// Whether `/admin` is open to this role.
    #[must_use]
    pub const fn may_administer(self) -> bool {
        matches!(self, Self::AdminUser | Self::SuperUser)
    }

    /// Whether this role may change the roles of people.
    #[must_use]
    pub const fn may_appoint(self) -> bool {
        matches!(self, Self::SuperUser)
    }

    /// The plan whose limits apply: whoever runs the service has no limits.
    #[must_use]
    pub const fn plan(self) -> Plan {
        match self {
            Self::FreeUser => Plan::Free,
            Self::PremiumUser | Self::AdminUser | Self::SuperUser => Plan::Premium,
        }
    }
}

impl FromStr for Role {
    type Err = InvalidField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "free_user" => Ok(Self::FreeUser),
            "premium_user" => Ok(Self::PremiumUser),
            "admin_user" => Ok(Self::AdminUser),
            "super_user" => Ok(Self::SuperUser),
            _ => Err(InvalidField("The role is unknown.")),
        }
    }
}

/// What a subscription buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Small files; results for a limited time.
    Free,
    /// Large files; results for good.
    Premium,
}

impl Plan {
    /// What Premium costs, in US cents per week: what pages advertise. What is charged is the price that Stripe has.
    pub const PREMIUM_CENTS_PER_WEEK: u64 = 99_999;

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Premium => "Premium",
        }
    }

    /// The plan of this name; a row that names none is judged as Premium.
    #[must_use]
    pub fn of_name(name: Option<&str>) -> Self {
        match name {
            Some("Free") => Self::Free,
            _ => Self::Premium,
        }
    }
}

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
pub(crate) mod tests {
    use super::*;

    pub(crate) fn somebody(role: Role) -> User {
        User {
            id: UserId::random(),
            username: Username::parse("ada").unwrap(),
            email: EmailAddress::parse("ada@example.org").unwrap(),
            name: FullName::parse("Ada Lovelace").unwrap(),
            role,
            premium_ended: None,
        }
    }

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

    #[test]
    fn every_role_reads_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn only_a_super_user_appoints_who_administers() {
        assert_eq!(Role::ALL.map(Role::may_administer), [false, false, true, true]);
        assert_eq!(Role::ALL.map(Role::may_appoint), [false, false, false, true]);
    }

    #[test]
    fn only_free_users_have_the_free_plan() {
        assert_eq!(Role::FreeUser.plan(), Plan::Free);
        assert_eq!(Role::AdminUser.plan(), Plan::Premium);
        assert_eq!(Plan::of_name(Some(Plan::Free.name())), Plan::Free);
        assert_eq!(Plan::of_name(None), Plan::Premium);
    }
}
