//! Whose turn it is: only so many of a person's jobs are requested or running at once.
//!
//! A job has its turn from its request until it ends; its row is in `pending_index`. One that waits for its turn has
//! `awaits_turn` and is in no index but that of its owner's jobs; an ended job's annotator gives the turn to the next.
//! Rows and entries (see [`super::entries`]) change in one transaction, so whoever dies leaves nobody a turn too few or too
//! many.

use anyhow::Result;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use domain::{Job, JobId, JobStatus, Plan, Timestamp, TurnLimits, UserId};

use super::item::{Item, number, shard_of, text};
use super::transaction::{Transaction, Written};
use super::{Jobs, status_value};

/// How often turns are given anew because others have given some meanwhile.
const MOST_TRIES: u32 = 5;

/// What came of writing a new job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// It has its turn: publish `JobRequested`.
    Requested,
    /// It waits until earlier jobs of its owner have ended.
    AwaitsTurn,
    /// It was there already.
    Before,
}

impl Jobs {
    /// Writes a new job, which has its turn or waits for it, with what else is to be written; `None` if a condition of that
    /// does not hold.
    pub(super) async fn begin(
        &self,
        job: &Job,
        limits: &TurnLimits,
        with: &[UpdateItemFluentBuilder],
    ) -> Result<Option<Submitted>> {
        let (what, row) = (format!("write job {}", job.id), self.to_item(job));
        let most = self.most(job.plan, limits).await?;
        let requested = Transaction::default()
            .put(self.new_row(&row, in_turn(job)))?
            .update(&self.takes_turn_at_once(job, most))?;
        let requested = with.iter().try_fold(requested, Transaction::update)?;
        match self.commit(requested, &what).await? {
            Written::All => return Ok(Some(Submitted::Requested)),
            Written::NotThe(0) => return Ok(Some(Submitted::Before)),
            Written::NotThe(_) => {}
        }
        let waits = Transaction::default()
            .put(self.new_row(&row, [("awaits_turn", number(1))]))?
            .put(self.waiting_entry(job))?
            .update(&self.another_waits(job))?;
        let waits = with.iter().try_fold(waits, Transaction::update)?;
        Ok(match self.commit(waits, &what).await? {
            Written::All => Some(Submitted::AwaitsTurn),
            Written::NotThe(0) => Some(Submitted::Before),
            Written::NotThe(_) => None,
        })
    }

    /// Gives as many of a person's waiting jobs their turn as may have it, those first that were submitted first. Publish
    /// `JobRequested` for each: should that be lost, the sweep for lost requests does it.
    pub async fn give_turns(&self, user: UserId, limits: &TurnLimits, now: Timestamp) -> Result<Vec<JobId>> {
        let mut given = Vec::new();
        for _ in 0..MOST_TRIES {
            let turns = self.turns_of(user).await?;
            if !turns.somebody_waits {
                break;
            }
            let most = self.most(turns.plan, limits).await?;
            let room = usize::try_from(most)?.saturating_sub(turns.jobs.len());
            if room == 0 {
                break;
            }
            let waiting = self.awaiting_turn(user, room).await?;
            if waiting.is_empty() && self.nobody_waits(user, &turns).await? {
                break;
            }
            let before = given.len();
            for (entry, job) in waiting {
                if self.give_turn(user, &entry, job, most, now).await? {
                    given.push(job);
                }
            }
            if given.len() - before == room {
                break; // Whoever makes more room looks who is next.
            }
        }
        Ok(given)
    }

    /// Takes turns back from jobs that have ended without giving them up, as under annotators of before this rule.
    pub async fn take_ended_turns(&self, user: UserId) -> Result<()> {
        for id in self.turns_of(user).await?.jobs {
            let job = self.get(id).await?;
            if job.is_none_or(|job| job.status.is_final()) {
                let given_up = Transaction::default().update(&self.gives_turn_up(user, id))?;
                self.commit(given_up, &format!("take the turn of job {id}")).await?;
            }
        }
        Ok(())
    }

    async fn most(&self, plan: Plan, limits: &TurnLimits) -> Result<u32> {
        // Only Premium's turns depend on the places.
        let places = match plan {
            Plan::Free => 0,
            Plan::Premium => self.places().await?,
        };
        Ok(limits.of(plan, places))
    }

    fn new_row<const N: usize>(&self, row: &Item, more: [(&str, AttributeValue); N]) -> PutBuilder {
        let more = more.map(|(name, value)| (name.to_owned(), value));
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(row.clone().into_iter().chain(more).collect()))
            .condition_expression("attribute_not_exists(job_id)")
    }

    async fn give_turn(&self, user: UserId, entry: &str, job: JobId, most: u32, now: Timestamp) -> Result<bool> {
        let what = format!("give job {job} its turn");
        let row = self
            .update(job)
            .condition_expression("job_status = :pending AND attribute_exists(awaits_turn)")
            .update_expression(
                "SET pending_shard = :shard, turn_time = :now, requested_at = :now, requests = :one REMOVE awaits_turn",
            )
            .expression_attribute_values(":pending", status_value(JobStatus::Pending))
            .expression_attribute_values(":shard", text(shard_of(job)))
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":one", number(1));
        let turn = Transaction::default()
            .delete(self.without(user, entry))?
            .update(&self.takes_turn(user, job, most))?
            .update(&row)?;
        match self.commit(turn, &what).await? {
            Written::All => return Ok(true),
            // The job waits no more: it is gone.
            Written::NotThe(2) => {
                let forget = Transaction::default().delete(self.without(user, entry))?;
                self.commit(forget, &what).await?;
            }
            Written::NotThe(_) => {}
        }
        Ok(false)
    }
}

/// What a new row has more whose job has its turn.
fn in_turn(job: &Job) -> [(&'static str, AttributeValue); 4] {
    let now = job.submit_time.epoch_seconds();
    [
        ("pending_shard", text(shard_of(job.id))),
        ("turn_time", number(now)),
        ("requested_at", number(now)),
        ("requests", number(1)),
    ]
}
