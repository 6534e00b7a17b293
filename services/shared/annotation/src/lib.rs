//! The science: a VCF in, an annotated VCF out.
//!
//! [`annotate`] streams: it holds one line at a time, keeps every byte of the input but INFO, and says in a [`Report`]
//! what it found. No I/O of its own, no async, no service: the `annotator` calls it, and so may any program.
//!
//! The reference at present is the human mitochondrial genome, built in: the revised Cambridge Reference Sequence
//! NC_012920.1 with its 37 genes and the vertebrate mitochondrial code, and what MITOMAP knows of its variants.
//!
//! # Sources
//! - rCRS: GenBank record [NC_012920.1](https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1); Andrews et al. 1999,
//!   Nat. Genet. 23, 147.
//! - Genetic code 2: <https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi#SG2>.
//! - Variants: MITOMAP, A Human Mitochondrial Genome Database, <https://www.mitomap.org>, 2025-02-13, CC BY 3.0;
//!   Lott et al. 2013, Curr. Protoc. Bioinformatics 44, 1.23.1.
//! - VCF: <https://samtools.github.io/hts-specs/VCFv4.3.pdf>. Consequences: <http://www.sequenceontology.org>.
//!   Names of variants: <https://hgvs-nomenclature.org>.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod annotate;
mod effect;
mod error;
mod hgvs;
mod info;
mod reference;
mod report;
mod tracks;
mod variant;
mod vcf;

pub use annotate::{Options, Progress, annotate};
pub use error::{AnnotateError, Refusal};
pub use report::Report;
