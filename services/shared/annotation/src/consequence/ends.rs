//! Start and stop codons that an edit takes together with bases of no exon, or of another one.

use std::ops::Range;

use reference::bundle::{END_INCOMPLETE, START_INCOMPLETE};
use reference::genetic_code::{STANDARD, STOP};
use reference::{Edit, Sequence};

use super::Consequence::*;
use super::Consequences;
use crate::transcript::Transcript;

/// Whether the start and the stop codon of a coding transcript are lost or retained by an edit that changes bases of
/// them; `spans` are where it changes any. What cannot be read without a sequence is lost.
pub(super) fn lost_or_retained(
    transcript: &Transcript<'_>,
    edit: &Edit,
    spans: &[Range<u32>],
    sequence: Option<&Sequence<'_>>,
) -> Consequences {
    let (cds, flags) = (&transcript.row.cds, transcript.row.flags);
    let mut consequences = Consequences::default();
    if cds.end - cds.start < 6 || edit.end as u32 <= cds.start || edit.start as u32 >= cds.end {
        return consequences;
    }
    let (start, stop) = match transcript.row.is_reverse() {
        false => (first_codon(transcript), last_codon(transcript)),
        true => (last_codon(transcript), first_codon(transcript)),
    };
    let changes = |codon: &[Range<u32>]| {
        let mut parts = codon.iter();
        parts.any(|part| spans.iter().any(|span| span.start < part.end && span.end > part.start))
    };
    let stands = |codon: &[Range<u32>], is_kind: &dyn Fn(&[u8]) -> bool| {
        // A codon with an intron inside is not put together again.
        let ([codon], Some(sequence)) = (codon, sequence) else {
            return false;
        };
        let mut there = results(edit, codon, sequence).into_iter().flatten();
        there.any(|bases| is_kind(&transcript.strand().read(&bases)))
    };
    let has_start = transcript.coding.as_ref().is_none_or(|coding| coding.has_start());
    if has_start && flags & START_INCOMPLETE == 0 && changes(&start) {
        let stands = stands(&start, &|codon| STANDARD.is_start(codon));
        consequences.add(if stands { StartRetainedVariant } else { StartLost });
    }
    if changes(&stop) {
        let stands = stands(&stop, &|codon| STANDARD.amino_acid(codon) == STOP);
        consequences.add(match stands {
            _ if flags & END_INCOMPLETE != 0 => IncompleteTerminalCodonVariant,
            true => StopRetainedVariant,
            false => StopLost,
        });
    }
    consequences
}

/// The parts of the first three bases of the coding sequence on the chromosome, one for each exon.
fn first_codon(transcript: &Transcript<'_>) -> Vec<Range<u32>> {
    let (mut parts, mut lacking) = (Vec::new(), 3);
    let coding = transcript
        .exons
        .iter()
        .filter(|exon| exon.end > transcript.row.cds.start);
    for exon in coding {
        let start = exon.start.max(transcript.row.cds.start);
        let end = exon.end.min(start + lacking);
        lacking -= end - start;
        parts.push(start..end);
        if lacking == 0 {
            break;
        }
    }
    parts
}

/// The parts of the last three bases of the coding sequence on the chromosome, one for each exon.
fn last_codon(transcript: &Transcript<'_>) -> Vec<Range<u32>> {
    let (mut parts, mut lacking) = (Vec::new(), 3);
    let exons = transcript.exons.iter().rev();
    for exon in exons.filter(|exon| exon.start < transcript.row.cds.end) {
        let end = exon.end.min(transcript.row.cds.end);
        let start = exon.start.max(end.saturating_sub(lacking));
        lacking -= end - start;
        parts.push(start..end);
        if lacking == 0 {
            break;
        }
    }
    parts
}

/// The three bases that stand in the place of a codon of the chromosome after an edit that touches it: at the same place
/// for as many bases as before, beside the bases of the codon that are left on the left, and on the right.
fn results(edit: &Edit, codon: &Range<u32>, sequence: &Sequence<'_>) -> [Option<Vec<u8>>; 2] {
    let (start, end) = (codon.start as usize, codon.end as usize);
    let is_exchange = edit.deleted() == edit.inserted.len();
    let (left, right) = (edit.start.saturating_sub(3), edit.end + 3);
    let changed = [
        &sequence.bases(left..edit.start)[..],
        &edit.inserted,
        &sequence.bases(edit.end..right),
    ]
    .concat();
    let three = |at: Option<usize>| Some(changed.get(at?..at? + 3)?.to_vec());
    // Where the codon's first base is in the changed bases, and where its last one is.
    let from_left = (is_exchange || start < edit.start)
        .then(|| start.checked_sub(left))
        .flatten();
    let from_right = (end > edit.end)
        .then(|| (changed.len() + end).checked_sub(right + 3))
        .flatten();
    [three(from_left), three(from_right)]
}
