//! Genes: where they lie and what they make.

use super::genetic_code::translate;

/// One gene. On the mitochondrial genome a gene is one exon and, if it codes, all coding sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gene {
    /// HGNC symbol, `MT-ND1`.
    pub(crate) symbol: String,
    /// NCBI Gene.
    pub(crate) gene_id: String,
    /// What it makes.
    pub(crate) kind: GeneKind,
    /// 1-based, inclusive.
    pub(crate) start: usize,
    /// 1-based, inclusive.
    pub(crate) end: usize,
    /// Which strand is read.
    pub(crate) strand: Strand,
    /// RefSeq protein, if it codes for one.
    pub(crate) protein_id: Option<String>,
    /// The gene as it is read, 5' to 3'.
    pub(crate) sequence: Vec<u8>,
    /// Its amino acids, with the stop if a whole codon of the genome makes one.
    pub(crate) protein: Vec<u8>,
}

/// What a gene makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GeneKind {
    /// A protein.
    Coding,
    /// A transfer RNA.
    TransferRna,
    /// A ribosomal RNA.
    RibosomalRna,
}

/// The strand of the reference that a gene is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strand {
    /// As the reference is written.
    Forward,
    /// Its reverse complement.
    Reverse,
}

impl GeneKind {
    /// The biotype as Ensembl names it.
    pub(crate) fn biotype(self) -> &'static str {
        match self {
            Self::Coding => "protein_coding",
            Self::TransferRna => "Mt_tRNA",
            Self::RibosomalRna => "Mt_rRNA",
        }
    }
}

impl Gene {
    /// Reads one row of `genes.tsv`: symbol, NCBI Gene, kind, start, end, strand, protein.
    pub(super) fn parse(row: &str, sequence: &[u8]) -> Option<Self> {
        let mut columns = row.split('\t');
        let mut next = || columns.next();
        let (symbol, gene_id) = (next()?.to_owned(), next()?.to_owned());
        let kind = match next()? {
            "CDS" => GeneKind::Coding,
            "tRNA" => GeneKind::TransferRna,
            _ => GeneKind::RibosomalRna,
        };
        let (start, end) = (next()?.parse::<usize>().ok()?, next()?.parse::<usize>().ok()?);
        let strand = if next()? == "-" {
            Strand::Reverse
        } else {
            Strand::Forward
        };
        let protein_id = next().filter(|id| *id != ".").map(str::to_owned);
        let sequence = strand.read(sequence.get(start - 1..end)?);
        let protein = if kind == GeneKind::Coding {
            translate(&sequence)
        } else {
            Vec::new()
        };
        Some(Self {
            symbol,
            gene_id,
            kind,
            start,
            end,
            strand,
            protein_id,
            sequence,
            protein,
        })
    }

    /// The 0-based offset in the gene, as it is read, of a 1-based position inside it.
    pub(crate) fn offset(&self, position: usize) -> usize {
        match self.strand {
            Strand::Forward => position - self.start,
            Strand::Reverse => self.end - position,
        }
    }
}

impl Strand {
    /// `1` or `-1`, as CSQ writes it.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Forward => "1",
            Self::Reverse => "-1",
        }
    }

    /// Bases of the reference as this strand has them, 5' to 3'.
    pub(crate) fn read(self, bases: &[u8]) -> Vec<u8> {
        match self {
            Self::Forward => bases.to_vec(),
            Self::Reverse => bases.iter().rev().map(|base| complement(*base)).collect(),
        }
    }
}

fn complement(base: u8) -> u8 {
    match base {
        b'A' => b'T',
        b'C' => b'G',
        b'G' => b'C',
        b'T' => b'A',
        other => other,
    }
}
