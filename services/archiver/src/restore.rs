//! Vault → results: the copy first, verified, the row next; the archive is deleted last.

use std::future::pending;
use std::io;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use backends::object_store::PART_SIZE;
use backends::vault::{Retrieval, TreeHasher, Vault, VaultError, job_of_archive};
use bytes::Bytes;
use chassis::metrics;
use domain::{Archive, Job, JobId, ResultsState, Timestamp, keys};
use tokio::sync::mpsc::{self, Sender};
use tracing::{info, warn};

use crate::keeper::Keeper;
use crate::retrieve::archive_of;

impl<V: Vault> Keeper<V> {
    /// Glacier has said that a retrieval job has ended.
    pub async fn retrieval_ended(&self, id: JobId, retrieval: &str) -> Result<()> {
        self.is_ready(id, |job| job.archival.retrieval() == Some(retrieval))
            .await
    }

    /// S3 has said that an archive can be read.
    pub async fn archive_is_readable(&self, archive: &str) -> Result<()> {
        let Some(id) = job_of_archive(archive) else {
            warn!("S3 tells of {archive}, which is no archive of ours");
            return Ok(());
        };
        self.is_ready(id, |job| archive_of(job).is_ok_and(|awaited| awaited.id == archive))
            .await
    }

    /// The vault has said that what a job waits for may be ready; what it says further is asked of the vault itself.
    async fn is_ready(&self, id: JobId, is_awaited: impl Fn(&Job) -> bool) -> Result<()> {
        let Some((job, _)) = self.look(id).await? else {
            return Ok(());
        };
        let is_held = job.archival.held_at(Timestamp::now()).is_some();
        match job.archival.retrieval() {
            None if is_held && job.results_state == ResultsState::Restoring => {
                bail!("the retrieval of job {id} is not noted yet")
            }
            Some(_) if is_awaited(&job) && !is_held => Box::pin(self.retrieve(&job)).await?,
            _ => {} // It has been dealt with, or is not the one that is waited for.
        }
        self.attend(id).await?;
        Ok(())
    }

    /// Looks how far the retrieval is, and copies the results back if it is ready.
    pub(crate) async fn retrieve(&self, job: &Job) -> Result<()> {
        let Some(held) = self.jobs.hold(job, self.lease_from_now()).await? else {
            return Ok(());
        };
        let archive = archive_of(&held)?;
        let retrieval = held.archival.retrieval();
        let retrieval = retrieval.with_context(|| format!("job {} has no retrieval", held.id))?;
        match self.vault.retrieval(&archive.id, retrieval).await {
            Ok(Retrieval::Ready) => Box::pin(self.restore(&held, archive, retrieval)).await,
            Ok(Retrieval::Underway) => {
                let due = Timestamp::now().plus(self.patience);
                self.jobs.look_again(&held, Some(due)).await?;
                Ok(())
            }
            Ok(Retrieval::Failed(reason)) => self.ask_again(&held, &reason).await,
            Err(VaultError::NotFound) => self.ask_again(&held, "the vault does not know it any more").await,
            Err(error) => {
                self.jobs.look_again(&held, Some(self.lease_from_now())).await?;
                Err(error).with_context(|| format!("look after the retrieval of job {}", held.id))
            }
        }
    }

    /// A pause before the next request, because each is paid for.
    async fn ask_again(&self, held: &Job, reason: &str) -> Result<()> {
        metrics::restore("failed", Duration::ZERO);
        warn!(
            "The retrieval of job {} has failed and is asked for again: {reason}",
            held.id
        );
        self.jobs.retrieval_failed(held, self.lease_from_now()).await?;
        Ok(())
    }

    async fn restore(&self, held: &Job, archive: &Archive, retrieval: &str) -> Result<()> {
        let (number, format) = (held.archival.restores, held.stored.format);
        let key = keys::restored(held.user_id, held.id, number, &held.input_file_name, format);
        let copied = self.under_lease(held, self.copy_back(&key, archive, retrieval)).await;
        if let Err(error) = copied {
            if matches!(error.downcast_ref(), Some(VaultError::NotFound)) {
                return self.ask_again(held, "its output has expired").await;
            }
            metrics::restore("failed", Duration::ZERO);
            self.jobs.look_again(held, Some(self.lease_from_now())).await?;
            return Err(error.context(format!("copy the results of job {} back", held.id)));
        }
        let now = Timestamp::now();
        if self.jobs.restored(held, &key, now).await?.is_none() {
            return self.drop_unnamed(held.id, &key).await;
        }
        let requested_at = held
            .archival
            .restore
            .as_ref()
            .map_or(now, |restore| restore.requested_at);
        metrics::restore("restored", now.since(requested_at));
        info!("Restored the results of job {} ({} bytes)", held.id, archive.size);
        Ok(())
    }

    /// Copies an archive to the results bucket in parts; the object appears whole and verified, or not at all.
    async fn copy_back(&self, key: &str, archive: &Archive, retrieval: &str) -> Result<()> {
        let (sender, parts) = mpsc::channel(1);
        // Both halves are awaited: when one fails, the other notices and gives its own, duller reason.
        let (read, written) = tokio::join!(
            self.read_all(archive, retrieval, sender),
            self.objects.stream_result(key, parts, pending())
        );
        read?;
        written
    }

    async fn read_all(&self, archive: &Archive, retrieval: &str, parts: Sender<io::Result<Bytes>>) -> Result<()> {
        let read = self.read_verified(archive, retrieval, &parts).await;
        if read.is_err() {
            let stopped = io::Error::other("the archive could not be read");
            let _ = parts.send(Err(stopped)).await;
        }
        Ok(read?)
    }

    /// The last part is handed on only when everything is known to be what was archived.
    async fn read_verified(
        &self,
        archive: &Archive,
        retrieval: &str,
        parts: &Sender<io::Result<Bytes>>,
    ) -> Result<(), VaultError> {
        let (mut hasher, mut start) = (TreeHasher::default(), 0);
        while start < archive.size {
            let end = archive.size.min(start + PART_SIZE as u64);
            let bytes = self.vault.read(&archive.id, retrieval, start, end).await?;
            hasher.update(&bytes);
            let is_whole = bytes.len() as u64 == end - start;
            let is_last = end == archive.size;
            if !is_whole || (is_last && hasher.clone().finish().to_string() != archive.tree_hash) {
                return Err(VaultError::Corrupt);
            }
            if parts.send(Ok(bytes)).await.is_err() {
                return Ok(()); // The upload has failed, and says why.
            }
            start = end;
        }
        Ok(())
    }

    /// Takes back an object that the row does not name, because another archiver has been faster. Its key belongs to this
    /// restore, so it can be nobody else's.
    async fn drop_unnamed(&self, id: JobId, key: &str) -> Result<()> {
        let may_be_named =
            |now: Job| now.results_state == ResultsState::Restoring || now.results_key.as_deref() == Some(key);
        // A job that is gone was deleted by its owner, and names nothing.
        match self.jobs.get(id).await?.is_some_and(may_be_named) {
            true => Ok(()),
            false => self.objects.delete_result(key).await,
        }
    }
}
