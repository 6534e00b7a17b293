//! Names of variants as HGVS writes them, <https://hgvs-nomenclature.org> (version 21).

mod coding;
mod genomic;
mod protein;
mod protein_text;

pub(crate) use coding::TranscriptChange;
pub(crate) use genomic::GenomicChange;
pub(crate) use protein::{ProteinChange, StopFate, local_change, same_at_end, same_at_start, whole_change};
