//! Records that have another place in the output.

use vcf::Record;

/// What a record that was lifted has instead of its own columns; ID is made later.
pub(super) struct Rewritten {
    pub(super) chromosome: Vec<u8>,
    pub(super) position: u64,
    /// REF and ALT of the other strand, or with mates at another place.
    pub(super) alleles: Option<(Vec<u8>, Vec<u8>)>,
    /// INFO with positions that have moved.
    pub(super) info: Option<Vec<u8>>,
}

impl Rewritten {
    /// The record as it is written.
    pub(super) fn apply<'r>(&'r self, record: &Record<'r>) -> Record<'r> {
        let (reference, alternates) = match &self.alleles {
            Some((reference, alternates)) => (&reference[..], &alternates[..]),
            None => (record.reference, record.alternates),
        };
        Record {
            chromosome: &self.chromosome,
            position: self.position,
            reference,
            alternates,
            info: self.info.as_deref().unwrap_or(record.info),
            ..*record
        }
    }
}
