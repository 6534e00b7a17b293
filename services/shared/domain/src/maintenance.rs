//! What whoever runs the service tells everybody ahead of time.

use std::time::Duration;

use time::PrimitiveDateTime;
use time::macros::format_description;

use crate::file_name::is_visible;
use crate::{InvalidField, Timestamp};

/// That something will not work for a while, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// 1 to 300 characters on one line.
    pub words: String,
    /// From when on.
    pub begins_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Maintenance {
    /// So long before it every page tells of it.
    pub const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

    /// Reads what a form brings: the words, and two times in UTC as `2026-11-23T14:32`, which `<input type=datetime-local>`
    /// sends.
    ///
    /// # Errors
    /// Says which of them is not like that.
    pub fn parse(words: &str, begins: &str, ends: &str) -> Result<Self, InvalidField> {
        let words = words.trim();
        if words.is_empty() || words.chars().count() > 300 || !words.chars().all(is_visible) {
            return Err(InvalidField(
                "Say what will not work, in at most 300 characters on one line.",
            ));
        }
        let (begins_at, ends_at) = (instant(begins)?, instant(ends)?);
        if ends_at <= begins_at {
            return Err(InvalidField("A maintenance ends after it begins."));
        }
        Ok(Self {
            words: words.to_owned(),
            begins_at,
            ends_at,
        })
    }

    /// Whether every page tells of it `now`.
    #[must_use]
    pub fn is_told(&self, now: Timestamp) -> bool {
        now < self.ends_at && self.begins_at.minus(Self::AHEAD) <= now
    }
}

fn instant(text: &str) -> Result<Timestamp, InvalidField> {
    let minute = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let parsed = PrimitiveDateTime::parse(text.trim(), minute);
    let parsed = parsed.map_err(|_| InvalidField("A time looks like 2026-11-23T14:32, in UTC."))?;
    Ok(Timestamp::from_epoch_seconds(parsed.assume_utc().unix_timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maintenance_is_told_a_day_ahead_and_until_it_ends() {
        let told = Maintenance::parse(" No annotation. ", "2026-11-23T14:32", "2026-11-23T15:00").unwrap();
        assert_eq!(told.words, "No annotation.");
        assert_eq!(told.begins_at, Timestamp::from_epoch_seconds(1_795_444_320));
        let at = |seconds: i64| told.is_told(Timestamp::from_epoch_seconds(1_795_444_320 + seconds));
        assert!(!at(-86_401) && at(-86_400) && at(0) && at(1679) && !at(1680));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let (begins, ends) = ("2026-11-23T14:32", "2026-11-23T15:00");
        for (words, begins, ends) in [
            ("", begins, ends),
            ("a\nb", begins, ends),
            (&*"x".repeat(301), begins, ends),
            ("x", ends, begins),
            ("x", "tomorrow", ends),
            ("x", begins, "2026-02-30T10:00"),
        ] {
            assert!(
                Maintenance::parse(words, begins, ends).is_err(),
                "{words} {begins} {ends}"
            );
        }
    }
}
