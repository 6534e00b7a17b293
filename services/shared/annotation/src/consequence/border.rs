//! What an edit does that lies in a coding sequence and in an untranslated region beside it.

use std::ops::Range;

use reference::coding::{Changed, Coding, Reading};
use reference::genetic_code::STOP;

use super::Consequence::*;
use super::Consequences;
use super::coding::{CodingEffect, before_the_start, loses_stop};
use crate::hgvs::{ProteinChange, StopFate, same_at_start, whole_change};

/// The effect of an edit of the messenger (0-based, half-open) that has bases of the coding sequence and bases beside it.
pub(super) fn across_the_border(coding: &Coding, edit: &Range<usize>, inserted: &[u8]) -> CodingEffect {
    let cds = coding.cds();
    let (is_before, is_after) = (edit.start < cds.start, edit.end > cds.end);
    let mut consequences = Consequences::default();
    if is_before {
        consequences.add(FivePrimeUtrVariant);
    }
    if is_after {
        consequences.add(ThreePrimeUtrVariant);
    }
    let protein = if is_before && !coding.has_start() || is_after && !coding.has_stop() {
        consequences.add(CodingSequenceVariant);
        None
    } else {
        let border = Border {
            coding,
            edit,
            inserted,
            changed: Changed::new(coding, edit.clone(), inserted),
        };
        let (terms, protein) = border.effect(is_before, is_after);
        consequences = consequences.or(terms);
        Some(protein.counted_from(coding.uncounted()))
    };
    CodingEffect {
        consequences,
        protein,
        codons: None,
    }
}

struct Border<'a> {
    coding: &'a Coding,
    edit: &'a Range<usize>,
    inserted: &'a [u8],
    changed: Changed<'a>,
}

impl Border<'_> {
    fn effect(&self, is_before: bool, is_after: bool) -> (Consequences, ProteinChange) {
        let (coding, cds) = (self.coding, self.coding.cds());
        if is_before && !is_after && self.changed.keeps_all_from_start() {
            return before_the_start(coding);
        }
        let mut consequences = Consequences::default();
        let start = match self.edit.start < cds.start + 3 {
            true => self.changed.start(),
            false => Some(cds.start),
        };
        let Some(start) = start else {
            consequences.add(StartLost);
            if is_after {
                consequences.add(StopLost);
            }
            return (consequences, ProteinChange::StartLost);
        };
        let reading = self.changed.read(start);
        if self.edit.start < cds.start + 3 && self.changes(cds.start) {
            consequences.add(StartRetainedVariant);
        }
        let loses_stop = is_after && loses_stop(coding, &reading, self.edit, self.inserted);
        if loses_stop {
            consequences.add(StopLost);
        } else if is_after && self.changes(cds.end - 3) {
            consequences.add(StopRetainedVariant);
        }
        if reading.protein == coding.protein {
            if self.is_exchange() && self.changes_other_codons() {
                consequences.add(SynonymousVariant);
            }
            let place = if is_after { coding.protein.len() - 1 } else { 0 };
            let first = (coding.protein[place], place + 1);
            return (consequences, ProteinChange::Same { first, last: None });
        }
        let shifts_frame = !is_after && start == cds.start && self.edit.len() % 3 != self.inserted.len() % 3;
        self.add_change(&reading, shifts_frame, loses_stop, &mut consequences);
        let stop = StopFate::of(loses_stop, consequences.has(StopGained));
        let change = whole_change(&coding.protein, &reading.protein, shifts_frame, stop);
        (consequences, change)
    }

    /// The term for amino acids that are other ones.
    fn add_change(&self, reading: &Reading, shifts_frame: bool, loses_stop: bool, consequences: &mut Consequences) {
        let (before, after) = (&self.coding.protein, &reading.protein);
        let is_shorter = after.len() < before.len();
        match (self.is_exchange(), loses_stop) {
            (true, _) if is_shorter && after.last() == Some(&STOP) => consequences.add(StopGained),
            (true, _) => {
                if same_at_start(before, after) + 1 < before.len() {
                    consequences.add(MissenseVariant);
                }
            }
            (false, true) => {}
            _ if shifts_frame => consequences.add(FrameshiftVariant),
            _ if is_shorter && self.inserted.is_empty() => consequences.add(InframeDeletion),
            _ => consequences.add(ProteinAlteringVariant),
        }
    }

    /// Whether as many bases come as go.
    fn is_exchange(&self) -> bool {
        self.edit.len() == self.inserted.len()
    }

    /// Whether the codon at a place of the messenger is not, base for base, what it was. An edit of another length
    /// changes all that it touches.
    fn changes(&self, at: usize) -> bool {
        !self.is_exchange() || self.changed.codon(at) != Changed::new(self.coding, 0..0, b"").codon(at)
    }

    /// Whether an exchange changes codons between the first and the last.
    fn changes_other_codons(&self) -> bool {
        let cds = self.coding.cds();
        let mut codons = (cds.start + 3..cds.end.saturating_sub(3)).step_by(3);
        codons.any(|at| at < self.edit.end && at + 3 > self.edit.start && self.changes(at))
    }
}
