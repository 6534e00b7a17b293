//! Batches of lines, on one thread or on several, written in the order in which they were read.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::batch::Batch;
use super::context::Context;
use super::feed::{Feed, emptied};
use super::hand::{Hand, Part};
use super::{Progress, Run, Stopped};
use crate::report::{Findings, Phased};

/// How many batches each thread may be behind.
const AHEAD: usize = 2;

/// The most bytes of lines that may be on their way to and from threads; the batch that exceeds it is the last.
const AHEAD_BYTES: usize = 32 << 20;

/// A part of an annotated batch, and, after the last part, the batch's own buffer.
struct Done {
    part: Part,
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

impl Run<'_, '_> {
    /// Annotates the records: those of `first`, and, if there may be more, the rest of the input.
    pub(super) fn records<'c>(
        &mut self,
        context: &'c Context<'c, '_>,
        first: Batch,
        rest: bool,
        threads: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut feed = Feed::new(context, first, rest);
        let result = match threads {
            0 | 1 => {
                let mut hand = self.hand(context);
                let result = self.one_by_one(&mut hand, &mut feed, progress);
                self.findings = hand.finish();
                result
            }
            more => self.on_threads(context, &mut feed, more, progress),
        };
        self.findings.phased = match context.phasing {
            Ok(_) => feed.found(),
            Err("") => None,
            Err(reason) => Some(Phased::without(reason)),
        };
        result
    }

    fn hand<'c, 'b>(&self, context: &'c Context<'c, 'b>) -> Hand<'c, 'b> {
        Hand::new(context, self.outputs.makers(), self.outputs.take_lines())
    }

    fn one_by_one(
        &mut self,
        hand: &mut Hand<'_, '_>,
        feed: &mut Feed<'_, '_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        while let Some(mut batch) = feed.next(self)? {
            let mut has_more = true;
            while has_more {
                let part = hand.part(&mut batch);
                has_more = part.has_more;
                hand.give_back(self.write(part)?);
            }
            feed.give_back(batch.bytes);
            progress(self.progress());
        }
        Ok(())
    }

    fn on_threads(
        &mut self,
        context: &Context<'_, '_>,
        feed: &mut Feed<'_, '_>,
        threads: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        std::thread::scope(|scope| {
            let (mut pool, mut workers) = (Vec::new(), Vec::new());
            for _ in 0..threads {
                let (batches, incoming) = sync_channel(AHEAD);
                let (outgoing, done) = sync_channel(AHEAD);
                let (makers, keeps_lines) = (self.outputs.makers(), self.outputs.take_lines());
                workers.push(scope.spawn(move || {
                    let hand = Hand::new(context, makers, keeps_lines);
                    work(hand, &incoming, &outgoing)
                }));
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
        feed: &mut Feed<'_, '_>,
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
            empty.push(emptied(self.write(done.part)?));
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

fn work(mut hand: Hand<'_, '_>, batches: &Receiver<Work>, done: &SyncSender<Done>) -> Findings {
    while let Ok(Work { mut batch, lines }) = batches.recv() {
        hand.give_back(lines);
        let mut has_more = true;
        while has_more {
            let part = hand.part(&mut batch);
            has_more = part.has_more;
            let spent = (!has_more).then(|| std::mem::take(&mut batch.bytes));
            if done.send(Done { part, spent }).is_err() {
                return hand.finish();
            }
        }
    }
    hand.finish()
}
