//! Results → vault: the copy first, the row next, the deletion last.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use backends::object_store::Input;
use backends::vault::{Vault, VaultError};
use chassis::metrics;
use domain::{Archive, Job, ResultsState, Timestamp, keys};
use tokio_util::io::ReaderStream;
use tracing::info;

use crate::keeper::{Keeper, MOST_STEPS};

/// Bytes read from the object store at once.
pub(crate) const CHUNK: usize = 256 * 1024;

impl<V: Vault> Keeper<V> {
    /// Copies the results into the vault, unless another archiver is at it. What one that has died has begun is gone on
    /// with, so that the vault holds nothing that no row names.
    pub(crate) async fn archive(&self, job: &Job) -> Result<()> {
        let results = self.open(job).await?;
        let upload = match &job.archival.upload {
            Some(begun) => begun.clone(),
            None => self.begin(job, results.size).await?,
        };
        let held = self.jobs.begin_archive(job, &upload, self.lease_from_now()).await?;
        let Some(held) = held else {
            return Ok(());
        };
        let stored = self.under_lease(&held, self.store(&held, &upload, results)).await;
        let archive = match stored {
            Ok(archive) => archive,
            Err(error) => {
                metrics::archive("failed", Duration::ZERO);
                return self.not_stored(&held, error).await;
            }
        };
        let now = Timestamp::now();
        if self.is_needless(&held, now).await || self.jobs.archived(&held, &archive, now).await?.is_none() {
            return self.drop_unused(&held, &upload, &archive).await;
        }
        metrics::archive("archived", now.since(job.archival.due.unwrap_or(now)));
        info!("Archived the results of job {} ({} bytes)", held.id, archive.size);
        Ok(())
    }

    /// Takes back what was begun in the vault of results that stay: what became of it is known once it is gone on with.
    pub(crate) async fn abandon(&self, job: &Job) -> Result<()> {
        let Some((held, upload)) = self
            .jobs
            .hold(job, self.lease_from_now())
            .await?
            .zip(job.archival.upload.as_ref())
        else {
            return Ok(());
        };
        let results = self.open(&held).await?;
        let stored = self.under_lease(&held, self.store(&held, upload, results)).await;
        match stored {
            // The next step deletes it.
            Ok(archive) => self.jobs.reject_archive(&held, &archive, Timestamp::now()).await?,
            Err(error) if is_unknown(&error) => self.jobs.abandon_archive(&held, Timestamp::now()).await?,
            Err(error) => {
                self.jobs.look_again(&held, Some(self.lease_from_now())).await?;
                return Err(error);
            }
        };
        Ok(())
    }

    /// An upload that the vault has forgotten is begun anew.
    async fn not_stored(&self, held: &Job, error: anyhow::Error) -> Result<()> {
        let due = self.lease_from_now();
        match is_unknown(&error) {
            true => self.jobs.abandon_archive(held, due).await?,
            false => self.jobs.end_archive(held, due).await?,
        };
        Err(error)
    }

    /// Whether the owner has upgraded during the copy: a restore would take hours. Who cannot be asked has not: should it
    /// turn out otherwise, the results come back.
    async fn is_needless(&self, job: &Job, now: Timestamp) -> bool {
        let owner = self.accounts.user(job.user_id).await.ok().flatten();
        owner.is_some_and(|owner| job.is_within_time(&owner, now, self.retention))
    }

    async fn open(&self, job: &Job) -> Result<Input> {
        let key = job.results_key.as_deref().context("a job to archive has results")?;
        self.objects.open_result(key).await
    }

    async fn begin(&self, job: &Job, size: u64) -> Result<String> {
        let begun = self.vault.begin(job.id, size).await;
        begun.with_context(|| format!("begin the archive of job {}", job.id))
    }

    async fn store(&self, job: &Job, upload: &str, results: Input) -> Result<Archive> {
        let content = ReaderStream::with_capacity(results.reader, CHUNK);
        let stored = self.vault.store(upload, results.size, content).await;
        stored.with_context(|| format!("store the results of job {}", job.id))
    }

    /// Takes back an archive that the row does not name. That the write has failed is not enough to know: its first try
    /// may have been done although its answer was lost. While the row has the upload, another archiver may store it again,
    /// which gives the same archive, and name that; so the row is changed first, and the next step deletes.
    async fn drop_unused(&self, held: &Job, upload: &str, archive: &Archive) -> Result<()> {
        for _ in 0..MOST_STEPS {
            let Some(now) = self.jobs.get(held.id).await? else {
                // Its owner has deleted it meanwhile.
                let deleted = self.vault.delete(&archive.id).await;
                return deleted.with_context(|| format!("delete the new archive of job {}, which is gone", held.id));
            };
            if is_accounted_for(&now, archive) {
                return Ok(());
            }
            let is_anybodys = now.archival.upload.as_deref() == Some(upload);
            if is_anybodys
                && self
                    .jobs
                    .reject_archive(&now, archive, Timestamp::now())
                    .await?
                    .is_none()
            {
                continue; // The row has changed meanwhile.
            }
            metrics::archive("taken_back", Duration::ZERO);
            info!("Job {} needs no archive any more; deleting the new one", held.id);
            if !is_anybodys {
                let deleted = self.vault.delete(&archive.id).await;
                deleted.with_context(|| format!("delete the needless archive of job {}", held.id))?;
            }
            return Ok(());
        }
        bail!("job {} changes faster than its new archive can be taken back", held.id)
    }

    /// Leaves the results where they are.
    pub(crate) async fn end_archive(&self, job: &Job) -> Result<()> {
        self.jobs.end_archive(job, Timestamp::now()).await?;
        Ok(())
    }

    /// Deletes what was copied where it was copied from, and tells the owner if everything is back.
    pub(crate) async fn discard(&self, job: &Job) -> Result<()> {
        if let Some(key) = &job.archival.discarded_key {
            // Nothing ever writes to these keys again, so a late deletion cannot hit anything else.
            self.objects.delete_result(key).await?;
            if job.results_state != ResultsState::Live {
                let keys = keys::attempt(job.user_id, job.id, job.attempt, &job.input_file_name);
                self.objects.delete_result(&keys.variants).await?;
            }
        }
        if let (ResultsState::Live, Some(archive)) = (job.results_state, &job.archival.discarded_archive) {
            let deleted = self.vault.delete(archive).await;
            deleted.with_context(|| format!("delete the archive of job {}", job.id))?;
            self.announce(job).await?;
        }
        self.jobs.discarded(job).await?;
        Ok(())
    }
}

/// Whether the row names the archive, to be kept or to be deleted.
fn is_accounted_for(job: &Job, archive: &Archive) -> bool {
    let is_kept = job.archival.archive.as_ref().is_some_and(|kept| kept.id == archive.id);
    is_kept || job.archival.discarded_archive.as_deref() == Some(&archive.id)
}

/// Whether the vault does not know the upload any more.
fn is_unknown(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(VaultError::NotFound))
}
