//! Retrieval jobs: initiate, complete after the tier's delay, describe, list, forget a day after.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/job-operations.html>

use std::sync::Arc;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Call, description};
use super::emulator::{Answer, Emulator, document, empty, new_id};
use super::listing::page;
use super::notifications::check_topic;
use super::range::Span;
use super::refusal::Refusal;
use super::state::{Archive, Job, Moment, Vault};

/// Jobs on one page.
const PAGE: usize = 50;

/// What a request for a job says.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameters {
    r#type: Option<String>,
    archive_id: Option<String>,
    description: Option<String>,
    #[serde(rename = "SNSTopic")]
    topic: Option<String>,
    tier: Option<String>,
    retrieval_byte_range: Option<String>,
}

impl Emulator {
    /// Begins a retrieval.
    pub fn initiate_job(self: &Arc<Self>, vault: &str, call: &Call) -> Answer {
        let parameters: Parameters = call.payload.document()?;
        match parameters.r#type.as_deref() {
            Some("archive-retrieval") => {}
            Some(other) => {
                return Err(Refusal::invalid(format!(
                    "Invalid job type: {other}; there is archive-retrieval"
                )));
            }
            None => return Err(Refusal::missing("job type")),
        }
        let archive_id = parameters
            .archive_id
            .clone()
            .ok_or_else(|| Refusal::missing("archive ID"))?;
        let id = new_id(92);
        let due = self.change(vault, |vault| {
            let archive = vault.archives.get(&archive_id);
            let archive =
                archive.ok_or_else(|| Refusal::not_found(format!("The archive ID was not found: {archive_id}")))?;
            let job = self.job(archive_id, archive.clone(), parameters)?;
            let due = job.due;
            vault.jobs.insert(id.clone(), job);
            Ok(due)
        })?;
        self.complete_at(vault, &id, due);
        let location = self.location(&format!("{vault}/jobs/{id}"));
        empty(StatusCode::ACCEPTED, [("Location", location), ("x-amz-job-id", id)])
    }

    fn job(&self, archive_id: String, archive: Archive, asked: Parameters) -> Result<Job, Refusal> {
        let tier = asked.tier.unwrap_or_else(|| "Standard".to_owned());
        let delay = match tier.as_str() {
            "Expedited" => self.settings.expedited_delay,
            "Standard" => self.settings.standard_delay,
            "Bulk" => self.settings.bulk_delay,
            _ => return Err(Refusal::invalid(format!("Invalid tier: {tier}"))),
        };
        let description = asked.description.map_or(Ok(None), |text| description(&text))?;
        if tier == "Expedited" && self.panel.of(description.as_deref()).insufficient_capacity {
            return Err(Refusal::capacity());
        }
        asked.topic.as_deref().map_or(Ok(()), check_topic)?;
        let Span { start, end } = span(asked.retrieval_byte_range.as_deref(), archive.size)?;
        let created = Moment::now();
        Ok(Job {
            archive_id,
            archive,
            description,
            topic: asked.topic,
            tier,
            start,
            end,
            created,
            due: created.plus(delay),
            completed: None,
            failure: None,
        })
    }

    /// Goes on with what an earlier run has begun.
    pub fn resume_jobs(self: &Arc<Self>) {
        let open: Vec<_> = self.store.look(|vaults| {
            let jobs = vaults
                .iter()
                .flat_map(|(vault, of)| of.jobs.iter().map(move |(id, job)| (vault, id, job)));
            let open = jobs.filter(|(_, _, job)| job.completed.is_none());
            open.map(|(vault, id, job)| (vault.clone(), id.clone(), job.due))
                .collect()
        });
        for (vault, id, due) in open {
            self.complete_at(&vault, &id, due);
        }
    }

    fn complete_at(self: &Arc<Self>, vault: &str, id: &str, due: Moment) {
        let (emulator, vault, id) = (self.clone(), vault.to_owned(), id.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(due.time_left()).await;
            match emulator.complete(&vault, &id) {
                Ok(job) if emulator.panel.of(job.description.as_deref()).lost_notifications => {}
                Ok(job) => {
                    emulator
                        .tell(&vault, &job, &emulator.described(&vault, &id, &job))
                        .await
                }
                Err(refusal) => eprintln!("job {id} cannot be completed: {refusal:?}"),
            }
        });
    }

    /// Ends a job. Its output stays readable when the archive is deleted afterwards.
    fn complete(&self, vault: &str, id: &str) -> Result<Job, Refusal> {
        self.change(vault, |vault| {
            let Vault { archives, jobs, .. } = vault;
            let job = jobs.get_mut(id).ok_or_else(|| unknown(id))?;
            let failed = self.panel.of(job.description.as_deref()).failed_jobs;
            match archives.contains_key(&job.archive_id) && !failed {
                true => self.prepare_output(&job.archive_id, id)?,
                false => job.failure = Some("The archive could not be retrieved".to_owned()),
            }
            job.completed = Some(Moment::now());
            Ok(job.clone())
        })
    }

    fn prepare_output(&self, archive: &str, id: &str) -> std::io::Result<()> {
        match std::fs::hard_link(self.store.archive(archive), self.store.output(id)) {
            // An earlier run was killed before it could write down that it had done this.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            prepared => prepared,
        }
    }

    /// Tells how far a job is.
    pub fn describe_job(&self, vault: &str, id: &str) -> Answer {
        let job = self.find_job(vault, id)?;
        document(&self.described(vault, id, &job))
    }

    /// Tells how far every job is.
    pub fn list_jobs(&self, name: &str, call: &Call) -> Answer {
        self.forget_expired(name)?;
        let query = call.query();
        let status = query.get("statuscode").map(String::as_str);
        if status.is_some_and(|status| !["InProgress", "Succeeded", "Failed"].contains(&status)) {
            return Err(Refusal::invalid(format!(
                "The job status code is not valid: {}",
                status.unwrap_or_default()
            )));
        }
        let completed = query.get("completed").map(|completed| completed == "true");
        let page = self.look(name, |vault| {
            let jobs = vault.jobs.iter();
            let jobs = jobs.filter(|(_, job)| completed.is_none_or(|completed| job.completed.is_some() == completed));
            let jobs = jobs.filter(|(_, job)| status.is_none_or(|status| job.status() == status));
            page(
                call,
                jobs.map(|(id, job)| (id.clone(), self.described(name, id, job))),
                PAGE,
            )
        })?;
        document(&json!({ "JobList": page.items, "Marker": page.marker }))
    }

    /// The job, unless it has expired.
    pub fn find_job(&self, vault: &str, id: &str) -> Result<Job, Refusal> {
        self.forget_expired(vault)?;
        self.look(vault, |vault| vault.jobs.get(id).cloned().ok_or_else(|| unknown(id)))
    }

    /// Forgets jobs that have been completed for longer than their lifetime.
    fn forget_expired(&self, vault: &str) -> Result<(), Refusal> {
        let now = Moment::now();
        let lifetime = self.settings.job_lifetime;
        let expired = |job: &Job| job.completed.is_some_and(|then| then.plus(lifetime) <= now);
        if !self.look(vault, |vault| Ok(vault.jobs.values().any(expired)))? {
            return Ok(());
        }
        self.change(vault, |vault| {
            for (id, _) in vault.jobs.extract_if(.., |_, job| expired(job)) {
                // A failed job has none.
                let _ = std::fs::remove_file(self.store.output(&id));
            }
            Ok(())
        })
    }

    fn described(&self, vault: &str, id: &str, job: &Job) -> Value {
        let succeeded = job.status() == "Succeeded";
        let span = Span {
            start: job.start,
            end: job.end,
        };
        let whole = span.length() == job.archive.size;
        json!({
            "Action": "ArchiveRetrieval",
            "ArchiveId": job.archive_id,
            "ArchiveSHA256TreeHash": job.archive.tree_hash,
            "ArchiveSizeInBytes": job.archive.size,
            "Completed": job.completed.is_some(),
            "CompletionDate": job.completed.map(|then| then.to_string()),
            "CreationDate": job.created.to_string(),
            "InventoryRetrievalParameters": Value::Null,
            "InventorySizeInBytes": Value::Null,
            "JobDescription": job.description,
            "JobId": id,
            "RetrievalByteRange": format!("{}-{}", job.start, job.end),
            "SHA256TreeHash": (succeeded && whole).then_some(&job.archive.tree_hash),
            "SNSTopic": job.topic,
            "StatusCode": job.status(),
            "StatusMessage": job.status_message(),
            "Tier": job.tier,
            "VaultARN": self.arn(vault),
        })
    }
}

impl Job {
    /// The API's word for how far it is.
    pub fn status(&self) -> &'static str {
        match (self.completed, &self.failure) {
            (None, _) => "InProgress",
            (Some(_), None) => "Succeeded",
            (Some(_), Some(_)) => "Failed",
        }
    }

    fn status_message(&self) -> &str {
        match (self.completed, &self.failure) {
            (None, _) => "Operation in progress.",
            (Some(_), None) => "Succeeded",
            (Some(_), Some(why)) => why,
        }
    }
}

/// What of an archive to retrieve: all of it, or a range that begins and ends between two MiB.
fn span(asked: Option<&str>, size: u64) -> Result<Span, Refusal> {
    let Some(text) = asked else {
        return Ok(Span {
            start: 0,
            end: size - 1,
        });
    };
    let span = Span::parse(text).filter(|span| span.is_megabyte_aligned(size));
    span.ok_or_else(|| {
        Refusal::invalid(format!(
            "Invalid retrieval byte range, not aligned to megabytes: {text}"
        ))
    })
}

fn unknown(id: &str) -> Refusal {
    Refusal::not_found(format!("The job ID was not found: {id}"))
}
