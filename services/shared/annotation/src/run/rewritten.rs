//! Records that have another place in the output.

/// The first five columns of a record that was lifted, but for ID.
pub(super) struct Rewritten {
    pub(super) chromosome: Vec<u8>,
    pub(super) position: u64,
    /// REF and ALT of the other strand, if the strand differs.
    pub(super) flipped: Option<(Vec<u8>, Vec<u8>)>,
}
