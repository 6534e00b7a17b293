//! What header lines say of keys that hold several fields. Programs read the names of the fields from what stands after `Format: `.

use super::csq::Layout;
use crate::haplotype::FORMAT;

/// The version of Ensembl VEP whose terms ours are.
const VEP: u32 = 116;

/// The description of CSQ.
pub(super) fn describe_csq(layout: &Layout) -> String {
    let format = layout.format();
    format!(
        "Consequence annotations from GAS, per allele and transcript; terms, those of splice sites too, and impacts as \
         Ensembl VEP {VEP} has them. Format: {format}"
    )
}

/// The description of HAPLOTYPE_CSQ.
pub(super) fn describe_haplotypes() -> String {
    format!(
        "What this allele does together with others on the same chromosome copy of a sample that touch the same codon, or whose \
         frame it shifts or is shifted by; one entry for each set of alleles and transcript, at each record of the set. Phased and \
         homozygous genotypes (GT, PS, PSL) of the nuclear genome are joined, others are not. Copies: how many have exactly this \
         set; Samples: the first 20, with the place in GT. Format: {FORMAT}"
    )
}
