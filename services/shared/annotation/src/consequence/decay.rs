//! Whether a messenger with a new stop escapes nonsense-mediated decay: CSQ's field NMD.
//!
//! A messenger decays if a stop is read well before its last splice junction. It escapes
//! 1. if the stop is in the last exon,
//! 2. or within 50 bases before the last junction,
//! 3. or begins within the first 100 bases of the coding sequence,
//! 4. or if the transcript has no introns.
//!
//! The rules, and the word `NMD_escaping_variant`, are those of Ensembl's plugin NMD.pm for VEP, which has them from Coban-Akdemir
//! et al. 2018, <https://doi.org/10.1016/j.ajhg.2018.06.009>, and Lindeboom et al. 2016, <https://doi.org/10.1038/ng.3664>. The
//! plugin looks where the variant is; here it is asked where the new stop is. So a frameshift is judged by the stop that
//! its frame runs into, which may be exons away, in the messenger as it becomes. Of a frame without a stop nothing is
//! told, nor of splice sites, whose messenger is not known.

use reference::Edit;
use reference::genetic_code::STOP;

use super::Consequence::{FrameshiftVariant, StopGained};
use super::Consequences;
use crate::hgvs::ProteinChange;
use crate::transcript::Transcript;

/// How many bases before the last junction a stop may end without decay.
const BEFORE_JUNCTION: i64 = 50;

/// Within how many bases of the coding sequence a stop may begin without decay.
const NEAR_START: i64 = 100;

/// Whether the messenger has a new stop and escapes decay. `protein` is what the edit makes of the protein.
pub(crate) fn escapes_decay(
    transcript: &Transcript<'_>,
    consequences: Consequences,
    protein: Option<&ProteinChange>,
    edit: &Edit,
) -> bool {
    let is_cut = consequences.has(StopGained) || consequences.has(FrameshiftVariant);
    let stop = protein.filter(|_| is_cut).and_then(new_stop);
    stop.is_some_and(|stop| escapes(transcript, stop, edit) == Some(true))
}

/// `None` if the edit is not wholly in an exon.
fn escapes(transcript: &Transcript<'_>, stop: usize, edit: &Edit) -> Option<bool> {
    if transcript.exon_count() == 1 {
        return Some(true);
    }
    // A first codon that is not whole makes an amino acid that is not counted.
    let phase = i64::from(transcript.phase());
    let from_start = 3 * (stop as i64 + i64::from(phase > 0)) - phase;
    if from_start < NEAR_START {
        return Some(true);
    }
    let place = transcript.messenger_span(&(edit.start as u32..edit.end as u32))?;
    let junction = last_junction(transcript)?;
    let grown = match place.start < junction {
        true => edit.inserted.len() as i64 - edit.deleted() as i64,
        false => 0,
    };
    let end = i64::from(transcript.cds.as_ref()?.start) + from_start + 3;
    Some(end + BEFORE_JUNCTION >= i64::from(junction) + grown)
}

/// How many bases of the messenger come before its last exon.
fn last_junction(transcript: &Transcript<'_>) -> Option<u32> {
    let count = transcript.exon_count();
    let pieces = (0..transcript.exons.len()).filter(|index| transcript.exon_number(*index) == count);
    pieces.map(|index| transcript.piece(index).start).min()
}

/// The index (from 0) of the new stop among the amino acids that are read.
fn new_stop(change: &ProteinChange) -> Option<usize> {
    let among = |amino_acids: &[u8]| amino_acids.iter().position(|amino_acid| *amino_acid == STOP);
    match change {
        ProteinChange::Substitution { from, to: STOP } => Some(from.1 - 1),
        ProteinChange::Frameshift { from, stop, .. } => Some(from.1 + (*stop)? - 2),
        ProteinChange::Insertion { before, inserted, .. } => Some(before.1 + among(inserted)?),
        ProteinChange::Replacement { first, inserted, .. } => Some(first.1 - 1 + among(inserted)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_stop_is_counted_from_the_name_of_the_protein() {
        for (change, expected) in [
            // p.Trp3Ter
            (
                ProteinChange::Substitution {
                    from: (b'W', 3),
                    to: STOP,
                },
                Some(2),
            ),
            (
                ProteinChange::Substitution {
                    from: (b'W', 3),
                    to: b'R',
                },
                None,
            ),
            // p.Ala4ArgfsTer4: Arg is 4, the stop 7.
            (
                ProteinChange::Frameshift {
                    from: (b'A', 4),
                    to: b'R',
                    stop: Some(4),
                },
                Some(6),
            ),
            (
                ProteinChange::Frameshift {
                    from: (b'A', 4),
                    to: b'R',
                    stop: None,
                },
                None,
            ),
            // p.Leu3_Ala4insGlyTer: Gly is 4, the stop 5.
            (
                ProteinChange::Insertion {
                    before: (b'L', 3),
                    after: (b'A', 4),
                    inserted: b"G*".to_vec(),
                },
                Some(4),
            ),
            // p.Leu3_Ala4delinsArgTer
            (
                ProteinChange::Replacement {
                    first: (b'L', 3),
                    last: (b'A', 4),
                    inserted: b"R*".to_vec(),
                },
                Some(3),
            ),
            (ProteinChange::StartLost, None),
        ] {
            assert_eq!(new_stop(&change), expected, "{change}");
        }
    }
}
