//! How a record is counted for what is told of its position.

use crate::info::Key;
use crate::report::Counts;

/// The counts of one record.
#[derive(Default)]
pub(super) struct Tally {
    /// Its place in each transcript, in AnnTools' words.
    pub(super) places: Vec<&'static str>,
    pub(super) promoters: u64,
    pub(super) is_intergenic: bool,
    /// How many regions of each track it is in.
    pub(super) regions: Vec<(Key, usize)>,
}

impl Tally {
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.regions.clear();
        (self.promoters, self.is_intergenic) = (0, false);
    }

    /// Counts so many records.
    pub(super) fn count(&self, records: u64, counts: &mut Counts) {
        self.places.iter().for_each(|place| counts.place(place, records));
        counts.promoters += self.promoters * records;
        counts.intergenic += u64::from(self.is_intergenic) * records;
        let regions = self.regions.iter();
        regions.for_each(|(key, found)| counts.found(*key, *found, records));
    }
}
