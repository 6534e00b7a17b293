//! Columns on their way into the file: each is encoded by one thread at a time, different ones by different threads.
//!
//! Whoever makes columns helps to encode while much waits, so that it needs no threads of its own. Rows come to each column in
//! the order of the input, and row groups end after the same row for all: the file is the same for any number of threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, FieldRef};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::errors::{ParquetError, Result};

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
    groups: VecDeque<Vec<Option<Vec<ArrowColumnChunk>>>>,
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
    /// A writer for each leaf of the row group at hand, while nobody is at it.
    writers: Vec<ArrowColumnWriter>,
    /// How many row groups are done.
    done: usize,
}

/// What a lane has to do.
enum Step {
    /// To begin a row group.
    Begin(Vec<ArrowColumnWriter>),
    Rows(ArrayRef),
    /// To end it.
    End,
}

/// What somebody does for a lane. Nobody else is at that one until this is dropped.
struct Claim<'l> {
    lanes: &'l Lanes,
    lane: usize,
    steps: VecDeque<Step>,
    bytes: usize,
    writers: Vec<ArrowColumnWriter>,
    groups: Vec<Vec<ArrowColumnChunk>>,
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

    /// Begins a row group, with a writer for each leaf.
    pub(super) fn begin(&self, writers: Vec<ArrowColumnWriter>) {
        let mut writers = writers.into_iter();
        let mut state = self.state();
        state.groups.push_back(self.fields.iter().map(|_| None).collect());
        for (lane, field) in state.lanes.iter_mut().zip(&self.fields) {
            let own = writers.by_ref().take(leaves(field.data_type()));
            lane.waiting.push_back(Step::Begin(own.collect()));
        }
    }

    /// Adds rows: an array for each field.
    pub(super) fn add(&self, arrays: impl Iterator<Item = ArrayRef>) {
        let mut state = self.state();
        let State { lanes, bytes, .. } = &mut *state;
        for (lane, array) in lanes.iter_mut().zip(arrays) {
            let size = array.get_array_memory_size();
            lane.bytes += size;
            *bytes += size;
            lane.waiting.push_back(Step::Rows(array));
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
    pub(super) fn take_group(&self) -> Option<Vec<ArrowColumnChunk>> {
        let mut state = self.state();
        let is_done = state.groups.front()?.iter().all(Option::is_some);
        let group = if is_done { state.groups.pop_front() } else { None }?;
        state.taken += 1;
        Some(group.into_iter().flatten().flatten().collect())
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
            writers: std::mem::take(&mut lane.writers),
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
        let Lanes { fields, .. } = self.lanes;
        while let Some(step) = self.steps.pop_front() {
            match step {
                Step::Begin(writers) => self.writers = writers,
                Step::Rows(array) => {
                    let leaves = compute_leaves(&fields[self.lane], &array)?;
                    for (writer, leaf) in self.writers.iter_mut().zip(leaves) {
                        writer.write(&leaf)?;
                    }
                }
                Step::End => {
                    let writers = std::mem::take(&mut self.writers).into_iter();
                    let chunks: Result<_> = writers.map(ArrowColumnWriter::close).collect();
                    self.groups.push(chunks?);
                }
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
        lane.writers = std::mem::take(&mut self.writers);
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

/// How many leaves a column has.
fn leaves(of: &DataType) -> usize {
    match of {
        DataType::List(item) => leaves(item.data_type()),
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        _ => 1,
    }
}
