//! How often something may be done, for all replicas of a service together: the generic cell rate algorithm (ITU-T
//! recommendation I.371, annex A), one row for each key.

use std::time::Duration;

use anyhow::{Context, Result};

use super::Accounts;

/// PostgreSQL rounds each step to a microsecond; so much more is let through, that no rounding takes one away.
const SLACK: f64 = 0.001;

/// So many times at once, and as many again in each period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many times; at least one is meant.
    pub times: u32,
    /// In how long.
    pub period: Duration,
}

impl Rate {
    /// The seconds after which one more is let through.
    fn step(self) -> f64 {
        self.period.as_secs_f64() / f64::from(self.times.max(1))
    }
}

impl Accounts {
    /// Counts what is done, by its key; if it is too often, nothing is counted, and the answer is how long to wait.
    pub async fn count(&self, key: &[u8], rate: Rate) -> Result<Option<Duration>> {
        let (step, window) = (rate.step(), rate.period.as_secs_f64() + SLACK);
        let sql = "INSERT INTO limits AS l (key, due) VALUES ($1, now() + make_interval(secs => $2)) \
                   ON CONFLICT (key) DO UPDATE SET due = greatest(l.due, now()) + make_interval(secs => $2) \
                   WHERE greatest(l.due, now()) + make_interval(secs => $2) <= now() + make_interval(secs => $3) \
                   RETURNING true";
        let connection = self.connection().await?;
        let statement = connection.prepare_cached(sql).await.context("prepare to count")?;
        let counted = connection.query_opt(&statement, &[&key, &step, &window]).await;
        if counted.context("count towards a limit")?.is_some() {
            return Ok(None);
        }
        let sql = "SELECT extract(epoch FROM due - now())::float8 FROM limits WHERE key = $1";
        let row = connection.query_opt(sql, &[&key]).await;
        let row = row.context("read how long to wait")?;
        let ahead: f64 = row.map_or(Ok(0.0), |row| row.try_get(0))?;
        Ok(Some(Duration::from_secs_f64((ahead + step - window).max(0.0))))
    }

    /// Takes one count back.
    pub async fn uncount(&self, key: &[u8], rate: Rate) -> Result<()> {
        let sql = "UPDATE limits SET due = due - make_interval(secs => $2) WHERE key = $1";
        let connection = self.connection().await?;
        let taken = connection.execute(sql, &[&key, &rate.step()]).await;
        taken.context("take a count back")?;
        Ok(())
    }

    /// Forgets what nobody is held up by any more.
    pub async fn forget_counts(&self) -> Result<()> {
        let connection = self.connection().await?;
        let forgotten = connection.execute("DELETE FROM limits WHERE due < now()", &[]).await;
        forgotten.context("forget old counts")?;
        Ok(())
    }
}
