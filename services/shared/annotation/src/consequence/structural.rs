//! What a symbolic allele (`<DEL>`, `<DUP>`) or a breakend does to a gene, as far as its span says.

use std::ops::Range;

use super::Consequence::*;
use super::Consequences;
use super::Extent;
use super::gene::{GeneEffect, only};
use crate::edit::{Edit, Inserted};
use crate::gene::Gene;
use crate::transcript::Transcript;
use crate::vcf::{Breakend, Mate};

/// The kinds whose effect on a whole or a part of a gene is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StructuralKind {
    /// `<DEL>`, `<CN0>`
    Deletion,
    /// `<DUP>`, `<CN2>` and more
    Duplication,
    /// `<INS>`
    Insertion,
    /// `<INV>`
    Inversion,
    /// `G[17:198982[`, `G.`, `<BND>`
    Breakend,
    /// `<CNV>`, or a name that is not VCF's.
    Other,
}

impl StructuralKind {
    /// The kind of a symbolic allele, given without its angle brackets. `svtype` is what INFO says of the record; it tells
    /// where the allele does not.
    ///
    /// `<CN0>` and `<CN=0>` count the copies of the segment on one haplotype, of which the reference has one (1000
    /// Genomes, phase 3): none is a deletion, two and more are a duplication, as Ensembl VEP has it. One copy is no change
    /// by that count; where numbers count both haplotypes it is a loss, and then SVTYPE says so.
    pub(crate) fn of(symbol: &[u8], svtype: Option<&[u8]>) -> Self {
        let by_record = || svtype.map_or(Self::Other, Self::named);
        match (copies(symbol), Self::named(symbol)) {
            (Some(0), _) => Self::Deletion,
            (Some(2..), _) => Self::Duplication,
            (_, Self::Other) => by_record(),
            (_, kind) => kind,
        }
    }

    /// The kind that a name of VCF stands for, whatever its subtypes. `TRA` and `CTX` are what callers write for
    /// translocations.
    fn named(name: &[u8]) -> Self {
        match name.split(|byte| *byte == b':').next() {
            Some(b"DEL") => Self::Deletion,
            Some(b"DUP" | b"TDUP") => Self::Duplication,
            Some(b"INS") => Self::Insertion,
            Some(b"INV") => Self::Inversion,
            Some(b"BND" | b"TRA" | b"CTX") => Self::Breakend,
            _ => Self::Other,
        }
    }

    /// Whether it affects a span of bases, not what lies between two of them.
    pub(crate) fn has_span(self) -> bool {
        !matches!(self, Self::Insertion | Self::Breakend)
    }

    /// How CSQ names the allele: with the word that Ensembl VEP has for the kind, or as the file does.
    pub(crate) fn csq_allele(self, symbol: &[u8]) -> &[u8] {
        match self {
            Self::Deletion => b"deletion",
            Self::Duplication => b"duplication",
            Self::Insertion => b"insertion",
            Self::Inversion => b"inversion",
            Self::Breakend | Self::Other => symbol,
        }
    }
}

/// How many copies `CN0` or `CN=0` says.
fn copies(symbol: &[u8]) -> Option<u32> {
    let digits = symbol.strip_prefix(b"CN")?;
    let digits = digits.strip_prefix(b"=").unwrap_or(digits);
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A structural variant, or one end of a breakend.
pub(crate) struct Structural {
    pub(crate) kind: StructuralKind,
    /// The bases it affects: 0-based, half-open, within one turn of the circle. Empty for what lies between two bases.
    pub(crate) span: Range<usize>,
    /// The base by which its place in a feature is told where the span is empty.
    beside: usize,
    /// Whether both ends are known to the base.
    pub(crate) is_precise: bool,
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
            return Self::between(kind, position, position.saturating_sub(1));
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
        }
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
            site(transcript, &(place.start as u32..place.end as u32))
        })
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
    let mut introns = transcript.exons.windows(2).map(|pair| pair[0].end..pair[1].start);
    if introns.any(|intron| span.start < intron.end && span.end > intron.start) {
        site.add(IntronVariant);
    }
    if !exonic && !transcript.row.is_coding() {
        site.add(NonCodingTranscriptVariant);
    }
    site
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_told_by_their_number_and_else_by_the_record() {
        use StructuralKind::{Breakend, Deletion, Duplication, Insertion, Inversion, Other};
        for (symbol, svtype, expected) in [
            ("CN0", "CNV", Deletion),
            ("CN=0", ".", Deletion),
            ("CN1", "CNV", Other),
            ("CN1", "DEL", Deletion),
            ("CN2", "CNV", Duplication),
            ("CN=17", "DEL", Duplication),
            ("CNV", "CNV", Other),
            ("CNV", "DEL", Deletion),
            ("CNV:TR", "CNV", Other),
            ("DEL:ME:L1", "DEL", Deletion),
            ("DUP:TANDEM", "DUP", Duplication),
            ("INS:ME:ALU", "ALU", Insertion),
            ("INV", "INV", Inversion),
            ("TRA", "TRA", Breakend),
            ("CPX", "CPX", Other),
        ] {
            assert_eq!(
                StructuralKind::of(symbol.as_bytes(), Some(svtype.as_bytes())),
                expected,
                "{symbol}"
            );
        }
    }
}
