//! The human mitochondrial genome: the revised Cambridge Reference Sequence, NC_012920.1.
//!
//! 16,569 bases; base 3107 is a placeholder, `N`, that keeps the numbering of the sequence of 1981. The control region
//! lies across the origin. UCSC's hg19 calls another sequence chrM (NC_001807, 16,571 bases), which never fits.

use std::sync::LazyLock;

use super::genes::Gene;

/// RefSeq accession and version.
pub(crate) const ACCESSION: &str = "NC_012920.1";
/// Bases.
pub(crate) const LENGTH: usize = 16_569;

const SEQUENCE: &str = include_str!("../../data/mito/rcrs.txt");
const GENES: &str = include_str!("../../data/mito/genes.tsv");

/// The genome with its genes.
pub(crate) struct Mitochondrion {
    /// Upper case; base `p` (1-based) is at index `p - 1`.
    pub(crate) sequence: Vec<u8>,
    genes: Vec<Gene>,
}

impl Mitochondrion {
    /// The genome, read once a process.
    pub(crate) fn rcrs() -> &'static Self {
        static RCRS: LazyLock<Mitochondrion> = LazyLock::new(|| {
            let sequence: Vec<u8> = SEQUENCE.bytes().filter(u8::is_ascii_alphabetic).collect();
            let genes = GENES
                .lines()
                .skip(1)
                .filter_map(|row| Gene::parse(row, &sequence))
                .collect();
            Mitochondrion { sequence, genes }
        });
        &RCRS
    }

    /// Genes that share a base with `first..=last` (1-based, inclusive).
    pub(crate) fn genes_at(&self, first: usize, last: usize) -> impl Iterator<Item = &Gene> {
        self.genes
            .iter()
            .filter(move |gene| gene.start <= last && first <= gene.end)
    }

    /// Bases `start..start + length` (1-based); `None` beyond the end.
    pub(crate) fn bases(&self, start: usize, length: usize) -> Option<&[u8]> {
        self.sequence
            .get(start.checked_sub(1)?..(start - 1).checked_add(length)?)
    }
}

/// Whether a chromosome's name is one that people give the mitochondrial genome.
pub(crate) fn is_mitochondrial(name: &[u8]) -> bool {
    let name = name.to_ascii_uppercase();
    let name = name.strip_prefix(b"CHR").unwrap_or(&name);
    matches!(name, b"M" | b"MT" | b"NC_012920.1" | b"NC_012920")
}

/// Whether a base lies in the control region, which the record calls D-loop (16024..16569 and 1..576).
pub(crate) fn in_control_region(position: usize) -> bool {
    position <= 576 || position >= 16_024
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{GeneKind, STOP};

    #[test]
    fn the_sequence_is_the_rcrs() {
        let rcrs = Mitochondrion::rcrs();
        assert_eq!(rcrs.sequence.len(), LENGTH);
        assert_eq!(rcrs.sequence[3106], b'N');
        // Bases that were revised after the sequence of 1981 (Andrews et al. 1999).
        for (position, base) in [
            (3423, b'T'),
            (4985, b'A'),
            (9559, b'C'),
            (11335, b'C'),
            (13702, b'C'),
            (14199, b'T'),
            (14272, b'C'),
            (14766, b'C'),
        ] {
            assert_eq!(rcrs.sequence[position - 1], base, "{position}");
        }
        let composition = |wanted| rcrs.sequence.iter().filter(|base| **base == wanted).count();
        assert_eq!(
            [b'A', b'C', b'G', b'T', b'N'].map(composition),
            [5124, 5181, 2169, 4094, 1]
        );
    }

    #[test]
    fn every_gene_is_there_and_every_protein_has_its_length() {
        let rcrs = Mitochondrion::rcrs();
        let count = |kind| rcrs.genes.iter().filter(|gene| gene.kind == kind).count();
        let kinds = [GeneKind::Coding, GeneKind::TransferRna, GeneKind::RibosomalRna];
        assert_eq!(kinds.map(count), [13, 22, 2]);
        // Amino acids without the stop, as in the GenBank record.
        for (symbol, length) in [
            ("MT-ND1", 318),
            ("MT-ND2", 347),
            ("MT-CO1", 513),
            ("MT-CO2", 227),
            ("MT-ATP8", 68),
            ("MT-ATP6", 226),
            ("MT-CO3", 261),
            ("MT-ND3", 115),
            ("MT-ND4L", 98),
            ("MT-ND4", 459),
            ("MT-ND5", 603),
            ("MT-ND6", 174),
            ("MT-CYB", 380),
        ] {
            let gene = rcrs.genes.iter().find(|gene| gene.symbol == symbol).unwrap();
            let stop = gene
                .protein
                .iter()
                .position(|acid| *acid == STOP)
                .unwrap_or(gene.protein.len());
            assert_eq!(stop, length, "{symbol}");
            assert_eq!(gene.protein[0], b'M', "{symbol}");
            assert!(gene.protein[stop..].len() <= 1, "{symbol}");
        }
    }

    #[test]
    fn people_call_it_by_many_names() {
        for name in ["MT", "M", "chrM", "chrMT", "CHRM", "mt", "NC_012920.1"] {
            assert!(is_mitochondrial(name.as_bytes()), "{name}");
        }
        for name in ["1", "chr1", "X", "MTX", ""] {
            assert!(!is_mitochondrial(name.as_bytes()), "{name}");
        }
    }
}
