//! What an edit does to a transcript with exons and introns.
//!
//! The terms are given where Ensembl VEP gives them; see
//! <https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html>.

use std::ops::Range;

use super::Consequence::{self, *};
use super::Consequences;
use super::coding::{Codons, on_coding};
use crate::edit::Edit;
use crate::hgvs::ProteinChange;
use crate::transcript::Transcript;

/// How far before and after a transcript a variant is told, in bases.
pub(crate) const NEAR: u32 = 5000;

/// Introns of so few bases stand for errors of the reference: nothing is spliced there.
const SHORTEST_INTRON: u32 = 13;

/// The effect on a transcript. Numbers and places count from 1; places are first and last.
#[derive(Default)]
pub(crate) struct TranscriptEffect {
    pub(crate) consequences: Consequences,
    pub(crate) exons: Option<(usize, usize)>,
    pub(crate) introns: Option<(usize, usize)>,
    pub(crate) messenger: Option<(usize, usize)>,
    pub(crate) cds: Option<(usize, usize)>,
    pub(crate) codons: Option<Codons>,
    pub(crate) protein: Option<ProteinChange>,
}

/// An edit before or after a transcript.
pub(crate) struct Beside {
    pub(crate) consequence: Consequence,
    /// How far it is from the transcript, in bases; 1 for its neighbour.
    pub(crate) distance: u32,
}

impl Beside {
    /// `None` if the edit touches the transcript.
    #[inline]
    pub(crate) fn new(transcript: &Transcript<'_>, edit: &Edit) -> Option<Self> {
        let (start, end, whole) = (edit.start as u32, edit.end as u32, &transcript.row.span);
        let (is_before, between) = if end <= whole.start {
            (true, whole.start - end)
        } else if start >= whole.end {
            (false, start - whole.end)
        } else {
            return None;
        };
        let consequence = match is_before == transcript.row.is_reverse() {
            true => DownstreamGeneVariant,
            false => UpstreamGeneVariant,
        };
        let distance = between + 1;
        Some(Self { consequence, distance })
    }
}

/// The effect of an edit that touches the transcript. Without a sequence, codons are not known.
pub(crate) fn on_transcript(transcript: &Transcript<'_>, edit: &Edit) -> TranscriptEffect {
    let span = edit.start as u32..edit.end as u32;
    let whole = &transcript.row.span;
    let mut effect = TranscriptEffect::default();
    if span.start <= whole.start && span.end >= whole.end {
        effect.consequences = TranscriptAblation.into();
        return effect;
    }
    let touched = Touched::new(transcript, &span);
    effect.exons = touched
        .exons
        .map(|(first, last)| numbers(transcript.exon_number(first), transcript.exon_number(last)));
    effect.introns = touched
        .introns
        .map(|(first, last)| numbers(transcript.intron_number(first), transcript.intron_number(last)));
    effect.consequences = touched.splicing();
    let messenger = transcript.messenger_span(&span);
    effect.messenger = messenger.as_ref().map(place);
    match &transcript.cds {
        Some(cds) => in_coding(transcript, edit, &span, cds, messenger, &touched, &mut effect),
        None => effect.consequences.add(match touched.overlaps_exon {
            true => NonCodingTranscriptExonVariant,
            false => NonCodingTranscriptVariant,
        }),
    }
    effect
}

/// The change of the protein by an edit that lies inside the coding sequence; `None` for others.
pub(crate) fn protein_change(transcript: &Transcript<'_>, edit: &Edit) -> Option<ProteinChange> {
    let (cds, coding) = (transcript.cds.as_ref()?, transcript.coding.as_ref()?);
    let span = edit.start as u32..edit.end as u32;
    let inside = transcript
        .messenger_span(&span)
        .filter(|inside| contains(cds, inside))?;
    let shift = transcript.phase();
    let own = (inside.start - cds.start + shift) as usize..(inside.end - cds.start + shift) as usize;
    Some(on_coding(coding, &own, &transcript.strand().read(&edit.inserted)).protein)
}

fn numbers(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// Counted from 1, both ends included; for an insertion the two bases beside it.
fn place(span: &Range<u32>) -> (usize, usize) {
    match span.is_empty() {
        true => (span.start as usize, span.start as usize + 1),
        false => (span.start as usize + 1, span.end as usize),
    }
}

/// A transcript that codes: untranslated regions, and codons.
fn in_coding(
    transcript: &Transcript<'_>,
    edit: &Edit,
    span: &Range<u32>,
    cds: &Range<u32>,
    messenger: Option<Range<u32>>,
    touched: &Touched,
    effect: &mut TranscriptEffect,
) {
    let consequences = &mut effect.consequences;
    if let Some(inside) = messenger.as_ref().filter(|inside| contains(cds, inside)) {
        let shift = transcript.phase();
        let own = (inside.start - cds.start + shift) as usize..(inside.end - cds.start + shift) as usize;
        effect.cds = Some(place(&(own.start as u32..own.end as u32)));
        let Some(coding) = &transcript.coding else {
            *consequences = consequences.or(match transcript.lacks_sequence() {
                true => Consequences::without_codons(),
                false => CodingSequenceVariant.into(),
            });
            return;
        };
        let on_codons = on_coding(coding, &own, &transcript.strand().read(&edit.inserted));
        *consequences = consequences.or(on_codons.consequences);
        (effect.codons, effect.protein) = (Some(on_codons.codons), Some(on_codons.protein));
        return;
    }
    let coding = &transcript.row.cds;
    let (left, right) = (
        touched.has_exon_in(transcript, span, 0..coding.start),
        touched.has_exon_in(transcript, span, coding.end..u32::MAX),
    );
    let (five, three) = if transcript.row.is_reverse() {
        (right, left)
    } else {
        (left, right)
    };
    let in_cds = !span.is_empty() && touched.has_exon_in(transcript, span, coding.clone());
    if in_cds {
        consequences.add(CodingSequenceVariant);
    }
    if five {
        consequences.add(FivePrimeUtrVariant);
    }
    if three {
        consequences.add(ThreePrimeUtrVariant);
    }
    // A deletion that takes the first bases of the start codon or the last of the stop with what is beside them.
    if in_cds && messenger.is_some() && five {
        *consequences = [StartLost, FivePrimeUtrVariant].into();
        effect.protein = Some(ProteinChange::StartLost);
    } else if in_cds && messenger.is_some() && three {
        *consequences = [StopLost, ThreePrimeUtrVariant].into();
    }
}

/// Whether bases of the messenger lie in the coding sequence; an insertion must have bases of it on both sides.
fn contains(cds: &Range<u32>, inside: &Range<u32>) -> bool {
    match inside.is_empty() {
        true => inside.start > cds.start && inside.start < cds.end,
        false => inside.start >= cds.start && inside.end <= cds.end,
    }
}

/// Exons and introns that an edit touches, and the parts of the introns.
#[derive(Default)]
struct Touched {
    /// First and last, by position.
    exons: Option<(usize, usize)>,
    introns: Option<(usize, usize)>,
    /// Whether it has a base of an exon; an insertion beside an exon touches it, but has none.
    overlaps_exon: bool,
    intronic: bool,
    donor: bool,
    acceptor: bool,
    region: bool,
    fifth_base: bool,
    donor_region: bool,
    polypyrimidine_tract: bool,
}

impl Touched {
    fn new(transcript: &Transcript<'_>, span: &Range<u32>) -> Self {
        let mut touched = Self::default();
        let exons = &transcript.exons;
        let first = transcript.exon_from(span.start.saturating_sub(8));
        for (index, exon) in exons.iter().enumerate().skip(first.saturating_sub(1)) {
            if exon.start > span.end + 20 {
                break;
            }
            touched.overlaps_exon |= overlaps(span, exon);
            if overlaps(span, exon) || span.is_empty() && (span.start == exon.start || span.start == exon.end) {
                touched.exons = Some((touched.exons.map_or(index, |(first, _)| first), index));
            }
            if let Some(next) = exons.get(index + 1) {
                touched.intron(index, exon.end..next.start, span, transcript.row.is_reverse());
            }
        }
        touched
    }

    fn intron(&mut self, index: usize, intron: Range<u32>, span: &Range<u32>, reverse: bool) {
        let Range { start, end } = intron;
        if overlaps(span, &intron) {
            self.introns = Some((self.introns.map_or(index, |(first, _)| first), index));
        }
        if end - start < SHORTEST_INTRON {
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

    fn splicing(&self) -> Consequences {
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

    /// Whether the edit touches an exon's part in a region.
    fn has_exon_in(&self, transcript: &Transcript<'_>, span: &Range<u32>, region: Range<u32>) -> bool {
        let Some((first, last)) = self.exons else { return false };
        transcript.exons[first..=last].iter().any(|exon| {
            let part = exon.start.max(region.start)..exon.end.min(region.end);
            !part.is_empty()
                && (overlaps(span, &part) || span.is_empty() && (span.start == part.start || span.start == part.end))
        })
    }
}

/// Whether two spans share a base; an insertion shares one with what has bases on both of its sides.
fn overlaps(span: &Range<u32>, other: &Range<u32>) -> bool {
    span.start < other.end && span.end > other.start
}
