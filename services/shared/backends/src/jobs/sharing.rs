//! Links by which anybody reads one job: one at a time for each job, until it ends, is withdrawn or another takes its place.
//! The row has the hash of the secret that is part of the link, and counts who has opened it.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::ReturnValue;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use domain::{Job, JobId, JobStatus, Timestamp, UserId};

use super::item::{from_item, number, text};
use super::{Jobs, status_value};
use crate::accounts::Token;

impl Jobs {
    /// Lets whoever has the secret read a completed job of `owner` until then, and nobody any more by an earlier link; `false`
    /// if the person has no such job.
    pub async fn share(&self, owner: UserId, id: JobId, secret: &Token, until: Timestamp) -> Result<bool> {
        let update = self
            .update(id)
            .condition_expression("user_id = :owner AND job_status = :completed")
            .update_expression("SET share_hash = :hash, share_until = :until, share_opened = :none")
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":completed", status_value(JobStatus::Completed))
            .expression_attribute_values(":hash", text(hash(secret)))
            .expression_attribute_values(":until", number(until.epoch_seconds()))
            .expression_attribute_values(":none", number(0));
        self.apply(id, "share", update).await
    }

    /// Withdraws the link; `false` if the person has no such job.
    pub async fn unshare(&self, owner: UserId, id: JobId) -> Result<bool> {
        let update = self
            .update(id)
            .condition_expression("user_id = :owner")
            .update_expression("REMOVE share_hash, share_until, share_opened")
            .expression_attribute_values(":owner", text(owner));
        self.apply(id, "withdraw the link of", update).await
    }

    /// The job of a link that is good `now`.
    pub async fn shared(&self, id: JobId, secret: &Token, now: Timestamp) -> Result<Option<Job>> {
        let row = self.row(id).await?;
        let is_good = |row: &super::item::Item| {
            let row = super::item::Row(row);
            let until = row.time("share_until").ok().flatten();
            row.text("share_hash") == Some(&*hash(secret)) && until.is_some_and(|until| now < until)
        };
        let job = row.filter(is_good).as_ref().map(from_item).transpose();
        job.with_context(|| format!("read job {id}"))
    }

    /// Counts that a link was opened; `None` if it is not good any more.
    pub async fn open_shared(&self, id: JobId, secret: &Token, now: Timestamp) -> Result<Option<Job>> {
        let update = self
            .update(id)
            .condition_expression("share_hash = :hash AND share_until > :now AND attribute_exists(user_id)")
            .update_expression("ADD share_opened :one")
            .expression_attribute_values(":hash", text(hash(secret)))
            .expression_attribute_values(":now", number(now.epoch_seconds()))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew);
        let row = match update.send().await {
            Ok(opened) => opened.attributes.unwrap_or_default(),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("open the link of job {id}")),
        };
        from_item(&row).map(Some).with_context(|| format!("read job {id}"))
    }
}

fn hash(secret: &Token) -> String {
    BASE64_STANDARD_NO_PAD.encode(secret.hash())
}
