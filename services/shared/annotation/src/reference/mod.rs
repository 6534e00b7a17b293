//! References: sequences, the genes on them, and how their genes are read.

mod genes;
mod genetic_code;
mod mitochondrion;

pub(crate) use genes::{Gene, GeneKind, Strand};
pub(crate) use genetic_code::{STOP, is_start, three_letters, translate};
pub(crate) use mitochondrion::{ACCESSION, LENGTH, Mitochondrion, in_control_region, is_mitochondrial};
