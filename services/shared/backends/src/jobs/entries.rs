//! The table of turns (`user_id`, `entry`), which has of each person
//!
//! - an entry `has`: the ids of the jobs that have their turn (`jobs`), and the plan under which the last one was submitted;
//! - an entry `waits <submit time> <job id>` for each job that waits for its turn;
//! - an entry `input <job id>` for each input that more than one job has needed, see [`super::inputs`].
//!
//! People of whom something waits are in the sparse index `waiting_index` (`waiting_shard`, `user_id`). Under `annotators`
//! there is an entry for each annotator, see [`super::places`].

use std::fmt::Display;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder};
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, Select};
use domain::{Job, JobId, JobState, Plan, Timestamp, UserId};

use super::Jobs;
use super::item::{Item, Row, SHARDS, number, text};
use super::transaction::{Transaction, Written};

const HAS: &str = "has";

/// Behind every entry of a job that waits.
const LAST: &str = "waits ~";

/// The condition that a person may have one turn more.
const HAS_ROOM: &str = "attribute_not_exists(jobs) OR size(jobs) < :most";

/// What a person has of turns.
#[derive(Debug)]
pub(super) struct Turns {
    /// Who has one.
    pub(super) jobs: Vec<JobId>,
    pub(super) plan: Plan,
    pub(super) somebody_waits: bool,
    /// How many jobs have ever had to wait.
    waited: u64,
}

impl Jobs {
    /// People of whom something waits for its turn: of each shard the first megabyte, some thousand.
    pub async fn people_who_wait(&self) -> Result<Vec<UserId>> {
        let mut people = Vec::new();
        for shard in 0..SHARDS {
            let waiting = self
                .client
                .query()
                .table_name(&self.turns_table)
                .index_name("waiting_index");
            let waiting = waiting
                .key_condition_expression("waiting_shard = :shard")
                .expression_attribute_values(":shard", text(shard));
            let found = waiting.send().await.context("look for people who wait for a turn")?;
            let person = |item| Row(item).text("user_id")?.parse::<UserId>().ok();
            people.extend(found.items().iter().filter_map(person));
        }
        Ok(people)
    }

    /// How many of the owner's jobs get their turn before this one, which waits for it.
    pub async fn turns_before(&self, job: &JobState) -> Result<u64> {
        let up_to_it = self
            .entries(job.user_id, &waits(job.submit_time, job.id))
            .select(Select::Count);
        let counted = up_to_it.send().await;
        let counted = counted.with_context(|| format!("count what waits before job {}", job.id))?;
        Ok(u64::try_from(counted.count()).unwrap_or(0).saturating_sub(1))
    }

    pub(super) async fn turns_of(&self, user: UserId) -> Result<Turns> {
        let request = self
            .client
            .get_item()
            .table_name(&self.turns_table)
            .consistent_read(true);
        let request = request.key("user_id", text(user)).key("entry", text(HAS));
        let found = request.send().await;
        let item = found.with_context(|| format!("read the turns of user {user}"))?.item;
        turns(&item.unwrap_or_default())
    }

    /// The first of a person's waiting jobs, each with the name of its entry.
    pub(super) async fn awaiting_turn(&self, user: UserId, limit: usize) -> Result<Vec<(String, JobId)>> {
        let waiting = self.entries(user, LAST).limit(i32::try_from(limit)?).send().await;
        let found = waiting.with_context(|| format!("look for what waits of user {user}"))?;
        let read = |item: &Item| {
            let row = Row(item);
            Some((row.text("entry")?.to_owned(), row.text("job_id")?.parse().ok()?))
        };
        Ok(found.items().iter().filter_map(read).collect())
    }

    /// Takes the person out of the index; `false` if another job has come to wait since the turns were read.
    pub(super) async fn nobody_waits(&self, user: UserId, turns: &Turns) -> Result<bool> {
        let update = self
            .has(user)
            .condition_expression("waited = :seen")
            .update_expression("REMOVE waiting_shard")
            .expression_attribute_values(":seen", number(turns.waited));
        let written = self
            .commit(Transaction::default().update(&update)?, "forget who waited")
            .await?;
        Ok(written == Written::All)
    }

    /// The owner's entry with one more job that has its turn, if there is room for one.
    pub(super) fn takes_turn(&self, user: UserId, job: JobId, most: u32) -> UpdateItemFluentBuilder {
        self.has(user)
            .condition_expression(HAS_ROOM)
            .update_expression("ADD jobs :job")
            .expression_attribute_values(":job", set_of(job))
            .expression_attribute_values(":most", number(most))
    }

    /// The owner's entry with a new job that has its turn, if there is room for one and nothing is ahead of it.
    pub(super) fn takes_turn_at_once(&self, job: &Job, most: u32) -> UpdateItemFluentBuilder {
        self.takes_turn(job.user_id, job.id, most)
            .condition_expression(format!("attribute_not_exists(waiting_shard) AND ({HAS_ROOM})"))
            .update_expression("SET #plan = :plan ADD jobs :job")
            .expression_attribute_names("#plan", "plan")
            .expression_attribute_values(":plan", text(job.plan.name()))
    }

    /// The owner's entry without this job's turn.
    pub(super) fn gives_turn_up(&self, user: UserId, job: JobId) -> UpdateItemFluentBuilder {
        self.has(user)
            .update_expression("DELETE jobs :job")
            .expression_attribute_values(":job", set_of(job))
    }

    /// The owner's entry with one more job that waits.
    pub(super) fn another_waits(&self, job: &Job) -> UpdateItemFluentBuilder {
        self.has(job.user_id)
            .update_expression("SET waiting_shard = :shard, #plan = :plan ADD waited :one")
            .expression_attribute_names("#plan", "plan")
            .expression_attribute_values(":plan", text(job.plan.name()))
            .expression_attribute_values(":shard", text(job.user_id.as_uuid().as_bytes()[15] % SHARDS))
            .expression_attribute_values(":one", number(1))
    }

    /// The entry of a job that waits.
    pub(super) fn waiting_entry(&self, job: &Job) -> PutBuilder {
        Put::builder()
            .table_name(&self.turns_table)
            .item("user_id", text(job.user_id))
            .item("entry", text(waits(job.submit_time, job.id)))
            .item("job_id", text(job.id))
    }

    /// Takes an entry away, which must be there.
    pub(super) fn without(&self, user: impl Display, entry: &str) -> DeleteBuilder {
        Delete::builder()
            .table_name(&self.turns_table)
            .key("user_id", text(user))
            .key("entry", text(entry))
            .condition_expression("attribute_exists(job_id)")
    }

    /// Takes the entry of a job that waits away, if it is there.
    pub(super) fn waits_no_more(&self, user: UserId, submitted: Timestamp, job: JobId) -> DeleteBuilder {
        Delete::builder()
            .table_name(&self.turns_table)
            .key("user_id", text(user))
            .key("entry", text(waits(submitted, job)))
    }

    fn has(&self, user: UserId) -> UpdateItemFluentBuilder {
        self.entry(user, HAS)
    }

    pub(super) fn entry(&self, user: UserId, entry: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.turns_table)
            .key("user_id", text(user))
            .key("entry", text(entry))
    }

    /// Entries of jobs that wait, the last one included.
    fn entries(&self, user: UserId, last: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.turns_table)
            .consistent_read(true)
            .key_condition_expression("user_id = :user AND entry BETWEEN :first AND :last")
            .expression_attribute_values(":user", text(user))
            .expression_attribute_values(":first", text("waits 0"))
            .expression_attribute_values(":last", text(last))
    }
}

/// The name of the entry of a job that waits; those of jobs submitted first come first.
fn waits(submitted: Timestamp, job: JobId) -> String {
    format!("waits {:012} {job}", submitted.epoch_seconds())
}

pub(super) fn set_of(job: JobId) -> AttributeValue {
    AttributeValue::Ss(vec![job.to_string()])
}

fn turns(item: &Item) -> Result<Turns> {
    let row = Row(item);
    let jobs = item
        .get("jobs")
        .and_then(|jobs| jobs.as_ss().ok())
        .map_or(&[][..], Vec::as_slice);
    Ok(Turns {
        jobs: jobs.iter().filter_map(|id| id.parse().ok()).collect(),
        plan: Plan::of_name(row.text("plan")),
        somebody_waits: item.contains_key("waiting_shard"),
        waited: row.number("waited")?.unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_in_the_order_of_submission() {
        let at = |seconds| waits(Timestamp::from_epoch_seconds(seconds), JobId::random());
        assert!(at(999_999_999) < at(1_700_000_000) && at(1_700_000_000) < at(1_700_000_001));
        assert!(at(1_700_000_001).as_str() < LAST && "waits 0" <= at(0).as_str());
    }
}
