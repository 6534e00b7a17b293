//! Alleles as the other strand has them.

use vcf::{Breakend, Record, are_bases};

use crate::gene::Strand;
use crate::genome::Genome;

/// REF and ALT as the other strand has them, and how many bases before the lifted span they begin; `None` where they
/// cannot be read from it. The base that stands before an indel is after it on the other strand, so that another one is
/// read from the sequence. What a breakend joins after REF is joined before it; where its mate is does not change.
pub(super) fn flip(
    record: &Record<'_>,
    genome: &Genome<'_>,
    chromosome: usize,
    start: u32,
) -> Option<(u32, Vec<u8>, Vec<u8>)> {
    let alleles: Vec<&[u8]> = record.alternates().collect();
    let is_indel = |allele: &&[u8]| are_bases(allele) && allele.len() != record.reference.len();
    let mut before = Vec::new();
    if alleles.iter().any(is_indel) {
        let shares_first =
            |allele: &&[u8]| is_none(allele) || are_bases(allele) && allele.first() == record.reference.first();
        if !alleles.iter().all(shares_first) {
            return None;
        }
        let at = (start as usize).checked_sub(1)?;
        before.push(genome.sequence(chromosome, start as usize)?.base(at)?);
    }
    let turned = alleles.iter().map(|allele| turn(allele, &before));
    let alternates = turned.collect::<Option<Vec<_>>>()?.join(&b',');
    let reference = turn(record.reference, &before).filter(|reference| !reference.is_empty())?;
    Some((before.len() as u32, reference, alternates))
}

/// An allele that is the same on both strands.
fn is_none(allele: &[u8]) -> bool {
    allele == b"." || allele == b"*"
}

/// An allele on the other strand, with `before` instead of its first base.
fn turn(allele: &[u8], before: &[u8]) -> Option<Vec<u8>> {
    if are_bases(allele) {
        return Some([before, &reversed(&allele[before.len()..])].concat());
    }
    if is_none(allele) {
        return Some(allele.to_vec());
    }
    let breakend = Breakend::parse(allele)?;
    let bases = if are_bases(breakend.bases) {
        reversed(breakend.bases)
    } else {
        breakend.bases.to_vec()
    };
    let turned = Breakend {
        bases: &bases,
        joins_after: !breakend.joins_after,
        ..breakend
    };
    // What cannot be read as a place cannot be written as one.
    (turned.mate.is_some() || !allele.iter().any(|byte| matches!(byte, b'[' | b']'))).then(|| turned.text())
}

fn reversed(bases: &[u8]) -> Vec<u8> {
    Strand::Reverse.read(&bases.to_ascii_uppercase())
}
