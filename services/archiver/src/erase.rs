//! Deleting a job: what the vault has, then the row forgets the vault, then all objects, then the row. An input that other
//! jobs of the person need stays until the last of them is deleted.
//!
//! An annotator or archiver may have been at work on the job when it was marked. It cannot write to the row any more, and
//! what it still writes elsewhere is looked for once more before the row goes: until then the row says where to look.

use anyhow::{Context, Result};
use backends::jobs::Doomed;
use backends::vault::{Vault, VaultError};
use domain::{Archive, Deleted, JobId, Timestamp, keys};
use tokio_util::io::ReaderStream;
use tracing::{Span, info};

use crate::archive::CHUNK;
use crate::keeper::Keeper;

impl<V: Vault> Keeper<V> {
    /// Deletes what there is of a job that is marked to be deleted, if nobody else is at it. Each step may be repeated;
    /// whoever dies in between leaves the mark, by which the next one goes on after a lease.
    pub async fn erase(&self, id: JobId) -> Result<()> {
        Span::current().record("job.id", id.to_string());
        let now = Timestamp::now();
        let Some(doomed) = self.jobs.take_doomed(id, now, self.lease_from_now()).await? else {
            return Ok(()); // It is gone, another archiver is at it, or it is not time for the last look.
        };
        let archives = self.erase_from_vault(&doomed).await?;
        self.jobs.vault_is_rid_of(&doomed).await?;
        let results = self.objects.erase_results(&keys::of_job(doomed.user_id, id)).await?;
        let deleted = Deleted {
            inputs: self.erase_inputs(&doomed).await?,
            results,
            archives,
            jobs: 0,
        };
        self.accounts.forget_deliveries_of(id).await?;
        self.accounts.forget_regions_of(id).await?;
        self.accounts.count_deleted(doomed.deletion, deleted).await?;
        let last_look = doomed.asked_at.plus(self.last_look);
        match now >= last_look {
            true => self.forget(&doomed).await,
            false => self.jobs.put_off_doomed(id, last_look).await,
        }
    }

    /// Deletes what was uploaded for the job, and the input that it has of another, unless a job needs them. Gives how many
    /// versions went.
    async fn erase_inputs(&self, doomed: &Doomed) -> Result<u64> {
        let (user, own, first) = (doomed.user_id, doomed.job_id, doomed.input_of);
        let mut erased = 0;
        if own != first {
            erased += self.objects.erase_inputs(&keys::of_job(user, own)).await?;
        }
        if self.jobs.release_input(doomed).await? {
            erased += self.objects.erase_inputs(&keys::of_job(user, first)).await?;
            self.jobs.forget_input(user, first).await?;
        }
        Ok(erased)
    }

    /// The record first: once the row is gone nobody comes back to it.
    async fn forget(&self, doomed: &Doomed) -> Result<()> {
        self.accounts.job_deleted(doomed.deletion).await?;
        if self.jobs.forget(doomed).await? {
            let row = Deleted {
                jobs: 1,
                ..Deleted::default()
            };
            self.accounts.count_deleted(doomed.deletion, row).await?;
            info!("Job {} is deleted", doomed.job_id);
        }
        Ok(())
    }

    /// Gives how many archives went.
    async fn erase_from_vault(&self, doomed: &Doomed) -> Result<u64> {
        let mut archives = doomed.archives.clone();
        if let Some(upload) = &doomed.upload {
            archives.extend(self.end_upload(doomed, upload).await?);
        }
        for archive in &archives {
            let deleted = self.vault.delete(archive).await;
            deleted.with_context(|| format!("delete the archive of job {}", doomed.job_id))?;
        }
        let versions = self.vault.erase(doomed.job_id).await;
        let versions = versions.with_context(|| format!("delete what the vault keeps of job {}", doomed.job_id))?;
        Ok(versions.max(archives.len() as u64))
    }

    /// Breaks off what was begun in the vault; gives the archive that it has become before.
    async fn end_upload(&self, doomed: &Doomed, upload: &str) -> Result<Option<String>> {
        match self.vault.break_off(upload).await {
            Ok(()) => Ok(None),
            // It is complete. The same content again tells of which archive.
            Err(VaultError::NotFound) => match self.store_again(doomed, upload).await {
                Ok(archive) => Ok(Some(archive.id)),
                Err(error) if matches!(error.downcast_ref(), Some(VaultError::NotFound)) => Ok(None),
                Err(error) => Err(error),
            },
            Err(error) => Err(error).with_context(|| format!("break off an upload of job {}", doomed.job_id)),
        }
    }

    async fn store_again(&self, doomed: &Doomed, upload: &str) -> Result<Archive> {
        let key = doomed.results_key.as_deref();
        let key = key.with_context(|| format!("job {} has an upload without results", doomed.job_id))?;
        let results = self.objects.open_result(key).await?;
        let content = ReaderStream::with_capacity(results.reader, CHUNK);
        let stored = self.vault.store(upload, results.size, content).await;
        stored.with_context(|| format!("find the archive of job {}", doomed.job_id))
    }
}
