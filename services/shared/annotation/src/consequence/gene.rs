//! What an edit does to one gene.

use std::ops::Range;

use super::Consequence::*;
use super::Consequences;
use super::coding::{Codons, on_coding};
use crate::edit::Edit;
use crate::gene::Gene;
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
        Some(_) if inside != *span => beyond_the_end(gene, &own, position),
        Some(coding) => {
            let effect = on_coding(coding, &own, &gene.strand.read(&edit.inserted));
            GeneEffect {
                consequences: effect.consequences,
                position: Some(position),
                codons: Some(effect.codons),
                protein: Some(effect.protein),
            }
        }
    }
}

/// A coding gene loses bases at one end, and its neighbourhood with them.
fn beyond_the_end(gene: &Gene, own: &Range<usize>, position: (usize, usize)) -> GeneEffect {
    let has_whole_stop = gene.coding.as_ref().is_some_and(|coding| coding.has_whole_stop());
    let (consequences, protein) = match (own.start == 0, has_whole_stop) {
        (true, _) => ([StartLost, CodingSequenceVariant].into(), ProteinChange::StartLost),
        (_, true) => ([StopLost, CodingSequenceVariant].into(), ProteinChange::Unknown),
        (_, false) => (
            [IncompleteTerminalCodonVariant, CodingSequenceVariant].into(),
            ProteinChange::Unknown,
        ),
    };
    GeneEffect {
        consequences,
        position: Some(position),
        codons: None,
        protein: Some(protein),
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
