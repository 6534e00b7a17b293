//! Batches of lines, on one thread or on several, written in the order in which they were read.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::batch::Batch;
use super::context::Context;
use super::feed::{Feed, emptied};
use super::worker::Worker;
use super::{Progress, Run, Stopped};
use crate::error::InputError;
use crate::report::Findings;

/// How many batches each thread may be behind.
const AHEAD: usize = 2;

/// The most bytes of lines that may be on their way to and from threads; the batch that exceeds it is the last.
const AHEAD_BYTES: usize = 32 << 20;

/// A part of an annotated batch.
struct Done {
    lines: Vec<u8>,
    /// How many records it has.
    records: u64,
    error: Option<InputError>,
    /// After the last part, the batch's own buffer.
    spent: Option<Vec<u8>>,
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
    /// Annotates the records: those of `first`, and, if there may be more, the rest of the input.
    pub(super) fn records(
        &mut self,
        context: &Context<'_, '_>,
        first: Batch,
        rest: bool,
        threads: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut feed = Feed::new(first, rest);
        match threads {
            0 | 1 => {
                let mut worker = Worker::new(context);
                let result = self.one_by_one(&mut worker, &mut feed, progress);
                self.findings = worker.finish();
                result
            }
            more => self.on_threads(context, &mut feed, more, progress),
        }
    }

    fn one_by_one(
        &mut self,
        worker: &mut Worker<'_, '_>,
        feed: &mut Feed,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut out = Vec::new();
        while let Some(mut batch) = feed.next(self)? {
            let mut has_more = true;
            while has_more {
                out = emptied(out);
                has_more = worker.batch(&mut batch, &mut out)?;
                self.findings.records = worker.findings.records;
                self.write(&out)?;
            }
            feed.give_back(batch.bytes);
            progress(self.progress());
        }
        Ok(())
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
        let (mut sent, mut taken, mut ahead_bytes) = (0, 0, 0);
        let mut empty: Vec<Vec<u8>> = Vec::new();
        let mut has_more = true;
        while has_more || taken < sent {
            while has_more && sent - taken < AHEAD * pool.len() && ahead_bytes < AHEAD_BYTES {
                let Some(batch) = feed.next(self)? else {
                    has_more = false;
                    break;
                };
                ahead_bytes += batch.bytes.len();
                let lines = empty.pop().unwrap_or_default();
                // A thread that is gone has panicked, which joining it tells.
                has_more = pool[sent % pool.len()].batches.send(Work { batch, lines }).is_ok();
                sent += 1;
            }
            if taken == sent {
                break;
            }
            let Ok(done) = pool[taken % pool.len()].done.recv() else {
                return Ok(());
            };
            self.findings.records += done.records;
            if let Some(reason) = done.error {
                return Err(reason.into());
            }
            self.write(&done.lines)?;
            empty.push(emptied(done.lines));
            empty.truncate(AHEAD * pool.len());
            if let Some(spent) = done.spent {
                taken += 1;
                ahead_bytes -= spent.len();
                feed.give_back(spent);
                progress(self.progress());
            }
        }
        Ok(())
    }
}

fn work(context: &Context<'_, '_>, batches: &Receiver<Work>, done: &SyncSender<Done>) -> Findings {
    let mut worker = Worker::new(context);
    while let Ok(Work { mut batch, mut lines }) = batches.recv() {
        let mut has_more = true;
        while has_more {
            let before = worker.findings.records;
            let annotated = worker.batch(&mut batch, &mut lines);
            has_more = *annotated.as_ref().unwrap_or(&false);
            let part = Done {
                lines: std::mem::take(&mut lines),
                records: worker.findings.records - before,
                error: annotated.err(),
                spent: (!has_more).then(|| std::mem::take(&mut batch.bytes)),
            };
            if done.send(part).is_err() {
                return worker.finish();
            }
        }
    }
    worker.finish()
}
