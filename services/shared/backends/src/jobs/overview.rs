//! All jobs at a glance, for whoever runs the service: those that have not ended, those that failed, and what is on its
//! way to the vault or back.
//!
//! The sparse indexes hold just these, so nothing is scanned; what is counted is counted up to a limit.

use std::fmt::Display;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::Select;
use domain::{Job, ResultsState, Timestamp};
use futures_util::future::try_join_all;

use super::Jobs;
use super::item::{Item, Row, SHARDS, from_item, number, text};

/// Pages of an index that are read to count: some thousand rows in each partition. A backlog larger than that is
/// worth knowing of, not worth reading to its end.
const MOST_PAGES: usize = 10;

/// Results that the archiver has an eye on, by where their bytes are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Archives {
    /// In the results bucket, while their owner's time runs.
    pub live: u64,
    /// On their way into the vault.
    pub archiving: u64,
    /// In the vault, the bucket's copy still to be deleted.
    pub archived: u64,
    /// On their way back.
    pub restoring: u64,
    /// When the first of those was asked of the vault.
    pub restoring_since: Option<Timestamp>,
    /// How many of all these should have been looked at.
    pub overdue: u64,
    /// When the first of all these is to be looked at, or should have been.
    pub first_due: Option<Timestamp>,
}

impl Jobs {
    /// At most `limit` jobs that have not ended, those first that were submitted first.
    pub async fn unfinished_jobs(&self, limit: i32) -> Result<Vec<Job>> {
        let oldest = |shard| self.partition("pending_index", "pending_shard", shard).limit(limit);
        let mut jobs = jobs(oldest).await.context("list the unfinished jobs")?;
        jobs.sort_by_key(|job| (job.submit_time, job.id));
        jobs.truncate(usize::try_from(limit)?);
        Ok(jobs)
    }

    /// How many jobs have failed since then.
    pub async fn failed_since(&self, then: Timestamp) -> Result<u64> {
        let counts = (0..SHARDS).map(|shard| async move {
            let failed = self.index("failed_index").select(Select::Count);
            let failed = failed
                .key_condition_expression("failed_shard = :shard AND complete_time >= :then")
                .expression_attribute_values(":shard", text(shard))
                .expression_attribute_values(":then", number(then.epoch_seconds()));
            let mut pages = failed.into_paginator().send();
            let mut count = 0;
            for _ in 0..MOST_PAGES {
                let Some(page) = pages.try_next().await? else { break };
                count += u64::try_from(page.count()).unwrap_or(0);
            }
            anyhow::Ok(count)
        });
        let counts = try_join_all(counts).await.context("count the failed jobs")?;
        Ok(counts.into_iter().sum())
    }

    /// At most `limit` jobs that have failed, those first that failed last.
    pub async fn failed_jobs(&self, limit: i32) -> Result<Vec<Job>> {
        let newest = |shard| {
            let failed = self.partition("failed_index", "failed_shard", shard);
            failed.scan_index_forward(false).limit(limit)
        };
        let mut jobs = jobs(newest).await.context("list the failed jobs")?;
        jobs.sort_by_key(|job| std::cmp::Reverse((job.complete_time, job.id)));
        jobs.truncate(usize::try_from(limit)?);
        Ok(jobs)
    }

    /// What waits for the archiver. What was due before `late` is overdue.
    pub async fn count_archives(&self, late: Timestamp) -> Result<Archives> {
        let attributes = "results_state, archive_due, retrieval_requested_at";
        let rows = self.rows("archive_due_index", "archive_shard", attributes);
        let rows = rows.await.context("count the archives")?;
        archives(&rows, late)
    }

    /// These attributes of every row of a sparse index, up to the limit.
    async fn rows(&self, index: &str, shard_name: &str, attributes: &str) -> Result<Vec<Item>> {
        let partitions = (0..SHARDS).map(|shard| async move {
            let rows = self
                .partition(index, shard_name, shard)
                .projection_expression(attributes);
            let mut pages = rows.into_paginator().send();
            let mut items = Vec::new();
            for _ in 0..MOST_PAGES {
                let Some(page) = pages.try_next().await? else { break };
                items.extend(page.items.unwrap_or_default());
            }
            anyhow::Ok(items)
        });
        Ok(try_join_all(partitions).await?.concat())
    }

    pub(super) fn partition(&self, index: &str, shard_name: &str, shard: impl Display) -> QueryFluentBuilder {
        self.index(index)
            .key_condition_expression("#shard = :shard")
            .expression_attribute_names("#shard", shard_name)
            .expression_attribute_values(":shard", text(shard))
    }

    fn index(&self, name: &str) -> QueryFluentBuilder {
        self.client.query().table_name(&self.table).index_name(name)
    }
}

/// The jobs of one page of every partition.
async fn jobs(query: impl Fn(u8) -> QueryFluentBuilder) -> Result<Vec<Job>> {
    let pages = try_join_all((0..SHARDS).map(|shard| query(shard).send())).await?;
    pages.iter().flat_map(|page| page.items()).map(from_item).collect()
}

fn archives(rows: &[Item], late: Timestamp) -> Result<Archives> {
    let mut archives = Archives::default();
    for row in rows.iter().map(Row) {
        let due = row.time("archive_due")?;
        archives.first_due = earlier(archives.first_due, due);
        archives.overdue += u64::from(due.is_some_and(|due| due < late));
        match row.results_state()? {
            ResultsState::Live => archives.live += 1,
            ResultsState::Archiving => archives.archiving += 1,
            ResultsState::Archived => archives.archived += 1,
            ResultsState::Restoring => {
                archives.restoring += 1;
                archives.restoring_since = earlier(archives.restoring_since, row.time("retrieval_requested_at")?);
            }
        }
    }
    Ok(archives)
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(words: &[(&str, &str)], instants: &[(&str, i64)]) -> Item {
        let words = words.iter().map(|(name, value)| ((*name).to_owned(), text(value)));
        let instants = instants.iter().map(|(name, value)| ((*name).to_owned(), number(value)));
        words.chain(instants).collect()
    }

    #[test]
    fn archives_are_counted_by_where_the_bytes_are() {
        let job = |state, due| row(&[("results_state", state)], &[("archive_due", due)]);
        let restoring = row(
            &[("results_state", "RESTORING")],
            &[("archive_due", 200), ("retrieval_requested_at", 60)],
        );
        let rows = [job("LIVE", 99), job("LIVE", 100), job("ARCHIVING", 70), restoring];
        let expected = Archives {
            live: 2,
            archiving: 1,
            archived: 0,
            restoring: 1,
            restoring_since: Some(Timestamp::from_epoch_seconds(60)),
            overdue: 2,
            first_due: Some(Timestamp::from_epoch_seconds(70)),
        };
        let now = Timestamp::from_epoch_seconds(100);
        assert_eq!(archives(&rows, now).unwrap(), expected);
    }
}
