//! Lines on their way.

/// Whole lines.
pub(super) struct Batch {
    /// The number of the first of them.
    pub(super) first_line: u64,
    pub(super) bytes: Vec<u8>,
}
