//! Genes: where they lie, what they make, and what they read.

use std::ops::Range;

use crate::coding::Coding;
use crate::{Sequence, complement};

/// The strand of the sequence that a gene is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strand {
    /// As the sequence is written.
    Forward,
    /// Its reverse complement.
    Reverse,
}

/// How far behind a gene of the mitochondrial genome its messenger is read where a stop is lost, in bases.
const READ_ON: usize = 999;

/// One gene. Mitochondrial genes have one exon and no untranslated regions, so that gene, transcript and, where there
/// is one, coding sequence share one span.
pub struct Gene {
    /// HGNC's symbol.
    pub symbol: &'static str,
    /// The biotype as Ensembl names it: `protein_coding`, `Mt_tRNA`, `Mt_rRNA`.
    pub biotype: &'static str,
    /// Where it lies: 0-based, half-open.
    pub span: Range<usize>,
    /// Which strand it is read from.
    pub strand: Strand,
    /// NCBI Gene's number.
    pub gene_id: &'static str,
    /// HGNC's number, `HGNC:7455`.
    pub hgnc_id: &'static str,
    /// What it codes for, if it codes.
    pub coding: Option<Coding>,
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
        let coding = (!protein_id.is_empty()).then(|| {
            // The messenger behind the gene: as much of the circle as leads to a stop in any frame.
            let behind = READ_ON.min(sequence.len() - span.len());
            let whole = match strand {
                Strand::Forward => sequence.bases(span.start..span.end + behind),
                Strand::Reverse => {
                    let end = span.end + sequence.len();
                    sequence.bases(span.start + sequence.len() - behind..end)
                }
            };
            Coding::mitochondrial(protein_id, strand.read(&whole), span.len())
        });
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
    #[inline]
    pub fn own(&self, span: &Range<usize>) -> Range<usize> {
        match self.strand {
            Strand::Forward => span.start - self.span.start..span.end - self.span.start,
            Strand::Reverse => self.span.end - span.end..self.span.end - span.start,
        }
    }
}

impl Strand {
    /// Bases of the sequence as this strand reads them.
    #[inline]
    pub fn read(self, bases: &[u8]) -> Vec<u8> {
        match self {
            Self::Forward => bases.to_vec(),
            Self::Reverse => bases.iter().rev().map(|base| complement(*base)).collect(),
        }
    }
}
