//! Why no genome could be decided on, in words for the owner of the file.

use std::fmt;

use vcf::{Shown, counted};

/// Why a file was not annotated with any genome.
#[derive(Debug)]
#[non_exhaustive]
pub enum GenomeTrouble {
    /// The file's genome is known, but its bundle is not here.
    NoBundle {
        /// The genome.
        genome: String,
        /// How it was decided.
        reason: String,
    },
    /// The mitochondrial genome was chosen, but there are other chromosomes.
    OnlyMitochondrial {
        /// Some of them.
        chromosomes: Vec<Shown>,
    },
    /// The header gives lengths that no known assembly has.
    UnknownLengths {
        /// A contig.
        contig: Shown,
        /// The length it is given.
        length: u64,
        /// The header line.
        line: u64,
    },
    /// Nothing in the file tells its genome.
    Undecided {
        /// The bundles at hand.
        bundles: Vec<String>,
    },
    /// No known assembly has the positions.
    Impossible {
        /// The assemblies.
        excluded: Vec<String>,
    },
    /// The file's REF or positions are not those of the genome.
    Mismatch {
        /// The genome.
        genome: String,
        /// How it was decided.
        reason: String,
        /// What differs, a sentence.
        found: String,
        /// The genome that the records do fit.
        looks_like: Option<String>,
    },
}

impl fmt::Display for GenomeTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBundle { genome, reason } => write!(
                f,
                "This file was made with {genome} ({reason}), and there is no reference for it here. References are made with: \
                 annotator reference build."
            ),
            Self::OnlyMitochondrial { chromosomes } => {
                let names: Vec<_> = chromosomes.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "The mitochondrial genome was chosen, but this file has records on other chromosomes: {}. Choose their \
                     genome, or let it be detected.",
                    names.join(", ")
                )
            }
            Self::UnknownLengths { contig, length, line } => write!(
                f,
                "The header (line {line}) gives {contig} {} bases. No genome that is known here has that length; known are GRCh38 \
                 (hg38), GRCh37 (hg19) and NCBI36 (hg18).",
                counted(*length)
            ),
            Self::Undecided { bundles } => {
                f.write_str(
                    "Nothing in this file tells which genome it was made with: it has no ##contig lengths and no ##reference, and \
                     too few of its records could be compared. Please choose the genome.",
                )?;
                match bundles.is_empty() {
                    true => f.write_str(" No reference but the mitochondrial genome is here."),
                    false => write!(f, " References at hand: {}, rCRS.", bundles.join(", ")),
                }
            }
            Self::Impossible { excluded } => write!(
                f,
                "This file has positions that lie beyond the ends of the chromosomes of {}. No other genome is known here.",
                excluded.join(", ")
            ),
            Self::Mismatch {
                genome,
                reason,
                found,
                looks_like,
            } => {
                write!(f, "This file does not fit {genome} ({reason}): {found}.")?;
                match looks_like {
                    Some(other) => write!(
                        f,
                        " The file looks like {other}. Choose that genome, or let it be detected."
                    ),
                    None => f.write_str(" Please check which genome the file was made with."),
                }
            }
        }
    }
}
