//! What a caller may choose, and the limits that keep memory and time bounded whatever the input is.

/// How to annotate.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits of the input.
    pub limits: Limits,
}

/// Limits of the input. An input beyond them is refused with a reason.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The longest line, in bytes. One line is held in memory at a time; 100,000 samples need about 10 MB.
    pub line_bytes: usize,
    /// The most bytes that a compressed input may unpack to.
    pub unpacked_bytes: u64,
    /// How many times its own size a compressed input may unpack to, once it has unpacked to 64 MiB. Real VCF files
    /// stay under 200.
    pub expansion_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: 64 << 20,
            unpacked_bytes: 64 << 30,
            expansion_ratio: 500,
        }
    }
}
