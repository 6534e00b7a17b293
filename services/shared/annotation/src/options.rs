//! What a caller may choose, and the limits that keep memory and time bounded whatever the input is.

use std::sync::Arc;

use crate::bundle::Bundle;
use crate::info::{CsqFields, Pick};

/// How to annotate.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits of the input.
    pub limits: Limits,
    /// Which output to write.
    pub mode: Mode,
    /// In the mode of AnnTools, which declared nothing: whether keys are declared, and each written once, so that any
    /// reader of VCF can write what it has read.
    pub declares_keys: bool,
    /// Which genome the file was made with.
    pub choice: Choice,
    /// The bundles at hand. The mitochondrial genome is always there.
    pub references: Vec<Arc<Bundle>>,
    /// At which of its places an insertion or a deletion is told.
    pub terms_at: TermsAt,
    /// Which fields CSQ has.
    pub fields: CsqFields,
    /// Which entries of CSQ are picked; without it all are there.
    pub pick: Option<Pick>,
    /// How many threads annotate; 0 and 1 mean the calling one alone.
    pub threads: usize,
}

/// Which output to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Every key declared, consequences for each transcript.
    #[default]
    Modern,
    /// Key for key what AnnTools wrote.
    AnnTools,
}

/// At which place the terms, positions and codons of an insertion or a deletion are told that can be written at several
/// places of a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TermsAt {
    /// At the place of its HGVS name, the most 3' one in the transcript, so that they fit the name, and do not depend on
    /// which of the places a file has.
    #[default]
    Name,
    /// Where the file has it, as Ensembl VEP does unless it is run with `--shift_3prime`.
    File,
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
    /// How many times as long as the input's text the output may be, once it has 256 MiB. Files without samples whose
    /// variants each lie in dozens of transcripts stay under 50.
    pub growth_ratio: u64,
    /// The longest line, in bytes; 100,000 samples need about 10 MB. A few lines of this length are held in memory.
    pub line_bytes: usize,
    /// The most bytes of the header, which is held in memory until its genome is decided.
    pub header_bytes: usize,
    /// The most lines of the header.
    pub header_lines: u64,
    /// The most `##contig` lines. GRCh38 with its HLA sequences has 3,366.
    pub contigs: usize,
    /// The most lines that define keys: `##INFO`, `##FORMAT`, `##FILTER`, `##ALT`.
    pub definitions: usize,
    /// The most samples.
    pub samples: usize,
    /// The longest name of a chromosome, in bytes.
    pub chromosome_bytes: usize,
    /// The most alleles in ALT. Joint calls of repeats have hundreds; BCF can hold 65,535.
    pub alternates: usize,
    /// The most bytes of REF, and of ALT.
    pub allele_bytes: usize,
    /// The most filters of a record.
    pub filters: usize,
    /// The most keys in INFO of a record.
    pub info_keys: usize,
    /// The most keys in FORMAT of a record.
    pub format_keys: usize,
    /// The most transcripts that are told of one allele; how many are left out is told with the warnings.
    pub transcripts: usize,
    /// The most bytes that are added to one record.
    pub annotation_bytes: usize,
    /// The most blank and comment lines among the records.
    pub blank_lines: u64,
    /// The most chromosomes with records.
    pub chromosomes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: u64::MAX,
            records: u64::MAX,
            expansion_ratio: 500,
            growth_ratio: 200,
            line_bytes: 32 << 20,
            header_bytes: 64 << 20,
            header_lines: 1_000_000,
            contigs: 200_000,
            definitions: 100_000,
            samples: 1_000_000,
            chromosome_bytes: 1000,
            alternates: 10_000,
            allele_bytes: 8 << 20,
            filters: 10_000,
            info_keys: 10_000,
            format_keys: 1000,
            transcripts: 500,
            annotation_bytes: 16 << 20,
            blank_lines: 1_000_000,
            chromosomes: 10_000,
        }
    }
}
