//! Coding sequences and the proteins that they make.

use crate::genetic_code::{GeneticCode, STANDARD, STOP, VERTEBRATE_MITOCHONDRIAL};

/// A coding sequence, 5' to 3', and its protein.
#[derive(Debug)]
pub(crate) struct Coding {
    /// The accession of the protein, with version; empty if the reference has none.
    pub(crate) protein_id: &'static str,
    /// How it is read.
    pub(crate) code: &'static GeneticCode,
    /// Its bases as the genome has them. Bases of a first codon whose beginning is not known are `N`.
    pub(crate) bases: Vec<u8>,
    /// The bases of the messenger after it.
    tail: Vec<u8>,
    /// Its amino acids in one letter each, with the stop.
    pub(crate) protein: Vec<u8>,
}

impl Coding {
    /// A coding sequence of the mitochondrial genome. The first amino acid is methionine, whichever start codon it has.
    pub(crate) fn mitochondrial(protein_id: &'static str, bases: Vec<u8>) -> Self {
        let mut coding = Self {
            protein_id,
            code: &VERTEBRATE_MITOCHONDRIAL,
            protein: Vec::new(),
            tail: Vec::new(),
            bases,
        };
        coding.protein = coding.code.translate(&coding.completed(&coding.bases));
        coding.protein[0] = b'M';
        coding
    }

    /// A coding sequence of the nuclear genome, and the bases of the messenger after it.
    pub(crate) fn nuclear(bases: Vec<u8>, tail: Vec<u8>) -> Self {
        Self {
            protein_id: "",
            code: &STANDARD,
            protein: STANDARD.translate(&bases),
            tail,
            bases,
        }
    }

    /// Where the last, incomplete codon begins: GenBank notes of six mitochondrial genes that their stop, `T` or `TA`
    /// in the genome, becomes `TAA` when adenines are added to the messenger. The whole length if the last codon is
    /// complete.
    pub(crate) fn incomplete_from(&self) -> usize {
        self.bases.len() - self.bases.len() % 3
    }

    /// Whether the genome itself has the whole last codon.
    pub(crate) fn has_whole_stop(&self) -> bool {
        self.incomplete_from() == self.bases.len()
    }

    /// Bases with the adenines that complete the last codon, if this gene's stop is completed so.
    pub(crate) fn completed(&self, bases: &[u8]) -> Vec<u8> {
        let mut bases = bases.to_vec();
        while !self.has_whole_stop() && self.tail.is_empty() && !bases.len().is_multiple_of(3) {
            bases.push(b'A');
        }
        bases
    }

    /// The protein of changed bases, read on into what follows: up to and with the first stop, or without one if there
    /// is none.
    pub(crate) fn protein_of(&self, bases: &[u8]) -> Vec<u8> {
        let mut completed = self.completed(bases);
        completed.extend_from_slice(&self.tail);
        let whole = completed.chunks_exact(3);
        let mut protein = Vec::with_capacity(whole.len());
        for codon in whole {
            protein.push(self.code.amino_acid(codon));
            if protein.last() == Some(&STOP) {
                break;
            }
        }
        if let Some(first) = protein
            .first_mut()
            .filter(|_| self.code.is_start(&bases[..3.min(bases.len())]))
        {
            *first = b'M';
        }
        protein
    }

    /// How many amino acids are read from the first base after the coding sequence to the next stop, that included.
    pub(crate) fn to_next_stop(&self) -> Option<usize> {
        let mut codons = self.tail.chunks_exact(3);
        codons
            .position(|codon| self.code.amino_acid(codon) == STOP)
            .map(|codons| codons + 1)
    }
}
