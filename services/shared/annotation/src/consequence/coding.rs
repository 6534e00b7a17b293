//! What an edit inside a coding sequence does to codons and amino acids.

use std::ops::Range;

use super::Consequence::{self, *};
use super::Consequences;
use crate::coding::Coding;
use crate::genetic_code::{STOP, UNKNOWN};
use crate::hgvs::{ProteinChange, local_change, whole_change};

/// The effect on codons and protein.
pub(crate) struct CodingEffect {
    pub(crate) consequences: Consequences,
    /// How HGVS describes the protein.
    pub(crate) protein: ProteinChange,
    /// Codons before and after.
    pub(crate) codons: Codons,
}

/// The codons that an edit touches, before and after it.
pub(crate) struct Codons {
    /// Where the first of them begins in the coding sequence (0-based, half-open). Empty for an insertion between codons.
    pub(crate) span: Range<usize>,
    before: Vec<u8>,
    after: Vec<u8>,
    /// How many bases at either end are as they were.
    kept: (usize, usize),
    /// Amino acids before.
    pub(crate) amino_acids: Vec<u8>,
    /// Amino acids after; an incomplete codon is an unknown one.
    pub(crate) changed_amino_acids: Vec<u8>,
}

impl Codons {
    fn new(coding: &Coding, edit: &Range<usize>, inserted: &[u8]) -> Self {
        let first = edit.start - edit.start % 3;
        let between = edit.is_empty() && edit.start == first;
        let last = if between {
            first
        } else {
            (edit.end.max(edit.start + 1))
                .next_multiple_of(3)
                .min(coding.bases.len())
        };
        let (head, tail) = (&coding.bases[first..edit.start], &coding.bases[edit.end..last]);
        let (before, after) = (coding.bases[first..last].to_vec(), [head, inserted, tail].concat());
        let translate = |bases: &[u8]| {
            let mut amino_acids = coding.code.translate(bases);
            if first == 0 && !between && bases.get(..3).is_some_and(|codon| coding.code.is_start(codon)) {
                amino_acids[0] = b'M';
            }
            amino_acids
        };
        let (amino_acids, changed_amino_acids) = (translate(&before), translate(&after));
        Self {
            span: first..last,
            kept: (head.len(), tail.len()),
            before,
            after,
            amino_acids,
            changed_amino_acids,
        }
    }

    /// Appends them as Ensembl VEP writes them, changed bases in upper case: `gTa/gCa`, `-/GGC`.
    pub(crate) fn append(&self, out: &mut Vec<u8>) {
        for (index, bases) in [&self.before, &self.after].into_iter().enumerate() {
            out.extend_from_slice(if index > 0 { b"/" } else { b"" });
            if bases.is_empty() {
                out.push(b'-');
            }
            let changed = self.kept.0..bases.len() - self.kept.1;
            let letters = bases.iter().enumerate();
            out.extend(letters.map(|(at, base)| {
                if changed.contains(&at) {
                    *base
                } else {
                    base.to_ascii_lowercase()
                }
            }));
        }
    }

    fn touches_start(&self) -> bool {
        self.span.start == 0 && !self.span.is_empty()
    }

    fn keeps_start(&self, coding: &Coding) -> bool {
        self.after.get(..3).is_some_and(|codon| coding.code.is_start(codon))
    }

    /// The change of these amino acids, up to a new stop.
    fn change(&self, coding: &Coding) -> ProteinChange {
        let stop = self
            .changed_amino_acids
            .iter()
            .position(|amino_acid| *amino_acid == STOP);
        let read = stop
            .filter(|_| self.has_new_stop())
            .map_or(self.changed_amino_acids.len(), |stop| stop + 1);
        local_change(
            &coding.protein,
            self.span.start / 3,
            &self.amino_acids,
            &self.changed_amino_acids[..read],
        )
    }

    fn has_new_stop(&self) -> bool {
        self.changed_amino_acids.contains(&STOP) && !self.amino_acids.contains(&STOP)
    }
}

/// The effect of replacing `edit` (0-based, half-open, inside the coding sequence, as its strand reads) by `inserted`.
pub(crate) fn on_coding(coding: &Coding, edit: &Range<usize>, inserted: &[u8]) -> CodingEffect {
    let codons = Codons::new(coding, edit, inserted);
    let (consequences, protein) = if !coding.has_whole_stop() && codons.span.start >= coding.incomplete_from() {
        (
            Consequences::from([IncompleteTerminalCodonVariant, CodingSequenceVariant]),
            ProteinChange::Unknown,
        )
    } else if codons.changed_amino_acids.contains(&UNKNOWN) && edit.len() % 3 == inserted.len() % 3 {
        (Consequences::from([CodingSequenceVariant]), ProteinChange::Unknown)
    } else if edit.len() == inserted.len() {
        substituted(coding, &codons)
    } else {
        resized(coding, &codons, edit, inserted)
    };
    CodingEffect {
        consequences,
        protein,
        codons,
    }
}

/// As many bases as before: codons change in place.
fn substituted(coding: &Coding, codons: &Codons) -> (Consequences, ProteinChange) {
    let mut consequences = Consequences::default();
    let (before, after) = (&codons.amino_acids, &codons.changed_amino_acids);
    if codons.touches_start() {
        if !codons.keeps_start(coding) {
            return (Consequences::from([StartLost]), ProteinChange::StartLost);
        }
        consequences.add(StartRetainedVariant);
    }
    let stop_before = before.last() == Some(&STOP);
    match (stop_before, after.last() == Some(&STOP)) {
        (true, true) => consequences.add(StopRetainedVariant),
        (true, false) => consequences.add(StopLost),
        _ if codons.has_new_stop() => consequences.add(StopGained),
        _ => {}
    }
    if before == after && !stop_before {
        consequences.add(SynonymousVariant);
    } else if before != after && consequences.iter().all(|consequence| consequence > MissenseVariant) {
        consequences.add(MissenseVariant);
    }
    let change = match codons.change(coding) {
        ProteinChange::Extension { from, to, .. } => ProteinChange::Extension {
            from,
            to,
            stop: coding.to_next_stop(),
        },
        change => change,
    };
    (consequences, change)
}

/// More or fewer bases than before.
fn resized(coding: &Coding, codons: &Codons, edit: &Range<usize>, inserted: &[u8]) -> (Consequences, ProteinChange) {
    let changed = [&coding.bases[..edit.start], inserted, &coding.bases[edit.end..]].concat();
    let protein = coding.protein_of(&changed);
    let mut consequences = Consequences::default();
    if protein == coding.protein {
        return unchanged(coding, codons);
    }
    let shifts_frame = edit.len() % 3 != inserted.len() % 3;
    consequences.add(if shifts_frame {
        FrameshiftVariant
    } else {
        in_frame(codons, inserted)
    });
    if codons.has_new_stop() {
        consequences.add(StopGained);
    }
    if coding.has_whole_stop() && codons.span.end == coding.bases.len() && !codons.changed_amino_acids.contains(&STOP) {
        consequences.add(StopLost);
    }
    if codons.touches_start() && !codons.keeps_start(coding) {
        consequences.add(StartLost);
        return (consequences, ProteinChange::StartLost);
    }
    let same = protein
        .iter()
        .zip(&coding.protein)
        .take_while(|(one, other)| one == other)
        .count();
    let ends_at_once = protein.get(same) == Some(&STOP) && same < coding.protein.len();
    let change = match shifts_frame || ends_at_once || !codons.has_new_stop() {
        true => whole_change(&coding.protein, &protein, shifts_frame || ends_at_once),
        false => codons.change(coding),
    };
    (consequences, change)
}

/// Bases came or went, and yet the protein is what it was.
fn unchanged(coding: &Coding, codons: &Codons) -> (Consequences, ProteinChange) {
    let position = codons.span.start / 3;
    let consequence = match coding.protein.get(position) {
        Some(&STOP) => StopRetainedVariant,
        _ if codons.has_new_stop() => StopRetainedVariant,
        _ if codons.touches_start() => StartRetainedVariant,
        _ => SynonymousVariant,
    };
    let amino_acid = coding.protein.get(position).copied().unwrap_or(STOP);
    (
        Consequences::from([consequence]),
        ProteinChange::Same {
            first: (amino_acid, position + 1),
            last: None,
        },
    )
}

/// Which of the in-frame terms fits. A deletion of bases alone is an in-frame deletion even where the codons at its ends
/// join to another one, as Ensembl VEP has it; an insertion must leave the codons beside it as they were.
fn in_frame(codons: &Codons, inserted: &[u8]) -> Consequence {
    let (before, after) = (&codons.amino_acids, &codons.changed_amino_acids);
    if inserted.is_empty() {
        return InframeDeletion;
    }
    let prefix = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[prefix..], &after[prefix..]);
    let suffix = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    match (before.len() == suffix, after.len() == suffix) {
        (true, _) => InframeInsertion,
        (_, true) => InframeDeletion,
        _ => ProteinAlteringVariant,
    }
}
