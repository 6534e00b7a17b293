//! A job's results on their way back from the vault: `ARCHIVED` → `RESTORING` → `LIVE`.
//!
//! Each step gives the job as it then is, or `None` if its row has changed since it was read.

use std::time::Duration;

use anyhow::{Context, Result};
use domain::{Job, Tier, Timestamp};

use super::Jobs;
use super::archive_due::{DUE, due_values};
use super::item::{Row, SHARDS, number, text};

impl Jobs {
    /// How long the results that were asked back first have been awaited; zero if none are. Of what the archiver has to look
    /// at, the first megabyte of each shard counts, hundreds of jobs.
    pub async fn longest_restore(&self, now: Timestamp) -> Result<Duration> {
        let mut since = None;
        for shard in 0..SHARDS {
            let restoring = self
                .partition("archive_due_index", "archive_shard", shard)
                .filter_expression("results_state = :restoring")
                .expression_attribute_values(":restoring", text("RESTORING"))
                .projection_expression("retrieval_requested_at");
            let found = restoring.send().await.context("look for results on their way back")?;
            for row in found.items().iter().map(Row) {
                since = row.time("retrieval_requested_at")?.into_iter().chain(since).min();
            }
        }
        Ok(since.map_or(Duration::ZERO, |since| now.since(since)))
    }

    /// Begins the restore called `restore_id`, to be asked of the vault at once.
    pub async fn begin_restore(&self, job: &Job, restore_id: &str, now: Timestamp) -> Result<Option<Job>> {
        let change = format!(
            "SET results_state = :restoring, restore_id = :restore, retrieval_requested_at = :due, \
             restores = :restores, {DUE} REMOVE retrieval_job_id, retrieval_tier"
        );
        self.change(job, "begin to restore", &change, |update| {
            let update = update
                .expression_attribute_values(":restoring", text("RESTORING"))
                .expression_attribute_values(":restore", text(restore_id))
                .expression_attribute_values(":restores", number(job.archival.restores + 1));
            due_values(update, job.id, now)
        })
        .await
    }

    /// The vault has accepted a retrieval job; if it does not report, it is asked at `due`.
    pub async fn retrieving(&self, job: &Job, retrieval: &str, tier: Tier, due: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET retrieval_job_id = :retrieval, retrieval_tier = :tier, {DUE}");
        self.change(job, "note the retrieval of", &change, |update| {
            let update = update
                .expression_attribute_values(":retrieval", text(retrieval))
                .expression_attribute_values(":tier", text(tier.as_str()));
            due_values(update, job.id, due)
        })
        .await
    }

    /// The retrieval job has failed or expired; another is to be asked for at `due`.
    pub async fn retrieval_failed(&self, job: &Job, due: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET {DUE} REMOVE retrieval_job_id, retrieval_tier");
        self.change(job, "give up the retrieval of", &change, |update| {
            due_values(update, job.id, due)
        })
        .await
    }

    /// The results are back, under `key`. Their archive is to be deleted.
    pub async fn restored(&self, job: &Job, key: &str, now: Timestamp) -> Result<Option<Job>> {
        let discarded = job.archival.archive.as_ref().map_or("", |archive| &archive.id);
        let change = format!(
            "SET results_state = :live, s3_key_result_file = :key, restored_at = :due, discarded_archive = :discarded, \
             {DUE} REMOVE results_file_archive_id, archive_size, archive_tree_hash, retrieval_job_id, retrieval_tier"
        );
        self.change(job, "complete the restore of", &change, |update| {
            let update = update
                .expression_attribute_values(":live", text("LIVE"))
                .expression_attribute_values(":key", text(key))
                .expression_attribute_values(":discarded", text(discarded));
            due_values(update, job.id, now)
        })
        .await
    }
}
