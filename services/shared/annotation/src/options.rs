//! What a caller may choose, and the limits that keep memory and time bounded whatever the input is.

use std::sync::Arc;

use crate::bundle::Bundle;

/// How to annotate.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits of the input.
    pub limits: Limits,
    /// Which output to write.
    pub mode: Mode,
    /// Which genome the file was made with.
    pub choice: Choice,
    /// The bundles at hand. The mitochondrial genome is always there.
    pub references: Vec<Arc<Bundle>>,
    /// How many threads annotate; 0 and 1 mean the calling one alone.
    pub threads: usize,
}

/// Which output to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// VCF 4.3, every key declared, consequences for each transcript.
    #[default]
    Modern,
    /// Key for key what AnnTools wrote.
    AnnTools,
}

/// Which genome the file was made with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// Find out.
    #[default]
    Detect,
    /// The bundle, or the assembly (`hg19`, `GRCh37`, `hg18`), of this name; `rCRS` is the mitochondrial genome.
    Named(String),
}

/// Limits on an input and on what is made of it, so that neither memory nor time depends on who wrote the file. An input
/// beyond them is refused with a reason. The defaults are generous: real files stay far below them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most bytes of text, unpacked where the input is compressed. Without a limit by default.
    pub unpacked_bytes: u64,
    /// The most records. Without a limit by default.
    pub records: u64,
    /// How many times its own size a compressed input may unpack to, once it has unpacked to 64 MiB. Real VCF files
    /// stay under 200.
    pub expansion_ratio: u64,
    /// The longest line, in bytes; 100,000 samples need about 10 MB. Some lines of this length are held in memory.
    pub line_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: u64::MAX,
            records: u64::MAX,
            expansion_ratio: 500,
            line_bytes: 64 << 20,
        }
    }
}
