//! What a variant does to a coding sequence.

use super::Consequence;
use crate::hgvs;
use crate::reference::{Gene, STOP, is_start, translate};
use crate::variant::Variant;

/// What a variant does to one protein.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CodingEffect {
    /// Terms, gravest first.
    pub(crate) consequences: Vec<Consequence>,
    /// 1-based bases of the coding sequence: `40` or `40-42`.
    pub(crate) cds_position: String,
    /// 1-based amino acids: `14` or `14-15`.
    pub(crate) protein_position: String,
    /// `T/A`, or `T` if it stays.
    pub(crate) amino_acids: String,
    /// `Act/Gct`: changed bases in upper case.
    pub(crate) codons: String,
    /// `p.Thr112Ala`, without the protein's accession.
    pub(crate) hgvs_p: String,
}

/// A variant inside a coding sequence, as that sequence is read: bases `at..at + removed` (0-based) are replaced.
struct Change<'a> {
    gene: &'a Gene,
    at: usize,
    removed: usize,
    inserted: Vec<u8>,
}

/// The effect of a variant that lies wholly inside the gene, or `None` if it reaches beyond it.
pub(crate) fn effect(variant: &Variant, gene: &Gene) -> Option<CodingEffect> {
    let (first, last) = variant.touched();
    if first < gene.start || gene.end < last {
        return None;
    }
    let (first, last) = (gene.offset(first), gene.offset(last));
    // An insertion comes before whichever of its neighbours is read later.
    let at = if variant.is_insertion() {
        first.max(last)
    } else {
        first.min(last)
    };
    let inserted = gene.strand.read(&variant.alternate);
    Some(
        Change {
            gene,
            at,
            removed: variant.reference.len(),
            inserted,
        }
        .effect(),
    )
}

impl Change<'_> {
    fn effect(&self) -> CodingEffect {
        let whole = self.gene.sequence.len() / 3 * 3;
        if self.last() >= whole {
            return self.in_the_incomplete_codon();
        }
        let changed = self.changed_sequence();
        let protein = translate(&changed);
        let (reference, alternate) = self.codons();
        let consequences = self.consequences(&protein, &reference, &alternate);
        let lost = consequences.contains(&Consequence::StartLost);
        let hgvs_p = match lost {
            true => "p.Met1?".to_owned(),
            false => hgvs::protein(
                &self.gene.protein,
                &until_stop(&protein),
                self.at / 3,
                self.shifts_frame(),
                self.touches_stop(),
            ),
        };
        CodingEffect {
            consequences,
            cds_position: range(self.at + 1, self.last() + 1),
            protein_position: range(self.at / 3 + 1, self.last() / 3 + 1),
            amino_acids: self.amino_acids(&reference, &alternate),
            codons: self.codon_text(&reference, &alternate),
            hgvs_p,
        }
    }

    /// 0-based offset of the last base touched; for an insertion, of the base before it.
    fn last(&self) -> usize {
        (self.at + self.removed).saturating_sub(1)
    }

    fn shifts_frame(&self) -> bool {
        self.removed % 3 != self.inserted.len() % 3
    }

    fn touches_stop(&self) -> bool {
        self.gene.protein.last() == Some(&STOP) && self.last() / 3 + 1 == self.gene.protein.len()
    }

    fn changed_sequence(&self) -> Vec<u8> {
        let sequence = &self.gene.sequence;
        [
            &sequence[..self.at],
            &self.inserted,
            &sequence[self.at + self.removed..],
        ]
        .concat()
    }

    /// The codons that are touched, before and after. An insertion between two codons touches none.
    fn codons(&self) -> (Vec<u8>, Vec<u8>) {
        let sequence = &self.gene.sequence;
        let begin = self.at / 3 * 3;
        let end = match self.removed {
            0 if self.at.is_multiple_of(3) => self.at,
            _ => (self.last() / 3 * 3 + 3).min(sequence.len()),
        };
        let alternate = [
            &sequence[begin..self.at],
            &self.inserted,
            &sequence[self.at + self.removed..end.max(self.at + self.removed)],
        ];
        (sequence[begin..end].to_vec(), alternate.concat())
    }

    fn consequences(&self, protein: &[u8], reference: &[u8], alternate: &[u8]) -> Vec<Consequence> {
        let changed = self.changed_sequence();
        if self.at < 3 && self.removed + self.inserted.len() > 0 && changed.get(..3) != self.gene.sequence.get(..3) {
            let still = changed.get(..3).is_some_and(is_start) && !self.shifts_frame();
            return vec![if still {
                Consequence::StartRetainedVariant
            } else {
                Consequence::StartLost
            }];
        }
        let length = |protein: &[u8]| protein.iter().position(|acid| *acid == STOP);
        let (before, after) = (length(&self.gene.protein), length(protein));
        if self.touches_stop() {
            let retained = after.is_some() && after == before;
            return vec![if retained {
                Consequence::StopRetainedVariant
            } else {
                Consequence::StopLost
            }];
        }
        if self.shifts_frame() {
            let stops_here = after == Some(self.at / 3) && self.removed + self.inserted.len() > 0;
            let grave = stops_here.then_some(Consequence::StopGained);
            return grave.into_iter().chain([Consequence::FrameshiftVariant]).collect();
        }
        let (old, new) = (acids(reference), acids(alternate));
        let gained = new.contains(&STOP) && !old.contains(&STOP);
        let kind = match old.len().cmp(&new.len()) {
            _ if old == new => Consequence::SynonymousVariant,
            std::cmp::Ordering::Equal if gained => return vec![Consequence::StopGained],
            std::cmp::Ordering::Equal => Consequence::MissenseVariant,
            std::cmp::Ordering::Less if new.starts_with(&old) || new.ends_with(&old) => Consequence::InframeInsertion,
            std::cmp::Ordering::Greater if old.starts_with(&new) || old.ends_with(&new) => Consequence::InframeDeletion,
            _ => Consequence::ProteinAlteringVariant,
        };
        gained
            .then_some(Consequence::StopGained)
            .into_iter()
            .chain([kind])
            .collect()
    }

    /// Six messengers end in `T` or `TA`, which their tails complete to the stop `TAA`.
    fn in_the_incomplete_codon(&self) -> CodingEffect {
        let (reference, alternate) = self.codons();
        CodingEffect {
            consequences: vec![
                Consequence::IncompleteTerminalCodonVariant,
                Consequence::CodingSequenceVariant,
            ],
            cds_position: range(self.at + 1, self.last() + 1),
            protein_position: range(self.at / 3 + 1, self.last() / 3 + 1),
            codons: self.codon_text(&reference, &alternate),
            ..CodingEffect::default()
        }
    }

    fn amino_acids(&self, reference: &[u8], alternate: &[u8]) -> String {
        let is_first = self.at < 3;
        let text = |codons: &[u8]| {
            let mut acids = if is_first { translate(codons) } else { acids(codons) };
            if !codons.len().is_multiple_of(3) {
                acids.push(b'X');
            }
            String::from_utf8(if acids.is_empty() { vec![b'-'] } else { acids }).unwrap_or_default()
        };
        let (old, new) = (text(reference), text(alternate));
        if old == new { old } else { format!("{old}/{new}") }
    }

    fn codon_text(&self, reference: &[u8], alternate: &[u8]) -> String {
        let before = self.at - self.at / 3 * 3;
        let text = |codons: &[u8], changed: usize| {
            let mark = |(at, base): (usize, &u8)| match (before..before + changed).contains(&at) {
                true => base.to_ascii_uppercase() as char,
                false => base.to_ascii_lowercase() as char,
            };
            if codons.is_empty() {
                "-".to_owned()
            } else {
                codons.iter().enumerate().map(mark).collect()
            }
        };
        format!(
            "{}/{}",
            text(reference, self.removed),
            text(alternate, self.inserted.len())
        )
    }
}

/// Amino acids of codons that are not the first of a protein.
fn acids(codons: &[u8]) -> Vec<u8> {
    translate(&[b"AAA", codons].concat())[1..].to_vec()
}

fn until_stop(protein: &[u8]) -> Vec<u8> {
    let end = protein
        .iter()
        .position(|acid| *acid == STOP)
        .map_or(protein.len(), |at| at + 1);
    protein[..end].to_vec()
}

fn range(first: usize, last: usize) -> String {
    match last > first {
        true => format!("{first}-{last}"),
        false if last < first => format!("{last}-{first}"),
        false => first.to_string(),
    }
}
