//! What an edit does to the genes it touches, in terms of the Sequence Ontology.

mod coding;
mod gene;
mod structural;
mod term;

pub(crate) use gene::{GeneEffect, on_gene};
pub(crate) use structural::{Structural, StructuralKind, on_gene_structurally};
pub(crate) use term::Consequences;
pub use term::{Consequence, Impact};
