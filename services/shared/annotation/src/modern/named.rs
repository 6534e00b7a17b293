//! HGVS names for a transcript.

use reference::{Edit, Sequence};

use super::NuclearAnnotator;
use super::nuclear::{Placed, replaced};
use crate::hgvs::TranscriptChange;
use crate::transcript::Transcript;

/// The longest deletion that gets an HGVS name, in bases.
pub(super) const LONGEST_NAMED: usize = 1_000_000;

impl NuclearAnnotator<'_, '_> {
    /// Writes the HGVS name for a transcript into `hgvs_c`; none where a repeat cannot be seen.
    pub(super) fn name(
        &mut self,
        placed: Placed<'_, '_>,
        edit: &Edit,
        sequence: Option<&Sequence<'_>>,
        transcript: &Transcript<'_>,
    ) {
        if edit.deleted() > LONGEST_NAMED || sequence.is_none() && edit.moves() {
            return;
        }
        let there;
        let reference = match replaced(placed, edit) {
            _ if edit.moves() => &[],
            bases
                if bases
                    .iter()
                    .all(|base| matches!(base, b'A' | b'C' | b'G' | b'T' | b'a' | b'c' | b'g' | b't')) =>
            {
                bases
            }
            // The file may have a code for several bases where the sequence has one of them.
            bases => match sequence {
                Some(sequence) => {
                    there = sequence.bases(edit.start..edit.end);
                    &there[..]
                }
                None => bases,
            },
        };
        self.hgvs_c.extend_from_slice(transcript.accession());
        self.hgvs_c.push(b':');
        let change = TranscriptChange {
            transcript,
            sequence,
            edit,
            reference,
        };
        if !change.append(&mut self.hgvs_c) {
            self.hgvs_c.clear();
        } else if transcript.own.is_some() && self.hgvs_c.ends_with(b"=") {
            // As INFO may hold it.
            self.hgvs_c.pop();
            self.hgvs_c.extend_from_slice(b"%3D");
        }
    }
}
