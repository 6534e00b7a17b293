//! Jobs that are to be deleted.
//!
//! One write takes a row out of every list and index but `deletion_index`, ends whatever its annotator or archiver may
//! write, and drops what it says of its owner: from then on there is no such job for anybody but the archiver
//! ([`super::doomed`]), which deletes what the row names, and the row last.

use anyhow::{Context, Result, bail};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{DeletionId, JobId, JobStatus, Timestamp, UserId};

use super::Jobs;
use super::item::{Item, Row, number, shard_of, text};
use super::transaction::{Transaction, Written};

/// How often a job is marked anew that has changed meanwhile.
pub(super) const MOST_TRIES: u32 = 8;

/// The status of a marked row. No [`JobStatus`], so that whatever holds only in one of those does not hold any more.
const DELETED: &str = "DELETED";

/// What came of marking a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// It is marked now, under the deletion that was given.
    Now,
    /// It was marked before, under this deletion.
    Before(DeletionId),
    /// The person has no such job.
    Unknown,
}

/// A row as it was read, by which it is written only if it is still so.
pub(super) struct Seen {
    pub(super) status: String,
    submitted: Timestamp,
    awaits_turn: bool,
}

impl Jobs {
    /// Marks a job of `owner` to be deleted; a job that waits or runs gives its turn up. Publish `DeletionRequested`
    /// afterwards: should that be lost, the archiver's sweep finds the mark.
    pub async fn delete(&self, owner: UserId, id: JobId, deletion: DeletionId, now: Timestamp) -> Result<Marked> {
        for _ in 0..MOST_TRIES {
            let Some(item) = self.row_or_doomed(id).await? else {
                return Ok(Marked::Unknown);
            };
            let (row, owner_text) = (Row(&item), owner.to_string());
            if row.text("deletion_of") == Some(&*owner_text) {
                return Ok(Marked::Before(row.required("deletion_id")?.parse()?));
            }
            if row.text("user_id") != Some(&*owner_text) {
                return Ok(Marked::Unknown);
            }
            if self.mark(owner, id, deletion, &Seen::of(&item)?, now).await? {
                return Ok(Marked::Now);
            }
        }
        bail!("job {id} changes faster than it can be deleted")
    }

    /// `false` if the row is no longer as it was seen.
    async fn mark(&self, owner: UserId, id: JobId, deletion: DeletionId, seen: &Seen, now: Timestamp) -> Result<bool> {
        let marked = Transaction::default().update(&self.doom(owner, id, deletion, seen, now))?;
        let marked = self.without_turn(marked, owner, id, seen)?;
        let written = self.commit(marked, &format!("mark job {id} to be deleted")).await?;
        Ok(written == Written::All)
    }

    /// The row as the archiver finds it: the bytes it names, and nothing of its owner but the id that their keys have.
    fn doom(
        &self,
        owner: UserId,
        id: JobId,
        deletion: DeletionId,
        seen: &Seen,
        now: Timestamp,
    ) -> UpdateItemFluentBuilder {
        self.while_seen(owner, id, seen)
            .update_expression(
                "SET job_status = :deleted, deletion_of = :owner, deletion_id = :deletion, deletion_asked = :now, \
                 deletion_shard = :shard, deletion_time = :now \
                 REMOVE user_id, username, email, input_file_name, job_name, notes, summary, #error, progress, awaits_turn, \
                 pending_shard, watch_shard, failed_shard, archive_shard, archive_due, archive_lease_until, \
                 share_hash, share_until, share_opened \
                 ADD archive_revision :one",
            )
            .expression_attribute_names("#error", "error")
            .expression_attribute_values(":deleted", text(DELETED))
            .expression_attribute_values(":deletion", text(deletion))
            .expression_attribute_values(":shard", text(shard_of(id)))
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":one", number(1))
    }
}

impl Jobs {
    /// The same transaction, by which the job also gives up its turn, or its place among those that wait for one.
    pub(super) fn without_turn(
        &self,
        marked: Transaction,
        owner: UserId,
        id: JobId,
        seen: &Seen,
    ) -> Result<Transaction> {
        match seen.awaits_turn {
            true => marked.delete(self.waits_no_more(owner, seen.submitted, id)),
            false if is_over(&seen.status) => Ok(marked),
            false => marked.update(&self.gives_turn_up(owner, id)),
        }
    }

    /// A write to a row of `owner` that is still as it was seen.
    pub(super) fn while_seen(&self, owner: UserId, id: JobId, seen: &Seen) -> UpdateItemFluentBuilder {
        let waits = match seen.awaits_turn {
            true => "attribute_exists(awaits_turn)",
            false => "attribute_not_exists(awaits_turn)",
        };
        self.update(id)
            .condition_expression(format!("user_id = :owner AND job_status = :seen AND {waits}"))
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":seen", text(&seen.status))
    }
}

impl Seen {
    pub(super) fn of(item: &Item) -> Result<Self> {
        let row = Row(item);
        Ok(Self {
            status: row.required("job_status")?.to_owned(),
            submitted: row.time("submit_time")?.context("submit_time is missing")?,
            awaits_turn: item.contains_key("awaits_turn"),
        })
    }
}

/// Whether a job of this status has given its turn up.
fn is_over(status: &str) -> bool {
    status.parse::<JobStatus>().is_ok_and(JobStatus::is_final)
}
