//! The driver of questions about variants: opens a job's file, fetches what each question needs, and works it out beside the
//! threads that answer others, a few questions at once.
//!
//! Whose file it is, and whether they may have it now, is decided before. Who leaves is not worked for any longer: the question
//! ends with the request.

mod fetch;
mod kept;
mod opened;
mod steps;

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use backends::object_store::ObjectStore;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use variants::export::{Place, Places};
use variants::{Columns, Error, Found, Opening, Query, Selected, Table, Variant, Wrong};

use kept::Kept;
use steps::to_the_end;

pub use opened::Opened;

/// Questions that are answered at once. Most of the time they wait for the store, and hold some megabytes of packed columns.
const AT_ONCE: usize = 6;
/// Questions that are worked on at once, each with the unpacked columns of one row group.
const AT_WORK: usize = 2;
/// How long a question waits for its place.
const PATIENCE: Duration = Duration::from_secs(20);
/// What is read first of a file: most tables of contents are shorter.
const TAIL: u64 = 64 * 1024;
/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The question is wrong; the sentence says at which field.
    #[error(transparent)]
    Wrong(Wrong),
    /// The file is not there, or is another one by now.
    #[error("the file of variants is not there")]
    Gone,
    /// Too many ask at once.
    #[error("too many questions at once")]
    Busy,
    /// Our fault.
    #[error("the variants could not be read")]
    Internal(#[source] anyhow::Error),
}

/// The files of variants that were read lately.
pub struct VariantTables {
    kept: Kept,
    places: Semaphore,
    work: Arc<Semaphore>,
    on_their_way: Semaphore,
}

impl Default for VariantTables {
    fn default() -> Self {
        Self {
            kept: Kept::new(kept::MOST_BYTES),
            places: Semaphore::new(AT_ONCE),
            work: Arc::new(Semaphore::new(AT_WORK)),
            on_their_way: Semaphore::new(fetch::ON_THEIR_WAY as usize),
        }
    }
}

impl VariantTables {
    /// Opens the file of this key and size.
    pub async fn open(&self, objects: &ObjectStore, key: &str, size: u64) -> Result<Opened, Trouble> {
        let key: Arc<str> = key.into();
        if let Some(opened) = self.kept.contents(&key) {
            return Ok(opened);
        }
        let _place = self.place().await?;
        let opened = read_contents(objects, key, size).await?;
        self.kept.keep_contents(&opened);
        Ok(opened)
    }

    /// Which variants match, and what the page of them shows.
    pub async fn find(&self, objects: &ObjectStore, opened: &Opened, query: &Query) -> Result<Found, Trouble> {
        let _place = self.place().await?;
        let scan = opened.table.scan(query)?;
        Ok(to_the_end(self, objects, opened, scan).await?.finish())
    }

    /// The rows of these numbers.
    pub async fn rows(
        &self,
        objects: &ObjectStore,
        opened: &Opened,
        numbers: &[u64],
        columns: Columns,
    ) -> Result<Vec<Variant>, Trouble> {
        let _place = self.place().await?;
        let rows = opened.table.rows_of(numbers, columns)?;
        Ok(to_the_end(self, objects, opened, rows).await?.finish())
    }

    /// The places of the rows that are selected, in the order of the file.
    pub async fn places(
        &self,
        objects: &ObjectStore,
        opened: &Opened,
        selected: Selected,
    ) -> Result<Vec<Place>, Trouble> {
        let _place = self.place().await?;
        let (mut search, mut places) = (Places::new(&opened.table, selected), Vec::new());
        while let Some(reads) = search.wants() {
            let chunks = self.fetch(objects, opened, &reads).await?;
            let found;
            (search, found) = self
                .work(move || search.take(&chunks).map(|found| (search, found)))
                .await?;
            places.extend(found);
        }
        Ok(places)
    }

    /// Bytes of the file, those that are kept, or else fetched.
    pub async fn fetch(
        &self,
        objects: &ObjectStore,
        opened: &Opened,
        reads: &[variants::Read],
    ) -> Result<variants::Chunks, Trouble> {
        let fetched = fetch::fetch(self, objects, opened, reads).await;
        if matches!(fetched, Err(Trouble::Gone)) {
            self.kept.forget(&opened.key);
        }
        fetched
    }

    /// Works on a row group, as soon as there is room for its columns.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Trouble> {
        let room = Arc::clone(&self.work).acquire_owned().await;
        let room = room.map_err(|_| Trouble::Busy)?;
        // Whoever asked may be gone before the work is done.
        beside(move || {
            let done = work();
            drop(room);
            done
        })
        .await
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, Trouble> {
        let place = timeout(PATIENCE, self.places.acquire()).await;
        place.map_err(|_| Trouble::Busy)?.map_err(|_| Trouble::Busy)
    }
}

/// Works on a thread that nobody's answer waits on.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Trouble> {
    let done = spawn_blocking(work).await;
    Ok(done.map_err(|error| Trouble::Internal(anyhow!(error).context("work on variants")))??)
}

async fn read_contents(objects: &ObjectStore, key: Arc<str>, size: u64) -> Result<Opened, Trouble> {
    let (mut length, mut etag) = (TAIL.min(size), None);
    loop {
        let part = objects.read_range(&key, size - length..size, etag.as_deref()).await?;
        let part = part.ok_or(Trouble::Gone)?;
        let opening = beside(move || Table::open(size, &part.bytes)).await?;
        match opening {
            Opening::Table(table) => {
                return Ok(Opened {
                    object: format!("{key} {}", part.etag).into(),
                    etag: part.etag.into(),
                    key,
                    weight: table.size_in_memory() as u64,
                    table,
                });
            }
            Opening::Needs(bytes) if bytes > length && bytes <= size => (length, etag) = (bytes, Some(part.etag)),
            Opening::Needs(bytes) => {
                let fault = anyhow!("the contents of {key} want {bytes} bytes of {size}");
                return Err(Trouble::Internal(fault));
            }
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Wrong(wrong) => Self::Wrong(wrong),
            other => Self::Internal(anyhow!(other).context("read the file of variants")),
        }
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}
