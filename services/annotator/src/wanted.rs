//! What an annotation on a thread of its own shares with the task that waits for it: how far it is, and whether it is still wanted.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Progress;
use tokio_util::sync::CancellationToken;

/// How much the annotating thread has read and written.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) records: AtomicU64,
    pub(crate) bytes: AtomicU64,
    /// The input's size in bytes.
    pub(crate) size: AtomicU64,
    /// When to stop: whoever reads the input or writes the results gets an error then, and the upload is broken off.
    pub(crate) stop: CancellationToken,
}

/// The job is not this attempt's any more: another annotator has taken it over, or its owner has cancelled or deleted it.
#[derive(Debug, thiserror::Error)]
#[error("the job is no longer this attempt's")]
pub struct Lost;

/// The input or the results, for as long as they are wanted.
pub(crate) struct Wanted<T> {
    pub(crate) stream: T,
    pub(crate) counters: Arc<Counters>,
}

impl Counters {
    pub(crate) fn progress(&self) -> Progress {
        let size = self.size.load(Ordering::Relaxed);
        let percent = self.bytes.load(Ordering::Relaxed) * 100 / size.max(1);
        Progress {
            records: self.records.load(Ordering::Relaxed),
            percent: u8::try_from(percent.min(100)).unwrap_or(100),
        }
    }
}

impl<T> Wanted<T> {
    fn while_wanted(&mut self) -> io::Result<&mut T> {
        match self.counters.stop.is_cancelled() {
            true => Err(io::Error::other(Lost)),
            false => Ok(&mut self.stream),
        }
    }
}

impl<R: io::Read> io::Read for Wanted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.while_wanted()?.read(buffer)
    }
}

impl<W: io::Write> io::Write for Wanted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.while_wanted()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
