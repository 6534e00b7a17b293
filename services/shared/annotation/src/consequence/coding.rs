//! What an edit inside a coding sequence does to codons and amino acids.

use std::ops::Range;

use reference::coding::{Changed, Coding, Reading};
use reference::genetic_code::{STOP, UNKNOWN};

use super::Consequence::{self, *};
use super::Consequences;
use super::border::across_the_border;
use super::codons::Codons;
use crate::hgvs::{ProteinChange, StopFate, same_at_end, same_at_start, whole_change};

/// The effect on codons and protein.
pub(crate) struct CodingEffect {
    pub(crate) consequences: Consequences,
    /// How HGVS describes the protein; `None` where nothing can be said of it.
    pub(crate) protein: Option<ProteinChange>,
    /// Codons before and after; `None` if the edit reaches out of the coding sequence.
    pub(crate) codons: Option<Codons>,
}

/// The effect of replacing `edit` by `inserted`: bases of the messenger (0-based, half-open) as its strand reads, some of
/// them in the coding sequence. Start and stop are judged by the sequence that results.
pub(crate) fn on_coding(coding: &Coding, edit: &Range<usize>, inserted: &[u8]) -> CodingEffect {
    let cds = coding.cds();
    if edit.start < cds.start || edit.end > cds.end {
        return across_the_border(coding, edit, inserted);
    }
    let own = edit.start - cds.start..edit.end - cds.start;
    let codons = Codons::new(coding, &own, inserted);
    let (consequences, protein) = if !coding.has_whole_end() && codons.span.start >= coding.incomplete_from() {
        let terms = [IncompleteTerminalCodonVariant, CodingSequenceVariant];
        (terms.into(), ProteinChange::Unknown)
    } else if codons.changed_amino_acids.contains(&UNKNOWN) && edit.len() % 3 == inserted.len() % 3 {
        (CodingSequenceVariant.into(), ProteinChange::Unknown)
    } else if edit.len() == inserted.len() {
        substituted(coding, &codons, edit, inserted)
    } else {
        resized(coding, &codons, edit, inserted)
    };
    CodingEffect {
        consequences,
        protein: Some(protein.counted_from(coding.uncounted())),
        codons: Some(codons),
    }
}

/// As many bases as before: codons change in place.
fn substituted(
    coding: &Coding,
    codons: &Codons,
    edit: &Range<usize>,
    inserted: &[u8],
) -> (Consequences, ProteinChange) {
    let mut consequences = Consequences::default();
    let (before, after) = (&codons.amino_acids, &codons.changed_amino_acids);
    if codons.touches_start() && coding.has_start() {
        if !codons.keeps_start(coding) {
            return (StartLost.into(), ProteinChange::StartLost);
        }
        consequences.add(StartRetainedVariant);
    }
    let stop_before = before.last() == Some(&STOP);
    match (stop_before, after.last() == Some(&STOP)) {
        (true, true) => consequences.add(StopRetainedVariant),
        (true, false) if !after.contains(&STOP) => consequences.add(StopLost),
        (true, false) => consequences.add(StopGained),
        _ if codons.has_new_stop() => consequences.add(StopGained),
        _ => {}
    }
    if before == after && !stop_before {
        consequences.add(SynonymousVariant);
    } else if before != after && consequences.iter().all(|consequence| consequence > MissenseVariant) {
        consequences.add(MissenseVariant);
    }
    let change = match consequences.has(StopLost) && codons.span.end == coding.bases().len() {
        true => {
            let reading = Changed::new(coding, edit.clone(), inserted).read(coding.cds().start);
            whole_change(&coding.protein, &reading.protein, false, StopFate::Lost)
        }
        false => codons.change(coding),
    };
    (consequences, change)
}

/// More or fewer bases than before.
fn resized(coding: &Coding, codons: &Codons, edit: &Range<usize>, inserted: &[u8]) -> (Consequences, ProteinChange) {
    let changed = Changed::new(coding, edit.clone(), inserted);
    let mut consequences = Consequences::default();
    let mut start = Some(coding.cds().start);
    if codons.touches_start() && coding.has_start() {
        if changed.keeps_all_from_start() {
            return before_the_start(coding);
        }
        start = changed.start();
    }
    let is_moved = start.is_some_and(|start| start != coding.cds().start);
    let shifts_frame = !is_moved && edit.len() % 3 != inserted.len() % 3;
    let reading = changed.read(start.unwrap_or(coding.cds().start));
    if start.is_some() && reading.protein == coding.protein {
        return unchanged(coding, codons);
    }
    let stays = start.is_some() && !is_moved;
    let has_new_stop = stays && has_new_stop(coding, codons, &reading, inserted);
    let loses_stop = loses_stop(coding, &reading, edit, inserted);
    match (shifts_frame, has_new_stop) {
        (true, _) => consequences.add(FrameshiftVariant),
        (false, true) if !inserted.is_empty() => {}
        _ if is_moved => consequences.add(ProteinAlteringVariant),
        (false, _) if edit.is_empty() && loses_stop => consequences.add(InframeInsertion),
        (false, _) => consequences.add(in_frame(codons, inserted)),
    }
    if has_new_stop {
        consequences.add(StopGained);
    }
    if loses_stop {
        consequences.add(StopLost);
    }
    if start.is_none() {
        consequences.add(StartLost);
        return (consequences, ProteinChange::StartLost);
    }
    if is_moved {
        consequences = consequences.or([StartRetainedVariant, FivePrimeUtrVariant].into());
    }
    let stop = StopFate::of(loses_stop, has_new_stop);
    let before_stop = &reading.protein[..reading.protein.len() - usize::from(reading.stop_end.is_some())];
    let ends_at_once = coding.protein.starts_with(before_stop);
    let change = match has_new_stop && !shifts_frame && !ends_at_once {
        true => codons.change(coding),
        false => whole_change(&coding.protein, &reading.protein, shifts_frame, stop),
    };
    (consequences, change)
}

/// What is put in or taken out belongs to what comes before the start codon as much as to the codon itself.
pub(super) fn before_the_start(coding: &Coding) -> (Consequences, ProteinChange) {
    let amino_acid = coding.protein.first().copied().unwrap_or(UNKNOWN);
    let first = (amino_acid, 1);
    (
        [StartRetainedVariant, FivePrimeUtrVariant].into(),
        ProteinChange::Same { first, last: None },
    )
}

/// Whether a stop that is read now is none of those of before, and leaves amino acids out: in a codon that the edit
/// touches, or that begins in what an insertion between codons puts in.
fn has_new_stop(coding: &Coding, codons: &Codons, reading: &Reading, inserted: &[u8]) -> bool {
    let (before, after) = (&coding.protein, &reading.protein);
    if same_at_start(before, after) + 1 >= before.len() && coding.has_stop() {
        return false;
    }
    if !codons.span.is_empty() {
        return codons.has_new_stop();
    }
    let first = codons.span.start / 3;
    let put_in = first..first + inserted.len().div_ceil(3);
    reading.stop_end.is_some() && put_in.contains(&(after.len() - 1))
}

/// Whether reading no longer ends at the stop codon, though an edit touches it: neither where it was, nor, in frame, as
/// far before the end as it was.
pub(super) fn loses_stop(coding: &Coding, reading: &Reading, edit: &Range<usize>, inserted: &[u8]) -> bool {
    let end = coding.cds().end;
    let is_there = |stop: usize| {
        let in_frame = edit.len() % 3 == inserted.len() % 3;
        stop <= end || in_frame && stop + edit.len() == end + inserted.len()
    };
    coding.has_stop() && edit.end + 3 > end && !reading.stop_end.is_some_and(is_there)
}

/// Bases came or went, and yet the protein is what it was.
fn unchanged(coding: &Coding, codons: &Codons) -> (Consequences, ProteinChange) {
    let position = codons.span.start / 3;
    let consequence = match coding.protein.get(position) {
        Some(&STOP) => StopRetainedVariant,
        _ if codons.has_new_stop() => StopRetainedVariant,
        _ if codons.touches_start() && coding.has_start() => StartRetainedVariant,
        _ => SynonymousVariant,
    };
    let first = (coding.protein.get(position).copied().unwrap_or(STOP), position + 1);
    (consequence.into(), ProteinChange::Same { first, last: None })
}

/// Which of the in-frame terms fits. A deletion of bases alone is an in-frame deletion even where the codons at its ends
/// join to another one, as Ensembl VEP has it; an insertion must leave the codons beside it as they were.
fn in_frame(codons: &Codons, inserted: &[u8]) -> Consequence {
    let (before, after) = (&codons.amino_acids, &codons.changed_amino_acids);
    if inserted.is_empty() {
        return InframeDeletion;
    }
    let prefix = same_at_start(before, after);
    let (before, after) = (&before[prefix..], &after[prefix..]);
    let suffix = same_at_end(before, after);
    match (before.len() == suffix, after.len() == suffix) {
        (true, _) => InframeInsertion,
        (_, true) => InframeDeletion,
        _ => ProteinAlteringVariant,
    }
}
