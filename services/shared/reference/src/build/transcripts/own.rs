//! A transcript's own sequence, beside what the chromosome has in its place.
//!
//! About one in forty of RefSeq's transcripts is not the reference genome: it has other bases, or more, or fewer. What is told
//! of it, positions, codons and names, is told of its own sequence then, of which the bundle has the differences.

use super::alignment::{self, Piece};
use super::codons::{self, Recoded};
use super::model::Transcript;
use crate::Sequence;
use crate::bundle::{BROKEN, Difference, END_INCOMPLETE, GENOME_DIFFERS, OWN_SEQUENCE, PHASE_SHIFT, REVERSE};
use crate::gene::Strand;
use crate::genetic_code::STANDARD;

/// The longest transcript: its positions and a letter go into one number.
pub(super) const MOST_BASES: usize = 1 << 24;

/// One of so many aligned bases may be another one. With more, the sequence or the alignment is that of something else.
const ONE_OTHER_IN: usize = 5;

/// Takes a transcript's own sequence, and says whether that could be done. It could not where the sequence is longer or shorter
/// than the exons and no alignment says why; the transcript is flagged then.
pub(super) fn take(transcript: &mut Transcript, own: &[u8], chromosome: &Sequence<'_>) -> bool {
    let found = compared(transcript, own, chromosome);
    let Some(found) = found else {
        transcript.flags |= GENOME_DIFFERS;
        return false;
    };
    transcript.differences = found.differences;
    transcript.flags &= !(GENOME_DIFFERS | OWN_SEQUENCE);
    if transcript.differences.is_empty() {
        return true;
    }
    transcript.flags |= GENOME_DIFFERS | OWN_SEQUENCE;
    transcript.exons = found.pieces.iter().map(|piece| piece.span).collect();
    transcript.exons.sort_unstable();
    if let Some(cds) = found.cds {
        code(transcript, own, cds, &found.pieces);
    }
    true
}

/// A transcript's own sequence, aligned.
struct Compared {
    pieces: Vec<Piece>,
    differences: Vec<u32>,
    /// The coding sequence in the transcript.
    cds: Option<(u32, u32)>,
}

fn compared(transcript: &Transcript, own: &[u8], chromosome: &Sequence<'_>) -> Option<Compared> {
    let is_reverse = transcript.flags & REVERSE != 0;
    let pieces = match transcript.alignment.is_empty() {
        true => alignment::of_exons(&transcript.exons, is_reverse),
        false => alignment::pieces(&transcript.alignment, is_reverse)?,
    };
    let end = pieces.last()?.end() as usize;
    let (left, right) = match is_reverse {
        false => (pieces.first()?.span.0, pieces.last()?.span.1),
        true => (pieces.last()?.span.0, pieces.first()?.span.1),
    };
    let is_whole = (left, right) == transcript.span && right as usize <= chromosome.len();
    let fits = is_whole && own.len() < MOST_BASES && end <= own.len();
    // Without an alignment, what is behind the last exon can only be the tail.
    if !fits || transcript.alignment.is_empty() && own[end..].iter().any(|base| *base != b'A') {
        return None;
    }
    let (mut differences, mut at, mut others) = (Vec::new(), 0, 0);
    for piece in &pieces {
        let (first, last) = (piece.at as usize, piece.end() as usize);
        differences.extend((at..first).map(|at| Difference::Extra(own[at]).packed(at)));
        if piece.goes_on {
            differences.push(Difference::SameExon.packed(first));
        }
        let strand = if is_reverse { Strand::Reverse } else { Strand::Forward };
        let there = strand.read(&chromosome.bases(piece.span.0 as usize..piece.span.1 as usize));
        for (at, (own, there)) in (first..last).zip(own[first..last].iter().zip(&there)) {
            if own != there {
                differences.push(Difference::Other(*own).packed(at));
                others += usize::from(*there != b'N');
            }
        }
        at = last;
    }
    differences.extend((at..own.len()).map(|at| Difference::Extra(own[at]).packed(at)));
    let aligned: usize = pieces.iter().map(|piece| (piece.end() - piece.at) as usize).sum();
    let cds = match transcript.is_coding() {
        true => Some(coding(transcript, &pieces, is_reverse)?),
        false => None,
    };
    (others * ONE_OTHER_IN <= aligned).then_some(Compared {
        pieces,
        differences,
        cds,
    })
}

/// The coding sequence in the transcript; `None` if an end of it is in no piece.
fn coding(transcript: &Transcript, pieces: &[Piece], is_reverse: bool) -> Option<(u32, u32)> {
    let own = |place: u32| pieces.iter().find_map(|piece| piece.own(place, is_reverse));
    let (left, right) = (own(transcript.cds.0)?, own(transcript.cds.1 - 1)?);
    Some((left.min(right), left.max(right) + 1))
}

/// Whether the frame holds in the transcript's own coding sequence, and which of its codons are read otherwise. Where the
/// chromosome has another base, NCBI has an exception for the amino acid that the transcript has anyway.
fn code(transcript: &mut Transcript, own: &[u8], cds: (u32, u32), pieces: &[Piece]) {
    let phase = transcript.flags >> PHASE_SHIFT & 3;
    let is_whole = (cds.1 - cds.0 + phase).is_multiple_of(3) || transcript.flags & END_INCOMPLETE != 0;
    transcript.flags &= !BROKEN;
    transcript.recoded = Vec::new();
    if transcript.slips || !is_whole {
        transcript.flags |= BROKEN;
        return;
    }
    let is_reverse = transcript.flags & REVERSE != 0;
    let numbered = |(place, letter): &Recoded| {
        let first = if is_reverse { place.1.checked_sub(1)? } else { place.0 };
        let at = pieces.iter().find_map(|piece| piece.own(first, is_reverse))?;
        let codon = (at.checked_sub(cds.0)? + phase) / 3;
        let bases = (cds.0 + 3 * codon).checked_sub(phase)? as usize;
        let is_read_so = STANDARD.amino_acid(own.get(bases..bases + 3)?) == *letter;
        (at < cds.1 && !is_read_so).then_some((codon, *letter))
    };
    transcript.recoded = codons::packed(transcript.exceptions.iter().filter_map(numbered));
}
