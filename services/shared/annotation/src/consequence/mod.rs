//! What an edit does to the genes it touches, in terms of the Sequence Ontology.

mod border;
mod coding;
mod codons;
mod decay;
mod ends;
mod gene;
mod several;
mod structural;
mod term;
mod touched;
mod transcript;

pub(crate) use coding::on_coding;
pub(crate) use codons::Codons;
pub(crate) use decay::escapes_decay;
pub(crate) use gene::{GeneEffect, on_gene};
pub(crate) use several::Consequences;
pub(crate) use structural::Structural;
pub use term::{Consequence, Impact};
pub(crate) use transcript::{Beside, NEAR, on_transcript};
