//! The one mail about an ended job: at least once, and twice only if whoever sends it dies between SES's answer and the
//! row.
//!
//! Each claim raises `mail_attempt`, which fences off whoever had the right before; its holder raises `beat` for as long
//! as it waits for SES ([`super::watched`]). `notified_at` is written after SES has answered.

use anyhow::{Context, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use domain::{Job, JobId, JobStatus, Timestamp};

use super::item::{Row, from_item, number};
use super::watched::{Watched, as_seen};
use super::{Jobs, status_value};

/// What came of asking for the right to tell the owner how a job has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailClaim {
    /// The right is ours for as long as we give signs of life.
    Granted(Box<Job>, MailRight),
    /// The owner has been told, or has cancelled the job and knows.
    Told,
    /// Another notifier is at it, or has died and is not missed yet.
    HeldByAnother,
    /// The job has not ended, or not any more: it was requested anew.
    NotEnded,
    /// There is no such job.
    Unknown,
}

/// The right to tell one owner how one job has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailRight {
    /// The job.
    pub job_id: JobId,
    /// Counts the claims of it.
    pub attempt: u32,
}

impl Jobs {
    /// Takes the right to tell the owner, unless somebody has it.
    pub async fn claim_mail(&self, id: JobId) -> Result<MailClaim> {
        let free = "attribute_not_exists(mail_held)";
        self.take_mail(id, free, |update| update).await
    }

    /// Takes the right of whoever gives no sign of life, or that nobody has taken.
    pub async fn take_over_mail(&self, silent: &Watched) -> Result<MailClaim> {
        let unmoved = "attempt = :attempt AND beat = :beat";
        self.take_mail(silent.job_id, unmoved, |update| as_seen(update, silent))
            .await
    }

    /// Gives a sign of life; `false` if the right is another's by now.
    pub async fn keep_mail(&self, right: MailRight) -> Result<bool> {
        let update = self.update(right.job_id).update_expression("ADD beat :one");
        let update = update.expression_attribute_values(":one", number(1));
        self.apply(right.job_id, "keep the mail of", while_held(update, right))
            .await
    }

    /// Notes that SES has taken the mail; `false` if the right is another's by now.
    pub async fn told(&self, right: MailRight, now: Timestamp) -> Result<bool> {
        let update = self
            .update(right.job_id)
            .update_expression("SET notified_at = :now REMOVE mail_held, watch_shard")
            .expression_attribute_values(":now", number(now.epoch_seconds()));
        self.apply(right.job_id, "note the mail of", while_held(update, right))
            .await
    }

    /// Gives the right back, because the mail was refused.
    pub async fn release_mail(&self, right: MailRight) -> Result<()> {
        let update = self
            .update(right.job_id)
            .update_expression("REMOVE mail_held ADD beat :one");
        let update = update.expression_attribute_values(":one", number(1));
        self.apply(right.job_id, "release the mail of", while_held(update, right))
            .await?;
        Ok(())
    }

    async fn take_mail(
        &self,
        id: JobId,
        condition: &str,
        values: impl FnOnce(UpdateItemFluentBuilder) -> UpdateItemFluentBuilder,
    ) -> Result<MailClaim> {
        let update = self
            .update(id)
            .condition_expression(format!(
                "job_status IN (:completed, :failed) AND attribute_not_exists(notified_at) AND {condition}"
            ))
            .update_expression("SET mail_held = :one ADD mail_attempt :one, beat :one")
            .expression_attribute_values(":completed", status_value(JobStatus::Completed))
            .expression_attribute_values(":failed", status_value(JobStatus::Failed))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew);
        match values(update).send().await {
            Ok(taken) => granted(id, &taken.attributes.unwrap_or_default()),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => self.refused(id).await,
            Err(error) => Err(error).with_context(|| format!("claim the mail of job {id}")),
        }
    }

    async fn refused(&self, id: JobId) -> Result<MailClaim> {
        Ok(match self.get(id).await? {
            None => MailClaim::Unknown,
            Some(job) if !job.status.is_final() => MailClaim::NotEnded,
            Some(job) if job.notified_at.is_some() || job.status == JobStatus::Cancelled => MailClaim::Told,
            Some(_) => MailClaim::HeldByAnother,
        })
    }
}

fn granted(job_id: JobId, row: &super::item::Item) -> Result<MailClaim> {
    let attempt = Row(row).number("mail_attempt")?.context("mail_attempt is missing")?;
    let job = from_item(row).with_context(|| format!("read job {job_id}"))?;
    Ok(MailClaim::Granted(Box::new(job), MailRight { job_id, attempt }))
}

/// Only whoever claimed the right last may write.
fn while_held(update: UpdateItemFluentBuilder, right: MailRight) -> UpdateItemFluentBuilder {
    update
        .condition_expression("attribute_exists(mail_held) AND mail_attempt = :mail_attempt")
        .expression_attribute_values(":mail_attempt", number(right.attempt))
}
