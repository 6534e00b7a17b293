//! Structural variants of the nuclear genome, by the span that they affect.

use std::ops::Range;
use std::rc::Rc;

use super::NuclearAnnotator;
use crate::consequence::{Consequence, Consequences, Extent, Structural, StructuralKind, on_span};
use crate::info::{Entry, Feature, Fields, Key};
use crate::report::Counts;

/// A structural variant on a chromosome.
pub(super) struct Structure(Structural);

impl Structure {
    pub(super) fn new(symbol: &[u8], position: u64, extent: &Extent, length: usize) -> Self {
        Self(Structural::new(symbol, position, extent, length))
    }

    /// The bases it affects, 0-based and half-open.
    pub(super) fn span(&self) -> Range<u32> {
        self.0.span.start as u32..self.0.span.end as u32
    }
}

impl NuclearAnnotator<'_, '_> {
    /// Adds the consequences of a structural variant for each transcript that its span touches.
    pub(super) fn structural(
        &mut self,
        chromosome: usize,
        structure: &Structure,
        symbol: &[u8],
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        counts.begin_structural();
        let name = structure.0.kind.csq_allele(symbol);
        let mut rows = Vec::new();
        if let Some(genes) = &self.genome.genes {
            genes.overlapping(chromosome, structure.span(), |row| rows.push(row));
        }
        let mut worst = Consequences::default();
        let most = self.limits.transcripts;
        counts.unlisted(rows.len().saturating_sub(most));
        for row in rows.into_iter().take(most) {
            if fields.exceeds_limit(Key::CSQ) {
                break;
            }
            let Some(transcript) = self.transcripts.get(self.genome, chromosome, row) else {
                continue;
            };
            let transcript = Rc::clone(&transcript);
            let span = structure.span();
            let whole = span.start <= transcript.row.span.start && span.end >= transcript.row.span.end;
            let consequences = match (structure.0.kind, whole) {
                (StructuralKind::Deletion | StructuralKind::Duplication, true) => {
                    on_span(structure.0.kind, true, Consequences::default())
                }
                (kind, _) => on_span(kind, false, crate::consequence::site(&transcript, &span)),
            };
            worst = worst.or(consequences);
            counts.consequences(consequences);
            self.count_gene(row);
            let feature = Feature::Transcript(&transcript);
            Entry {
                allele: name,
                consequences,
                feature,
                ..Entry::default()
            }
            .append(fields.next(Key::CSQ));
        }
        if worst.is_empty() {
            worst = Consequence::IntergenicVariant.into();
            counts.between_genes();
            Entry {
                allele: name,
                consequences: worst,
                ..Entry::default()
            }
            .append(fields.next(Key::CSQ));
        }
        counts.end_allele(worst);
    }
}
