//! Genes: where they lie, what they make, and what they read.

use std::ops::Range;

use crate::genetic_code::{STOP, VERTEBRATE_MITOCHONDRIAL};
use crate::reference::{Sequence, complement};

/// The strand of the sequence that a gene is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strand {
    /// As the sequence is written.
    Forward,
    /// Its reverse complement.
    Reverse,
}

/// One gene. Mitochondrial genes have one exon and no untranslated regions, so that gene, transcript and, where there
/// is one, coding sequence share one span.
pub(crate) struct Gene {
    /// HGNC's symbol.
    pub(crate) symbol: &'static str,
    /// The biotype as Ensembl names it: `protein_coding`, `Mt_tRNA`, `Mt_rRNA`.
    pub(crate) biotype: &'static str,
    /// Where it lies: 0-based, half-open.
    pub(crate) span: Range<usize>,
    /// Which strand it is read from.
    pub(crate) strand: Strand,
    /// NCBI Gene's number.
    pub(crate) gene_id: &'static str,
    /// HGNC's number, `HGNC:7455`.
    pub(crate) hgnc_id: &'static str,
    /// What it codes for, if it codes.
    pub(crate) coding: Option<Coding>,
}

/// A coding sequence, 5' to 3', and its protein.
pub(crate) struct Coding {
    /// RefSeq's accession of the protein, with version.
    pub(crate) protein_id: &'static str,
    /// Its bases as the genome has them.
    pub(crate) bases: Vec<u8>,
    /// Its amino acids in one letter each, with the stop. The first is methionine, whichever start codon it has.
    pub(crate) protein: Vec<u8>,
}

impl Gene {
    /// Reads a row of `genes.tsv`, whose positions are 1-based and closed.
    pub(crate) fn parse(row: &'static str, sequence: &Sequence) -> Option<Self> {
        let columns: Vec<&'static str> = row.split('\t').collect();
        let [
            symbol,
            biotype,
            start,
            end,
            strand,
            gene_id,
            hgnc_id,
            protein_id,
            _product,
        ] = columns[..]
        else {
            return None;
        };
        let span = start.parse::<usize>().ok()? - 1..end.parse().ok()?;
        let strand = if strand == "-" {
            Strand::Reverse
        } else {
            Strand::Forward
        };
        let read = || strand.read(sequence.bases(span.clone()));
        let coding = (!protein_id.is_empty()).then(|| Coding::new(protein_id, read()));
        Some(Self {
            symbol,
            biotype,
            span,
            strand,
            gene_id,
            hgnc_id,
            coding,
        })
    }

    /// A span of the sequence inside the gene, counted from the gene's own 5' end.
    pub(crate) fn own(&self, span: &Range<usize>) -> Range<usize> {
        match self.strand {
            Strand::Forward => span.start - self.span.start..span.end - self.span.start,
            Strand::Reverse => self.span.end - span.end..self.span.end - span.start,
        }
    }
}

impl Coding {
    fn new(protein_id: &'static str, bases: Vec<u8>) -> Self {
        let mut coding = Self {
            protein_id,
            protein: Vec::new(),
            bases,
        };
        coding.protein = VERTEBRATE_MITOCHONDRIAL.translate(&coding.completed(&coding.bases));
        coding.protein[0] = b'M';
        coding
    }

    /// Where the last, incomplete codon begins: GenBank notes of six genes that their stop, `T` or `TA` in the genome,
    /// becomes `TAA` when adenines are added to the messenger RNA. The whole length if the stop is complete.
    pub(crate) fn incomplete_from(&self) -> usize {
        self.bases.len() - self.bases.len() % 3
    }

    /// Whether the genome itself has the whole stop codon.
    pub(crate) fn has_whole_stop(&self) -> bool {
        self.incomplete_from() == self.bases.len()
    }

    /// Bases with the adenines that complete the last codon, if this gene's stop is completed so.
    pub(crate) fn completed(&self, bases: &[u8]) -> Vec<u8> {
        let mut bases = bases.to_vec();
        while !self.has_whole_stop() && !bases.len().is_multiple_of(3) {
            bases.push(b'A');
        }
        bases
    }

    /// The protein of changed bases: up to and with the first stop, or without one if there is none.
    pub(crate) fn protein_of(&self, bases: &[u8]) -> Vec<u8> {
        let completed = self.completed(bases);
        let whole = &completed[..completed.len() - completed.len() % 3];
        let mut protein = VERTEBRATE_MITOCHONDRIAL.translate(whole);
        if let Some(first) = protein
            .first_mut()
            .filter(|_| VERTEBRATE_MITOCHONDRIAL.is_start(&bases[..3]))
        {
            *first = b'M';
        }
        let stop = protein.iter().position(|amino_acid| *amino_acid == STOP);
        protein.truncate(stop.map_or(protein.len(), |stop| stop + 1));
        protein
    }
}

impl Strand {
    /// Bases of the sequence as this strand reads them.
    pub(crate) fn read(self, bases: &[u8]) -> Vec<u8> {
        match self {
            Self::Forward => bases.to_vec(),
            Self::Reverse => bases.iter().rev().map(|base| complement(*base)).collect(),
        }
    }
}
