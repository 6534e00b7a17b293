//! Finds one record in the packed results.

use std::collections::VecDeque;
use std::ops::Range;

use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;

use super::columns::Columns;
use super::index::RecordIndex;
use super::stretch::{Next, Stretch};
use crate::error::Error;
use crate::export::Place;

/// The most bytes that one record is looked for in. A tabix index tells apart 16 kb of chromosome; the records of these have some hundred KB, with 2,504 samples each.
const MOST: u64 = 32 << 20;

/// Looks for a record: [`wants`](Self::wants) and [`take`](Self::take) until it wants nothing, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct RecordSearch {
    place: Place,
    /// Where to look next.
    stretches: VecDeque<Chunk>,
    /// Bytes of the packed results.
    size: u64,
    /// How many bytes may still be read.
    left: u64,
    stretch: Option<Stretch>,
    found: Option<Vec<u8>>,
}

impl RecordSearch {
    /// Begins to look for the record at `place` in results of `size` bytes.
    ///
    /// # Errors
    ///
    /// If the index is damaged.
    pub fn new(index: &RecordIndex, place: Place, size: u64) -> Result<Self, Error> {
        let mut stretches: VecDeque<Chunk> = index.stretches(&place.chromosome, place.position)?.into();
        Ok(Self {
            place,
            stretch: stretches.pop_front().map(Stretch::of),
            stretches,
            size,
            left: MOST,
            found: None,
        })
    }

    /// Which bytes of the packed results it needs next (from 0, the end excluded); `None` when it is done.
    #[must_use]
    pub fn wants(&self) -> Option<Range<u64>> {
        let range = self.stretch.as_ref()?.wants(self.size)?;
        (range.end - range.start <= self.left).then_some(range)
    }

    /// Looks through these bytes, those of [`wants`](Self::wants).
    ///
    /// # Errors
    ///
    /// If they are no bgzip.
    pub fn take(&mut self, packed: &[u8]) -> Result<(), Error> {
        let Some(mut stretch) = self.stretch.take() else {
            return Ok(());
        };
        self.left = self.left.saturating_sub(packed.len() as u64);
        let (place, found) = (&mut self.place, &mut self.found);
        self.stretch = match stretch.take(packed, self.size, |line| looked_at(line, place, found))? {
            Next::Line => Some(stretch),
            Next::Stretch => self.stretches.pop_front().map(Stretch::of),
            Next::Nothing => None,
        };
        Ok(())
    }

    /// The record's line without its end, if it was found.
    #[must_use]
    pub fn finish(self) -> Option<Vec<u8>> {
        self.found
    }
}

/// Records are in the order of their positions, or there would be no index.
fn looked_at(line: &[u8], place: &mut Place, found: &mut Option<Vec<u8>>) -> Next {
    let Some(columns) = Columns::of(line).filter(|columns| columns.chromosome == place.chromosome.as_bytes()) else {
        return Next::Line;
    };
    if columns.position > place.position {
        return Next::Nothing;
    }
    match (columns.has(place), place.before) {
        (false, _) => Next::Line,
        (true, 0) => {
            *found = Some(line.to_vec());
            Next::Nothing
        }
        (true, _) => {
            place.before -= 1;
            Next::Line
        }
    }
}
