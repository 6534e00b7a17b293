//! Instants as the stores keep them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;

/// An instant in whole seconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `seconds` after the Unix epoch.
    #[must_use]
    pub const fn from_epoch_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// This host's clock, rounded down to a second.
    #[must_use]
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub const fn epoch_seconds(self) -> i64 {
        self.0
    }

    /// The instant `later` after this one, in whole seconds.
    #[must_use]
    pub fn plus(self, later: Duration) -> Self {
        Self(self.0.saturating_add(whole_seconds(later)))
    }

    /// The instant `earlier` before this one, in whole seconds.
    #[must_use]
    pub fn minus(self, earlier: Duration) -> Self {
        Self(self.0.saturating_sub(whole_seconds(earlier)))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// `2026-11-23 14:32:07`, in UTC.
    #[must_use]
    pub fn to_utc_text(self) -> String {
        self.format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"))
    }

    /// `2026-11-23T14:32:07Z` (RFC 3339), as HTML's `<time datetime>` and JSON want it.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"))
    }

    fn format(self, description: &[time::format_description::FormatItem<'_>]) -> String {
        OffsetDateTime::from_unix_timestamp(self.0)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .format(description)
            .unwrap_or_default()
    }
}

impl From<SystemTime> for Timestamp {
    /// Rounded down to a second; what lies before the epoch becomes the epoch.
    fn from(instant: SystemTime) -> Self {
        let since = instant.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for SystemTime {
    /// What lies before the epoch becomes the epoch.
    fn from(instant: Timestamp) -> Self {
        UNIX_EPOCH + instant.since(Timestamp(0))
    }
}

fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_in_utc() {
        let instant = Timestamp::from_epoch_seconds(1_795_444_327);
        assert_eq!(instant.to_utc_text(), "2026-11-23 14:32:07");
        assert_eq!(instant.to_rfc3339(), "2026-11-23T14:32:07Z");
    }

    #[test]
    fn a_clock_that_runs_behind_gives_no_negative_age() {
        let (early, late) = (Timestamp::from_epoch_seconds(10), Timestamp::from_epoch_seconds(25));
        assert_eq!(late.since(early), Duration::from_secs(15));
        assert_eq!(early.since(late), Duration::ZERO);
    }
}
