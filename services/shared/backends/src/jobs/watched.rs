//! Jobs that somebody is to be at: those that run, and those whose owner is still to be told how they ended.
//!
//! Whoever is at one raises the row's `beat` every few seconds. A sweep that finds the same beat look after look, for as
//! long as a lease is, takes the job from its holder; the write holds only if the beat is still the one that was seen.
//! So no two machines' clocks are ever compared, and a store that does not answer stops the looks as it stops the beats.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{JobId, JobStatus, Timestamp, UserId};
use futures_util::future::try_join_all;

use super::item::{Item, Row, SHARDS, number, text};
use super::lifecycle::waits_again;
use super::{Jobs, status_value};

/// Why a job is watched; the index keeps the two kinds apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watch {
    /// An annotator is at it.
    Running,
    /// It has ended and its owner does not know.
    Untold,
}

impl Watch {
    /// The partition of `watched_index`.
    pub(super) fn shard(self, shard: u8) -> String {
        match self {
            Self::Running => format!("running-{shard}"),
            Self::Untold => format!("untold-{shard}"),
        }
    }
}

/// A watched job as one look has shown it. Two looks that show the same have seen no sign of life in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// The job.
    pub job_id: JobId,
    /// Whose it is.
    pub user_id: UserId,
    /// How many times somebody has begun to mail its owner since it ended.
    pub mail_attempt: u32,
    attempt: u32,
    beat: u64,
}

impl Jobs {
    /// The jobs that run: of each shard the first megabyte, some thousand.
    pub async fn running(&self) -> Result<Vec<Watched>> {
        let found = self.watched(Watch::Running).await;
        found.context("look for the jobs that run")
    }

    /// The jobs that have ended and whose owners have not been told: of each shard the first megabyte, some thousand.
    pub async fn untold(&self) -> Result<Vec<Watched>> {
        let found = self.watched(Watch::Untold).await;
        found.context("look for owners who have not been told")
    }

    /// Lets a job wait again whose annotator gives no sign of life; `false` if it has given one since, or another sweep
    /// was first. Publish `JobRequested` afterwards: should that be lost, the sweep for lost requests does it.
    pub async fn take_back(&self, silent: &Watched, now: Timestamp) -> Result<bool> {
        let update = waits_again(self.update(silent.job_id), now)
            .condition_expression("job_status = :running AND attempt = :attempt AND beat = :beat")
            .expression_attribute_values(":running", status_value(JobStatus::Running));
        self.apply(silent.job_id, "take back", as_seen(update, silent)).await
    }

    /// Watches the jobs that were begun by version 0.1, which did not let them be watched.
    pub async fn adopt_running(&self) -> Result<()> {
        for shard in 0..SHARDS {
            let begun = self.partition("pending_index", "pending_shard", shard);
            let begun = begun
                .filter_expression("job_status = :running AND attribute_not_exists(watch_shard)")
                .expression_attribute_values(":running", status_value(JobStatus::Running));
            let found = begun.send().await.context("look for jobs that nobody watches")?;
            for id in found
                .items()
                .iter()
                .filter_map(|item| Row(item).text("job_id")?.parse().ok())
            {
                self.adopt(id, shard).await?;
            }
        }
        Ok(())
    }

    async fn adopt(&self, id: JobId, shard: u8) -> Result<()> {
        let update = self
            .update(id)
            .condition_expression("job_status = :running AND attribute_not_exists(watch_shard)")
            .update_expression("SET watch_shard = :shard ADD beat :one")
            .expression_attribute_values(":running", status_value(JobStatus::Running))
            .expression_attribute_values(":shard", text(Watch::Running.shard(shard)))
            .expression_attribute_values(":one", number(1));
        self.apply(id, "watch", update).await?;
        Ok(())
    }

    async fn watched(&self, watch: Watch) -> Result<Vec<Watched>> {
        let shard = |shard| self.partition("watched_index", "watch_shard", watch.shard(shard));
        let shards = (0..SHARDS).map(|number| shard(number).send());
        let found = try_join_all(shards).await?;
        Ok(found.iter().flat_map(|page| page.items()).filter_map(watched).collect())
    }
}

/// The values of a condition that the row has not moved since it was seen.
pub(super) fn as_seen(update: UpdateItemFluentBuilder, seen: &Watched) -> UpdateItemFluentBuilder {
    update
        .expression_attribute_values(":attempt", number(seen.attempt))
        .expression_attribute_values(":beat", number(seen.beat))
}

/// A row of the index; one that cannot be read is nobody's to take.
fn watched(item: &Item) -> Option<Watched> {
    let row = Row(item);
    Some(Watched {
        job_id: row.text("job_id")?.parse().ok()?,
        user_id: row.text("user_id")?.parse().ok()?,
        mail_attempt: row.number("mail_attempt").ok()?.unwrap_or(0),
        attempt: row.number("attempt").ok()?.unwrap_or(0),
        beat: row.number("beat").ok()?.unwrap_or(0),
    })
}
