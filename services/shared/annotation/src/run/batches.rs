//! Batches of lines, on one thread or on several, written in the order in which they were read.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::batch::Batch;
use super::context::Context;
use super::worker::Worker;
use super::{Progress, Run, Stopped};
use crate::error::InputError;
use crate::report::Findings;

/// A batch is about this long; a longer line is a batch of its own.
const BATCH_BYTES: usize = 1 << 17;

/// How many batches each thread may be behind.
const AHEAD: usize = 2;

/// An annotated batch: its lines, and how many records it had.
struct Done {
    lines: Vec<u8>,
    records: u64,
    error: Option<InputError>,
    /// The batch's own buffer, to be used again.
    spent: Vec<u8>,
}

/// A batch, and an empty buffer for its lines.
struct Work {
    batch: Batch,
    lines: Vec<u8>,
}

/// A thread that annotates every n-th batch.
struct Thread {
    batches: SyncSender<Work>,
    done: Receiver<Done>,
}

impl Run<'_> {
    /// Annotates the records: those of `head`, and, if there may be more, the rest of the input.
    pub(super) fn records(
        &mut self,
        context: &Context<'_, '_>,
        head: Batch,
        rest: bool,
        threads: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut feed = Feed::new(head, rest);
        match threads {
            0 | 1 => self.on_one_thread(context, &mut feed, progress),
            more => self.on_threads(context, &mut feed, more, progress),
        }
    }

    fn on_one_thread(
        &mut self,
        context: &Context<'_, '_>,
        feed: &mut Feed,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut worker = Worker::new(context);
        let mut out = Vec::with_capacity(4 * BATCH_BYTES);
        let mut result = Ok(());
        while let Some(batch) = feed.next(self)? {
            out.clear();
            let done = worker.batch(&batch, &mut out);
            feed.spent.push(batch.bytes);
            if let Err(reason) = done {
                result = Err(reason.into());
                break;
            }
            self.findings.records = worker.findings.records;
            if let Err(reason) = self.check_records() {
                result = Err(reason.into());
                break;
            }
            self.output.write_all(&out)?;
            progress(self.progress());
        }
        self.findings = worker.finish();
        result
    }

    fn on_threads(
        &mut self,
        context: &Context<'_, '_>,
        feed: &mut Feed,
        threads: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        std::thread::scope(|scope| {
            let (mut pool, mut workers) = (Vec::new(), Vec::new());
            for _ in 0..threads {
                let (batches, incoming) = sync_channel(AHEAD);
                let (outgoing, done) = sync_channel(AHEAD);
                workers.push(scope.spawn(move || work(context, &incoming, &outgoing)));
                pool.push(Thread { batches, done });
            }
            let result = self.turn_by_turn(feed, &pool, progress);
            // Threads end when there are no more batches; those that wait with a result see that nobody takes it.
            drop(pool);
            let mut findings = Findings::default();
            for worker in workers {
                match worker.join() {
                    Ok(found) => findings.merge(found),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            if result.is_ok() {
                self.findings = findings;
            }
            result
        })
    }

    /// Hands batches to the threads in turn, and takes what they did in the same order.
    fn turn_by_turn(
        &mut self,
        feed: &mut Feed,
        pool: &[Thread],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let (mut sent, mut taken) = (0, 0);
        let mut empty: Vec<Vec<u8>> = Vec::new();
        let mut has_more = true;
        while has_more || taken < sent {
            while has_more && sent - taken < AHEAD * pool.len() {
                match feed.next(self)? {
                    // A thread that is gone has panicked, which joining it tells.
                    Some(batch) => {
                        let lines = empty.pop().unwrap_or_default();
                        has_more = pool[sent % pool.len()].batches.send(Work { batch, lines }).is_ok();
                    }
                    None => {
                        has_more = false;
                        break;
                    }
                }
                sent += 1;
            }
            if taken == sent {
                break;
            }
            let Ok(done) = pool[taken % pool.len()].done.recv() else {
                return Ok(());
            };
            taken += 1;
            self.findings.records += done.records;
            if let Some(reason) = done.error {
                return Err(reason.into());
            }
            self.check_records()?;
            self.output.write_all(&done.lines)?;
            feed.spent.push(done.spent);
            empty.push(done.lines);
            progress(self.progress());
        }
        Ok(())
    }
}

fn work(context: &Context<'_, '_>, batches: &Receiver<Work>, done: &SyncSender<Done>) -> Findings {
    let mut worker = Worker::new(context);
    let mut before = 0;
    while let Ok(Work { batch, mut lines }) = batches.recv() {
        lines.clear();
        lines.reserve(4 * batch.bytes.len());
        let error = worker.batch(&batch, &mut lines).err();
        let records = worker.findings.records - before;
        before = worker.findings.records;
        if done
            .send(Done {
                lines,
                records,
                error,
                spent: batch.bytes,
            })
            .is_err()
        {
            break;
        }
    }
    worker.finish()
}

/// Where batches come from: what was read already, then the rest of the input.
struct Feed {
    head: Option<Batch>,
    /// How much of the head was handed out.
    taken: usize,
    rest: bool,
    /// Buffers to be used again.
    spent: Vec<Vec<u8>>,
}

impl Feed {
    fn new(head: Batch, rest: bool) -> Self {
        Self {
            head: Some(head),
            taken: 0,
            rest,
            spent: Vec::new(),
        }
    }

    fn next(&mut self, run: &mut Run<'_>) -> Result<Option<Batch>, Stopped> {
        if let Some(batch) = self.next_of_head() {
            return Ok(Some(batch));
        }
        let mut bytes = self.spent.pop().unwrap_or_default();
        self.spent.truncate(8);
        bytes.clear();
        let first_line = run.lines.number() + 1;
        while self.rest && bytes.len() < BATCH_BYTES {
            self.rest = run.next_lines(&mut bytes)?;
        }
        Ok((!bytes.is_empty()).then_some(Batch { first_line, bytes }))
    }

    /// Cuts the next batch off what was read already.
    fn next_of_head(&mut self) -> Option<Batch> {
        let head = self.head.as_mut()?;
        let left = &head.bytes[self.taken..];
        let from = BATCH_BYTES.min(left.len());
        let end = memchr::memchr(b'\n', &left[from..]).map_or(left.len(), |at| from + at + 1);
        if end == 0 {
            self.head = None;
            return None;
        }
        let mut bytes = self.spent.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(&left[..end]);
        let first_line = head.first_line;
        head.first_line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        self.taken += end;
        Some(Batch { first_line, bytes })
    }
}
