//! Which parts of a transcript an edit touches.

use std::ops::Range;

use super::Consequence::*;
use super::Consequences;
use crate::transcript::Transcript;

/// Introns of so few bases stand for errors of the reference: nothing is spliced there. Ensembl VEP calls them
/// frameshift introns, and tells a variant in one as if it were in the exon.
const SHORTEST_INTRON: u32 = 13;

/// So many bases inside an exon, nothing is told of its ends.
const DEEP: u32 = 4;

/// Exons and introns that an edit touches, and the parts of the introns.
#[derive(Default)]
pub(super) struct Touched {
    /// First and last, by position.
    pub(super) exons: Option<(usize, usize)>,
    pub(super) introns: Option<(usize, usize)>,
    /// Whether it has a base of an exon; an insertion beside an exon touches it, but has none.
    pub(super) overlaps_exon: bool,
    /// The part of it in an intron in which nothing is spliced.
    pub(super) unspliced: Option<Range<u32>>,
    intronic: bool,
    donor: bool,
    acceptor: bool,
    region: bool,
    fifth_base: bool,
    donor_region: bool,
    polypyrimidine_tract: bool,
}

impl Touched {
    /// Adds what a span of the chromosome touches.
    #[inline]
    pub(super) fn add(&mut self, transcript: &Transcript<'_>, span: &Range<u32>) {
        let exons = &transcript.exons;
        let within = transcript.exon_from(span.start);
        let is_deep = |exon: &Range<u32>| span.start >= exon.start + DEEP && span.end + DEEP <= exon.end;
        if exons.get(within).is_some_and(is_deep) {
            self.overlaps_exon = true;
            self.exons = Some((self.exons.map_or(within, |(first, _)| first), within));
            return;
        }
        let first = transcript.exon_from(span.start.saturating_sub(8));
        for (index, exon) in exons.iter().enumerate().skip(first.saturating_sub(1)) {
            if exon.start > span.end + 20 {
                break;
            }
            self.overlaps_exon |= overlaps(span, exon);
            if overlaps(span, exon) || span.is_empty() && (span.start == exon.start || span.start == exon.end) {
                self.exons = Some((self.exons.map_or(index, |(first, _)| first), index));
            }
            match exons.get(index + 1) {
                Some(next) if transcript.is_gap(index) => self.gap(index, exon.end..next.start, span),
                Some(next) => self.intron(index, exon.end..next.start, span, transcript.row.is_reverse()),
                None => {}
            }
        }
    }

    /// Bases of the chromosome that the transcript lacks: they are in its exon.
    fn gap(&mut self, index: usize, gap: Range<u32>, span: &Range<u32>) {
        if overlaps(span, &gap) {
            self.overlaps_exon = true;
            self.exons = Some((self.exons.map_or(index, |(first, _)| first), index + 1));
            self.unspliced = Some(span.start.max(gap.start)..span.end.min(gap.end));
        }
    }

    #[inline]
    fn intron(&mut self, index: usize, intron: Range<u32>, span: &Range<u32>, reverse: bool) {
        let Range { start, end } = intron;
        if overlaps(span, &intron) {
            self.introns = Some((self.introns.map_or(index, |(first, _)| first), index));
        }
        if end - start < SHORTEST_INTRON {
            if overlaps(span, &intron) {
                self.unspliced = Some(span.start.max(start)..span.end.min(end));
            }
            return;
        }
        let is_insertion = span.is_empty();
        let (at_start, at_end) = (overlaps(span, &(start..start + 2)), overlaps(span, &(end - 2..end)));
        let (beside_start, beside_end) = (
            is_insertion && span.start == start + 2,
            is_insertion && span.start == end - 2,
        );
        self.donor |= if reverse { at_end } else { at_start };
        self.acceptor |= if reverse { at_start } else { at_end };
        self.intronic |= overlaps(span, &(start + 2..end - 2)) || beside_start || beside_end;
        let regions = [start - 3..start, start + 2..start + 8, end - 8..end - 2, end..end + 3];
        self.region |= regions.iter().any(|region| overlaps(span, region))
            || beside_start
            || beside_end
            || is_insertion && (span.start == start || span.start == end);
        let (fifth, donor, tract) = match reverse {
            false => (
                start + 4..start + 5,
                start + 2..start + 6,
                end.saturating_sub(17)..end - 2,
            ),
            true => (end - 5..end - 4, end - 6..end - 2, start + 2..start + 17),
        };
        self.fifth_base |= overlaps(span, &fifth);
        self.donor_region |= overlaps(span, &donor);
        self.polypyrimidine_tract |= overlaps(span, &tract) || if reverse { beside_start } else { beside_end };
    }

    pub(super) fn splicing(&self) -> Consequences {
        let mut consequences = Consequences::default();
        let mut add = |holds: bool, consequence| {
            if holds {
                consequences.add(consequence);
            }
            holds
        };
        let is_site = add(self.donor, SpliceDonorVariant) | add(self.acceptor, SpliceAcceptorVariant);
        let is_fifth = add(self.fifth_base, SpliceDonor5thBaseVariant);
        let is_donor = add(self.donor_region && !is_fifth, SpliceDonorRegionVariant);
        add(self.region && !is_site && !is_fifth && !is_donor, SpliceRegionVariant);
        // A deletion that takes bases of the exon, too, is told by its acceptor site.
        add(
            self.polypyrimidine_tract && !self.overlaps_exon,
            SplicePolypyrimidineTractVariant,
        );
        add(self.intronic, IntronVariant);
        consequences
    }

    /// Whether one of the spans touches an exon's part in a region, or lies there in an intron in which nothing is
    /// spliced.
    pub(super) fn has_exon_in(&self, transcript: &Transcript<'_>, spans: &[Range<u32>], region: Range<u32>) -> bool {
        let in_part = |part: &Range<u32>, span: &Range<u32>| {
            !part.is_empty()
                && (overlaps(span, part) || span.is_empty() && (span.start == part.start || span.start == part.end))
        };
        let within = |whole: &Range<u32>| whole.start.max(region.start)..whole.end.min(region.end);
        let in_exon = self.exons.is_some_and(|(first, last)| {
            let mut parts = transcript.exons[first..=last].iter().map(within);
            parts.any(|part| spans.iter().any(|span| in_part(&part, span)))
        });
        let is_unspliced = |part: &Range<u32>| {
            part.start <= region.end && part.end >= region.start && { part.is_empty() || !within(part).is_empty() }
        };
        in_exon || self.unspliced.as_ref().is_some_and(is_unspliced)
    }
}

/// Whether two spans share a base; an insertion shares one with what has bases on both of its sides.
pub(super) fn overlaps(span: &Range<u32>, other: &Range<u32>) -> bool {
    span.start < other.end && span.end > other.start
}
