//! A transcript while a bundle is built. Positions are 0-based, spans half-open.

use super::alignment::Block;
use super::codons::Recoded;

/// A span on the chromosome.
pub(super) type Span = (u32, u32);

/// One transcript.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    /// The place of its chromosome in the assembly.
    pub(super) chromosome: usize,
    pub(super) span: Span,
    /// Empty if it codes for nothing.
    pub(super) cds: Span,
    /// The bits of the bundle's column `flags`.
    pub(super) flags: u32,
    /// By position.
    pub(super) exons: Vec<Span>,
    /// Of each exon, the place of its first coding base in its codon, or [`super::frames::UNKNOWN`]; until the frames are settled.
    pub(super) frames: Vec<i8>,
    /// Codons that are read otherwise, as the bundle's column has them.
    pub(super) recoded: Vec<u32>,
    /// The same codons by their places.
    pub(super) exceptions: Vec<Recoded>,
    /// Whether the ribosome slips in its coding sequence, or the parts of that do not fit the exons.
    pub(super) slips: bool,
    /// Its alignment with the chromosome, if the source has one; empty if it is base by base.
    pub(super) alignment: Vec<Block>,
    /// Where its own sequence is not the chromosome's, as the bundle's column has it.
    pub(super) differences: Vec<u32>,
    pub(super) texts: Texts,
    /// Its place among all transcripts as they were read.
    pub(super) order: u32,
}

/// Offsets of texts in the pool; 0 is the empty one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Texts {
    pub(super) name: u32,
    pub(super) symbol: u32,
    pub(super) gene: u32,
    pub(super) protein: u32,
    pub(super) biotype: u32,
    pub(super) source: u32,
    pub(super) mane_select: u32,
    pub(super) mane_plus_clinical: u32,
    pub(super) ccds: u32,
    pub(super) tsl: u32,
    pub(super) appris: u32,
    pub(super) pli: u32,
    pub(super) loeuf: u32,
    pub(super) missense_z: u32,
}

impl Transcript {
    /// Whether it codes for a protein.
    pub(super) fn is_coding(&self) -> bool {
        self.cds.0 < self.cds.1
    }

    /// The coding parts of its exons, by position, with the index of each exon.
    pub(super) fn coding_parts(&self) -> impl DoubleEndedIterator<Item = (usize, Span)> + '_ {
        coding_parts(&self.exons, self.cds)
    }
}

/// The parts of exons that lie in a coding sequence, by position, with the index of each exon.
pub(super) fn coding_parts(exons: &[Span], cds: Span) -> impl DoubleEndedIterator<Item = (usize, Span)> + '_ {
    exons.iter().enumerate().filter_map(move |(index, exon)| {
        let part = (exon.0.max(cds.0), exon.1.min(cds.1));
        (part.0 < part.1).then_some((index, part))
    })
}

/// Whether exons are in order and do not overlap.
pub(super) fn are_in_order(exons: &[Span]) -> bool {
    exons.iter().all(|exon| exon.0 < exon.1) && exons.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}
