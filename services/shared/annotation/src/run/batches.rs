//! Batches of lines, on one thread or on several, written in the order in which they were read.

use super::batch::Batch;
use super::context::Context;
use super::feed::{Feed, emptied};
use super::hand::Hand;
use super::queue::{Done, Next, Queue, Work};
use super::{Progress, Run, Stopped};
use crate::report::{Findings, Phased};

/// The most buffers of written lines that wait to be used again.
const MOST_EMPTY: usize = 2;

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
        let queue = Queue::new(threads);
        std::thread::scope(|scope| {
            let mut workers = Vec::new();
            for _ in 0..threads {
                let (makers, keeps_lines) = (self.outputs.makers(), self.outputs.take_lines());
                let queue = &queue;
                workers.push(scope.spawn(move || work(Hand::new(context, makers, keeps_lines), queue)));
            }
            let end = queue.end();
            let result = self.through(&queue, feed, progress);
            drop(end);
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

    /// Reads batches for the threads, and writes what they make. Why no more can be read is told when what was read before is
    /// written, so that what is wrong there comes first, as it does on one thread.
    fn through(
        &mut self,
        queue: &Queue,
        feed: &mut Feed<'_, '_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Stopped> {
        let mut empty: Vec<Vec<u8>> = Vec::new();
        let mut stopped = Ok(());
        loop {
            match queue.next() {
                Next::Read => {
                    let batch = feed.next(self).unwrap_or_else(|reason| {
                        stopped = Err(reason);
                        None
                    });
                    let lines = empty.pop().unwrap_or_default();
                    queue.add(batch.map(|batch| Work { batch, lines }));
                }
                Next::Write(done) => {
                    let Done { part, spent } = *done;
                    empty.push(emptied(self.write(part)?));
                    empty.truncate(MOST_EMPTY);
                    if let Some(spent) = spent {
                        feed.give_back(spent);
                        progress(self.progress());
                    }
                }
                Next::Nothing => return stopped,
            }
        }
    }
}

fn work(mut hand: Hand<'_, '_>, queue: &Queue) -> Findings {
    let _end = queue.end();
    while let Some((number, Work { mut batch, lines })) = queue.take() {
        hand.give_back(lines);
        let mut has_more = true;
        while has_more {
            let part = hand.part(&mut batch);
            has_more = part.has_more;
            let spent = (!has_more).then(|| std::mem::take(&mut batch.bytes));
            if !queue.put(number, Done { part, spent }) {
                return hand.finish();
            }
        }
    }
    hand.finish()
}
