//! Which known variants an allele is, however a file writes it.

use reference::bundle::Change;
use reference::{Edit, Placements, Sequence};

use super::NuclearAnnotator;
use super::nuclear::{Placed, replaced};
use crate::info::{Fields, Key};
use crate::report::Counts;

/// An allele as tracks have it: the smallest edit, left-aligned where the sequence is known.
struct Candidate<'a> {
    edit: &'a Edit,
    /// The replaced bases, in upper case.
    reference: &'a [u8],
    /// Whether REF is known to be the sequence's. Lists of common variants have ALT first now and then; where no
    /// sequence tells, both are taken.
    is_certain: bool,
}

impl NuclearAnnotator<'_, '_> {
    /// Looks the allele up in the tracks of variants, and counts those that list it.
    pub(super) fn known(
        &mut self,
        placed: Placed<'_, '_>,
        placements: &Placements,
        sequence: Option<&Sequence<'_>>,
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        counts.looked_up += 1;
        let edit = placements.first();
        let there;
        let reference = match sequence.filter(|_| edit.moves()) {
            Some(sequence) => {
                there = sequence.bases(edit.start..edit.end);
                &there[..]
            }
            None => replaced(placed, edit),
        };
        let candidate = Candidate {
            edit,
            reference,
            is_certain: sequence.is_some(),
        };
        let value = &mut self.value;
        let tracks = self.genome.variants.iter().zip(self.keys);
        for (index, ((track, keys), cursor)) in tracks.zip(&mut self.cursors).enumerate() {
            let mut is_listed = false;
            let rows = track.view.at(placed.chromosome, candidate.edit.start as u32, cursor);
            for row in rows.filter(|row| matches(row, &candidate)) {
                is_listed = true;
                value.clear();
                if track.is_dbsnp {
                    row.append_id(value);
                }
                if track.is_dbsnp && *value != b"." {
                    fields.flag(Key::DB);
                    if !self.existing.is_empty() {
                        self.existing.push(b';');
                    }
                    self.existing.extend_from_slice(value);
                }
                for (field, key) in keys.iter().enumerate() {
                    value.clear();
                    row.append_value(field, value);
                    if *value != b"." {
                        fields.set_once(*key, value);
                    }
                }
            }
            if is_listed {
                counts.listed(index);
            }
        }
    }
}

/// Whether a row of a track that starts where the allele does is that allele.
fn matches(row: &Change<'_, '_>, allele: &Candidate<'_>) -> bool {
    let inserted = &allele.edit.inserted[..];
    let is_same = row.inserted == inserted && row.reference.eq_ignore_ascii_case(allele.reference);
    let is_turned =
        || inserted.len() == 1 && row.reference == inserted && row.inserted.eq_ignore_ascii_case(allele.reference);
    is_same || !allele.is_certain && is_turned()
}
