//! How many jobs are ahead of one that waits, known to every page alike: however many ask, and however often, the store is
//! asked every few seconds.

use std::collections::HashMap;
use std::sync::{Mutex as Lock, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use backends::jobs::{Jobs, Waiting};
use domain::{JobId, JobState, Timestamp};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How old an answer may be. That a job begins is seen at once, by its state; how many are ahead of it may be a little late,
/// and costs four queries each time, or one for each job that waits for its turn.
const FRESH: Duration = Duration::from_secs(5);

/// The jobs that wait.
pub struct WaitingLine {
    jobs: Jobs,
    seen: Mutex<Option<(Instant, Waiting)>>,
    turns: Lock<HashMap<JobId, (Instant, u64)>>,
}

impl WaitingLine {
    /// The line in this table.
    #[must_use]
    pub fn new(jobs: Jobs) -> Self {
        Self {
            jobs,
            seen: Mutex::new(None),
            turns: Lock::default(),
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

    /// How many of the owner's jobs get their turn before this one, which waits for it.
    pub async fn turns_before(&self, job: &JobState) -> Result<u64> {
        if let Some(ahead) = self.turns_seen(job.id) {
            return Ok(ahead);
        }
        let ahead = self.jobs.turns_before(job).await?;
        let mut turns = self.turns();
        turns.retain(|_, (at, _)| at.elapsed() < FRESH);
        turns.insert(job.id, (Instant::now(), ahead));
        Ok(ahead)
    }

    fn turns_seen(&self, job: JobId) -> Option<u64> {
        let turns = self.turns();
        let (_, ahead) = turns.get(&job).filter(|(at, _)| at.elapsed() < FRESH)?;
        Some(*ahead)
    }

    fn turns(&self) -> MutexGuard<'_, HashMap<JobId, (Instant, u64)>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
