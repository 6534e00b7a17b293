//! References: sequences, the genes on them, and whether a file was made with them.
//!
//! The one reference at present is the human mitochondrial genome, built into the program. Others will be bundles on
//! disk with the same parts: a [`Sequence`], genes found by span, and a verdict on the file's REF bases.

mod accession;
mod assembly;
mod chromosomes;
mod evidence;
mod mitochondrion;
mod sequence;
mod spelling;

pub(crate) use accession::{Accession, refseq_accession};
pub(crate) use assembly::{ASSEMBLIES, Assembly, assembly, ucsc_name};
pub use chromosomes::ForeignChromosomes;
pub(crate) use chromosomes::{Chromosomes, counted, is_mitochondrial, natural_key};
pub use evidence::MismatchedReference;
pub(crate) use evidence::{Evidence, Mismatch};
pub(crate) use mitochondrion::{HGVS_PREFIX, LENGTH, LENGTH as MITOCHONDRIAL_LENGTH, Mitochondrion};
pub(crate) use sequence::{Sequence, complement};
pub(crate) use spelling::Spelling;
