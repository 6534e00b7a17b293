//! A transcript of the nuclear genome: its exons, and the way from the chromosome to the messenger.

use std::cell::Cell;
use std::ops::Range;

use reference::bundle::{BROKEN, GeneRow, PHASE_SHIFT, START_INCOMPLETE};
use reference::coding::Coding;
use reference::{Sequence, Strand};

use crate::info::{Fixed, encoded_bytes};
use crate::own::Own;

/// A transcript, decoded from a bundle. Positions are 0-based.
#[derive(Debug)]
pub(crate) struct Transcript<'b> {
    pub(crate) row: GeneRow<'b>,
    /// Exons by position on the chromosome; of a transcript whose own sequence is another one, the pieces that it shares with
    /// the chromosome.
    pub(crate) exons: Vec<Range<u32>>,
    /// Its own sequence, if that is not the chromosome's.
    pub(crate) own: Option<Box<Own>>,
    /// Of each of them, how many bases of the messenger come before it.
    before: Vec<u32>,
    /// The exon that was found last: what is asked next is mostly near it.
    last: Cell<usize>,
    /// The coding sequence, as bases of the messenger.
    pub(crate) cds: Option<Range<u32>>,
    /// Its accession as INFO may hold it.
    accession: Vec<u8>,
    /// What names of its protein begin with, as INFO may hold it: `NP_689699.3:`.
    protein_prefix: Vec<u8>,
    /// What CSQ says of it whatever happens to it; nothing where CSQ is not written.
    pub(crate) csq: Fixed,
    /// What it codes for; `None` without a sequence, or if its reading frame cannot be trusted.
    pub(crate) coding: Option<Coding>,
}

impl<'b> Transcript<'b> {
    /// Decodes a transcript. `sequence` is that of its chromosome.
    pub(crate) fn new(row: GeneRow<'b>, sequence: Option<&Sequence<'_>>) -> Self {
        let exons: Vec<_> = row.exons().collect();
        let mut before = vec![0; exons.len()];
        let mut length = 0;
        let mut count = |index: usize| {
            before[index] = length;
            length += exons[index].end - exons[index].start;
        };
        match row.is_reverse() {
            false => (0..exons.len()).for_each(&mut count),
            true => (0..exons.len()).rev().for_each(&mut count),
        }
        let own = Own::new(&row, &exons, &mut before, sequence);
        let mut transcript = Self {
            row,
            exons,
            own,
            before,
            last: Cell::new(0),
            cds: None,
            accession: Vec::new(),
            protein_prefix: Vec::new(),
            csq: Fixed::default(),
            coding: None,
        };
        encoded_bytes(&mut transcript.accession, transcript.row.name.as_bytes());
        let protein = transcript.protein_accession().as_bytes();
        encoded_bytes(&mut transcript.protein_prefix, protein);
        transcript.protein_prefix.push(b':');
        transcript.cds = transcript.coding_span();
        transcript.coding = sequence.and_then(|sequence| transcript.read_coding(sequence));
        transcript
    }

    /// Whether its codons are not known because its bases are not at hand.
    pub(crate) fn lacks_sequence(&self) -> bool {
        self.coding.is_none() && self.row.flags & BROKEN == 0
    }

    /// Its accession as INFO may hold it.
    pub(crate) fn accession(&self) -> &[u8] {
        &self.accession
    }

    /// What names of its protein begin with, as INFO may hold it.
    #[inline]
    pub(crate) fn protein_prefix(&self) -> &[u8] {
        &self.protein_prefix
    }

    /// The accession by which its protein is named: the protein's own, or the transcript's if that is not known.
    pub(crate) fn protein_accession(&self) -> &'b str {
        match self.row.protein {
            "" => self.row.name,
            protein => protein,
        }
    }

    /// Which strand it is read from.
    pub(crate) fn strand(&self) -> Strand {
        match self.row.is_reverse() {
            true => Strand::Reverse,
            false => Strand::Forward,
        }
    }

    /// How many bases of the first codon are missing (0 to 2).
    pub(crate) fn phase(&self) -> u32 {
        self.row.flags >> PHASE_SHIFT & 3
    }

    /// The base of the messenger that a base of the chromosome is; `None` outside of the exons.
    pub(crate) fn messenger(&self, position: u32) -> Option<u32> {
        let index = self.exon_from(position);
        let exon = self.exons.get(index).filter(|exon| exon.contains(&position))?;
        Some(self.before[index] + self.within(exon, position))
    }

    /// The index of the exon that a position (0-based) is in or comes before; the number of exons after the last.
    #[inline]
    pub(crate) fn exon_from(&self, position: u32) -> usize {
        let last = self.last.get();
        let is_after = last == 0 || self.exons[last - 1].end <= position;
        if is_after && self.exons.get(last).is_none_or(|exon| position < exon.end) {
            return last;
        }
        let found = self.exons.partition_point(|exon| exon.end <= position);
        self.last.set(found);
        found
    }

    /// How many bases of an exon come before a position in it, in the transcript's direction.
    fn within(&self, exon: &Range<u32>, position: u32) -> u32 {
        match self.row.is_reverse() {
            false => position - exon.start,
            true => exon.end - 1 - position,
        }
    }

    /// The bases of the messenger that a span of the chromosome is, if it lies in one exon; for an insertion (an empty
    /// span) the place before which it goes, if it is inside an exon or beside one.
    #[inline]
    pub(crate) fn messenger_span(&self, span: &Range<u32>) -> Option<Range<u32>> {
        if span.len() == 1 {
            let at = self.messenger(span.start)?;
            return Some(at..at + 1);
        }
        self.messenger_span_of_several(span)
    }

    fn messenger_span_of_several(&self, span: &Range<u32>) -> Option<Range<u32>> {
        let reverse = self.row.is_reverse();
        if span.is_empty() {
            let (left, right) = (
                span.start.checked_sub(1).and_then(|left| self.messenger(left)),
                self.messenger(span.start),
            );
            let at = match (left, right, reverse) {
                (_, Some(right), false) => right,
                (Some(left), None, false) => left + 1,
                (Some(left), _, true) => left,
                (None, Some(right), true) => right + 1,
                (None, None, _) => return None,
            };
            return Some(at..at);
        }
        let (first, last) = (self.messenger(span.start)?, self.messenger(span.end - 1)?);
        let (first, last) = if reverse { (last, first) } else { (first, last) };
        (last >= first && last - first == span.end - span.start - 1).then_some(first..last + 1)
    }

    fn coding_span(&self) -> Option<Range<u32>> {
        let cds = self.row.cds.clone();
        if cds.is_empty() {
            return None;
        }
        let (first, last) = (self.messenger(cds.start)?, self.messenger(cds.end - 1)?);
        Some(first.min(last)..first.max(last) + 1)
    }

    fn read_coding(&self, sequence: &Sequence<'_>) -> Option<Coding> {
        let cds = self.cds.clone().filter(|_| self.row.flags & BROKEN == 0)?;
        if (self.row.span.end as usize) > sequence.len() {
            return None;
        }
        let mut messenger = match &self.own {
            Some(own) => own.messenger().to_vec(),
            None => {
                let exons = self.exons.iter();
                let bases: Vec<u8> = exons
                    .flat_map(|exon| sequence.bases(exon.start as usize..exon.end as usize))
                    .collect();
                self.strand().read(&bases)
            }
        };
        let (start, phase) = (cds.start as usize, self.phase() as usize);
        messenger.splice(start..start, std::iter::repeat_n(b'N', phase));
        let has_start = self.row.flags & START_INCOMPLETE == 0 && phase == 0;
        let cds = start..cds.end as usize + phase;
        Some(Coding::nuclear(messenger, cds, has_start, self.row.recoded().collect()))
    }

    /// The bases of the messenger that an exon (by position) is.
    pub(crate) fn piece(&self, index: usize) -> Range<u32> {
        let exon = &self.exons[index];
        self.before[index]..self.before[index] + (exon.end - exon.start)
    }

    /// How many exons it has.
    #[inline]
    pub(crate) fn exon_count(&self) -> usize {
        self.own.as_ref().map_or(self.exons.len(), |own| own.exon_count())
    }

    /// Whether what is between an exon (by position) and the next one is no intron, but a gap of the alignment.
    #[inline]
    pub(crate) fn is_gap(&self, index: usize) -> bool {
        self.own.as_ref().is_some_and(|own| own.is_gap(index))
    }

    /// Whether a span of the chromosome has bases of a gap of the alignment, or lies beside one.
    pub(crate) fn touches_gap(&self, span: &Range<u32>) -> bool {
        let first = self.exon_from(span.start.saturating_sub(1)).saturating_sub(1);
        let pairs = self.exons.windows(2).enumerate().skip(first);
        let mut near = pairs.take_while(|(_, pair)| pair[0].end <= span.end);
        near.any(|(index, pair)| self.is_gap(index) && span.start <= pair[1].start)
    }

    /// Whether a base of the chromosome lies in an exon, or in a gap of its alignment.
    pub(crate) fn is_exonic(&self, position: u32) -> bool {
        let index = self.exon_from(position);
        let exon = self.exons.get(index);
        exon.is_some_and(|exon| exon.contains(&position) || index > 0 && self.is_gap(index - 1))
    }

    /// The number of an exon in the transcript's direction, from 1.
    #[inline]
    pub(crate) fn exon_number(&self, index: usize) -> usize {
        match (&self.own, self.row.is_reverse()) {
            (Some(own), _) => own.number(index),
            (None, false) => index + 1,
            (None, true) => self.exons.len() - index,
        }
    }

    /// The number of the intron after an exon (by position), in the transcript's direction, from 1.
    pub(crate) fn intron_number(&self, index: usize) -> usize {
        match (&self.own, self.row.is_reverse()) {
            (Some(own), _) => own.number(index).min(own.number(index + 1)),
            (None, false) => index + 1,
            (None, true) => self.exons.len() - 1 - index,
        }
    }
}
