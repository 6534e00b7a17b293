//! Inputs that several jobs need: a job that is run again has the input of the first.
//!
//! The input lies below the prefix of the job that came with it. From the first run more on, the person's entry
//! `input <that job's id>` in the table of turns names the jobs that need it (`jobs`); without an entry that job alone does.
//! A job joins in the transaction that writes it, which holds only while the job it is made from is there and is not to be
//! deleted. So when the last one has left, nobody can join any more, and the input goes.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::{Job, JobId, UserId, keys};

use super::entries::set_of;
use super::item::{Item, number, text};
use super::{Doomed, Jobs};

impl Jobs {
    /// The entry of the input of `of` with one more job that needs it.
    pub(super) fn shares_input(&self, of: &Job, job: JobId) -> UpdateItemFluentBuilder {
        let first = input_of(of);
        let (joins, needed) = match first == of.id {
            true => (vec![first, job], "attribute_not_exists(jobs) OR contains(jobs, :of)"),
            false => (vec![job], "contains(jobs, :of)"),
        };
        let joins = joins.iter().map(JobId::to_string).collect();
        self.entry(of.user_id, &entry_of(first))
            .condition_expression(needed)
            .update_expression("ADD jobs :joins")
            .expression_attribute_values(":joins", AttributeValue::Ss(joins))
            .expression_attribute_values(":of", text(of.id))
    }

    /// The row of a job from which another is made, if it is still there.
    pub(super) fn is_run_again(&self, of: &Job) -> UpdateItemFluentBuilder {
        self.update(of.id)
            .condition_expression("user_id = :owner")
            .update_expression("ADD reruns :one")
            .expression_attribute_values(":owner", text(of.user_id))
            .expression_attribute_values(":one", number(1))
    }

    /// Notes that a job which is to be deleted needs its input no more; `true` if no other needs it either, and it is to be
    /// deleted and then forgotten ([`Jobs::forget_input`]). May be repeated.
    pub async fn release_input(&self, doomed: &Doomed) -> Result<bool> {
        let leave = self
            .entry(doomed.user_id, &entry_of(doomed.input_of))
            .condition_expression("contains(jobs, :job)")
            .update_expression("DELETE jobs :set")
            .expression_attribute_values(":job", text(doomed.job_id))
            .expression_attribute_values(":set", set_of(doomed.job_id))
            .return_values(ReturnValue::AllNew);
        let what = || format!("release the input of job {}", doomed.job_id);
        let entry = match leave.send().await {
            Ok(left) => left.attributes,
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                self.input_entry(doomed).await.with_context(what)?
            }
            Err(error) => return Err(error).with_context(what),
        };
        Ok(match entry {
            Some(entry) => !entry.contains_key("jobs"),
            // Nobody else has ever needed it, or it is deleted.
            None => doomed.input_of == doomed.job_id,
        })
    }

    /// Forgets an input that is deleted and that no job needs.
    pub async fn forget_input(&self, user: UserId, first: JobId) -> Result<()> {
        let delete = self.client.delete_item().table_name(&self.turns_table);
        let delete = delete
            .key("user_id", text(user))
            .key("entry", text(entry_of(first)))
            .condition_expression("attribute_not_exists(jobs)");
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => Ok(()),
            Err(error) => Err(error).with_context(|| format!("forget the input of job {first}")),
        }
    }

    async fn input_entry(&self, doomed: &Doomed) -> Result<Option<Item>> {
        let request = self
            .client
            .get_item()
            .table_name(&self.turns_table)
            .consistent_read(true);
        let request = request
            .key("user_id", text(doomed.user_id))
            .key("entry", text(entry_of(doomed.input_of)));
        Ok(request.send().await?.item)
    }
}

/// The job that came with the input of this one.
fn input_of(job: &Job) -> JobId {
    keys::job_of_key(job.user_id, &job.input_key).unwrap_or(job.id)
}

fn entry_of(first: JobId) -> String {
    format!("input {first}")
}
