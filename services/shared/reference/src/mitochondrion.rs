//! The human mitochondrial genome: the revised Cambridge Reference Sequence with its 37 genes.
//!
//! Source: GenBank record [NC_012920.1](https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1); R. M. Andrews et al.,
//! Nature Genetics 23, 147 (1999). Base 3107 is `N`, a placeholder that keeps the numbering of the sequence of 1981.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::Sequence;
use crate::edit::Edit;
use crate::gene::Gene;
use crate::placement::Placements;

/// RefSeq's accession, with version, and the letter of mitochondrial positions: how HGVS names begin.
pub const HGVS_PREFIX: &str = "NC_012920.1:m.";

/// Bases.
pub const LENGTH: usize = 16_569;

/// The control region, which GenBank calls D-loop: 16024..16569 and 1..576 (1-based, closed), across the origin.
const CONTROL_REGION: Range<usize> = 16_023..LENGTH + 576;

/// The genome with its genes.
pub struct Mitochondrion {
    /// Its bases, on a circle.
    pub sequence: Sequence<'static>,
    genes: Vec<Gene>,
}

impl Mitochondrion {
    /// The genome, read once a process.
    pub fn rcrs() -> &'static Self {
        static RCRS: LazyLock<Mitochondrion> = LazyLock::new(|| {
            let sequence = Sequence::from_fasta(include_str!("../data/mito/rCRS.fa"), true);
            let rows = include_str!("../data/mito/genes.tsv").lines().skip(1);
            let genes = rows.filter_map(|row| Gene::parse(row, &sequence)).collect();
            Mitochondrion { sequence, genes }
        });
        &RCRS
    }

    /// Genes that an edit touches, with the part of the edit's span that lies in each turn of the circle. An insertion
    /// touches a gene if it lies between two bases of it.
    pub fn genes(&self, edit: &Edit) -> impl Iterator<Item = (&Gene, Range<usize>)> {
        let turn = |shift: usize| edit.start.saturating_sub(shift)..edit.end.saturating_sub(shift);
        // The second turn sees what passed the origin; without that it is empty, at 0, where no gene begins.
        [turn(0), turn(LENGTH)]
            .into_iter()
            .flat_map(|span| self.genes_in(span.clone()).map(move |gene| (gene, span.clone())))
    }

    /// Genes that an edit touches, each with the edit where it is told of the gene, and its span in the gene's turn of the
    /// circle.
    pub fn genes_told<'a>(
        &'a self,
        placements: &'a Placements,
    ) -> impl Iterator<Item = (&'a Gene, Cow<'a, Edit>, Range<usize>)> {
        let all = placements.span();
        let turns = [0, LENGTH].into_iter().filter(move |turn| *turn < all.end.max(1));
        turns.flat_map(move |turn| {
            let reach = all.start.saturating_sub(turn)..all.end - turn;
            self.genes_in(reach).filter_map(move |gene| {
                let feature = gene.span.start + turn..gene.span.end + turn;
                let edit = placements.in_feature(feature, gene.strand);
                let span = edit.start.saturating_sub(turn)..edit.end.saturating_sub(turn);
                touches(&span, &gene.span).then_some((gene, edit, span))
            })
        })
    }

    fn genes_in(&self, span: Range<usize>) -> impl Iterator<Item = &Gene> {
        // Genes are sorted, and none contains another, so their ends are sorted, too.
        let first = self.genes.partition_point(|gene| gene.span.end <= span.start);
        self.genes[first..]
            .iter()
            .take_while(move |gene| gene.span.start < span.end)
            .filter(move |gene| touches(&span, &gene.span))
    }

    /// Whether an edit touches the control region.
    pub fn is_control_region(edit: &Edit) -> bool {
        [edit.start..edit.end, edit.start + LENGTH..edit.end + LENGTH]
            .iter()
            .any(|span| touches(span, &CONTROL_REGION))
    }
}

fn touches(span: &Range<usize>, feature: &Range<usize>) -> bool {
    span.start < feature.end && span.end > feature.start
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha512};

    use super::*;
    use crate::edit::Inserted;
    use crate::genetic_code::STOP;

    #[test]
    fn the_sequence_is_the_rcrs() {
        let sequence = &Mitochondrion::rcrs().sequence;
        assert_eq!(sequence.len(), LENGTH);
        assert_eq!(sequence.base(3106), Some(b'N'));
        // The digest of GA4GH refget, SQ.k3grVkjY-hoWcCUojHw6VU6GE3MZ8Sct, is the first half of this in base 64.
        let digest = Sha512::digest(sequence.bases(0..LENGTH));
        let digest: String = digest[..24].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, "93782b5648d8fa1a167025288c7c3a554e86137319f1272d");
    }

    #[test]
    fn there_are_37_genes_and_their_ends_are_sorted() {
        let genes = &Mitochondrion::rcrs().genes;
        let count = |biotype| genes.iter().filter(|gene| gene.biotype == biotype).count();
        assert_eq!(["Mt_tRNA", "Mt_rRNA", "protein_coding"].map(count), [22, 2, 13]);
        assert!(genes.is_sorted_by_key(|gene| gene.span.start) && genes.is_sorted_by_key(|gene| gene.span.end));
    }

    #[test]
    fn proteins_have_the_lengths_of_genbank_and_one_stop() {
        let expected = [318, 347, 513, 227, 68, 226, 261, 115, 98, 459, 603, 174, 380];
        let proteins = Mitochondrion::rcrs()
            .genes
            .iter()
            .filter_map(|gene| gene.coding.as_ref());
        for (coding, length) in proteins.zip(expected) {
            assert_eq!(
                coding.protein.iter().position(|amino_acid| *amino_acid == STOP),
                Some(length),
                "{}",
                coding.protein_id
            );
            assert_eq!(coding.protein.len(), length + 1);
        }
    }

    #[test]
    fn overlapping_genes_are_all_found() {
        for (position, expected) in [
            (8550, "MT-ATP8 MT-ATP6"),
            (9207, "MT-ATP6 MT-CO3"),
            (10_762, "MT-ND4L MT-ND4"),
            (4330, "MT-TI MT-TQ"),
            (5826, "MT-TC MT-TY"),
            (3243, "MT-TL1"),
            (576, ""),
            (16_024, ""),
            (8280, ""),
        ] {
            let edit = Edit {
                start: position - 1,
                end: position,
                inserted: Inserted::from_slice(b"N"),
            };
            let symbols: Vec<_> = Mitochondrion::rcrs()
                .genes(&edit)
                .map(|(gene, _)| gene.symbol)
                .collect();
            assert_eq!(symbols.join(" "), expected, "{position}");
        }
    }

    #[test]
    fn the_control_region_crosses_the_origin() {
        for (position, expected) in [
            (1, true),
            (576, true),
            (577, false),
            (16_023, false),
            (16_024, true),
            (16_569, true),
        ] {
            let edit = Edit {
                start: position - 1,
                end: position,
                inserted: Inserted::new(),
            };
            assert_eq!(Mitochondrion::is_control_region(&edit), expected, "{position}");
        }
    }
}
