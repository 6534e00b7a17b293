//! Whole files: what comes out, what is kept, what is refused and why.

mod bcftools;
mod bcftools_haplotypes;
mod breakends;
mod case_records;
mod cases;
mod chr1;
mod coordinates;
mod decay;
mod ends;
mod fields;
mod files;
mod first_look;
mod genomes;
mod haplotype_copies;
mod haplotype_proteins;
mod haplotypes;
mod known;
mod labels;
mod lacking;
mod lifted;
mod limits;
mod mitomap;
mod nuclear;
mod numbers;
mod one_exon;
mod oracles;
mod own_columns;
mod own_genes;
mod own_known;
mod own_random;
mod own_sequences;
mod picks;
mod placements;
mod references;
mod refusals;
mod small;
mod structural;
mod telomeres;
mod told;
mod tracks;
mod translation;
mod versions;

use reference::Mitochondrion;

use super::*;

pub(super) const HEADER: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

pub(super) fn run(input: &[u8]) -> Result<(String, Report), AnnotateError> {
    let mut output = Vec::new();
    let report = annotate(input, &mut output, &Options::default(), &mut |_| {})?;
    Ok((String::from_utf8(output).unwrap(), report))
}

/// INFO of the last record.
pub(super) fn info(record: &str) -> String {
    let (output, _) = run(format!("{HEADER}{record}\n").as_bytes()).unwrap();
    output.lines().last().unwrap().split('\t').nth(7).unwrap().to_owned()
}
