//! What people call their jobs, and what they note of them.

use crate::file_name::is_visible;
use crate::{FileName, InvalidField};

/// What somebody calls a job: at most 100 characters on one line. It may be empty: the job goes by the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct JobName(String);

/// What somebody notes of a job: at most 2,000 characters, in lines. It may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobNotes(String);

impl JobName {
    /// The most characters of a name.
    pub const MAX_CHARS: usize = 100;

    /// Trims and checks.
    ///
    /// # Errors
    /// If it is too long, or has characters that cannot be seen or that turn writing round.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let text = text.trim();
        if text.chars().count() > Self::MAX_CHARS || !text.chars().all(is_visible) {
            return Err(InvalidField(
                "A name of a job has at most 100 characters on one line, each of which can be seen.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, which may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, or that of the file if there is none.
    #[must_use]
    pub fn or<'a>(&'a self, file: &'a FileName) -> &'a str {
        match self.0.as_str() {
            "" => file.as_str(),
            name => name,
        }
    }
}

impl JobNotes {
    /// The most characters of notes.
    pub const MAX_CHARS: usize = 2000;

    /// Trims and checks; lines end with a line feed, however the browser ends them.
    ///
    /// # Errors
    /// If they are too long, or have characters that cannot be seen or that turn writing round.
    pub fn parse(text: &str) -> Result<Self, InvalidField> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        let is_allowed = |c: char| matches!(c, '\n' | '\t') || is_visible(c);
        if text.chars().count() > Self::MAX_CHARS || !text.chars().all(is_allowed) {
            return Err(InvalidField(
                "Notes of a job have at most 2,000 characters, each of which can be seen.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, which may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_on_one_line_and_can_be_seen() {
        assert_eq!(
            JobName::parse("  Family 7, exome ").unwrap().as_str(),
            "Family 7, exome"
        );
        assert_eq!(JobName::parse("").unwrap(), JobName::default());
        for bad in ["a\nb", "a\u{202e}b", "a\u{0}", &"x".repeat(101)] {
            assert!(JobName::parse(bad).is_err(), "{bad:?}");
        }
        assert!(JobName::parse(&"ö".repeat(100)).is_ok());
    }

    #[test]
    fn notes_have_lines_of_one_kind() {
        assert_eq!(JobNotes::parse(" a\r\nb\rc\n").unwrap().as_str(), "a\nb\nc");
        assert!(JobNotes::parse(&"x".repeat(2001)).is_err());
        assert!(JobNotes::parse("a\u{200b}b").is_err());
    }
}
