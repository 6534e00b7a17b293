//! Lifts records from another assembly into that of a bundle, through a chain.

use crate::bundle::Chain;
use crate::gene::Strand;
use crate::genome::Genome;
use crate::reference::ucsc_name;
use crate::vcf::{Record, are_bases};

/// Why a record has no place in the other assembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmapped {
    /// The chain does not know the chromosome.
    Chromosome,
    /// The position is in no block: the sequence there is another, or not in the new assembly.
    Position,
    /// REF lies across a gap.
    Split,
    /// The strand differs, and the record is no plain exchange of bases that could be read from the other strand.
    Strand,
}

impl Unmapped {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Chromosome => "the chain does not have this chromosome",
            Self::Position => "the position has no counterpart",
            Self::Split => "REF lies across a gap between the assemblies",
            Self::Strand => "the strand differs, and the alleles cannot be read from the other strand",
        }
    }
}

/// A record's place and alleles in the new assembly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lifted {
    pub(crate) chromosome: usize,
    /// 1-based.
    pub(crate) position: u64,
    /// REF and ALT of the other strand, if the strand differs.
    pub(crate) flipped: Option<(Vec<u8>, Vec<u8>)>,
}

/// Finds the place of a record. 0-based inside; POS is 1-based.
pub(crate) fn lift(chain: &Chain<'_>, genome: &Genome<'_>, record: &Record<'_>) -> Result<Lifted, Unmapped> {
    let name = std::str::from_utf8(record.chromosome).map_err(|_| Unmapped::Chromosome)?;
    let chromosome = chain.chromosome(ucsc_name(name)).ok_or(Unmapped::Chromosome)?;
    let start = record
        .position
        .checked_sub(1)
        .and_then(|start| u32::try_from(start).ok());
    let start = start.ok_or(Unmapped::Position)?;
    let end = start
        .checked_add(record.reference.len() as u32)
        .ok_or(Unmapped::Position)?;
    let block = chain.block(chromosome, start).ok_or(Unmapped::Position)?;
    let (new_start, _) = block.lift(start, end).ok_or(Unmapped::Split)?;
    if !block.is_reverse {
        return Ok(Lifted {
            chromosome: block.target,
            position: u64::from(new_start) + 1,
            flipped: None,
        });
    }
    let (shift, reference, alternates) = flip(record, genome, block.target, new_start).ok_or(Unmapped::Strand)?;
    Ok(Lifted {
        chromosome: block.target,
        position: u64::from(new_start) + 1 - u64::from(shift),
        flipped: Some((reference, alternates)),
    })
}

/// Alleles as the other strand has them, and how many bases before the lifted span they begin. The base that stands
/// before an indel is after it on the other strand, so that another one is read from the sequence.
fn flip(record: &Record<'_>, genome: &Genome<'_>, chromosome: usize, start: u32) -> Option<(u32, Vec<u8>, Vec<u8>)> {
    let is_plain = |allele: &[u8]| are_bases(allele) || allele == b"." || allele == b"*";
    let alleles: Vec<&[u8]> = record.alternates().collect();
    if !alleles.iter().all(|allele| is_plain(allele)) {
        return None;
    }
    let is_indel = alleles
        .iter()
        .any(|allele| are_bases(allele) && allele.len() != record.reference.len());
    let mut before = Vec::new();
    if is_indel {
        let shares_first = |allele: &&[u8]| !are_bases(allele) || allele.first() == record.reference.first();
        if !alleles.iter().all(shares_first) {
            return None;
        }
        let at = (start as usize).checked_sub(1)?;
        before.push(genome.sequence(chromosome, start as usize)?.base(at)?);
    }
    let turn = |allele: &[u8]| -> Vec<u8> {
        match are_bases(allele) {
            true => [
                &before[..],
                &Strand::Reverse.read(&allele.to_ascii_uppercase()[before.len()..]),
            ]
            .concat(),
            false => allele.to_vec(),
        }
    };
    let alternates: Vec<Vec<u8>> = alleles.iter().map(|allele| turn(allele)).collect();
    Some((before.len() as u32, turn(record.reference), alternates.join(&b',')))
        .filter(|(_, reference, _)| !reference.is_empty())
}
