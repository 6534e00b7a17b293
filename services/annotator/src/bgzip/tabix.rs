//! The tabix index, made record by record, within bounds that no genome reaches.
//!
//! <https://samtools.github.io/hts-specs/tabix.pdf>

use domain::NoIndex;
use noodles_bgzf::VirtualPosition;
use noodles_core::Position;
use noodles_csi::binning_index::Indexer;
use noodles_csi::binning_index::index::header::{Builder, ReferenceSequenceNames};
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_csi::binning_index::index::reference_sequence::index::LinearIndex;
use noodles_tabix as tabix;

use super::lines::LONGEST_NAME;

/// The last position that has a bin.
const LAST: u64 = 1 << 29;
/// Bases of one window of the linear index, as a power of two.
const WINDOW: u32 = 14;
/// The most chromosomes; GRCh38 with everything that was ever added to it has some 3,400.
const MOST_NAMES: usize = 20_000;
/// The most windows, of 8 bytes; those of GRCh38 are 190,000.
const MOST_WINDOWS: u64 = 1_000_000;
/// The most stretches of records that go into one bin, of 16 bytes; a whole genome with its indels has some 200,000.
const MOST_STRETCHES: u64 = 1_000_000;

/// An index being made. What it holds is bounded by the constants above: some tens of megabytes.
pub(super) struct Tabix {
    /// That of `noodles_tabix` looks each record's chromosome up by its name; this one takes its number.
    indexer: Indexer<LinearIndex>,
    names: ReferenceSequenceNames,
    /// The position of the last record on the last chromosome.
    start: u64,
    /// Windows of this chromosome, and of those before it.
    windows: u64,
    windows_before: u64,
    /// The bin of the last record, and how often it has changed.
    bin: u64,
    stretches: u64,
    /// Why there will be none.
    absent: Option<NoIndex>,
}

impl Default for Tabix {
    fn default() -> Self {
        Self {
            indexer: Indexer::default(),
            names: ReferenceSequenceNames::new(),
            start: 0,
            windows: 0,
            windows_before: 0,
            bin: u64::MAX,
            stretches: 0,
            absent: None,
        }
    }
}

impl Tabix {
    /// Begins the records of a chromosome, or goes on with them.
    pub(super) fn chromosome(&mut self, name: &[u8]) {
        if self.absent.is_none() && self.names.last().is_none_or(|last| *last != name) {
            let begun = self.begin_chromosome(name);
            self.unless(begun);
        }
    }

    /// Adds a record of that chromosome: its first and last base, 1-based, and the two places of the file between which it lies.
    pub(super) fn add(&mut self, start: u64, end: u64, lines: (VirtualPosition, VirtualPosition)) {
        if self.absent.is_none() {
            let added = self.try_add(start, end, Chunk::new(lines.0, lines.1));
            self.unless(added);
        }
    }

    /// The content of the index's file, or why there is none.
    pub(super) fn finish(self) -> Result<Vec<u8>, NoIndex> {
        if let Some(reason) = self.absent {
            return Err(reason);
        }
        let chromosomes = self.names.len();
        let header = Builder::vcf().set_reference_sequence_names(self.names).build();
        let mut writer = tabix::io::Writer::new(Vec::new());
        let written = writer.write_index(&self.indexer.set_header(header).build(chromosomes));
        // Writing to memory fails only for numbers that the format has no room for.
        let written = written.and_then(|()| writer.into_inner().finish());
        written.map_err(|_| NoIndex::TooLarge)
    }

    /// Forgets all of it if something does not go into an index.
    fn unless(&mut self, done: Result<(), NoIndex>) {
        if let Err(reason) = done {
            *self = Self {
                absent: Some(reason),
                ..Self::default()
            };
        }
    }

    fn try_add(&mut self, start: u64, end: u64, chunk: Chunk) -> Result<(), NoIndex> {
        if start == 0 || end > LAST {
            return Err(NoIndex::OutOfRange);
        }
        if start < self.start {
            return Err(NoIndex::Unsorted);
        }
        self.start = start;
        self.stay_within_bounds(start, end)?;
        let position = |position: u64| usize::try_from(position).ok().and_then(Position::new);
        let place = position(start).zip(position(end));
        let (start, end) = place.ok_or(NoIndex::OutOfRange)?;
        let chromosome = self.names.len() - 1;
        let added = self.indexer.add_record(Some((chromosome, start, end, true)), chunk);
        added.map_err(|_| NoIndex::Unsorted)
    }

    fn begin_chromosome(&mut self, name: &[u8]) -> Result<(), NoIndex> {
        if name.len() > LONGEST_NAME || std::str::from_utf8(name).is_err() {
            return Err(NoIndex::UnreadableName);
        }
        if !self.names.insert(name.into()) {
            return Err(NoIndex::Unsorted);
        }
        self.start = 0;
        self.windows_before += std::mem::take(&mut self.windows);
        self.bin = u64::MAX;
        match self.names.len() > MOST_NAMES {
            true => Err(NoIndex::TooLarge),
            false => Ok(()),
        }
    }

    fn stay_within_bounds(&mut self, start: u64, end: u64) -> Result<(), NoIndex> {
        self.windows = self.windows.max(((end - 1) >> WINDOW) + 1);
        let bin = bin(start - 1, end - 1);
        self.stretches += u64::from(bin != self.bin);
        self.bin = bin;
        match self.windows_before + self.windows > MOST_WINDOWS || self.stretches > MOST_STRETCHES {
            true => Err(NoIndex::TooLarge),
            false => Ok(()),
        }
    }
}

/// The smallest bin that holds a span, 0-based and both ends included: level and number as one.
fn bin(first: u64, last: u64) -> u64 {
    let levels = (0..5).map(|level| (level, WINDOW + 3 * level));
    let mut fitting = levels.filter(|(_, shift)| first >> shift == last >> shift);
    fitting
        .next()
        .map_or(0, |(level, shift)| (u64::from(level) + 1) << 32 | first >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of an index of these places.
    fn index(places: impl IntoIterator<Item = (String, u64, u64)>) -> Result<Vec<u8>, NoIndex> {
        let mut index = Tabix::default();
        for (at, (name, start, end)) in places.into_iter().enumerate() {
            let position = |at: usize| VirtualPosition::from(u64::try_from(at).unwrap());
            index.chromosome(name.as_bytes());
            index.add(start, end, (position(at), position(at + 1)));
        }
        index.finish()
    }

    fn at(name: &str, start: u64, end: u64) -> (String, u64, u64) {
        (name.to_owned(), start, end)
    }

    #[test]
    fn an_index_names_the_chromosomes_and_says_why_there_is_none() {
        let packed = index([at("1", 5, 5), at("1", 5, 9), at("MT", 1, 1)]).unwrap();
        let read = tabix::io::Reader::new(&packed[..]).read_index().unwrap();
        let header = noodles_csi::BinningIndex::header(&read).unwrap();
        let names: Vec<String> = header
            .reference_sequence_names()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["1", "MT"]);
        for (places, reason) in [
            (vec![at("1", 5, 5), at("1", 4, 4)], NoIndex::Unsorted),
            (vec![at("1", 5, 5), at("2", 4, 4), at("1", 9, 9)], NoIndex::Unsorted),
            (vec![at("1", 0, 0)], NoIndex::OutOfRange),
            (vec![at("1", 5, LAST + 1)], NoIndex::OutOfRange),
            (vec![at(&"n".repeat(LONGEST_NAME + 1), 1, 1)], NoIndex::UnreadableName),
        ] {
            assert_eq!(index(places), Err(reason));
        }
        assert!(index([at("1", 5, LAST)]).is_ok() && index([]).is_ok());
    }

    #[test]
    fn no_file_makes_an_index_larger_than_that_of_a_genome() {
        let many_names = (0..30_000).map(|name| at(&name.to_string(), 1, 1));
        assert_eq!(index(many_names), Err(NoIndex::TooLarge));
        let far_ends = (0..100).map(|name| at(&name.to_string(), 1, LAST));
        assert_eq!(index(far_ends), Err(NoIndex::TooLarge));
        let scattered = (0..2_000_000).map(|number| at("1", 1, if number % 2 == 0 { 1 } else { LAST }));
        assert_eq!(index(scattered), Err(NoIndex::TooLarge));
    }
}
