//! Coding sequences that are cut off, of sources that do not say it: Ensembl's GFF3 has no tags `cds_start_NF` and
//! `cds_end_NF`, UCSC's knownGene no states of ends.
//!
//! A coding sequence can be cut off only where its transcript is: where it begins with the transcript's first base, or ends
//! with the last. There it is if it has no start codon, or no stop codon.

use super::super::sequence::Bases;
use super::frames;
use super::model::{Span, Transcript};
use crate::Sequence;
use crate::bundle::{BROKEN, END_INCOMPLETE, REVERSE, START_INCOMPLETE};
use crate::gene::Strand;
use crate::genetic_code::{STANDARD, STOP};

/// Sets the flags of the ends. Without `bases`, codons are not known, and the length alone tells.
pub(super) fn find(transcripts: &mut [Transcript], bases: Option<&Bases>) {
    for transcript in transcripts.iter_mut().filter(|transcript| transcript.is_coding()) {
        let Coding { strand, parts, phase } = coding(transcript);
        let (cds, span) = (transcript.cds, transcript.span);
        let (is_first, is_last) = match strand {
            Strand::Forward => (cds.0 == span.0, cds.1 == span.1),
            Strand::Reverse => (cds.1 == span.1, cds.0 == span.0),
        };
        let length = parts.iter().fold(phase, |sum, part| sum.wrapping_add(part.1 - part.0));
        let sequence = bases
            .and_then(|bases| bases.view(transcript.chromosome))
            .map(Sequence::packed);
        let read = |from_start: bool| codon(sequence.as_ref()?, &parts, strand, from_start);
        if is_first && phase == 0 && read(true).is_some_and(|codon| !STANDARD.is_start(&codon)) {
            transcript.flags |= START_INCOMPLETE;
        }
        let lacks_stop = || read(false).is_some_and(|codon| STANDARD.amino_acid(&codon) != STOP);
        if is_last && (!length.is_multiple_of(3) || lacks_stop()) {
            transcript.flags |= END_INCOMPLETE;
        }
    }
}

/// Once the ends are known: the flags of the frames.
pub(super) fn settle(transcript: &mut Transcript) {
    let frames = std::mem::take(&mut transcript.frames);
    if !transcript.is_coding() {
        return;
    }
    transcript.flags = frames::flags(&transcript.exons, transcript.cds, &frames, transcript.flags);
    if transcript.flags & BROKEN != 0 {
        // Codons cannot be counted.
        transcript.recoded = Vec::new();
    }
}

/// A coding sequence: its parts 5' to 3', and how many bases its first codon lacks.
struct Coding {
    strand: Strand,
    parts: Vec<Span>,
    phase: u32,
}

fn coding(transcript: &Transcript) -> Coding {
    let mut parts: Vec<(usize, Span)> = transcript.coding_parts().collect();
    let strand = if transcript.flags & REVERSE == 0 {
        Strand::Forward
    } else {
        Strand::Reverse
    };
    if strand == Strand::Reverse {
        parts.reverse();
    }
    let frame = parts.first().and_then(|(exon, _)| transcript.frames.get(*exon));
    Coding {
        strand,
        phase: frame.map_or(0, |frame| (*frame).clamp(0, 2)) as u32,
        parts: parts.into_iter().map(|(_, part)| part).collect(),
    }
}

/// The first three bases of a coding sequence, or the last three; `None` if they are not all known.
fn codon(sequence: &Sequence<'_>, parts: &[Span], strand: Strand, from_start: bool) -> Option<Vec<u8>> {
    let mut bases = Vec::with_capacity(3);
    let mut take = |part: &Span| {
        let missing = 3 - bases.len() as u32;
        let length = missing.min(part.1 - part.0);
        let is_left = from_start == (strand == Strand::Forward);
        let span = if is_left {
            part.0..part.0 + length
        } else {
            part.1 - length..part.1
        };
        let read = strand.read(&sequence.bases(span.start as usize..span.end as usize));
        match from_start {
            true => bases.extend(read),
            false => drop(bases.splice(0..0, read)),
        }
    };
    match from_start {
        true => parts.iter().take(3).for_each(&mut take),
        false => parts.iter().rev().take(3).for_each(&mut take),
    }
    (bases.len() == 3 && !bases.contains(&b'N')).then_some(bases)
}
