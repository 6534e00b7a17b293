//! How many jobs are ahead of one that waits, known to every page alike: however many ask, the store is asked once a second.

use std::time::Duration;

use anyhow::Result;
use backends::jobs::{Jobs, Waiting};
use domain::Timestamp;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How old an answer may be. The line moves all the time, and nobody reads faster.
const FRESH: Duration = Duration::from_secs(1);

/// The jobs that wait.
pub struct WaitingLine {
    jobs: Jobs,
    seen: Mutex<Option<(Instant, Waiting)>>,
}

impl WaitingLine {
    /// The line in this table.
    #[must_use]
    pub fn new(jobs: Jobs) -> Self {
        Self {
            jobs,
            seen: Mutex::new(None),
        }
    }

    /// How many of the jobs that wait were submitted before then. Whoever asks while the store is asked waits for its answer.
    pub async fn before(&self, then: Timestamp) -> Result<u64> {
        let mut seen = self.seen.lock().await;
        if let Some((_, waiting)) = seen.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
            return Ok(waiting.before(then));
        }
        let waiting = self.jobs.waiting().await?;
        let ahead = waiting.before(then);
        *seen = Some((Instant::now(), waiting));
        Ok(ahead)
    }
}
