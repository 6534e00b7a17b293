//! What a variant does to the genes it lies in.

mod coding;
mod consequence;
#[cfg(test)]
mod tests;

pub(crate) use coding::CodingEffect;
pub use consequence::{Consequence, Impact};

use crate::reference::{Gene, GeneKind, Mitochondrion};
use crate::variant::Variant;

/// What one allele does to one gene, or between genes.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    /// Terms, gravest first.
    pub(crate) consequences: Vec<Consequence>,
    /// The gene, if there is one.
    pub(crate) gene: Option<&'static Gene>,
    /// 1-based bases of the gene as it is read.
    pub(crate) gene_position: String,
    /// What happens to the protein, if the gene makes one.
    pub(crate) coding: Option<CodingEffect>,
}

impl Effect {
    /// The gravest consequence.
    pub(crate) fn gravest(&self) -> Consequence {
        self.consequences
            .first()
            .copied()
            .unwrap_or(Consequence::IntergenicVariant)
    }
}

/// The effects of a small variant, one a gene; genes that overlap are all told of.
pub(crate) fn of_variant(variant: &Variant, genome: &'static Mitochondrion) -> Vec<Effect> {
    let (first, last) = variant.touched();
    // An insertion lies in a gene if both its neighbours do.
    let inside = |gene: &&Gene| !variant.is_insertion() || (gene.start <= first && last <= gene.end);
    let effects: Vec<Effect> = genome
        .genes_at(first, last)
        .filter(inside)
        .map(|gene| on_gene(variant, gene))
        .collect();
    or_intergenic(effects)
}

fn on_gene(variant: &Variant, gene: &'static Gene) -> Effect {
    let coding = (gene.kind == GeneKind::Coding)
        .then(|| coding::effect(variant, gene))
        .flatten();
    let consequences = match &coding {
        Some(effect) => effect.consequences.clone(),
        None => reaching_beyond(variant, gene),
    };
    Effect {
        consequences,
        gene: Some(gene),
        gene_position: position(variant, gene),
        coding,
    }
}

/// The terms for a gene that makes no protein, or for a variant that reaches beyond the gene's ends.
fn reaching_beyond(variant: &Variant, gene: &Gene) -> Vec<Consequence> {
    if variant.is_deletion() && variant.start <= gene.start && gene.end <= variant.end() {
        return vec![Consequence::TranscriptAblation];
    }
    match gene.kind {
        GeneKind::Coding => vec![Consequence::CodingSequenceVariant],
        GeneKind::TransferRna | GeneKind::RibosomalRna => vec![Consequence::NonCodingTranscriptExonVariant],
    }
}

fn position(variant: &Variant, gene: &Gene) -> String {
    let within = |position: usize| gene.offset(position.clamp(gene.start, gene.end)) + 1;
    let (a, b) = (within(variant.start), within(variant.end()));
    if a == b {
        a.to_string()
    } else {
        format!("{}-{}", a.min(b), a.max(b))
    }
}

/// The effects of a structural variant over `first..=last` (1-based, inclusive), by overlap alone.
pub(crate) fn of_structural(kind: &[u8], first: usize, last: usize, genome: &'static Mitochondrion) -> Vec<Effect> {
    let effect = |gene: &'static Gene| {
        let whole = first <= gene.start && gene.end <= last;
        let consequence = match (kind, gene.kind) {
            (b"DEL", _) if whole => Consequence::TranscriptAblation,
            (b"DUP", _) if whole => Consequence::TranscriptAmplification,
            (_, GeneKind::Coding) => Consequence::CodingSequenceVariant,
            _ => Consequence::NonCodingTranscriptExonVariant,
        };
        Effect {
            consequences: vec![consequence],
            gene: Some(gene),
            gene_position: String::new(),
            coding: None,
        }
    };
    or_intergenic(genome.genes_at(first, last).map(effect).collect())
}

fn or_intergenic(effects: Vec<Effect>) -> Vec<Effect> {
    if !effects.is_empty() {
        return effects;
    }
    let consequences = vec![Consequence::IntergenicVariant];
    vec![Effect {
        consequences,
        gene: None,
        gene_position: String::new(),
        coding: None,
    }]
}
