//! Counts over a file.

use std::collections::BTreeMap;

use crate::consequence::{Consequence, Consequences, Impact};
use crate::edit::Edit;
use crate::gene::Gene;
use crate::reference::Sequence;

/// Counts of records, alleles, and what was found for them.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Annotated records.
    pub(crate) records: u64,
    /// Alternate alleles, structural ones among them.
    pub(crate) alleles: u64,
    pub(crate) substitutions: u64,
    pub(crate) insertions: u64,
    pub(crate) deletions: u64,
    pub(crate) other_changes: u64,
    pub(crate) structural: u64,
    /// A<->G and C<->T.
    pub(crate) transitions: u64,
    /// Other exchanges of one base.
    pub(crate) transversions: u64,
    /// Alleles that MITOMAP lists.
    pub(crate) known: u64,
    /// Alleles that MITOMAP does not list, structural ones left out.
    pub(crate) novel: u64,
    /// Alleles in the control region.
    pub(crate) control_region: u64,
    /// Alleles times genes, by consequence.
    pub(crate) consequences: [u64; Consequence::ALL.len()],
    /// Alleles, by the strongest impact.
    pub(crate) impacts: [u64; Impact::ALL.len()],
    /// Alleles, by gene.
    pub(crate) genes: BTreeMap<(usize, &'static str), u64>,
    /// Records by place, as AnnTools counted them: once for each gene they touch.
    pub(crate) coding: u64,
    pub(crate) non_coding: u64,
    pub(crate) intergenic: u64,
    /// What the record at hand has been counted for.
    seen: Seen,
}

#[derive(Debug, Default)]
struct Seen {
    genes: Vec<usize>,
    intergenic: bool,
}

impl Counts {
    pub(crate) fn begin_record(&mut self) {
        self.records += 1;
        self.seen.genes.clear();
        self.seen.intergenic = false;
    }

    pub(crate) fn begin_allele(&mut self, edit: &Edit, sequence: &Sequence, is_known: bool) {
        self.alleles += 1;
        *if is_known { &mut self.known } else { &mut self.novel } += 1;
        match (edit.deleted(), &edit.inserted[..]) {
            (1, [base]) => {
                self.substitutions += 1;
                let pair = (sequence.base(edit.start).unwrap_or(b'N'), *base);
                match pair {
                    (b'A', b'G') | (b'G', b'A') | (b'C', b'T') | (b'T', b'C') => self.transitions += 1,
                    (b'A' | b'C' | b'G' | b'T', b'A' | b'C' | b'G' | b'T') => self.transversions += 1,
                    _ => {}
                }
            }
            (0, _) => self.insertions += 1,
            (_, []) => self.deletions += 1,
            _ => self.other_changes += 1,
        }
    }

    pub(crate) fn begin_structural(&mut self) {
        self.alleles += 1;
        self.structural += 1;
    }

    pub(crate) fn gene(&mut self, gene: &Gene, consequences: Consequences) {
        for consequence in consequences.iter() {
            self.consequences[consequence as usize] += 1;
        }
        *self.genes.entry((gene.span.start, gene.symbol)).or_default() += 1;
        if !self.seen.genes.contains(&gene.span.start) {
            self.seen.genes.push(gene.span.start);
            *if gene.coding.is_some() {
                &mut self.coding
            } else {
                &mut self.non_coding
            } += 1;
        }
    }

    pub(crate) fn intergenic(&mut self) {
        self.consequences[Consequence::IntergenicVariant as usize] += 1;
        self.intergenic += u64::from(!self.seen.intergenic);
        self.seen.intergenic = true;
    }

    pub(crate) fn control_region(&mut self) {
        self.control_region += 1;
    }

    pub(crate) fn end_allele(&mut self, impact: Impact) {
        self.impacts[impact as usize] += 1;
    }

    /// Transitions per transversion; nothing without a transversion.
    pub(crate) fn transition_ratio(&self) -> Option<f64> {
        (self.transversions > 0).then(|| self.transitions as f64 / self.transversions as f64)
    }
}
