//! Picks many records out of the packed results, by their index.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;

use super::columns::Columns;
use super::index::RecordIndex;
use super::stretch::{Next, Stretch};
use crate::error::Error;
use crate::export::Place;

/// What lies between two chunks is read along, if it has fewer bytes: that takes less than to ask once more.
const GAP: u64 = 64 * 1024;

/// Picks the header and the records of some places, in the order of the file: [`wants`](Self::wants) and [`take`](Self::take) until
/// it wants nothing.
#[derive(Debug)]
pub struct PickedRecords {
    wanted: Wanted,
    stretches: VecDeque<Chunk>,
    size: u64,
    stretch: Option<Stretch>,
    /// Whether the header has been read.
    is_past_header: bool,
}

/// Which records are wanted, and which of them were seen.
#[derive(Debug, Default)]
struct Wanted {
    /// By CHROM and POS.
    places: HashMap<(Vec<u8>, i64), Vec<WantedAt>>,
    /// How many of the variants have been found.
    found: u64,
}

/// The variants of one REF and ALT at a position.
#[derive(Debug)]
struct WantedAt {
    place: Place,
    /// Which of those that are the same to the letter are wanted.
    numbers: Vec<usize>,
    seen: usize,
}

impl PickedRecords {
    /// Begins to pick the records of `places` from results of `size` bytes.
    ///
    /// # Errors
    ///
    /// If the index is damaged.
    pub fn new(index: &RecordIndex, places: Vec<Place>, size: u64) -> Result<Self, Error> {
        let (mut chunks, mut wanted) = (Vec::new(), Wanted::default());
        for place in places {
            let at = (place.chromosome.clone().into_bytes(), place.position);
            if !wanted.places.contains_key(&at) {
                chunks.extend(index.stretches(&place.chromosome, place.position)?);
            }
            wanted.add(at, place);
        }
        Ok(Self {
            wanted,
            stretches: merged(chunks).into(),
            size,
            stretch: Some(Stretch::whole()),
            is_past_header: false,
        })
    }

    /// About how many bytes it reads.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let bytes = |chunk: &Chunk| chunk.end().compressed() - chunk.start().compressed() + GAP;
        self.stretches.iter().map(bytes).sum()
    }

    /// How many of the variants have been found.
    #[must_use]
    pub fn found(&self) -> u64 {
        self.wanted.found
    }

    /// Which bytes of the packed results it needs next (from 0, the end excluded); `None` when it is done.
    #[must_use]
    pub fn wants(&self) -> Option<Range<u64>> {
        self.stretch.as_ref()?.wants(self.size)
    }

    /// Appends the lines of these bytes that are wanted to `into`; the bytes are those of [`wants`](Self::wants).
    ///
    /// # Errors
    ///
    /// If they are no bgzip.
    pub fn take(&mut self, packed: &[u8], into: &mut Vec<u8>) -> Result<(), Error> {
        let Some(mut stretch) = self.stretch.take() else {
            return Ok(());
        };
        let (wanted, is_past_header) = (&mut self.wanted, self.is_past_header);
        let next = stretch.take(packed, self.size, |line| {
            let is_wanted = match line.first() {
                Some(b'#') if is_past_header => false,
                Some(b'#') => true,
                _ if !is_past_header => return Next::Stretch,
                _ => wanted.wants(line),
            };
            if is_wanted {
                into.extend_from_slice(line);
                into.push(b'\n');
            }
            Next::Line
        })?;
        self.stretch = match next {
            Next::Line => Some(stretch),
            Next::Stretch | Next::Nothing => {
                self.is_past_header = true;
                self.stretches.pop_front().map(Stretch::of)
            }
        };
        Ok(())
    }
}

impl Wanted {
    fn add(&mut self, at: (Vec<u8>, i64), place: Place) {
        let here = self.places.entry(at).or_default();
        let same =
            |one: &&mut WantedAt| one.place.reference == place.reference && one.place.alternate == place.alternate;
        match here.iter_mut().find(same) {
            Some(one) => one.numbers.push(place.before),
            None => here.push(WantedAt {
                numbers: vec![place.before],
                place,
                seen: 0,
            }),
        }
    }

    /// Whether one of the record's variants is wanted.
    fn wants(&mut self, line: &[u8]) -> bool {
        let Some(columns) = Columns::of(line) else {
            return false;
        };
        let Some(here) = self.places.get_mut(&(columns.chromosome.to_vec(), columns.position)) else {
            return false;
        };
        let mut found = 0;
        for one in here.iter_mut().filter(|one| columns.has(&one.place)) {
            found += u64::from(one.numbers.contains(&one.seen));
            one.seen += 1;
        }
        self.found += found;
        found > 0
    }
}

/// The chunks in the order of the file, each byte in one of them.
fn merged(mut chunks: Vec<Chunk>) -> Vec<Chunk> {
    chunks.sort_by_key(Chunk::start);
    let mut merged: Vec<Chunk> = Vec::new();
    for chunk in chunks {
        match merged.last_mut() {
            Some(last) if chunk.start().compressed() <= last.end().compressed() + GAP => {
                *last = Chunk::new(last.start(), last.end().max(chunk.end()));
            }
            _ => merged.push(chunk),
        }
    }
    merged
}
