//! What the threads of a run share: batches that wait for one of them, and what was made of them, until its turn comes.
//!
//! Whichever thread is free takes the next batch, so that none waits for another that the system has set aside; the calling
//! thread takes what was made in the order of the input. How much may wait is bounded twice: batches by number and bytes, what
//! was made by bytes. A thread that finds no room waits, but for the one whose batch comes next, so that somebody always goes on.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::batch::Batch;
use super::hand::Part;

/// How many batches may be on their way for each thread.
const AHEAD: usize = 8;

/// The most bytes of lines that may be on their way; the batch that exceeds it is the last.
const AHEAD_BYTES: usize = 32 << 20;

/// The most bytes that may wait for their turn; each thread may exceed it by one part.
const MADE_BYTES: usize = 8 << 20;

/// A batch, and an empty buffer for its lines.
pub(super) struct Work {
    pub(super) batch: Batch,
    pub(super) lines: Vec<u8>,
}

/// A part of an annotated batch, and, after the last part, the batch's own buffer.
pub(super) struct Done {
    pub(super) part: Part,
    pub(super) spent: Option<Vec<u8>>,
}

/// What the calling thread does next.
pub(super) enum Next {
    /// Reads a batch, or says that there is none.
    Read,
    /// Writes this.
    Write(Box<Done>),
    /// Nothing: all is done, or a thread is gone.
    Nothing,
}

/// Batches on their way to threads and back.
pub(super) struct Queue {
    state: Mutex<State>,
    /// How many threads take batches.
    threads: usize,
    has_batch: Condvar,
    has_room: Condvar,
    has_part: Condvar,
}

#[derive(Default)]
struct State {
    /// Batches that no thread has taken, in order.
    waiting: VecDeque<Work>,
    /// The number of the first of them.
    first_waiting: usize,
    /// What was made of each batch on its way, in order, and is not taken yet.
    made: VecDeque<VecDeque<Done>>,
    /// The number of the first of these, whose turn it is.
    turn: usize,
    /// Bytes of the batches on their way, and of what was made of them.
    batch_bytes: usize,
    made_bytes: usize,
    /// Nothing more is read.
    has_all: bool,
    /// All is written, or somebody is gone.
    is_over: bool,
}

/// Ends the queue when whoever has it ends, in whatever way, so that nobody waits for somebody who is gone.
pub(super) struct End<'q>(&'q Queue);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.state().is_over = true;
        self.0.has_batch.notify_all();
        self.0.has_room.notify_all();
        self.0.has_part.notify_all();
    }
}

impl Queue {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            state: Mutex::default(),
            threads,
            has_batch: Condvar::new(),
            has_room: Condvar::new(),
            has_part: Condvar::new(),
        }
    }

    /// For every thread, also the calling one.
    pub(super) fn end(&self) -> End<'_> {
        End(self)
    }

    /// What the calling thread does next; waits until that is known.
    pub(super) fn next(&self) -> Next {
        let mut state = self.state();
        while !state.is_over {
            let may_read = !state.has_all && state.made.len() < AHEAD * self.threads && state.batch_bytes < AHEAD_BYTES;
            // No thread is to run dry; apart from that, what is made is written before more is read.
            if may_read && state.waiting.len() < self.threads {
                return Next::Read;
            }
            if let Some(done) = state.take_part() {
                self.has_room.notify_all();
                return Next::Write(Box::new(done));
            }
            if may_read {
                return Next::Read;
            }
            if state.made.is_empty() {
                break;
            }
            state = wait(&self.has_part, state);
        }
        Next::Nothing
    }

    /// Adds a batch; `None` says that there are no more.
    pub(super) fn add(&self, work: Option<Work>) {
        let mut state = self.state();
        match work {
            Some(work) => {
                state.batch_bytes += work.batch.bytes.len();
                state.made.push_back(VecDeque::new());
                state.waiting.push_back(work);
                self.has_batch.notify_one();
            }
            None => state.has_all = true,
        }
    }

    /// The next batch and its number, for a thread; waits for one, or, with `None`, for the end of all.
    pub(super) fn take(&self) -> Option<(usize, Work)> {
        let mut state = self.state();
        while !state.is_over {
            if let Some(work) = state.waiting.pop_front() {
                state.first_waiting += 1;
                return Some((state.first_waiting - 1, work));
            }
            state = wait(&self.has_batch, state);
        }
        None
    }

    /// Puts what a thread has made of a batch; `false` if nobody wants it.
    pub(super) fn put(&self, number: usize, done: Done) -> bool {
        let mut state = self.state();
        while state.made_bytes >= MADE_BYTES && number != state.turn && !state.is_over {
            state = wait(&self.has_room, state);
        }
        if state.is_over {
            return false;
        }
        state.made_bytes += done.part.bytes();
        let at = number - state.turn;
        state.made[at].push_back(done);
        if at == 0 {
            self.has_part.notify_one();
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panics holds no lock half way: each change is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next part in the order of the input, if it is there.
    fn take_part(&mut self) -> Option<Done> {
        let done = self.made.front_mut()?.pop_front()?;
        self.made_bytes -= done.part.bytes();
        if let Some(spent) = &done.spent {
            self.batch_bytes -= spent.len();
            self.made.pop_front();
            self.turn += 1;
        }
        Some(done)
    }
}

fn wait<'s>(condition: &Condvar, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
    condition.wait(state).unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: usize) -> Work {
        Work {
            batch: Batch::new(number as u64, vec![b'x'; 10]),
            lines: Vec::new(),
        }
    }

    /// What is made of a whole batch: so many bytes.
    fn whole(bytes: usize) -> Done {
        Done {
            part: Part {
                lines: vec![b'y'; bytes],
                ..Part::default()
            },
            spent: Some(vec![b'x'; 10]),
        }
    }

    fn length(next: Next) -> Option<usize> {
        match next {
            Next::Write(done) => Some(done.part.lines.len()),
            Next::Read | Next::Nothing => None,
        }
    }

    #[test]
    fn parts_come_in_the_order_of_the_input_whoever_is_first() {
        let queue = Queue::new(2);
        for number in 0..3 {
            assert!(matches!(queue.next(), Next::Read));
            queue.add(Some(batch(number)));
        }
        queue.add(None);
        let [first, second, third] = [0; 3].map(|_| queue.take().unwrap().0);
        assert!(queue.put(third, whole(3)) && queue.put(second, whole(2)) && queue.put(first, whole(1)));
        assert_eq!([0; 3].map(|_| length(queue.next())), [Some(1), Some(2), Some(3)]);
        assert!(matches!(queue.next(), Next::Nothing));
    }

    #[test]
    fn who_is_far_ahead_waits_and_whose_turn_it_is_does_not() {
        let queue = Queue::new(2);
        (0..2).for_each(|number| queue.add(Some(batch(number))));
        queue.add(None);
        let [first, second] = [0; 2].map(|_| queue.take().unwrap().0);
        assert!(queue.put(second, whole(MADE_BYTES)));
        std::thread::scope(|scope| {
            let late = scope.spawn(|| queue.put(second, whole(1)));
            assert!(queue.put(first, whole(MADE_BYTES)));
            assert_eq!(queue.state().made_bytes, 2 * MADE_BYTES);
            assert_eq!(length(queue.next()), Some(MADE_BYTES));
            assert!(late.join().unwrap());
        });
    }

    #[test]
    fn reading_stops_when_enough_is_on_its_way() {
        let queue = Queue::new(2);
        let mut read = 0;
        // The thread that has the first batch is slow.
        while read < 2 * AHEAD {
            assert!(matches!(queue.next(), Next::Read));
            queue.add(Some(batch(read)));
            let (number, _) = queue.take().unwrap();
            assert!(number == 0 || queue.put(number, whole(1)));
            read += 1;
        }
        std::thread::scope(|scope| {
            let next = scope.spawn(|| length(queue.next()));
            assert!(queue.put(0, whole(5)));
            assert_eq!(next.join().unwrap(), Some(5));
        });
    }

    #[test]
    fn a_thread_that_is_gone_ends_all_others() {
        let queue = Queue::new(2);
        (0..2).for_each(|number| queue.add(Some(batch(number))));
        let (first, _) = queue.take().unwrap();
        drop(queue.end());
        assert!(queue.take().is_none() && !queue.put(first, whole(1)));
        assert!(matches!(queue.next(), Next::Nothing));
    }
}
