//! Why nothing is mailed to an address.

use std::str::FromStr;

/// Why nothing is mailed to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTrouble {
    /// A mail could not be delivered for good: a hard bounce.
    Bounced,
    /// Somebody has reported a mail of ours as unwanted.
    Complained,
}

/// The word is none of [`MailTrouble`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no trouble with mails")]
pub struct UnknownTrouble(String);

impl MailTrouble {
    /// The word that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

impl FromStr for MailTrouble {
    type Err = UnknownTrouble;

    fn from_str(word: &str) -> Result<Self, UnknownTrouble> {
        let all = [Self::Bounced, Self::Complained];
        let found = all.into_iter().find(|trouble| trouble.as_str() == word);
        found.ok_or_else(|| UnknownTrouble(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_reads_back_from_its_word() {
        assert_eq!("bounced".parse(), Ok(MailTrouble::Bounced));
        assert_eq!("complained".parse(), Ok(MailTrouble::Complained));
        assert_eq!("late".parse::<MailTrouble>(), Err(UnknownTrouble("late".into())));
    }
}
