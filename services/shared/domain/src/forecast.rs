//! When a job that waits will begin, judged by what was seen lately.

use std::time::Duration;

/// What annotators are doing, all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Throughput {
    /// Annotators that give signs of life.
    pub annotators: u32,
    /// Jobs that they can be at, all together.
    pub places: u32,
    /// Jobs that they are at.
    pub running: u64,
    /// How long the last jobs took, each from its begin to its end, on average; unknown where none has ended lately.
    pub took: Option<Duration>,
}

impl Throughput {
    /// In how long a job begins that has so many ahead of it: places become free one after the other, as fast as jobs have
    /// ended lately. It is no promise: one long job ahead makes it wrong. `None` where nothing can be said, because nobody is
    /// at work or nothing has ended.
    #[must_use]
    pub fn wait(&self, ahead: u64) -> Option<Duration> {
        let free = u64::from(self.places).saturating_sub(self.running);
        if ahead < free {
            return Some(Duration::ZERO);
        }
        let ends_before = u32::try_from((ahead - free).saturating_add(1)).unwrap_or(u32::MAX);
        let took = self.took.filter(|_| self.places > 0)?;
        Some(took.saturating_mul(ends_before) / self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(places: u32, running: u64, took: Option<u64>, ahead: u64) -> Option<u64> {
        let seen = Throughput {
            annotators: 1,
            places,
            running,
            took: took.map(Duration::from_secs),
        };
        seen.wait(ahead).map(|wait| wait.as_secs())
    }

    #[test]
    fn who_has_a_free_place_does_not_wait() {
        assert_eq!(wait(4, 3, None, 0), Some(0));
        assert_eq!(wait(4, 2, Some(60), 1), Some(0));
    }

    #[test]
    fn places_become_free_as_fast_as_jobs_have_ended() {
        // Four places of a minute each: one ends every quarter of it.
        assert_eq!(wait(4, 4, Some(60), 0), Some(15));
        assert_eq!(wait(4, 4, Some(60), 7), Some(120));
        assert_eq!(wait(4, 2, Some(60), 2), Some(15));
    }

    #[test]
    fn nothing_is_said_where_nothing_was_seen() {
        assert_eq!(wait(4, 4, None, 0), None);
        assert_eq!(wait(0, 0, Some(60), 0), None);
        assert_eq!(
            wait(2, 9, Some(u64::MAX / 2), u64::MAX),
            Some(Duration::MAX.as_secs() / 2)
        );
    }
}
