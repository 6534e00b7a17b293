//! What a symbolic allele (`<DEL>`, `<DUP>`, a breakend) does to a gene, as far as its span says.

use std::ops::Range;

use super::Consequence::*;
use super::Consequences;
use super::gene::{GeneEffect, only};
use crate::gene::Gene;
use crate::transcript::Transcript;
use crate::vcf::Record;

/// The kinds whose effect on a whole or a part of a gene is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StructuralKind {
    /// `<DEL>`
    Deletion,
    /// `<DUP>`
    Duplication,
    /// `<INS>`
    Insertion,
    /// `<INV>`
    Inversion,
    /// `<CNV>`, a breakend, or a name that is not VCF's.
    Other,
}

impl StructuralKind {
    /// How CSQ names the allele: with the word that Ensembl VEP has for the kind, or as the file does.
    pub(crate) fn csq_allele(self, symbol: &[u8]) -> &[u8] {
        match self {
            Self::Deletion => b"deletion",
            Self::Duplication => b"duplication",
            Self::Insertion => b"insertion",
            Self::Inversion => b"inversion",
            Self::Other => symbol,
        }
    }
}

/// A structural variant.
pub(crate) struct Structural {
    pub(crate) kind: StructuralKind,
    /// The bases it affects: 0-based, half-open, within one turn of the circle.
    pub(crate) span: Range<usize>,
    /// Whether both ends are known to the base.
    pub(crate) is_precise: bool,
}

/// What INFO says of how far the structural variants of a record reach: read once, whatever the number of alleles.
pub(crate) struct Extent {
    end: Option<i64>,
    length: Option<i64>,
    is_imprecise: bool,
}

impl Extent {
    /// END, SVLEN and IMPRECISE of a record.
    pub(crate) fn of(record: &Record<'_>) -> Self {
        let number = |key: &[u8]| std::str::from_utf8(record.info(key)?).ok()?.parse().ok();
        Self {
            end: number(b"END"),
            length: number(b"SVLEN"),
            is_imprecise: record.has_info(b"IMPRECISE"),
        }
    }
}

impl Structural {
    /// Reads the kind from the symbolic allele and the span from POS (1-based) and END or SVLEN. VCF puts POS on the
    /// base before the event; END is the event's last base. `length` is that of the chromosome.
    pub(crate) fn new(name: &[u8], position: u64, extent: &Extent, length: usize) -> Self {
        let kind = match name.split(|byte| *byte == b':').next() {
            Some(b"DEL") => StructuralKind::Deletion,
            Some(b"DUP") => StructuralKind::Duplication,
            Some(b"INS") => StructuralKind::Insertion,
            Some(b"INV") => StructuralKind::Inversion,
            _ => StructuralKind::Other,
        };
        let position = position as usize;
        let end = extent
            .end
            .or_else(|| Some((position as i64).saturating_add(extent.length?.saturating_abs())));
        let end = end
            .and_then(|end| usize::try_from(end).ok())
            .filter(|end| (position..=length).contains(end));
        let spans = end.is_some_and(|end| end > position) && kind != StructuralKind::Insertion;
        let span = if spans {
            position..end.unwrap_or(position)
        } else {
            position - 1..position
        };
        Self {
            kind,
            span,
            is_precise: spans && !extent.is_imprecise,
        }
    }
}

/// The effect on a gene that the span touches.
pub(crate) fn on_gene_structurally(gene: &Gene, variant: &Structural) -> GeneEffect {
    let whole = variant.span.start <= gene.span.start && variant.span.end >= gene.span.end;
    let site = match gene.coding {
        Some(_) => CodingSequenceVariant,
        None => NonCodingTranscriptExonVariant,
    };
    only(on_span(variant.kind, whole, site.into()), None)
}

/// The effect on a feature that the span holds wholly or in part; `site` is where in the feature it lies.
pub(crate) fn on_span(kind: StructuralKind, whole: bool, site: Consequences) -> Consequences {
    match (kind, whole) {
        (StructuralKind::Deletion, true) => TranscriptAblation.into(),
        (StructuralKind::Deletion, false) => site.or(FeatureTruncation.into()),
        (StructuralKind::Duplication, true) => TranscriptAmplification.into(),
        (StructuralKind::Duplication | StructuralKind::Insertion, _) => site.or(FeatureElongation.into()),
        (StructuralKind::Inversion | StructuralKind::Other, _) => site,
    }
}

/// Where in a transcript a span lies.
pub(crate) fn site(transcript: &Transcript<'_>, span: &Range<u32>) -> Consequences {
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
