//! The tabix index of results: where to look for a position.
//!
//! <https://samtools.github.io/hts-specs/tabix.pdf>.

use noodles_core::Position;
use noodles_core::region::Interval;
use noodles_csi::BinningIndex;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_tabix as tabix;

use crate::error::Error;

/// A tabix index.
#[derive(Debug)]
pub struct RecordIndex(tabix::Index);

impl RecordIndex {
    /// Reads an index, all bytes of a `.tbi`.
    ///
    /// # Errors
    ///
    /// If it is damaged.
    pub fn read(packed: &[u8]) -> Result<Self, Error> {
        let index = tabix::io::Reader::new(packed).read_index();
        index.map(Self).map_err(|error| Error::DamagedIndex(error.to_string()))
    }

    /// The stretches of the results that have the records which overlap `position` (1-based), first to last. None if there is no
    /// such chromosome, or position.
    pub(super) fn stretches(&self, chromosome: &str, position: i64) -> Result<Vec<Chunk>, Error> {
        let names = self.0.header().map(|header| header.reference_sequence_names());
        let number = names.and_then(|names| names.get_index_of(chromosome.as_bytes()));
        let position = usize::try_from(position).ok().and_then(Position::new);
        let (Some(number), Some(position)) = (number, position) else {
            return Ok(Vec::new());
        };
        let found = self.0.query(number, Interval::from(position..=position));
        found.map_err(|error| Error::DamagedIndex(error.to_string()))
    }
}
