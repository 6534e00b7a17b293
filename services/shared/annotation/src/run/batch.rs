//! Lines on their way.

/// Whole lines.
pub(super) struct Batch {
    /// The number of the next line to annotate.
    pub(super) line: u64,
    pub(super) bytes: Vec<u8>,
    /// Where that line begins.
    pub(super) at: usize,
}

impl Batch {
    /// Lines, the first of which has the number `line`.
    pub(super) fn new(line: u64, bytes: Vec<u8>) -> Self {
        Self { line, bytes, at: 0 }
    }
}
