//! Jobs that have their turn and have not ended: how many they are, and which of them the queue seems to have lost.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{JobId, JobStatus, Timestamp, UserId};

use super::item::{Item, SHARDS, number, text};
use super::{Jobs, status_value};

/// The longest pause between two requests of the same job.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// A job that still waits although it was requested a while ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostRequest {
    /// The job to request again.
    pub job_id: JobId,
    /// Whose it is.
    pub user_id: UserId,
    requests: u32,
}

/// The jobs that have not ended. Of each shard the first megabyte is counted, a thousand jobs or more; when more wait,
/// the numbers say "at least" and the queue's depth says how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Jobs that wait for an annotator.
    pub pending: u64,
    /// Jobs that an annotator has begun.
    pub running: u64,
    /// How long the job that got its turn first has waited since.
    pub longest_wait: Duration,
}

impl Jobs {
    /// Counts the jobs that have not ended.
    pub async fn unfinished_now(&self, now: Timestamp) -> Result<Unfinished> {
        let mut sum = Unfinished::default();
        for shard in 0..SHARDS {
            let every = self.unfinished(shard, now.plus(LONGEST_PAUSE));
            let found = every
                .projection_expression("job_status, submit_time, turn_time")
                .send()
                .await;
            for item in found.context("count the jobs that have not ended")?.items() {
                sum.add(item, now);
            }
        }
        Ok(sum)
    }

    /// Jobs that still wait `after` their last request. The pause doubles with each request, so that a long backlog is
    /// not multiplied by the sweep that is meant to repair it.
    pub async fn lost_requests(&self, now: Timestamp, after: Duration) -> Result<Vec<LostRequest>> {
        let mut lost = Vec::new();
        for shard in 0..SHARDS {
            let found = self.unfinished(shard, now.minus(after)).limit(100).send().await;
            let found = found.context("look for lost requests")?;
            lost.extend(found.items().iter().filter_map(|item| overdue(item, now, after)));
        }
        Ok(lost)
    }

    /// Takes the right to request the job again; `false` if it has been begun or another sweep was first.
    pub async fn claim_request(&self, lost: LostRequest, now: Timestamp) -> Result<bool> {
        let update = self
            .update(lost.job_id)
            .condition_expression("job_status = :pending AND requests = :seen")
            .update_expression("SET requested_at = :now ADD requests :one")
            .expression_attribute_values(":pending", status_value(JobStatus::Pending))
            .expression_attribute_values(":seen", number(lost.requests))
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":one", number(1));
        self.apply(lost.job_id, "request again", update).await
    }

    fn unfinished(&self, shard: u8, before: Timestamp) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .index_name("pending_index")
            .key_condition_expression("pending_shard = :shard AND submit_time < :before")
            .expression_attribute_values(":shard", text(shard))
            .expression_attribute_values(":before", number(before.epoch_seconds()))
    }
}

impl Unfinished {
    fn add(&mut self, item: &Item, now: Timestamp) {
        let is_running = item.get("job_status") == Some(&status_value(JobStatus::Running));
        if is_running {
            self.running += 1;
            return;
        }
        self.pending += 1;
        // Rows of before there were turns have theirs since they were submitted.
        let since = item.get("turn_time").or_else(|| item.get("submit_time"));
        let since = since.and_then(|time| time.as_n().ok()?.parse().ok());
        let waited = since.map(|time| now.since(Timestamp::from_epoch_seconds(time)));
        self.longest_wait = self.longest_wait.max(waited.unwrap_or_default());
    }
}

fn overdue(item: &Item, now: Timestamp, after: Duration) -> Option<LostRequest> {
    let number = |name: &str| item.get(name)?.as_n().ok()?.parse::<i64>().ok();
    let job_id = item.get("job_id")?.as_s().ok()?.parse().ok()?;
    let user_id = item.get("user_id")?.as_s().ok()?.parse().ok()?;
    let requests = u32::try_from(number("requests")?).ok()?;
    let waits = item.get("job_status") == Some(&status_value(JobStatus::Pending));
    let requested_at = Timestamp::from_epoch_seconds(number("requested_at")?);
    let pause = after
        .saturating_mul(1 << requests.saturating_sub(1).min(16))
        .min(LONGEST_PAUSE.max(after));
    (waits && now.since(requested_at) >= pause).then_some(LostRequest {
        job_id,
        user_id,
        requests,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(requests: i64, requested_at: i64) -> Item {
        Item::from([
            ("job_id".to_owned(), text(JobId::random())),
            ("user_id".to_owned(), text(UserId::random())),
            ("job_status".to_owned(), status_value(JobStatus::Pending)),
            ("requests".to_owned(), number(requests)),
            ("requested_at".to_owned(), number(requested_at)),
        ])
    }

    #[test]
    fn the_pause_between_requests_doubles() {
        let minute = Duration::from_secs(60);
        let is_overdue =
            |requests, age: i64| overdue(&row(requests, 0), Timestamp::from_epoch_seconds(age), minute).is_some();
        assert!(!is_overdue(1, 59) && is_overdue(1, 60));
        assert!(!is_overdue(2, 119) && is_overdue(2, 120));
        assert!(!is_overdue(30, 3599) && is_overdue(30, 3600));
    }

    #[test]
    fn unfinished_jobs_are_counted_by_state_and_the_longest_wait_is_kept() {
        let job = |status: JobStatus, submitted: i64| {
            Item::from([
                ("job_status".to_owned(), status_value(status)),
                ("submit_time".to_owned(), number(submitted)),
            ])
        };
        let mut sum = Unfinished::default();
        for item in [
            job(JobStatus::Running, 10),
            job(JobStatus::Pending, 70),
            job(JobStatus::Pending, 40),
        ] {
            sum.add(&item, Timestamp::from_epoch_seconds(100));
        }
        let expected = Unfinished {
            pending: 2,
            running: 1,
            longest_wait: Duration::from_secs(60),
        };
        assert_eq!(sum, expected);
    }

    #[test]
    fn a_job_that_runs_is_not_lost() {
        let with_status = |status| {
            Item::from_iter(
                row(1, 0)
                    .into_iter()
                    .chain([("job_status".to_owned(), status_value(status))]),
            )
        };
        let is_overdue = |status| {
            let item = with_status(status);
            overdue(&item, Timestamp::from_epoch_seconds(100), Duration::from_secs(60)).is_some()
        };
        assert!(is_overdue(JobStatus::Pending) && !is_overdue(JobStatus::Running));
    }
}
