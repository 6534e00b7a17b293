//! How many jobs are ahead of one that waits, and when it will begin, known to every page alike: however many ask, and however often, the store is
//! asked every few seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
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
    seen: Mutex<Option<(Instant, Arc<Waiting>)>>,
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

    /// The line as it was a few seconds ago at the earliest. Whoever asks while the store is asked waits for its answer.
    pub async fn now(&self) -> Result<Arc<Waiting>> {
        let mut seen = self.seen.lock().await;
        if let Some((_, waiting)) = seen.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
            return Ok(Arc::clone(waiting));
        }
        let waiting = Arc::new(self.jobs.waiting().await?);
        *seen = Some((Instant::now(), Arc::clone(&waiting)));
        Ok(waiting)
    }

    /// How many of the jobs that wait were submitted before then, and in how long such a job begins, where that can be said.
    pub async fn before(&self, then: Timestamp) -> Result<(u64, Option<Duration>)> {
        let waiting = self.now().await?;
        let ahead = waiting.before(then);
        Ok((ahead, waiting.throughput().wait(ahead)))
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
