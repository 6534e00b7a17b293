//! Reading frames: what the exons' frames say of a coding sequence.

use super::model::{Span, coding_parts};
use crate::bundle::{BROKEN, END_INCOMPLETE, PHASE_SHIFT, REVERSE, START_INCOMPLETE};

/// A frame that is not known.
pub(super) const UNKNOWN: i8 = -1;

/// The flags of a coding sequence with what its frames add: how many bases its first codon lacks, and whether the frames do
/// not continue, or it is no multiple of three.
///
/// `frames` has, for each exon, the place of its first coding base in its codon (0 to 2), as UCSC's exonFrames. `flags` say
/// the strand, and at which ends the sequence is known to be cut off: one that is cut off at its end may have any length.
pub(super) fn flags(exons: &[Span], cds: Span, frames: &[i8], flags: u32) -> u32 {
    let mut coding: Vec<(u32, i8)> = coding_parts(exons, cds)
        .map(|(index, part)| (part.1 - part.0, frames.get(index).copied().unwrap_or(UNKNOWN)))
        .collect();
    if flags & REVERSE != 0 {
        coding.reverse();
    }
    let phase = coding.first().map_or(0, |(_, frame)| (*frame).clamp(0, 2)) as u32;
    let (mut at, mut broken) = (phase, false);
    for (length, frame) in coding {
        broken |= frame >= 0 && frame as u32 != at % 3;
        at = at.wrapping_add(length);
    }
    broken |= !at.is_multiple_of(3) && flags & END_INCOMPLETE == 0;
    let cut = if phase > 0 { START_INCOMPLETE } else { 0 };
    flags | cut | phase << PHASE_SHIFT | if broken { BROKEN } else { 0 }
}

/// The frame of a first base whose codon has `phase` bases more before the next one begins, which is how GFF3 and GTF count.
pub(super) fn of_phase(phase: u8) -> i8 {
    [0, 2, 1][usize::from(phase % 3)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXONS: [Span; 2] = [(20, 60), (80, 110)];

    #[test]
    fn frames_that_continue_in_a_multiple_of_three_are_whole() {
        // 30 bases and 9.
        assert_eq!(flags(&EXONS, (30, 89), &[0, 0], 0), 0);
        assert_eq!(flags(&EXONS, (30, 89), &[0, 0], REVERSE), REVERSE);
        assert_eq!(flags(&EXONS, (30, 89), &[UNKNOWN, UNKNOWN], 0), 0);
    }

    #[test]
    fn a_frame_that_does_not_continue_breaks_the_sequence() {
        assert_eq!(flags(&EXONS, (30, 89), &[0, 1], 0), BROKEN);
        assert_eq!(flags(&EXONS, (30, 88), &[0, 0], 0), BROKEN, "38 bases");
    }

    #[test]
    fn a_sequence_that_is_cut_off_at_its_end_may_have_any_length() {
        assert_eq!(flags(&EXONS, (30, 88), &[0, 0], END_INCOMPLETE), END_INCOMPLETE);
        let reverse = REVERSE | END_INCOMPLETE;
        assert_eq!(flags(&EXONS, (31, 89), &[0, 0], reverse), reverse);
        let broken = flags(&EXONS, (30, 88), &[0, 2], END_INCOMPLETE);
        assert_eq!(broken, END_INCOMPLETE | BROKEN, "its frames still have to continue");
    }

    #[test]
    fn a_first_codon_that_lacks_bases_means_that_the_start_is_not_known() {
        // 29 bases and 9, the first of them the second base of its codon.
        assert_eq!(flags(&EXONS, (31, 89), &[1, 0], 0), START_INCOMPLETE | 1 << PHASE_SHIFT);
        assert_eq!([0, 1, 2].map(of_phase), [0, 2, 1]);
    }
}
