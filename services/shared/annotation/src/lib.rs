//! The science: a VCF file in, an annotated VCF file out.
//!
//! [`annotate`] streams: it holds one line in memory, keeps every byte of the input but INFO, and says in a [`Report`]
//! what it found. It does no I/O of its own and knows no service; the `annotator` calls it, and so may any program.
//!
//! The reference at present is the human mitochondrial genome, built in: the rCRS, NC_012920.1, with its 37 genes, the
//! genetic code of vertebrate mitochondria, and what MITOMAP knows of its variants.
//!
//! # What is added to INFO
//! `CSQ` (consequences per allele and gene, in Ensembl VEP's order of fields) and, one value for each allele, `HGVSm`,
//! `MT_REGION`, `MITOMAP_STATUS`, `MITOMAP_DISEASE`, `MITOMAP_AF`; the flag `REF_MISMATCH` marks records whose REF is not
//! the reference's, which carry nothing else. A key that the input's header declares stays the input's, and ours is
//! written as `GAS_` and its name. A key that a record has without a declaration stays, too, and ours is left out there.
//!
//! # Coordinates
//! Inside, positions are 0-based and spans half-open; in VCF, HGVS and CSQ they are 1-based and closed.
//!
//! # Sources
//! - Sequence and genes: GenBank record [NC_012920.1](https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1).
//! - Variants: MITOMAP, <https://www.mitomap.org>, CC BY 3.0 (see `data/mito/README.md`).
//! - VCF: <https://samtools.github.io/hts-specs/VCFv4.3.pdf>. Consequences: <http://www.sequenceontology.org>. Names of
//!   variants: <https://hgvs-nomenclature.org>.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod annotate;
mod annotator;
mod consequence;
mod edit;
mod error;
mod gene;
mod genetic_code;
mod hgvs;
mod info;
mod options;
mod reference;
mod refusal;
mod report;
mod sniff;
mod tracks;
mod vcf;

pub use annotate::{Progress, annotate};
pub use consequence::{Consequence, Impact};
pub use error::{AnnotateError, InputError};
pub use options::{Limits, Options};
pub use reference::{ForeignChromosomes, MismatchedReference};
pub use refusal::Refusal;
pub use report::Report;
pub use vcf::Shown;
