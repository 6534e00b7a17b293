//! What is left of the rows of jobs that are to be deleted ([`super::deletion`]), for the archiver alone.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::ReturnValue;
use domain::{DeletionId, JobId, Timestamp, UserId, keys};
use futures_util::future::try_join_all;

use super::Jobs;
use super::item::{Item, Row, SHARDS, number, text};

/// Jobs that one query of one partition gives at most.
const BATCH: i32 = 100;

/// A job that is to be deleted: where its bytes may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doomed {
    /// The job.
    pub job_id: JobId,
    /// Whose it was; its keys begin with it.
    pub user_id: UserId,
    /// Under which deletion.
    pub deletion: DeletionId,
    /// When that was asked for.
    pub asked_at: Timestamp,
    /// The job that came with the input: this one, or the one of which it is a run more.
    pub input_of: JobId,
    /// The results, while the results bucket has them.
    pub results_key: Option<String>,
    /// What was begun in the vault and may have become an archive that nothing else names.
    pub upload: Option<String>,
    /// Archives in the vault.
    pub archives: Vec<String>,
}

impl Jobs {
    /// Jobs to be deleted that had to be looked at before `now`, the oldest of each partition first.
    pub async fn doomed_due(&self, now: Timestamp) -> Result<Vec<JobId>> {
        let shards = (0..SHARDS).map(|shard| {
            let due = self.client.query().table_name(&self.table).index_name("deletion_index");
            due.key_condition_expression("deletion_shard = :shard AND deletion_time <= :now")
                .expression_attribute_values(":shard", text(shard))
                .expression_attribute_values(":now", number(now.epoch_seconds()))
                .limit(BATCH)
                .send()
        });
        let pages = try_join_all(shards).await.context("look for jobs to be deleted")?;
        let id = |item| Row(item).text("job_id")?.parse::<JobId>().ok();
        Ok(pages.iter().flat_map(|page| page.items()).filter_map(id).collect())
    }

    /// Whether a person has jobs that are still to be deleted.
    pub async fn has_doomed(&self, user: UserId) -> Result<bool> {
        let shards = (0..SHARDS).map(|shard| async move {
            let theirs = self.partition("deletion_index", "deletion_shard", shard);
            let theirs = theirs
                .filter_expression("deletion_of = :user")
                .expression_attribute_values(":user", text(user));
            let mut pages = theirs.into_paginator().send();
            while let Some(page) = pages.try_next().await? {
                if !page.items().is_empty() {
                    return anyhow::Ok(true);
                }
            }
            anyhow::Ok(false)
        });
        let found = try_join_all(shards).await;
        let found = found.with_context(|| format!("look for jobs of user {user} to be deleted"))?;
        Ok(found.contains(&true))
    }

    /// Takes a job that is to be deleted until `until`, so that what two would delete at once is counted once, and gives it
    /// as it is now; `None` if it is not to be deleted, is gone, or has not to be looked at before later than `now`.
    pub async fn take_doomed(&self, id: JobId, now: Timestamp, until: Timestamp) -> Result<Option<Doomed>> {
        let update = self
            .update(id)
            .condition_expression("attribute_exists(deletion_shard) AND deletion_time <= :now")
            .update_expression("SET deletion_time = :until")
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":until", number(until.epoch_seconds()))
            .return_values(ReturnValue::AllNew);
        let taken = match update.send().await {
            Ok(taken) => taken.attributes.unwrap_or_default(),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("take job {id} to delete it")),
        };
        let doomed = doomed(&taken);
        doomed
            .with_context(|| format!("read job {id}, which is to be deleted"))
            .map(Some)
    }

    /// Notes that the vault has nothing of the job any more.
    pub async fn vault_is_rid_of(&self, doomed: &Doomed) -> Result<()> {
        let update = self
            .update(doomed.job_id)
            .condition_expression("deletion_id = :deletion")
            .update_expression("REMOVE archive_upload, results_file_archive_id, discarded_archive")
            .expression_attribute_values(":deletion", text(doomed.deletion));
        self.apply(doomed.job_id, "note that the vault is rid of", update)
            .await?;
        Ok(())
    }

    /// Has the archiver look at the job again at `due`, if it is still to be deleted.
    pub async fn put_off_doomed(&self, id: JobId, due: Timestamp) -> Result<()> {
        let update = self
            .update(id)
            .condition_expression("attribute_exists(deletion_shard)")
            .update_expression("SET deletion_time = :due")
            .expression_attribute_values(":due", number(due.epoch_seconds()));
        self.apply(id, "put off", update).await?;
        Ok(())
    }

    /// Deletes the row, if it is still that of this deletion; `false` if it is gone.
    pub async fn forget(&self, doomed: &Doomed) -> Result<bool> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete
            .key("job_id", text(doomed.job_id))
            .condition_expression("deletion_id = :deletion")
            .expression_attribute_values(":deletion", text(doomed.deletion));
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => Ok(false),
            Err(error) => Err(error).with_context(|| format!("delete the row of job {}", doomed.job_id)),
        }
    }

    /// At most a hundred of a person's jobs.
    pub async fn ids_of(&self, user: UserId) -> Result<Vec<JobId>> {
        let query = self.of_user(user, BATCH, None).projection_expression("job_id");
        let found = query.send().await;
        let found = found.with_context(|| format!("list the jobs of user {user}"))?;
        let id = |item: &Item| Ok(Row(item).required("job_id")?.parse::<JobId>()?);
        found.items().iter().map(id).collect()
    }

    /// Deletes all entries of a person in the table of turns.
    pub async fn forget_turns(&self, user: UserId) -> Result<()> {
        let entries = self.client.query().table_name(&self.turns_table).consistent_read(true);
        let entries = entries
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", text(user))
            .projection_expression("entry");
        let mut pages = entries.into_paginator().send();
        while let Some(page) = pages.try_next().await.context("list a person's turns")? {
            for entry in page.items().iter().filter_map(|item| Row(item).text("entry")) {
                let delete = self.client.delete_item().table_name(&self.turns_table);
                let delete = delete.key("user_id", text(user)).key("entry", text(entry));
                let deleted = delete.send().await;
                deleted.with_context(|| format!("delete the entry {entry} of user {user}"))?;
            }
        }
        Ok(())
    }
}

fn doomed(item: &Item) -> Result<Doomed> {
    let row = Row(item);
    let owned = |name| row.text(name).map(str::to_owned);
    let archives = ["results_file_archive_id", "discarded_archive"].map(owned);
    let (job_id, user_id) = (row.required("job_id")?.parse()?, row.required("deletion_of")?.parse()?);
    let input_of = keys::job_of_key(user_id, row.text("s3_key_input_file").unwrap_or_default());
    Ok(Doomed {
        job_id,
        user_id,
        input_of: input_of.unwrap_or(job_id),
        deletion: row.required("deletion_id")?.parse()?,
        asked_at: row.time("deletion_asked")?.context("deletion_asked is missing")?,
        results_key: owned("s3_key_result_file"),
        upload: owned("archive_upload"),
        archives: archives.into_iter().flatten().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_row_names_all_that_the_vault_has() {
        let (job, user, deletion) = (JobId::random(), UserId::random(), DeletionId::random());
        let first = JobId::random();
        let row = [
            ("job_id", text(job)),
            ("s3_key_input_file", text(keys::input(user, first))),
            ("deletion_of", text(user)),
            ("deletion_id", text(deletion)),
            ("deletion_asked", number(100)),
            ("results_file_archive_id", text("one")),
            ("discarded_archive", text("another")),
        ];
        let row: Item = row.map(|(name, value)| (name.to_owned(), value)).into();
        let expected = Doomed {
            job_id: job,
            user_id: user,
            deletion,
            asked_at: Timestamp::from_epoch_seconds(100),
            input_of: first,
            results_key: None,
            upload: None,
            archives: vec!["one".into(), "another".into()],
        };
        assert_eq!(doomed(&row).unwrap(), expected);
    }
}
