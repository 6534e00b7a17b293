//! Genes: where they lie, what they make, and what they read.

use std::ops::Range;

use crate::coding::Coding;
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

impl Gene {
    /// Reads a row of `genes.tsv`, whose positions are 1-based and closed.
    pub(crate) fn parse(row: &'static str, sequence: &Sequence<'_>) -> Option<Self> {
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
        let read = || strand.read(&sequence.bases(span.clone()));
        let coding = (!protein_id.is_empty()).then(|| Coding::mitochondrial(protein_id, read()));
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

impl Strand {
    /// Bases of the sequence as this strand reads them.
    pub(crate) fn read(self, bases: &[u8]) -> Vec<u8> {
        match self {
            Self::Forward => bases.to_vec(),
            Self::Reverse => bases.iter().rev().map(|base| complement(*base)).collect(),
        }
    }
}
