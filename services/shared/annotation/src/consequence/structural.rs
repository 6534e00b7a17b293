//! What a symbolic allele (`<DEL>`, `<DUP>`) or a breakend does to a gene, as far as its span says.

use std::ops::Range;

use reference::{Edit, Gene, Inserted, Strand};
use vcf::{Breakend, Extent, Mate, StructuralKind};

use super::Consequence::*;
use super::Consequences;
use super::gene::{GeneEffect, only};
use super::touched::Touched;
use crate::transcript::Transcript;

/// A structural variant, or one end of a breakend.
pub(crate) struct Structural {
    pub(crate) kind: StructuralKind,
    /// The bases it affects: 0-based, half-open, within one turn of the circle. Empty for what lies between two bases.
    pub(crate) span: Range<usize>,
    /// The base by which its place in a feature is told where the span is empty.
    beside: usize,
    /// Whether both ends are known to the base.
    pub(crate) is_precise: bool,
    /// Whether it is there twice, one behind the other.
    is_tandem: bool,
}

impl Structural {
    /// The bases that it affects, as if they were taken out.
    pub(crate) fn bases(&self) -> Edit {
        Edit {
            start: self.span.start,
            end: self.span.end,
            inserted: Inserted::new(),
        }
    }

    /// A symbolic allele, number `allele` of ALT from 0. VCF puts POS on the base before the event. `length` is that of
    /// the chromosome.
    pub(crate) fn symbolic(kind: StructuralKind, allele: usize, extent: &mut Extent<'_>, length: usize) -> Self {
        let position = extent.position as usize;
        if !kind.has_span() {
            return Self {
                is_precise: !extent.is_imprecise,
                ..Self::between(kind, position, position.saturating_sub(1))
            };
        }
        let end = extent.end_of(kind, allele, length);
        let span = match end {
            Some(end) => position..end,
            None => position.saturating_sub(1)..position,
        };
        Self {
            kind,
            beside: span.start,
            span,
            is_precise: end.is_some() && !extent.is_imprecise,
            is_tandem: false,
        }
    }

    /// The same, which is there twice, one behind the other, if it is so.
    pub(crate) fn in_tandem(mut self, is_tandem: bool) -> Self {
        self.is_tandem = is_tandem && self.kind == StructuralKind::Duplication;
        self
    }

    /// A breakend's own end: where REF, which begins at POS (1-based) and has so many bases, is cut off from what is
    /// beside it.
    pub(crate) fn own_end(breakend: &Breakend<'_>, position: u64, bases: usize) -> Self {
        let position = position as usize;
        match breakend.joins_after {
            true => {
                let cut = (position + bases).saturating_sub(1);
                Self::between(StructuralKind::Breakend, cut, cut.saturating_sub(1))
            }
            false => {
                let cut = position.saturating_sub(1);
                Self::between(StructuralKind::Breakend, cut, cut)
            }
        }
    }

    /// The mate's end of a breakend; `None` for a telomere.
    pub(crate) fn mate_end(mate: &Mate<'_>) -> Option<Self> {
        let base = usize::try_from(mate.position).ok()?.checked_sub(1)?;
        let cut = if mate.extends_right { base } else { base + 1 };
        Some(Self::between(StructuralKind::Breakend, cut, base))
    }

    /// What lies before the base `cut`; `beside` is the base on either side of it.
    fn between(kind: StructuralKind, cut: usize, beside: usize) -> Self {
        Self {
            kind,
            span: cut..cut,
            beside,
            is_precise: false,
            is_tandem: false,
        }
    }

    /// The bases by which its place in a feature is told.
    fn place(&self) -> Range<usize> {
        match self.span.is_empty() {
            true => self.beside..self.beside + 1,
            false => self.span.clone(),
        }
    }

    /// The effect on a transcript that it touches.
    pub(crate) fn on_transcript(&self, transcript: &Transcript<'_>) -> Consequences {
        let place = self.place();
        let whole = &transcript.row.span;
        self.on_feature(&(whole.start as usize..whole.end as usize), || {
            let site = site(transcript, &(place.start as u32..place.end as u32));
            site.or(self.splicing(transcript))
        })
    }

    /// What it does to splice sites by what it puts in between two bases that are known: an insertion where it stands, what is
    /// there twice in a row at its 3' end, as its name would have it. Where another duplication puts its copy is not known.
    fn splicing(&self, transcript: &Transcript<'_>) -> Consequences {
        let at = match (self.kind, self.is_tandem, transcript.strand()) {
            (StructuralKind::Insertion, ..) => self.span.start,
            (_, true, Strand::Forward) => self.span.end,
            (_, true, Strand::Reverse) => self.span.start,
            _ => return Consequences::default(),
        };
        let mut touched = Touched::default();
        if self.is_precise {
            touched.add(transcript, &(at as u32..at as u32));
        }
        touched.splicing().without(IntronVariant)
    }

    /// The effect on a mitochondrial gene that it touches.
    pub(crate) fn on_gene(&self, gene: &Gene) -> GeneEffect {
        let site = match gene.coding {
            Some(_) => CodingSequenceVariant,
            None => NonCodingTranscriptExonVariant,
        };
        only(self.on_feature(&gene.span, || site.into()), None)
    }

    /// The effect on a feature; `site` is where in the feature it lies.
    fn on_feature(&self, feature: &Range<usize>, site: impl FnOnce() -> Consequences) -> Consequences {
        let whole = self.span.start <= feature.start && self.span.end >= feature.end;
        match (self.kind, whole) {
            (StructuralKind::Deletion, true) => TranscriptAblation.into(),
            (StructuralKind::Deletion | StructuralKind::Breakend, _) => site().or(FeatureTruncation.into()),
            (StructuralKind::Duplication, true) => TranscriptAmplification.into(),
            (StructuralKind::Duplication | StructuralKind::Insertion, _) => site().or(FeatureElongation.into()),
            (StructuralKind::Inversion | StructuralKind::Other, _) => site(),
        }
    }
}

/// Where in a transcript a span lies.
fn site(transcript: &Transcript<'_>, span: &Range<u32>) -> Consequences {
    let cds = &transcript.row.cds;
    let (mut site, mut exonic) = (Consequences::default(), false);
    for exon in transcript
        .exons
        .iter()
        .filter(|exon| span.start < exon.end && span.end > exon.start)
    {
        exonic = true;
        let part = exon.start.max(span.start)..exon.end.min(span.end);
        if !transcript.row.is_coding() {
            site.add(NonCodingTranscriptExonVariant);
            continue;
        }
        if part.start < cds.end && part.end > cds.start {
            site.add(CodingSequenceVariant);
        }
        if part.start < cds.start {
            site.add(if transcript.row.is_reverse() {
                ThreePrimeUtrVariant
            } else {
                FivePrimeUtrVariant
            });
        }
        if part.end > cds.end {
            site.add(if transcript.row.is_reverse() {
                FivePrimeUtrVariant
            } else {
                ThreePrimeUtrVariant
            });
        }
    }
    let pairs = transcript.exons.windows(2).enumerate();
    let introns = pairs.filter(|(index, _)| !transcript.is_gap(*index));
    let mut introns = introns.map(|(_, pair)| pair[0].end..pair[1].start);
    if introns.any(|intron| span.start < intron.end && span.end > intron.start) {
        site.add(IntronVariant);
    }
    if !exonic && !transcript.row.is_coding() {
        site.add(NonCodingTranscriptVariant);
    }
    site
}
