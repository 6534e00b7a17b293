//! One transcript of the track, as [`Genes`](super::Genes) gives it.

use std::ops::Range;

use super::{Difference, U32s};

/// The bits of the column `flags`.
pub(crate) const REVERSE: u32 = 1;
/// The beginning of the coding sequence is not known: there is no start codon, and the first codon may not be whole.
pub const START_INCOMPLETE: u32 = 2;
/// The end of the coding sequence is not known: there is no stop codon, and the last codon may not be whole.
pub const END_INCOMPLETE: u32 = 4;
/// The exons' reading frames do not continue, or the coding sequence is no multiple of three though its end is known: do
/// not trust it.
pub const BROKEN: u32 = 8;
/// The accession is mapped more than once.
pub const REPEATED: u32 = 16;
/// The gene's canonical transcript: Ensembl's, or RefSeq Select.
pub const CANONICAL: u32 = 32;
/// It belongs to GENCODE's basic set.
pub(crate) const BASIC: u32 = 64;
/// The transcript's own sequence is not that of the genome at this place.
pub const GENOME_DIFFERS: u32 = 128;
/// Where the number of bases (0 to 2) begins that the first codon lacks, as UCSC's exonFrames count them: the place of the
/// first base in its codon.
pub const PHASE_SHIFT: u32 = 8;

/// Its own sequence decides, which is not that of the genome: the bundle has the differences.
pub const OWN_SEQUENCE: u32 = 1 << 10;

/// How many bits of a number of the column `recoded_codon` are the letter of the amino acid; the others are the codon.
pub(crate) const LETTER_BITS: u32 = 8;

/// One transcript. Spans are 0-based and half-open.
#[derive(Debug, Clone)]
pub struct GeneRow<'b> {
    /// Its accession, with its version where the source has one: `NM_152486.4`, `ENST00000342066.8`.
    pub name: &'b str,
    /// The gene's symbol.
    pub symbol: &'b str,
    /// The gene's id, without a version: `ENSG00000187634`, NCBI Gene's `148398`; the symbol if the source has none.
    pub gene: &'b str,
    /// The accession of its protein with version, `NP_689699.3`; empty if the source has none.
    pub protein: &'b str,
    /// The biotype in the words of the source, `protein_coding`, `lncRNA`; empty if it has none.
    pub biotype: &'b str,
    /// Which source it is from, as whoever built the bundle called it: `RefSeq`, `Ensembl`, `GENCODE`.
    pub source: &'b str,
    /// What curators say of it.
    pub labels: Labels<'b>,
    /// How well its gene bears variants.
    pub constraint: Constraint<'b>,
    /// From its first exon to its last.
    pub span: Range<u32>,
    /// The coding sequence; empty if the transcript codes for no protein.
    pub cds: Range<u32>,
    /// [`START_INCOMPLETE`], [`BROKEN`] and the like, and the phase of the first codon.
    pub flags: u32,
    /// Its place in the table that the bundle was made from.
    pub order: u32,
    pub(super) exons: Range<usize>,
    pub(super) exon_starts: U32s<'b>,
    pub(super) exon_ends: U32s<'b>,
    pub(super) recoded: Range<usize>,
    pub(super) recoded_codons: U32s<'b>,
    pub(super) differences: Range<usize>,
    pub(super) each_difference: U32s<'b>,
}

/// What curators say of a transcript. What they do not say is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Labels<'b> {
    /// If it is the MANE Select transcript: the accession of the other database's transcript that is the same, as VEP's
    /// field MANE_SELECT has it; its own accession if the sources do not name the other one.
    pub mane_select: &'b str,
    /// The same for MANE Plus Clinical.
    pub mane_plus_clinical: &'b str,
    /// The consensus coding sequence, `CCDS2.2`.
    pub ccds: &'b str,
    /// The transcript support level, `1` to `5`, as VEP's field has it.
    pub tsl: &'b str,
    /// APPRIS' annotation as VEP's field has it: `P1` to `P5`, `A1`, `A2`.
    pub appris: &'b str,
}

/// How well a gene bears variants, by gnomAD, as its table has the numbers. What it does not say is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Constraint<'b> {
    /// The probability that it is intolerant of the loss of one copy, pLI.
    pub pli: &'b str,
    /// The upper bound of the confidence interval of observed by expected losses of function, LOEUF.
    pub loeuf: &'b str,
    /// The Z score of missense variants.
    pub missense_z: &'b str,
}

impl GeneRow<'_> {
    /// The exons by position, 0-based and half-open. Of a transcript with differences, these are the pieces that it shares with
    /// the chromosome; [`Difference::SameExon`] says which of them belong together.
    #[inline]
    pub fn exons(&self) -> impl DoubleEndedIterator<Item = Range<u32>> + ExactSizeIterator + '_ {
        let exons = self.exons.clone();
        exons.map(|exon| self.exon_starts.get(exon)..self.exon_ends.get(exon))
    }

    /// Whether it is read from the reverse complement.
    #[inline]
    pub fn is_reverse(&self) -> bool {
        self.flags & REVERSE != 0
    }

    /// The codons that the ribosome reads otherwise than the genetic code has it, in order: the index of each in the coding
    /// sequence, whose first codon is 0 whether it is whole or not, and the letter of the amino acid: `U` for selenocysteine
    /// at TGA.
    #[inline]
    pub fn recoded(&self) -> impl ExactSizeIterator<Item = (usize, u8)> + '_ {
        let codons = self.recoded.clone().map(|index| self.recoded_codons.get(index));
        codons.map(|codon| ((codon >> LETTER_BITS) as usize, codon as u8))
    }

    /// Where its own sequence is not the chromosome's, in order, each with its place in the transcript (0-based); none if they are
    /// the same, or if its own sequence is not known.
    #[inline]
    pub fn differences(&self) -> impl ExactSizeIterator<Item = (u32, Difference)> + '_ {
        let differences = self.differences.clone();
        differences.map(|index| Difference::unpacked(self.each_difference.get(index)))
    }

    /// Whether it codes for a protein.
    #[inline]
    pub fn is_coding(&self) -> bool {
        !self.cds.is_empty()
    }
}
