//! The jobs that wait for an annotator, as they were at one moment: who is ahead of whom.

use anyhow::{Context, Result};
use domain::{JobStatus, Timestamp};
use futures_util::future::try_join_all;

use super::item::{Row, SHARDS};
use super::{Jobs, status_value};

/// When each of them was submitted. Of each shard the first megabyte is read, a thousand jobs or more; of a job behind
/// them the numbers say "at least".
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// In order.
    submit_times: Vec<Timestamp>,
}

impl Jobs {
    /// The jobs that wait now.
    pub async fn waiting(&self) -> Result<Waiting> {
        let shards = (0..SHARDS).map(|shard| self.waiting_in(shard));
        let shards = try_join_all(shards).await.context("read which jobs wait")?;
        Ok(Waiting::of(shards.concat()))
    }

    async fn waiting_in(&self, shard: u8) -> Result<Vec<Timestamp>> {
        let waiting = self.partition("pending_index", "pending_shard", shard);
        let waiting = waiting
            .filter_expression("job_status = :pending")
            .expression_attribute_values(":pending", status_value(JobStatus::Pending))
            .projection_expression("submit_time");
        let found = waiting.send().await?;
        let times = found.items().iter().map(|item| Row(item).time("submit_time"));
        times.filter_map(Result::transpose).collect()
    }
}

impl Waiting {
    fn of(mut submit_times: Vec<Timestamp>) -> Self {
        submit_times.sort_unstable();
        Self { submit_times }
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
