//! What a caller may choose, and the limits that keep memory and time bounded whatever the input is.

use std::sync::Arc;

use reference::Bundle;
use reference::detect::Choice;

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
    /// Whether `HAPLOTYPE_CSQ` tells what alleles of one haplotype do together, as far as genotypes are phased.
    pub phased: bool,
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

/// Limits on an input and on what is made of it, so that neither memory nor time depends on who wrote the file. An input
/// beyond them is refused with a reason. The defaults are generous: real files stay far below them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// What the file itself may be.
    pub reader: vcf::Limits,
    /// The most records. Without a limit by default.
    pub records: u64,
    /// How many times as long as the input's text the output may be, once it has 256 MiB. Files without samples whose
    /// variants each lie in dozens of transcripts stay under 50.
    pub growth_ratio: u64,
    /// The most transcripts that are told of one allele; how many are left out is told with the warnings.
    pub transcripts: usize,
    /// The most bytes that are added to one record.
    pub annotation_bytes: usize,
    /// The most bytes of records that wait until what is told of their haplotypes is known. Beyond them it is told as far as it is.
    pub haplotype_bytes: usize,
    /// The most blank and comment lines among the records.
    pub blank_lines: u64,
    /// The most chromosomes with records.
    pub chromosomes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reader: vcf::Limits::default(),
            records: u64::MAX,
            growth_ratio: 200,
            transcripts: 500,
            annotation_bytes: 16 << 20,
            haplotype_bytes: 64 << 20,
            blank_lines: 1_000_000,
            chromosomes: 10_000,
        }
    }
}
