//! A job as DynamoDB keeps it: attribute by attribute, times in epoch seconds.

use std::collections::HashMap;
use std::fmt::Display;

use anyhow::{Context, Result, anyhow};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    Archival, Archive, EmailAddress, FileName, Index, Job, JobId, JobName, JobNotes, JobSettings, JobStatus,
    JobSummary, NoIndex, Plan, Progress, Restore, ResultsFormat, ResultsState, Share, Stored, Timestamp, Username,
};

use super::{DueJob, Jobs};

/// How many partitions each sparse index is spread over, so that a burst of uploads is not held up by one.
pub(super) const SHARDS: u8 = 4;

/// One row of the table.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A string attribute.
pub(super) fn text(value: impl Display) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
pub(super) fn number(value: impl Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl Jobs {
    /// The row of a new `PENDING` job, in no index but that of its owner's jobs.
    pub(super) fn to_item(&self, job: &Job) -> Item {
        let row = [
            ("job_id", text(job.id)),
            ("user_id", text(job.user_id)),
            ("username", text(&job.username)),
            ("email", text(&job.email)),
            ("input_file_name", text(&job.input_file_name)),
            ("s3_inputs_bucket", text(&self.inputs_bucket)),
            ("s3_key_input_file", text(&job.input_key)),
            ("reference_choice", text(job.settings.reference.as_str())),
            ("results_form", text(job.settings.form.as_str())),
            ("csq_fields", text(job.settings.fields.as_str())),
            ("csq_entries", text(job.settings.entries.as_str())),
            ("haplotypes", text(job.settings.haplotypes.as_str())),
            ("transcripts", text(job.settings.transcripts.as_str())),
            ("tracks", text(job.settings.tracks.to_text())),
            ("plan", text(job.plan.name())),
            ("input_size", number(job.stored.input.unwrap_or(0))),
            ("submit_time", number(job.submit_time.epoch_seconds())),
            ("job_status", text(job.status.as_str())),
            ("attempt", number(job.attempt)),
            ("results_state", text("LIVE")),
        ];
        let version = job
            .input_version
            .as_ref()
            .map(|version| ("s3_input_version_id", text(version)));
        let row = row.into_iter().chain(version).chain(name_of(job));
        row.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Reads a row; an attribute that is missing or malformed is an error that names it.
pub(super) fn from_item(item: &Item) -> Result<Job> {
    Ok(Job {
        summary: Row(item).summary()?,
        ..without_summary(item)?
    })
}

/// The same, but for the summary, which is longer than all the rest.
pub(super) fn without_summary(item: &Item) -> Result<Job> {
    let row = Row(item);
    Ok(Job {
        id: row.required("job_id")?.parse()?,
        user_id: row.required("user_id")?.parse()?,
        username: Username::parse(row.required("username")?)?,
        email: EmailAddress::parse(row.required("email")?)?,
        input_file_name: FileName::from_untrusted(row.required("input_file_name")?),
        input_key: row.required("s3_key_input_file")?.to_owned(),
        input_version: row.text("s3_input_version_id").map(str::to_owned),
        name: JobName::parse(row.text("job_name").unwrap_or_default())?,
        notes: JobNotes::parse(row.text("notes").unwrap_or_default())?,
        settings: row.settings(),
        plan: Plan::of_name(row.text("plan")),
        submit_time: row.time("submit_time")?.context("submit_time is missing")?,
        status: row.required("job_status")?.parse::<JobStatus>()?,
        awaits_turn: row.0.contains_key("awaits_turn"),
        start_time: row.time("start_time")?,
        complete_time: row.time("complete_time")?,
        attempt: row.number("attempt")?.unwrap_or(0),
        earlier_attempts: row.number("earlier_attempts")?.unwrap_or(0),
        progress: row.progress()?,
        results_key: row.text("s3_key_result_file").map(str::to_owned),
        log_key: row.text("s3_key_log_file").map(str::to_owned),
        error: row.text("error").map(str::to_owned),
        summary: None,
        stored: row.stored()?,
        results_state: row.results_state()?,
        archival: row.archival()?,
        share: row.share()?,
        notified_at: row.time("notified_at")?,
    })
}

/// What a run more has from the first: a job that is new has no name.
fn name_of(job: &Job) -> Option<(&'static str, AttributeValue)> {
    let name = Some(job.name.as_str()).filter(|name| !name.is_empty());
    name.map(|name| ("job_name", text(name)))
}

/// Reads a row of the index of due jobs; one that cannot be read is nobody's to archive.
pub(super) fn due_job(item: &Item) -> Option<DueJob> {
    let row = Row(item);
    let since = row.time("archive_due").ok()??;
    let job_id = row.text("job_id")?.parse().ok()?;
    Some(DueJob { job_id, since })
}

/// The partition of the sparse indexes that a job is in.
pub(super) fn shard_of(id: JobId) -> u8 {
    id.as_uuid().as_bytes()[15] % SHARDS
}

/// Reads single attributes of a row.
pub(super) struct Row<'a>(pub(super) &'a Item);

impl<'a> Row<'a> {
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_s().ok().map(String::as_str)
    }

    pub(super) fn required(&self, name: &str) -> Result<&'a str> {
        self.text(name).with_context(|| format!("{name} is missing"))
    }

    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let digits = value.as_n().map_err(|_| anyhow!("{name} is no number"))?;
        digits.parse().map(Some).map_err(|_| anyhow!("{name} is {digits}"))
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>> {
        Ok(self.number(name)?.map(Timestamp::from_epoch_seconds))
    }

    pub(super) fn progress(&self) -> Result<Option<Progress>> {
        let Some(AttributeValue::M(progress)) = self.0.get("progress") else {
            return Ok(None);
        };
        let row = Row(progress);
        Ok(row
            .number("records")?
            .zip(row.number("percent")?)
            .map(|(records, percent)| Progress { records, percent }))
    }

    /// Rows of before there were choices have what was done then, which is the default of each.
    fn settings(&self) -> JobSettings {
        let word = |name| self.text(name).unwrap_or_default();
        JobSettings::from_untrusted(|name| match name {
            "reference" => word("reference_choice"),
            "form" => word("results_form"),
            "fields" => word("csq_fields"),
            "entries" => word("csq_entries"),
            other => word(other),
        })
    }

    fn share(&self) -> Result<Option<Share>> {
        let (until, opened) = (self.time("share_until")?, self.number("share_opened")?);
        Ok(until.map(|until| Share {
            until,
            opened: opened.unwrap_or(0),
        }))
    }

    fn summary(&self) -> Result<Option<JobSummary>> {
        let summary = self.text("summary").map(serde_json::from_str).transpose();
        summary.context("summary is not what was written")
    }

    pub(super) fn stored(&self) -> Result<Stored> {
        let absent = || Index::Absent(NoIndex::of_name(self.text("no_index")));
        Ok(Stored {
            format: ResultsFormat::of_name(self.text("results_format")),
            input: self.number("input_size")?,
            results: self.results_size()?,
            unpacked: self.number("unpacked_size")?,
            index: self.number("index_size")?.map_or_else(absent, Index::Here),
            variants: self.number("variants_size")?,
            log: self.number("log_size")?,
        })
    }

    /// Bytes of the results; of those that version 0.1 has archived the vault knows the size.
    pub(super) fn results_size(&self) -> Result<Option<u64>> {
        Ok(self.number("results_size")?.or(self.number("archive_size")?))
    }

    fn archival(&self) -> Result<Archival> {
        let owned = |name| self.text(name).map(str::to_owned);
        Ok(Archival {
            revision: self.number("archive_revision")?.unwrap_or(0),
            due: self.time("archive_due")?,
            held_until: self.time("archive_lease_until")?,
            upload: owned("archive_upload"),
            archive: self.archive()?,
            restore: self.restore()?,
            restores: self.number("restores")?.unwrap_or(0),
            restored_at: self.time("restored_at")?,
            discarded_key: owned("discarded_key"),
            discarded_archive: owned("discarded_archive"),
        })
    }

    fn archive(&self) -> Result<Option<Archive>> {
        let Some(id) = self.text("results_file_archive_id") else {
            return Ok(None);
        };
        Ok(Some(Archive {
            id: id.to_owned(),
            size: self.number("archive_size")?.context("archive_size is missing")?,
            tree_hash: self.required("archive_tree_hash")?.to_owned(),
        }))
    }

    fn restore(&self) -> Result<Option<Restore>> {
        let Some((id, requested_at)) = self.text("restore_id").zip(self.time("retrieval_requested_at")?) else {
            return Ok(None);
        };
        let tier = self.text("retrieval_tier").map(str::parse).transpose()?;
        Ok(Some(Restore {
            id: id.to_owned(),
            requested_at,
            retrieval: self.text("retrieval_job_id").map(str::to_owned).zip(tier),
        }))
    }

    pub(super) fn results_state(&self) -> Result<ResultsState> {
        Ok(match self.text("results_state") {
            None | Some("LIVE") => ResultsState::Live,
            Some("ARCHIVING") => ResultsState::Archiving,
            Some("ARCHIVED") => ResultsState::Archived,
            Some("RESTORING") => ResultsState::Restoring,
            Some(other) => return Err(anyhow!("results_state is {other}")),
        })
    }
}

/// The attribute that shows how far a job is.
pub(super) fn progress_value(progress: Progress) -> AttributeValue {
    AttributeValue::M(HashMap::from([
        ("records".to_owned(), number(progress.records)),
        ("percent".to_owned(), number(progress.percent)),
    ]))
}
