//! HGVS names of several changes on one copy: `c.[76A>C;83del]`, and of those in one codon, `c.76_78delinsCGT`.
//!
//! Changes of neighbouring bases are one, and so are those with one base between them that change one amino acid; all others are
//! told one by one, <https://hgvs-nomenclature.org/stable/recommendations/DNA/delins/>. What lies on both sides of an intron has
//! bases between that stay.

use super::joint::{named_between, span, together};
use super::piece::Piece;
use crate::hgvs::TranscriptChange;
use crate::transcript::Transcript;
use reference::Sequence;

/// The most changes of a name.
const MOST_CHANGES: usize = 32;

/// The name of pieces in the messenger's order, with the transcript's accession; empty if there is none.
pub(super) fn coding(transcript: &Transcript<'_>, pieces: &[&Piece], sequence: &Sequence<'_>) -> Vec<u8> {
    let changes = changes(transcript, pieces);
    if changes.len() > MOST_CHANGES {
        return Vec::new();
    }
    let mut names = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let (one, other) = (
            at.checked_sub(1).map(|before| changes[before]),
            changes.get(at + 1).copied(),
        );
        let Some(edit) = together(change, sequence) else {
            continue;
        };
        let edit = named_between(edit, between(transcript, one, other), transcript.strand(), sequence);
        let mut name = Vec::new();
        let reference = sequence.bases(edit.start..edit.end);
        let change = TranscriptChange {
            transcript,
            sequence: Some(sequence),
            edit: &edit,
            reference: &reference,
        };
        if !change.append(&mut name) {
            return Vec::new();
        }
        // All are of one coding sequence, `c.`.
        names.push(name.split_off(2));
    }
    let accession = transcript.row.name.as_bytes();
    match &names[..] {
        [] => Vec::new(),
        [one] => [accession, b":c.", one].concat(),
        several => [accession, b":c.[", &several.join(&b';'), b"]"].concat(),
    }
}

/// The pieces that each change has.
fn changes<'p, 'a>(transcript: &Transcript<'_>, pieces: &'p [&'a Piece]) -> Vec<&'p [&'a Piece]> {
    let is_one = |one: &&Piece, other: &&Piece| {
        let (Some(first), Some(second)) = (&one.place, &other.place) else {
            return false;
        };
        let from = transcript.coding.as_ref().map_or(0, |coding| coding.cds().start);
        let codon = |at: usize| (at - from) / 3;
        let (gap, last) = (second.start - first.end, first.end.max(first.start + 1) - 1);
        let whole = span(&[one, other]);
        let is_near = gap == 0 || gap == 1 && codon(last) == codon(second.start);
        is_near
            && transcript
                .messenger_span(&(whole.start as u32..whole.end as u32))
                .is_some()
    };
    pieces.chunk_by(is_one).collect()
}

/// The bases of the chromosome between two other changes, so that a name does not move over one: 0-based, half-open.
fn between(transcript: &Transcript<'_>, one: Option<&[&Piece]>, other: Option<&[&Piece]>) -> std::ops::Range<usize> {
    let (left, right) = match transcript.row.is_reverse() {
        false => (one, other),
        true => (other, one),
    };
    let whole = &transcript.row.span;
    let start = left.map_or(whole.start as usize, |pieces| span(pieces).end);
    start..right.map_or(whole.end as usize, |pieces| span(pieces).start)
}
