//! Columns on their way into the file: each is encoded by one thread at a time, different ones by different threads.
//!
//! Whoever makes columns helps to encode while much waits, so that it needs no threads of its own. Rows come to each column in
//! the order of the input, and row groups end after the same row for all: the file is the same for any number of threads.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use arrow_schema::FieldRef;
use domain::variants::CONSEQUENCES;
use parquet::errors::{ParquetError, Result};

use super::levels::Shared;
use super::writers::{Chunks, Rows, Writer};

/// While more bytes of columns wait, threads that make columns encode some first.
const MUCH: usize = 2 << 20;

/// While more bytes wait, no more are taken.
const MOST: usize = 24 << 20;

/// The columns of a file; each field of the entries is one of its own.
pub(super) struct Lanes {
    fields: Vec<FieldRef>,
    state: Mutex<State>,
    has_less: Condvar,
}

#[derive(Default)]
struct State {
    lanes: Vec<Lane>,
    /// Bytes of columns that are not encoded.
    bytes: usize,
    /// The row groups that are not taken, the first of them first: what each lane that is done with it has made.
    groups: VecDeque<Vec<Option<Chunks>>>,
    /// How many row groups were taken.
    taken: usize,
    failure: Option<ParquetError>,
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Step>,
    /// Bytes that wait.
    bytes: usize,
    /// Whether somebody is at it.
    is_claimed: bool,
    /// The writer of the row group at hand, while nobody is at it.
    writer: Option<Writer>,
    /// How many row groups are done.
    done: usize,
}

/// What a lane has to do.
enum Step {
    /// To begin a row group.
    Begin(Writer),
    Rows(Rows),
    /// To end a page.
    EndPage(Arc<Shared>),
    /// To end the row group.
    End,
}

/// What somebody does for a lane. Nobody else is at that one until this is dropped.
struct Claim<'l> {
    lanes: &'l Lanes,
    lane: usize,
    steps: VecDeque<Step>,
    bytes: usize,
    writer: Option<Writer>,
    groups: Vec<Chunks>,
    outcome: Result<()>,
}

impl Lanes {
    /// Of these fields, in the order of the file's columns.
    pub(super) fn new(fields: Vec<FieldRef>) -> Self {
        let state = State {
            lanes: fields.iter().map(|_| Lane::default()).collect(),
            ..State::default()
        };
        Self {
            fields,
            state: Mutex::new(state),
            has_less: Condvar::new(),
        }
    }

    /// The fields, in the order of the file's columns.
    pub(super) fn fields(&self) -> &[FieldRef] {
        &self.fields
    }

    /// Begins a row group, with a writer for each field.
    pub(super) fn begin(&self, writers: Vec<Writer>) {
        let mut state = self.state();
        state.groups.push_back(self.fields.iter().map(|_| None).collect());
        for (lane, writer) in state.lanes.iter_mut().zip(writers) {
            lane.waiting.push_back(Step::Begin(writer));
        }
    }

    /// Adds rows: a column for each field.
    pub(super) fn add(&self, columns: impl Iterator<Item = Rows>) {
        let mut state = self.state();
        let State { lanes, bytes, .. } = &mut *state;
        for (lane, rows) in lanes.iter_mut().zip(columns) {
            let size = rows.bytes();
            lane.bytes += size;
            *bytes += size;
            lane.waiting.push_back(Step::Rows(rows));
        }
    }

    /// Ends the page.
    pub(super) fn end_page(&self) {
        let of_entries = Arc::<Shared>::default();
        let mut state = self.state();
        for (lane, field) in state.lanes.iter_mut().zip(&self.fields) {
            let shared = match field.name() == CONSEQUENCES {
                true => Arc::clone(&of_entries),
                false => Arc::default(),
            };
            lane.waiting.push_back(Step::EndPage(shared));
        }
    }

    /// Ends the row group.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state
            .lanes
            .iter_mut()
            .for_each(|lane| lane.waiting.push_back(Step::End));
    }

    /// Encodes while much waits that nobody else is at.
    pub(super) fn help(&self) {
        loop {
            let mut state = self.state();
            let claim = if state.bytes > MUCH {
                self.claim(&mut state)
            } else {
                None
            };
            drop(state);
            let Some(claim) = claim else { return };
            claim.encode();
        }
    }

    /// Encodes, or waits for those who do, until there is room for more.
    ///
    /// # Errors
    /// If something could not be encoded, by whomever.
    pub(super) fn make_room(&self) -> Result<()> {
        self.until(MOST)
    }

    /// Encodes everything.
    ///
    /// # Errors
    /// As [`Self::make_room`].
    pub(super) fn finish(&self) -> Result<()> {
        self.until(0)?;
        // What is left has no rows.
        loop {
            let claim = self.claim(&mut self.state());
            let Some(claim) = claim else { break };
            claim.encode();
        }
        self.until(0)
    }

    /// What all lanes have made of the next row group, in the order of the columns; nothing until they are done with it.
    pub(super) fn take_group(&self) -> Option<Vec<Chunks>> {
        let mut state = self.state();
        let is_done = state.groups.front()?.iter().all(Option::is_some);
        let group = if is_done { state.groups.pop_front() } else { None }?;
        state.taken += 1;
        Some(group.into_iter().flatten().collect())
    }

    fn until(&self, most: usize) -> Result<()> {
        let mut state = self.state();
        loop {
            if let Some(failure) = state.failure.take() {
                return Err(failure);
            }
            if state.bytes <= most {
                return Ok(());
            }
            state = match self.claim(&mut state) {
                Some(claim) => {
                    drop(state);
                    claim.encode();
                    self.state()
                }
                None => self.has_less.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// The lane for which most waits of those that nobody is at.
    fn claim(&self, state: &mut State) -> Option<Claim<'_>> {
        let lanes = state.lanes.iter_mut().enumerate();
        let free = lanes.filter(|(_, lane)| !lane.is_claimed && !lane.waiting.is_empty());
        let (at, lane) = free.max_by_key(|(_, lane)| lane.bytes)?;
        lane.is_claimed = true;
        Some(Claim {
            lanes: self,
            lane: at,
            steps: std::mem::take(&mut lane.waiting),
            bytes: std::mem::take(&mut lane.bytes),
            writer: lane.writer.take(),
            groups: Vec::new(),
            outcome: Err(ParquetError::General("a column was given up".to_owned())),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panics holds no lock half way: each change is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    fn encode(mut self) {
        self.outcome = self.take_steps();
    }

    fn take_steps(&mut self) -> Result<()> {
        while let Some(step) = self.steps.pop_front() {
            match (step, &mut self.writer) {
                (Step::Begin(writer), own) => *own = Some(writer),
                (Step::Rows(rows), Some(writer)) => writer.write(&self.lanes.fields[self.lane], rows)?,
                (Step::EndPage(shared), Some(writer)) => writer.end_page(&shared)?,
                (Step::End, own) => self.groups.extend(own.take().map(Writer::close).transpose()?),
                (_, None) => return Err(ParquetError::General("a column has not begun".to_owned())),
            }
        }
        Ok(())
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut state = self.lanes.state();
        let State {
            lanes,
            bytes,
            groups,
            taken,
            failure,
        } = &mut *state;
        let lane = &mut lanes[self.lane];
        lane.is_claimed = false;
        lane.writer = self.writer.take();
        for chunks in self.groups.drain(..) {
            groups[lane.done - *taken][self.lane] = Some(chunks);
            lane.done += 1;
        }
        *bytes -= self.bytes;
        if let Err(reason) = std::mem::replace(&mut self.outcome, Ok(())) {
            failure.get_or_insert(reason);
        }
        self.lanes.has_less.notify_all();
    }
}
