//! A job's results on their way into the vault: `LIVE` → `ARCHIVING` → `ARCHIVED`, or back to `LIVE`.
//!
//! Each step gives the job as it then is, or `None` if its row has changed since it was read.

use anyhow::Result;
use domain::{Archive, Job, Timestamp};

use super::Jobs;
use super::archive_due::{DUE, due_values, held_values};
use super::item::{number, text};

impl Jobs {
    /// Begins to copy the results into the vault, by this upload. The job is ours until `lease_until`, also if another
    /// archiver has let its own lease run out.
    pub async fn begin_archive(&self, job: &Job, upload: &str, lease_until: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET results_state = :archiving, archive_upload = :upload, {DUE}");
        self.change(job, "begin to archive", &change, |update| {
            let update = update
                .expression_attribute_values(":archiving", text("ARCHIVING"))
                .expression_attribute_values(":upload", text(upload));
            held_values(update, job.id, lease_until)
        })
        .await
    }

    /// Leaves the results where they are, and looks again at `due`: the owner may have them, or the vault has not taken
    /// them. What was begun in the vault stays known.
    pub async fn end_archive(&self, job: &Job, due: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET results_state = :live, {DUE}");
        self.change(job, "end the archiving of", &change, |update| {
            let update = update.expression_attribute_values(":live", text("LIVE"));
            due_values(update, job.id, due)
        })
        .await
    }

    /// Leaves the results where they are; of what was copied into the vault nothing is left there.
    pub async fn abandon_archive(&self, job: &Job, due: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET results_state = :live, {DUE} REMOVE archive_upload");
        self.change(job, "abandon the archive of", &change, |update| {
            let update = update.expression_attribute_values(":live", text("LIVE"));
            due_values(update, job.id, due)
        })
        .await
    }

    /// Leaves the results where they are. What the vault has taken is to be deleted there, and can be named by nobody any
    /// more: its upload is no longer the job's.
    pub async fn reject_archive(&self, job: &Job, archive: &Archive, now: Timestamp) -> Result<Option<Job>> {
        let change = format!("SET results_state = :live, discarded_archive = :discarded, {DUE} REMOVE archive_upload");
        self.change(job, "reject the archive of", &change, |update| {
            let update = update
                .expression_attribute_values(":live", text("LIVE"))
                .expression_attribute_values(":discarded", text(&archive.id));
            due_values(update, job.id, now)
        })
        .await
    }

    /// The vault has the results. Their object is to be deleted, and never to be given again; so is the table of their variants.
    pub async fn archived(&self, job: &Job, archive: &Archive, now: Timestamp) -> Result<Option<Job>> {
        let discarded = job.results_key.as_deref().unwrap_or_default();
        let change = format!(
            "SET results_state = :archived, results_file_archive_id = :archive, archive_size = :size, \
             archive_tree_hash = :hash, discarded_key = :discarded, {DUE} \
             REMOVE s3_key_result_file, variants_size, restore_id, retrieval_requested_at, restored_at, archive_upload"
        );
        self.change(job, "complete the archive of", &change, |update| {
            let update = update
                .expression_attribute_values(":archived", text("ARCHIVED"))
                .expression_attribute_values(":archive", text(&archive.id))
                .expression_attribute_values(":size", number(archive.size))
                .expression_attribute_values(":hash", text(&archive.tree_hash))
                .expression_attribute_values(":discarded", text(discarded));
            due_values(update, job.id, now)
        })
        .await
    }

    /// What was to be deleted is deleted.
    pub async fn discarded(&self, job: &Job) -> Result<Option<Job>> {
        let change = "REMOVE discarded_key, discarded_archive";
        self.change(job, "tidy up after", change, |update| update).await
    }
}
