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

/// What a count has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How long to wait, if it was too often; then nothing was counted.
    pub wait: Option<Duration>,
    /// How many times more it may be done at once.
    pub left: u32,
    /// After how long all may be done at once again.
    pub whole_after: Duration,
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
        Ok(self.counted(key, rate).await?.wait)
    }

    /// Counts what is done, and says how much more may be.
    pub async fn counted(&self, key: &[u8], rate: Rate) -> Result<Counted> {
        let (step, window) = (rate.step(), rate.period.as_secs_f64() + SLACK);
        let sql = "INSERT INTO limits AS l (key, due) VALUES ($1, now() + make_interval(secs => $2)) \
                   ON CONFLICT (key) DO UPDATE SET due = greatest(l.due, now()) + make_interval(secs => $2) \
                   WHERE greatest(l.due, now()) + make_interval(secs => $2) <= now() + make_interval(secs => $3) \
                   RETURNING extract(epoch FROM due - now())::float8";
        let connection = self.connection().await?;
        let statement = connection.prepare_cached(sql).await.context("prepare to count")?;
        let counted = connection.query_opt(&statement, &[&key, &step, &window]).await;
        if let Some(row) = counted.context("count towards a limit")? {
            let ahead: f64 = row.try_get(0)?;
            return Ok(Counted {
                wait: None,
                left: left(window - ahead, step),
                whole_after: Duration::from_secs_f64(ahead.max(0.0)),
            });
        }
        let sql = "SELECT extract(epoch FROM due - now())::float8 FROM limits WHERE key = $1";
        let row = connection.query_opt(sql, &[&key]).await;
        let row = row.context("read how long to wait")?;
        let ahead: f64 = row.map_or(Ok(0.0), |row| row.try_get(0))?;
        Ok(Counted {
            wait: Some(Duration::from_secs_f64((ahead + step - window).max(0.0))),
            left: 0,
            whole_after: Duration::from_secs_f64(ahead.max(0.0)),
        })
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

/// How many steps there is room for.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn left(room: f64, step: f64) -> u32 {
    (room / step).max(0.0) as u32
}
