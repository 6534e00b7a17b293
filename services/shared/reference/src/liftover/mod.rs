//! Lifts records from another assembly into that of a bundle, through a chain.

mod flip;
mod positions;

use crate::bundle::Chain;
use crate::genome::Genome;
use crate::ucsc_name;
use flip::flip;
pub use positions::Positions;
use vcf::Record;

/// Why a record has no place in the other assembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmapped {
    /// The chain does not know the chromosome.
    Chromosome,
    /// The position is in no block: the sequence there is another, or not in the new assembly.
    Position,
    /// REF lies across a gap.
    Split,
    /// The strand differs, and the record has alleles that cannot be read from the other strand.
    Strand,
    /// The record's last base is in no block, or in one elsewhere.
    End,
    /// The other end of a breakend is in no block.
    Mate,
}

impl Unmapped {
    /// A clause for the log.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Chromosome => "the chain does not have this chromosome",
            Self::Position => "the position has no counterpart",
            Self::Split => "REF lies across a gap between the assemblies",
            Self::Strand => "the strand differs, and the alleles cannot be read from the other strand",
            Self::End => "its end (END or SVLEN) has no counterpart, or one that does not belong to that of POS",
            Self::Mate => "the mate of the breakend has no counterpart",
        }
    }
}

/// A record's place and alleles in the new assembly.
#[derive(Debug, PartialEq, Eq)]
pub struct Lifted {
    /// The place of the chromosome in the bundle's list.
    pub chromosome: usize,
    /// 1-based.
    pub position: u64,
    /// REF and ALT of the other strand, if the strand differs.
    pub flipped: Option<(Vec<u8>, Vec<u8>)>,
}

/// Finds the place of a record. 0-based inside; POS is 1-based. What else a record names, [`Positions`] moves.
pub fn lift(chain: &Chain<'_>, genome: &Genome<'_>, record: &Record<'_>) -> Result<Lifted, Unmapped> {
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
