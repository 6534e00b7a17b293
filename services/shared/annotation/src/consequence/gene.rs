//! What an edit does to one gene.

use std::ops::Range;

use reference::coding::Coding;
use reference::{Edit, Gene};

use super::Consequence::*;
use super::Consequences;
use super::coding::on_coding;
use super::codons::Codons;
use crate::hgvs::ProteinChange;

/// The effect on one gene.
pub(crate) struct GeneEffect {
    /// What it is.
    pub(crate) consequences: Consequences,
    /// The bases of the gene that change, counted from 1 at its own 5' end, both ends included; for an insertion the
    /// two bases beside it.
    pub(crate) position: Option<(usize, usize)>,
    /// Codons before and after, if the edit lies inside a coding sequence.
    pub(crate) codons: Option<Codons>,
    /// The change of the protein, if the gene codes for one.
    pub(crate) protein: Option<ProteinChange>,
}

/// The effect of an edit that touches the gene. `span` is the edit's, in the turn of the circle in which the gene lies.
pub(crate) fn on_gene(gene: &Gene, edit: &Edit, span: &Range<usize>) -> GeneEffect {
    if span.start <= gene.span.start && span.end >= gene.span.end {
        return only(TranscriptAblation.into(), None);
    }
    let inside = span.start.max(gene.span.start)..span.end.min(gene.span.end);
    let own = gene.own(&inside);
    let position = match own.is_empty() {
        true => (own.start, own.start + 1),
        false => (own.start + 1, own.end),
    };
    match &gene.coding {
        None => only(NonCodingTranscriptExonVariant.into(), Some(position)),
        Some(coding) if inside != *span => {
            let end = own.start + (span.end - span.start);
            beyond_the_end(coding, &own, end, &gene.strand.read(&edit.inserted), position)
        }
        Some(coding) => {
            let effect = on_coding(coding, &own, &gene.strand.read(&edit.inserted));
            GeneEffect {
                consequences: effect.consequences,
                position: Some(position),
                codons: effect.codons,
                protein: effect.protein,
            }
        }
    }
}

/// A coding gene loses bases at one end, and its neighbourhood with them. `own` is what it loses, `end` where the edit
/// ends if it is counted on behind the gene.
fn beyond_the_end(
    coding: &Coding,
    own: &Range<usize>,
    end: usize,
    inserted: &[u8],
    position: (usize, usize),
) -> GeneEffect {
    let (term, protein) = match (own.start == 0, coding.has_stop()) {
        (true, _) => (StartLost, Some(ProteinChange::StartLost)),
        (_, true) => {
            let effect = on_coding(coding, &(own.start..end), inserted);
            let is_retained = effect.consequences.has(StopRetainedVariant);
            (if is_retained { StopRetainedVariant } else { StopLost }, effect.protein)
        }
        (_, false) => (IncompleteTerminalCodonVariant, Some(ProteinChange::Unknown)),
    };
    GeneEffect {
        consequences: [term, CodingSequenceVariant].into(),
        position: Some(position),
        codons: None,
        protein,
    }
}

pub(super) fn only(consequences: Consequences, position: Option<(usize, usize)>) -> GeneEffect {
    GeneEffect {
        consequences,
        position,
        codons: None,
        protein: None,
    }
}
