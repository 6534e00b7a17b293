//! Transcripts whose own sequence is not the chromosome's.
//!
//! A name of HGVS tells how somebody's transcript differs from the reference transcript, not from the chromosome. So what an
//! allele makes of the chromosome is compared with the transcript's own bases:
//!
//! - Where the transcript has another base, that is the reference: `c.46A>C` where the chromosome has G. An allele that is the
//!   transcript's base changes nothing and is told so, `c.46=`, with the consequence of a synonymous variant. This is what
//!   biocommons' hgvs does (`replace_reference`) and Mutalyzer, which both describe against the transcript; Ensembl VEP reads
//!   codons so (`--use_transcript_ref`), but not names (Ensembl/ensembl-vep#1064).
//! - An allele that touches an alignment gap is told with the gap: bases put in where the chromosome lacks some may make it
//!   what the transcript is (`c.1577_1579=`), and one base of several that the transcript lacks, changed, puts them all in
//!   (`c.127_128insTGCCAC`). So does hgvs, `test_projection_at_alignment_discrepancy`. A gap that an allele cannot be told apart from,
//!   in a repeat, is touched by it.
//! - Elsewhere the other differences of the transcript are not told.

use std::ops::Range;

use reference::bundle::{Difference, GeneRow};
use reference::{Edit, Inserted, Placements, Sequence, Strand};
use smallvec::SmallVec;

use crate::transcript::Transcript;

/// A transcript's own sequence, and how its pieces make exons.
#[derive(Debug)]
pub(crate) struct Own {
    /// All bases of the transcript.
    messenger: Vec<u8>,
    /// Of each piece, by position on the chromosome, the number of its exon in the transcript's direction, from 1.
    numbers: Vec<usize>,
}

/// Places in the list of pieces.
type Pieces = SmallVec<[usize; 4]>;

/// What an allele makes of a transcript's own sequence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OwnEdit {
    /// The bases that it replaces in the transcript: 0-based, half-open.
    pub(crate) place: Range<u32>,
    /// What stands there instead, as the transcript reads; the same bases if nothing changes.
    pub(crate) inserted: Inserted,
}

impl Own {
    /// Reads the differences of a transcript; `None` if it has none. `pieces` are what it shares with the chromosome, by
    /// position; how many of its bases come before each goes into `before`. `sequence` is that of the chromosome.
    pub(crate) fn new(
        row: &GeneRow<'_>,
        pieces: &[Range<u32>],
        before: &mut [u32],
        sequence: Option<&Sequence<'_>>,
    ) -> Option<Box<Self>> {
        let mut differences = row.differences().peekable();
        differences.peek()?;
        let (strand, count) = (strand_of(row), pieces.len());
        let (mut messenger, mut numbers, mut number) = (Vec::new(), vec![0; count], 0);
        for step in 0..count {
            let index = if row.is_reverse() { count - 1 - step } else { step };
            let mut goes_on = false;
            let is_other = |difference: &Difference| matches!(difference, Difference::Other(_));
            while let Some((_, difference)) =
                differences.next_if(|(at, difference)| *at as usize == messenger.len() && !is_other(difference))
            {
                match difference {
                    Difference::Extra(base) => messenger.push(base),
                    _ => goes_on = true,
                }
            }
            number += usize::from(!goes_on);
            numbers[index] = number;
            before[index] = messenger.len() as u32;
            let piece = pieces[index].start as usize..pieces[index].end as usize;
            match sequence {
                Some(sequence) => messenger.extend(strand.read(&sequence.bases(piece))),
                None => messenger.resize(messenger.len() + piece.len(), b'N'),
            }
            while let Some((at, difference)) = differences.next_if(|(at, _)| (*at as usize) < messenger.len()) {
                if let Difference::Other(base) = difference {
                    messenger[at as usize] = base;
                }
            }
        }
        for (_, difference) in differences {
            if let Difference::Extra(base) = difference {
                messenger.push(base);
            }
        }
        Some(Box::new(Self { messenger, numbers }))
    }

    /// All bases of the transcript.
    pub(crate) fn messenger(&self) -> &[u8] {
        &self.messenger
    }

    /// The number of the exon that a piece belongs to, in the transcript's direction, from 1.
    pub(crate) fn number(&self, piece: usize) -> usize {
        self.numbers[piece]
    }

    /// How many exons there are.
    pub(crate) fn exon_count(&self) -> usize {
        self.numbers.iter().copied().max().unwrap_or_default()
    }

    /// Whether what is between a piece and the next one is a gap of the alignment, and no intron.
    pub(crate) fn is_gap(&self, piece: usize) -> bool {
        self.numbers.get(piece) == self.numbers.get(piece + 1)
    }

    /// What an edit of the chromosome makes of the transcript; `None` if it is not wholly in one exon. It is told at its most 3'
    /// place in the exon.
    pub(crate) fn edit(
        &self,
        transcript: &Transcript<'_>,
        edit: &Edit,
        sequence: Option<&Sequence<'_>>,
    ) -> Option<OwnEdit> {
        let (start, end) = (edit.start as u32, edit.end as u32);
        let pieces = self.exon_at(transcript, edit)?;
        let first = *pieces.first()?;
        let whole = transcript.exons[first].start..transcript.exons[*pieces.last()?].end;
        if start < whole.start || end > whole.end {
            return None;
        }
        let sequence = sequence?;
        let (mut hull, mut touched) = (start..end, Pieces::new());
        let reach = Placements::new(edit.clone(), Some(sequence)).span();
        let reach = reach.start as u32..reach.end as u32;
        let moves = reach.len() > edit.deleted();
        for piece in pieces.iter().copied().take(pieces.len() - 1) {
            let gap = transcript.exons[piece].end..transcript.exons[piece + 1].start;
            let is_touched = match moves {
                true => reach.start <= gap.end && reach.end >= gap.start,
                false => start < gap.end && end > gap.start || (start..end) == gap,
            };
            if is_touched {
                hull = hull.start.min(gap.start)..hull.end.max(gap.end);
                touched.push(piece);
            }
        }
        let place = self.place(transcript, &hull, &touched)?;
        let chromosome = |span: Range<u32>| sequence.bases(span.start as usize..span.end as usize);
        let there = [
            &chromosome(hull.start..start)[..],
            &edit.inserted,
            &chromosome(end..hull.end),
        ]
        .concat();
        let there = transcript.strand().read(&there);
        if there == self.bases(&place) {
            let gap = touched.first().map(|piece| self.between(transcript, *piece));
            return self.unchanged(gap.unwrap_or(place));
        }
        let exon = self.exon_in_messenger(transcript, &pieces);
        Some(self.smallest(place, &there, exon.end))
    }

    /// The pieces of the exon that an edit is in, or whose gap it is in.
    fn exon_at(&self, transcript: &Transcript<'_>, edit: &Edit) -> Option<Pieces> {
        let start = edit.start as u32;
        // What is put in right behind an exon is in it.
        let is_behind = edit.is_insertion() && transcript.messenger(start).is_none();
        let at = transcript.exon_from(start - u32::from(is_behind && start > 0));
        let number = *self.numbers.get(at)?;
        let before = (0..at).rev().take_while(|piece| self.numbers[*piece] == number).count();
        let pieces = at - before..;
        Some(
            pieces
                .take_while(|piece| self.numbers.get(*piece) == Some(&number))
                .collect(),
        )
    }

    /// The bases of the transcript that a span of the chromosome in one exon is, with those in the gaps after the pieces
    /// `touched`, which lie in the span.
    fn place(&self, transcript: &Transcript<'_>, span: &Range<u32>, touched: &[usize]) -> Option<Range<u32>> {
        let exons = &transcript.exons;
        if touched.is_empty() && span.is_empty() {
            return transcript.messenger_span(span);
        }
        let is_reverse = transcript.row.is_reverse();
        let left_of = |base: u32| Some(transcript.messenger(base)? + u32::from(is_reverse));
        let right_of = |base: u32| Some(transcript.messenger(base)? + u32::from(!is_reverse));
        let mut gaps = touched.iter();
        let left = match gaps.find(|piece| exons[**piece].end == span.start) {
            Some(piece) => right_of(exons[*piece].end - 1),
            None => left_of(span.start),
        }?;
        let mut gaps = touched.iter();
        let right = match gaps.find(|piece| exons[**piece + 1].start == span.end) {
            Some(piece) => left_of(exons[*piece + 1].start),
            None => right_of(span.end.checked_sub(1)?),
        }?;
        Some(left.min(right)..left.max(right))
    }

    /// The bases of the transcript between a piece and the next one on the chromosome.
    fn between(&self, transcript: &Transcript<'_>, piece: usize) -> Range<u32> {
        let (one, other) = match transcript.row.is_reverse() {
            false => (piece, piece + 1),
            true => (piece + 1, piece),
        };
        transcript.piece(one).end..transcript.piece(other).start
    }

    fn exon_in_messenger(&self, transcript: &Transcript<'_>, pieces: &[usize]) -> Range<u32> {
        let pieces = pieces.iter().map(|piece| transcript.piece(*piece));
        let start = pieces.clone().map(|piece| piece.start).min().unwrap_or_default();
        start..pieces.map(|piece| piece.end).max().unwrap_or_default()
    }

    fn bases(&self, place: &Range<u32>) -> &[u8] {
        &self.messenger[place.start as usize..place.end as usize]
    }

    /// An edit that changes nothing. Where there are no bases, those on both sides stay as they are.
    fn unchanged(&self, place: Range<u32>) -> Option<OwnEdit> {
        let place = match place.is_empty() {
            true => place.start.checked_sub(1)?..(place.end + 1).min(self.messenger.len() as u32),
            false => place,
        };
        let inserted = Inserted::from_slice(self.bases(&place));
        Some(OwnEdit { place, inserted })
    }

    /// The edit without the bases that stay, moved as far to the 3' end as `end` lets it.
    fn smallest(&self, place: Range<u32>, there: &[u8], end: u32) -> OwnEdit {
        let own = self.bases(&place);
        let prefix = own.iter().zip(there).take_while(|(own, there)| own == there).count();
        let (own, there) = (&own[prefix..], &there[prefix..]);
        let pairs = own.iter().rev().zip(there.iter().rev());
        let suffix = pairs.take_while(|(own, there)| own == there).count();
        let mut place = place.start + prefix as u32..place.end - suffix as u32;
        let mut inserted = Inserted::from_slice(&there[..there.len() - suffix]);
        let next = |at: u32| self.messenger[at as usize];
        while place.end < end {
            let moves = match (place.is_empty(), inserted.is_empty()) {
                (true, false) => inserted[0] == next(place.end),
                (false, true) => next(place.start) == next(place.end),
                _ => false,
            };
            if !moves {
                break;
            }
            if !inserted.is_empty() {
                inserted.rotate_left(1);
            }
            place = place.start + 1..place.end + 1;
        }
        OwnEdit { place, inserted }
    }
}

fn strand_of(row: &GeneRow<'_>) -> Strand {
    match row.is_reverse() {
        true => Strand::Reverse,
        false => Strand::Forward,
    }
}
