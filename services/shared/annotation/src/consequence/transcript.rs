//! What an edit does to a transcript with exons and introns.
//!
//! The terms are given where Ensembl VEP gives them; see
//! <https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html>.

use std::ops::Range;

use reference::coding::Coding;
use reference::{Edit, Inserted, Sequence, Strand, complement};
use smallvec::SmallVec;

use super::Consequence::{self, *};
use super::Consequences;
use super::coding::on_coding;
use super::codons::Codons;
use super::ends::lost_or_retained;
use super::touched::Touched;
use crate::hgvs::ProteinChange;
use crate::transcript::Transcript;

/// Spans of the chromosome, 0-based and half-open.
type Spans = SmallVec<[Range<u32>; 2]>;

/// How far before and after a transcript a variant is told, in bases.
pub(crate) const NEAR: u32 = 5000;

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

/// The effect of an edit that touches the transcript. Without a sequence (that of the chromosome), codons are not known.
pub(crate) fn on_transcript(
    transcript: &Transcript<'_>,
    edit: &Edit,
    sequence: Option<&Sequence<'_>>,
) -> TranscriptEffect {
    let span = edit.start as u32..edit.end as u32;
    let whole = &transcript.row.span;
    let mut effect = TranscriptEffect::default();
    if span.start <= whole.start && span.end >= whole.end {
        effect.consequences = TranscriptAblation.into();
        return effect;
    }
    let several = changed_spans(edit, sequence);
    let spans = several.as_deref().unwrap_or(std::slice::from_ref(&span));
    let mut touched = Touched::default();
    spans.iter().for_each(|span| touched.add(transcript, span));
    effect.exons = touched
        .exons
        .map(|(first, last)| numbers(transcript.exon_number(first), transcript.exon_number(last)));
    effect.introns = touched
        .introns
        .map(|(first, last)| numbers(transcript.intron_number(first), transcript.intron_number(last)));
    effect.consequences = touched.splicing();
    let own = transcript
        .own
        .as_ref()
        .and_then(|own| own.edit(transcript, edit, sequence));
    let (messenger, inserted) = match own {
        Some(own) => (Some(own.place), Some(own.inserted)),
        None => (transcript.messenger_span(&span), None),
    };
    effect.messenger = messenger.as_ref().map(place);
    match &transcript.cds {
        Some(cds) => {
            let inside = messenger.filter(|inside| overlaps_coding(cds, inside));
            let is_read = inside.is_some_and(|inside| {
                let inserted = inserted.unwrap_or_else(|| as_read(transcript, edit));
                in_messenger(transcript, inserted, cds, &inside, &mut effect)
            });
            // In an intron there is no more to tell.
            if !is_read && (touched.exons.is_some() || touched.unspliced.is_some()) {
                let around = around_codons(transcript, edit, spans, &touched);
                let ends = lost_or_retained(transcript, edit, spans, sequence);
                effect.consequences = effect.consequences.or(around).or(ends);
            }
        }
        None => effect
            .consequences
            .add(match touched.overlaps_exon || touched.unspliced.is_some() {
                true => NonCodingTranscriptExonVariant,
                false => NonCodingTranscriptVariant,
            }),
    }
    effect
}

/// The spans in which an edit changes bases, where these are not all that it replaces: of as many bases that it puts in as
/// it takes out, some in the middle may be as they were.
#[inline]
fn changed_spans(edit: &Edit, sequence: Option<&Sequence<'_>>) -> Option<Spans> {
    let sequence = sequence.filter(|_| edit.deleted() > 2 && edit.deleted() == edit.inserted.len())?;
    let mut spans = Spans::new();
    for (index, base) in edit.inserted.iter().enumerate() {
        if sequence.base(edit.start + index) == Some(*base) {
            continue;
        }
        let at = (edit.start + index) as u32;
        match spans.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end = at + 1,
            None => spans.push(at..at + 1),
        }
    }
    Some(spans)
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

/// What an edit puts in, as the transcript reads.
#[inline]
fn as_read(transcript: &Transcript<'_>, edit: &Edit) -> Inserted {
    match transcript.strand() {
        Strand::Forward => edit.inserted.clone(),
        Strand::Reverse => edit.inserted.iter().rev().map(|base| complement(*base)).collect(),
    }
}

/// An edit in one exon that has bases of the coding sequence: what it does to codons. `inside` is its place in the
/// messenger, `inserted` what it puts in there. `false` if nothing can be read.
fn in_messenger(
    transcript: &Transcript<'_>,
    mut inserted: Inserted,
    cds: &Range<u32>,
    inside: &Range<u32>,
    effect: &mut TranscriptEffect,
) -> bool {
    let inside = &before_the_end(cds, inside, transcript.coding.as_ref(), &mut inserted);
    if inside.is_empty() && inside.start == cds.end {
        return false;
    }
    let is_contained = inside.start >= cds.start && inside.end <= cds.end;
    if is_contained {
        effect.cds = Some(place(&(inside.start - cds.start..inside.end - cds.start)));
    }
    let Some(coding) = &transcript.coding else {
        if is_contained {
            effect.consequences = effect.consequences.or(match transcript.lacks_sequence() {
                true => Consequences::without_codons(),
                false => CodingSequenceVariant.into(),
            });
        }
        return is_contained;
    };
    // The messenger that is read has the bases that are missing of the first codon.
    let own = |at: u32| (at + if at >= cds.start { transcript.phase() } else { 0 }) as usize;
    let own = own(inside.start)..own(inside.end);
    let on_codons = on_coding(coding, &own, &inserted);
    effect.consequences = effect.consequences.or(on_codons.consequences);
    (effect.codons, effect.protein) = (on_codons.codons, on_codons.protein);
    true
}

/// Whether bases of the messenger lie in the coding sequence, some at least; an insertion must have bases of it on both
/// sides, or stand at its end.
fn overlaps_coding(cds: &Range<u32>, inside: &Range<u32>) -> bool {
    inside.start < cds.end && inside.end > cds.start || inside.is_empty() && inside.start == cds.end
}

/// What is put in at the end of the stop codon, one base before it, if that is the same.
fn before_the_end(cds: &Range<u32>, inside: &Range<u32>, coding: Option<&Coding>, inserted: &mut [u8]) -> Range<u32> {
    let is_at_end = inside.is_empty() && inside.start == cds.end;
    let last = coding.and_then(|coding| coding.bases().last());
    if is_at_end && last.is_some() && inserted.last() == last {
        inserted.rotate_right(1);
        return cds.end - 1..cds.end - 1;
    }
    inside.clone()
}

/// The regions of a coding transcript that an edit touches whose codons are not read.
fn around_codons(transcript: &Transcript<'_>, edit: &Edit, spans: &[Range<u32>], touched: &Touched) -> Consequences {
    let mut consequences = Consequences::default();
    let coding = &transcript.row.cds;
    let has = |region: Range<u32>| touched.has_exon_in(transcript, spans, region);
    let (left, right) = (has(0..coding.start), has(coding.end..u32::MAX));
    let (five, three) = match transcript.row.is_reverse() {
        true => (right, left),
        false => (left, right),
    };
    if (!edit.is_insertion() || touched.unspliced.is_some()) && has(coding.clone()) {
        consequences.add(CodingSequenceVariant);
    }
    if five {
        consequences.add(FivePrimeUtrVariant);
    }
    if three {
        consequences.add(ThreePrimeUtrVariant);
    }
    consequences
}
