//! The jobs that wait for an annotator, as they were at one moment: who is ahead of whom, and what annotators are doing.

use anyhow::{Context, Result};
use domain::{JobStatus, Throughput, Timestamp};
use futures_util::future::try_join_all;

use super::Jobs;
use super::item::{Row, SHARDS};

/// When each of them was submitted. Of each shard the first megabyte is read, a thousand jobs or more; of a job behind
/// them the numbers say "at least".
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// In order.
    submit_times: Vec<Timestamp>,
    throughput: Throughput,
}

impl Jobs {
    /// The jobs that wait now.
    pub async fn waiting(&self) -> Result<Waiting> {
        let shards = (0..SHARDS).map(|shard| self.unfinished_in(shard));
        let shards = try_join_all(shards).await.context("read which jobs wait")?;
        let jobs = shards.concat();
        let running = jobs.iter().filter(|(status, _)| *status == JobStatus::Running).count();
        let waiting = jobs.iter().filter(|(status, _)| *status == JobStatus::Pending);
        Ok(Waiting {
            throughput: self.throughput(running as u64).await?,
            ..Waiting::of(waiting.map(|(_, submitted)| *submitted).collect())
        })
    }

    async fn unfinished_in(&self, shard: u8) -> Result<Vec<(JobStatus, Timestamp)>> {
        let unfinished = self.partition("pending_index", "pending_shard", shard);
        let found = unfinished
            .projection_expression("job_status, submit_time")
            .send()
            .await?;
        let job = |item| {
            let row = Row(item);
            Some((row.text("job_status")?.parse().ok()?, row.time("submit_time").ok()??))
        };
        Ok(found.items().iter().filter_map(job).collect())
    }
}

impl Waiting {
    fn of(mut submit_times: Vec<Timestamp>) -> Self {
        submit_times.sort_unstable();
        Self {
            submit_times,
            throughput: Throughput::default(),
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.submit_times.len() as u64
    }

    /// When the first of them was submitted.
    #[must_use]
    pub fn first(&self) -> Option<Timestamp> {
        self.submit_times.first().copied()
    }

    /// What annotators are doing.
    #[must_use]
    pub const fn throughput(&self) -> &Throughput {
        &self.throughput
    }

    /// How many were submitted before then.
    #[must_use]
    pub fn before(&self, then: Timestamp) -> u64 {
        self.submit_times.partition_point(|time| *time < then) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_in_the_same_second_is_not_ahead() {
        let time = Timestamp::from_epoch_seconds;
        let waiting = Waiting::of(vec![time(30), time(10), time(20), time(20)]);
        let ahead = [5, 10, 20, 21, 99].map(|then| waiting.before(time(then)));
        assert_eq!(ahead, [0, 0, 1, 3, 4]);
    }
}
