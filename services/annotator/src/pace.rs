//! How long the last jobs took here: web tells by it when the next ones will begin.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Jobs that are remembered: few enough that a change is seen soon, enough that one long job does not decide.
const LAST: usize = 20;

/// How long the last jobs took, each from its begin to its end.
#[derive(Debug, Default)]
pub struct Pace(Mutex<VecDeque<Duration>>);

impl Pace {
    /// Notes how long a job took that has just ended.
    pub fn note(&self, took: Duration) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.truncate(LAST - 1);
        last.push_front(took);
    }

    /// The mean of the last ones, if there were any.
    pub fn mean(&self) -> Option<Duration> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = u32::try_from(last.len()).ok().filter(|jobs| *jobs > 0)?;
        Some(last.iter().sum::<Duration>() / jobs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_jobs_count() {
        let pace = Pace::default();
        assert_eq!(pace.mean(), None);
        pace.note(Duration::from_secs(3600));
        for _ in 0..LAST {
            pace.note(Duration::from_secs(2));
        }
        assert_eq!(pace.mean(), Some(Duration::from_secs(2)));
    }
}
