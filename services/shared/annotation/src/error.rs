//! What may be wrong with an input.

use reference::detect::GenomeTrouble;
use reference::{Bundle, ForeignChromosomes, MismatchedReference};
use vcf::{VcfError, counted, size};

/// What is wrong with an input, in words for the one who sent it. Lines and columns count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// It cannot be read as VCF.
    #[error(transparent)]
    Vcf(#[from] VcfError),
    /// There are more records than are allowed.
    #[error("The file has more than {} records, the limit.", counted(*limit))]
    TooManyRecords {
        /// The limit.
        limit: u64,
    },
    /// There are more lines that are no records than are allowed.
    #[error("The file has more than {} blank or comment lines among its records, the limit.", counted(*limit))]
    TooManyBlankLines {
        /// The limit.
        limit: u64,
    },
    /// There are records on more chromosomes than are allowed.
    #[error("The file has records on more than {} chromosomes, the limit; GRCh38 with its HLA sequences has 3,366.", counted(*limit as u64))]
    TooManyChromosomes {
        /// The limit.
        limit: usize,
    },
    /// The file has variants on chromosomes that cannot be annotated.
    #[error("{0}")]
    Chromosomes(ForeignChromosomes),
    /// No genome fits, or none is at hand.
    #[error("{0}")]
    Genome(GenomeTrouble),
    /// The reference has transcripts, and none of those that were chosen.
    #[error("The reference {reference} has no transcripts of {wanted}; it has those of {}. Choose these, or all.", there.join(" and "))]
    NoSuchTranscripts {
        /// The reference.
        reference: String,
        /// What was chosen, in words.
        wanted: String,
        /// The sources that there are.
        there: Vec<String>,
    },
    /// There is more to tell of a record than is allowed.
    #[error("The annotation of line {line} is longer than {}, the limit: it has too many alleles, or too long ones, in too many transcripts. Please divide it, for example with bcftools norm --multiallelics -, or leave it out.", size(*limit as u64))]
    AnnotationTooLong {
        /// The line.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// The output would be out of all proportion to the input.
    #[error(
        "The result is already more than {limit} times as long as the file (stopped after line {line}). Too many of its records are in too many transcripts at once, such as deletions of whole chromosomes; please annotate those apart."
    )]
    GrowsTooFar {
        /// The last line that was read.
        line: u64,
        /// The limit.
        limit: u64,
    },
    /// The positions or REF bases are those of another mitochondrial sequence.
    #[error("{0}")]
    Reference(MismatchedReference),
}

impl InputError {
    /// Refuses a reference that has transcripts, and none of those that were chosen.
    pub(crate) fn check_transcripts(bundle: &Bundle) -> Result<(), Self> {
        match bundle.other_sources() {
            None => Ok(()),
            Some(there) => Err(Self::NoSuchTranscripts {
                reference: bundle.name().to_owned(),
                wanted: bundle.chosen_sources().join(" or "),
                there: there.to_vec(),
            }),
        }
    }
}
