//! The messages that make the archiver look at a job at once. The sweep finds the same work later, should one be lost.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use backends::vault::Vault;
use chassis::worker::{DeliveryInfo, Handler, RetryAfter};
use domain::events::{JobCompleted, PlanChanged};
use domain::{JobId, JobStatus, Timestamp};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use tracing::info;

use crate::keeper::Keeper;
use crate::retrieve::PAGE;

/// SQS hides a message for at most 12 hours
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html>).
const LONGEST_HIDING: Duration = Duration::from_secs(12 * 3600);
/// Jobs of one person that are looked at at once.
const AT_ONCE: usize = 8;

/// Reads `job_archive`: a job has completed, and its owner's time may be over.
pub struct CompletedJobs<V>(pub Arc<Keeper<V>>);

/// Reads `restore_requests`: a person's plan has changed.
pub struct PlanChanges<V>(pub Arc<Keeper<V>>);

/// Reads `vault_retrievals`: the vault has something ready.
pub struct Retrievals<V>(pub Arc<Keeper<V>>);

/// What the one kind of vault and the other publish.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum VaultReport {
    /// Glacier: a retrieval job has ended.
    Retrieval(RetrievalEnded),
    /// S3: objects can be read again.
    Objects(ObjectEvents),
    /// S3, when its events are first sent to a topic.
    Test {
        /// `s3:TestEvent`.
        #[serde(rename = "Event")]
        _event: String,
    },
}

/// What S3 publishes of objects, as far as we need it
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ObjectEvents {
    records: Vec<ObjectEvent>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ObjectEvent {
    event_name: String,
    s3: EventSource,
}

#[derive(Debug, Deserialize)]
struct EventSource {
    object: ObjectName,
}

#[derive(Debug, Deserialize)]
struct ObjectName {
    key: String,
}

impl ObjectEvents {
    /// The archives that can be read.
    fn restored(&self) -> impl Iterator<Item = &str> {
        // The name comes with and without `s3:` before it.
        let restored = |event: &&ObjectEvent| event.event_name.ends_with("ObjectRestore:Completed");
        self.records.iter().filter(restored).map(|event| &*event.s3.object.key)
    }
}

/// What Glacier publishes when a retrieval job has ended, as far as we need it
/// (<https://docs.aws.amazon.com/amazonglacier/latest/dev/api-initiate-job-post.html>).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetrievalEnded {
    /// The retrieval job.
    job_id: String,
    /// What we have called it: the id of our own job.
    job_description: JobId,
}

impl<V: Vault> Handler for CompletedJobs<V> {
    type Event = JobCompleted;

    async fn handle(&self, event: JobCompleted, delivery: &DeliveryInfo) -> Result<()> {
        let due = self.0.attend(event.job_id).await?;
        let due = due.filter(|_| delivery.may_wait());
        match due.and_then(|due| hiding(due, Timestamp::now())) {
            Some(hiding) => Err(RetryAfter(hiding).into()),
            None => Ok(()),
        }
    }
}

/// For how long the message is worth keeping; `None` if the sweep is to see to it.
fn hiding(due: Timestamp, now: Timestamp) -> Option<Duration> {
    let hiding = due.since(now).max(Duration::from_secs(1));
    (hiding <= LONGEST_HIDING).then_some(hiding)
}

impl<V: Vault> Handler for PlanChanges<V> {
    type Event = PlanChanged;

    /// Goes through all jobs of the person. Each is claimed by a conditional write, so another delivery goes on where
    /// this one stops.
    async fn handle(&self, event: PlanChanged, _delivery: &DeliveryInfo) -> Result<()> {
        let (keeper, user) = (&self.0, event.user_id);
        let (mut after, mut looked_at) = (None, 0);
        loop {
            let page = keeper.jobs.list(user, PAGE, after).await?;
            let completed = page.jobs.iter().filter(|job| job.status == JobStatus::Completed);
            let completed: Vec<JobId> = completed.map(|job| job.id).collect();
            looked_at += completed.len();
            let follow = |id: JobId| keeper.follow_plan(id);
            stream::iter(completed.into_iter().map(follow))
                .buffer_unordered(AT_ONCE)
                .try_collect::<()>()
                .await?;
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        info!(user.id = %user, "Looked at {looked_at} jobs of user {user}, whose plan has changed");
        Ok(())
    }
}

impl<V: Vault> Handler for Retrievals<V> {
    type Event = VaultReport;

    async fn handle(&self, report: VaultReport, _delivery: &DeliveryInfo) -> Result<()> {
        match report {
            VaultReport::Retrieval(ended) => {
                let restored = self.0.retrieval_ended(ended.job_description, &ended.job_id).await;
                restored.with_context(|| format!("restore the results of job {}", ended.job_description))
            }
            VaultReport::Objects(events) => {
                for archive in events.restored() {
                    let restored = self.0.archive_is_readable(archive).await;
                    restored.with_context(|| format!("restore the archive {archive}"))?;
                }
                Ok(())
            }
            VaultReport::Test { .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_hidden_until_the_time_is_over_or_left_to_the_sweep() {
        let (now, later) = (Timestamp::from_epoch_seconds(0), Timestamp::from_epoch_seconds);
        assert_eq!(hiding(later(900), now), Some(Duration::from_secs(900)));
        assert_eq!(hiding(later(-5), now), Some(Duration::from_secs(1)));
        assert_eq!(hiding(later(43_201), now), None);
    }

    #[test]
    fn what_glacier_publishes_is_read() {
        let message = r#"{
            "Action": "ArchiveRetrieval", "ArchiveId": "archive", "ArchiveSHA256TreeHash": "9628195f",
            "ArchiveSizeInBytes": 16777216, "Completed": true, "CompletionDate": "2012-05-15T17:21:39.339Z",
            "CreationDate": "2012-05-15T17:19:46.700Z", "InventorySizeInBytes": null,
            "JobDescription": "6f9619ff-8b86-4011-b42d-00c04fc964ff", "JobId": "HkF9p6o7yjhFx", "SHA256TreeHash": null,
            "SNSTopic": "arn:aws:sns:us-east-1:000000000000:vault_retrievals", "StatusCode": "Succeeded",
            "StatusMessage": "Succeeded", "Tier": "Expedited",
            "VaultARN": "arn:aws:glacier:us-east-1:000000000000:vaults/gas-archive"
        }"#;
        let VaultReport::Retrieval(read) = serde_json::from_str(message).unwrap() else {
            panic!("no retrieval");
        };
        assert_eq!(read.job_id, "HkF9p6o7yjhFx");
        assert_eq!(read.job_description.to_string(), "6f9619ff-8b86-4011-b42d-00c04fc964ff");
    }

    #[test]
    fn what_s3_publishes_is_read() {
        let message = r#"{"Records": [
            {"eventVersion": "2.3", "eventSource": "aws:s3", "eventName": "ObjectRestore:Completed",
             "s3": {"bucket": {"name": "gas-archive"}, "object": {"key": "archive/6f96/1", "size": 1024}}},
            {"eventName": "ObjectRestore:Post", "s3": {"object": {"key": "archive/6f96/2"}}}
        ]}"#;
        let VaultReport::Objects(events) = serde_json::from_str(message).unwrap() else {
            panic!("no objects");
        };
        assert_eq!(events.restored().collect::<Vec<_>>(), ["archive/6f96/1"]);
        let test = r#"{"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-27T17:00:00.000Z", "Bucket": "gas-archive"}"#;
        assert!(matches!(serde_json::from_str(test), Ok(VaultReport::Test { .. })));
        assert!(serde_json::from_str::<VaultReport>(r#"{"version": 1}"#).is_err());
    }
}
