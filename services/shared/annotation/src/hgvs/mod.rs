//! Names of variants after the HGVS nomenclature (<https://hgvs-nomenclature.org>).

mod genomic;
mod protein;

pub(crate) use genomic::mitochondrial;
pub(crate) use protein::protein;
