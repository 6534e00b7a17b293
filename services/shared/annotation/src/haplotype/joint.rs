//! What several alleles do to a transcript together.

use std::ops::Range;

use super::piece::Piece;
use crate::consequence::{Codons, Consequence, Consequences, on_coding, on_transcript};
use crate::hgvs::ProteinChange;
use crate::transcript::Transcript;
use reference::Edit;
use reference::Placements;
use reference::Sequence;
use reference::Strand;

/// What alleles do together.
#[derive(Default)]
pub(super) struct Joint {
    pub(super) consequences: Consequences,
    /// Bases of the coding sequence, from 1, first and last.
    pub(super) cds: Option<(usize, usize)>,
    pub(super) codons: Option<Codons>,
    pub(super) protein: Option<ProteinChange>,
}

impl Joint {
    /// What pieces (in the messenger's order, none of which overlap) do together: what one allele would do that has them all.
    pub(super) fn of(transcript: &Transcript<'_>, pieces: &[&Piece], sequence: &Sequence<'_>) -> Self {
        let whole = span(pieces);
        match transcript.messenger_span(&(whole.start as u32..whole.end as u32)) {
            Some(_) => Self::in_exon(transcript, pieces, sequence),
            None => Self::across_introns(transcript, pieces, sequence),
        }
    }

    fn in_exon(transcript: &Transcript<'_>, pieces: &[&Piece], sequence: &Sequence<'_>) -> Self {
        let Some(edit) = together(pieces, sequence) else {
            return Self::nothing(transcript, pieces);
        };
        let edit = told(transcript, edit, sequence);
        let effect = on_transcript(transcript, &edit, Some(sequence));
        Self {
            consequences: effect.consequences,
            cds: effect.cds,
            codons: effect.codons,
            protein: effect.protein,
        }
    }

    fn across_introns(transcript: &Transcript<'_>, pieces: &[&Piece], sequence: &Sequence<'_>) -> Self {
        let Some(coding) = &transcript.coding else {
            return Self::default();
        };
        let places = || pieces.iter().filter_map(|piece| Some((piece, piece.place.clone()?)));
        let (Some((_, first)), Some((_, last))) = (places().next(), places().next_back()) else {
            return Self::default();
        };
        let (mut changed, mut at, messenger) = (Vec::new(), first.start, coding.messenger());
        for (piece, place) in places() {
            changed.extend_from_slice(&messenger[at..place.start]);
            changed.extend_from_slice(&piece.inserted(transcript));
            at = place.end;
        }
        let Some(edit) = Edit::new(first.start, &messenger[first.start..last.end], &changed) else {
            return Self::nothing(transcript, pieces);
        };
        let effect = on_coding(coding, &(edit.start..edit.end), &edit.inserted);
        let from = coding.cds().start + transcript.phase() as usize;
        let (start, end) = (edit.start - from, edit.end - from);
        let mut consequences = effect.consequences;
        for piece in pieces {
            let alone = told(transcript, piece.allele.edit.clone(), sequence);
            if on_transcript(transcript, &alone, Some(sequence))
                .consequences
                .has(Consequence::SpliceRegionVariant)
            {
                consequences.add(Consequence::SpliceRegionVariant);
            }
        }
        Self {
            consequences,
            cds: Some(if start == end {
                (start, start + 1)
            } else {
                (start + 1, end)
            }),
            codons: effect.codons,
            protein: effect.protein,
        }
    }

    /// One takes back what another does.
    fn nothing(transcript: &Transcript<'_>, pieces: &[&Piece]) -> Self {
        let place = pieces.first().and_then(|piece| piece.place.clone());
        let protein = place.zip(transcript.coding.as_ref()).and_then(|(place, coding)| {
            let codon = (place.start - coding.cds().start) / 3;
            let first = (*coding.protein.get(codon)?, codon + 1);
            Some(ProteinChange::Same { first, last: None }.counted_from(coding.uncounted()))
        });
        Self {
            consequences: Consequence::SynonymousVariant.into(),
            protein,
            ..Self::default()
        }
    }
}

/// An edit at the place at which it is told.
fn told(transcript: &Transcript<'_>, edit: Edit, sequence: &Sequence<'_>) -> Edit {
    let whole = &transcript.row.span;
    named_between(
        edit,
        whole.start as usize..whole.end as usize,
        transcript.strand(),
        sequence,
    )
}

/// The bases of the chromosome from the first to the last that pieces replace: 0-based, half-open.
pub(super) fn span(pieces: &[&Piece]) -> Range<usize> {
    let edits = || pieces.iter().map(|piece| &piece.allele.edit);
    let start = edits().map(|edit| edit.start).min().unwrap_or_default();
    start..edits().map(|edit| edit.end).max().unwrap_or_default()
}

/// The one edit that pieces in one exon make; `None` if they change nothing.
pub(super) fn together(pieces: &[&Piece], sequence: &Sequence<'_>) -> Option<Edit> {
    let whole = span(pieces);
    let mut edits: Vec<&Edit> = pieces.iter().map(|piece| &piece.allele.edit).collect();
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let (mut changed, mut at) = (Vec::new(), whole.start);
    for edit in edits {
        changed.extend_from_slice(&sequence.bases(at..edit.start));
        changed.extend_from_slice(&edit.inserted);
        at = edit.end;
    }
    Edit::new(whole.start, &sequence.bases(whole), &changed)
}

/// The most 3' place of an edit between two bases of the chromosome (0-based, half-open).
pub(super) fn named_between(edit: Edit, within: Range<usize>, strand: Strand, sequence: &Sequence<'_>) -> Edit {
    Placements::new(edit, Some(sequence))
        .in_feature(within, strand)
        .into_owned()
}
