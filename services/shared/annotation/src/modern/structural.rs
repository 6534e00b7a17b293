//! Structural variants of the nuclear genome, by the bases that they affect, and both ends of breakends.

use reference::{MITOCHONDRIAL_LENGTH, is_mitochondrial, ucsc_name};
use vcf::{Breakend, Extent, Mate, Record, StructuralKind};

use super::described::describe_class;
use super::{NuclearAnnotator, tell_mitochondrial};
use crate::consequence::{Beside, Consequence, Consequences, NEAR, Structural};
use crate::info::{Entry, Feature, Fields, Key, class_of_symbol};
use crate::report::Counts;

/// A structural allele: what it does where the record is, how CSQ names that, and the other end of a breakend.
pub(super) struct StructuralAllele<'a> {
    pub(super) variant: Structural,
    pub(super) name: Vec<u8>,
    /// Its kind in the terms of the Sequence Ontology.
    pub(super) class: &'static str,
    mate: Option<(Mate<'a>, Vec<u8>)>,
}

impl<'a> StructuralAllele<'a> {
    /// A symbolic allele, number `allele` of ALT from 0, given without its angle brackets.
    pub(super) fn symbolic(symbol: &[u8], allele: usize, extent: &mut Extent<'a>, length: usize) -> Self {
        let kind = extent.kind(symbol);
        let mate = extent.mate.filter(|_| kind == StructuralKind::Breakend);
        Self {
            variant: Structural::symbolic(kind, allele, extent, length).in_tandem(symbol.starts_with(b"DUP:TANDEM")),
            name: csq_name(kind, symbol).to_vec(),
            class: class_of_symbol(symbol),
            mate: mate.map(|mate| {
                // Which way the other end goes is not said; Ensembl VEP writes it so.
                let breakend = Breakend {
                    bases: b"N",
                    joins_after: true,
                    mate: Some(mate),
                };
                (mate, breakend.text())
            }),
        }
    }

    /// A breakend. CSQ names its ends as Ensembl VEP has done since 112: the own one as a single breakend of REF, that of
    /// the mate as ALT does. `text` is the allele.
    pub(super) fn breakend(breakend: &Breakend<'a>, text: &[u8], record: &Record<'a>) -> Self {
        let own = Breakend {
            bases: record.reference,
            joins_after: breakend.joins_after,
            mate: None,
        };
        let is_single = breakend.mate.is_none();
        Self {
            variant: Structural::own_end(breakend, record.position, record.reference.len()),
            name: if is_single {
                text.to_vec()
            } else {
                own.text().to_ascii_uppercase()
            },
            class: class_of_symbol(b"BND"),
            mate: breakend.mate.map(|mate| (mate, text.to_vec())),
        }
    }

    /// Counts the allele once its own end was told, with `worst` consequences, and its mate; where no end is in or near a
    /// gene, that is told.
    pub(super) fn end(
        &self,
        mut worst: Consequences,
        nuclear: Option<&mut NuclearAnnotator<'_, '_>>,
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        if let Some((mate, name)) = &self.mate {
            worst = worst.or(tell_mate(mate, name, nuclear, fields, counts));
        }
        if worst.is_empty() {
            worst = Consequence::IntergenicVariant.into();
            counts.between_genes();
            fields.tell(&Entry {
                allele: &self.name,
                consequences: worst,
                ..Entry::default()
            });
        }
        counts.end_allele(worst);
    }
}

/// Tells the genes at a breakend's mate, wherever that is.
fn tell_mate(
    mate: &Mate<'_>,
    name: &[u8],
    nuclear: Option<&mut NuclearAnnotator<'_, '_>>,
    fields: &mut Fields,
    counts: &mut Counts,
) -> Consequences {
    let Some(end) = Structural::mate_end(mate) else {
        return Consequences::default();
    };
    match nuclear {
        Some(nuclear) if !is_mitochondrial(mate.chromosome) => nuclear.tell_mate(mate, &end, name, fields, counts),
        Some(nuclear) if nuclear.has_foreign_mitochondrion => Consequences::default(),
        _ if is_mitochondrial(mate.chromosome) && mate.position <= MITOCHONDRIAL_LENGTH as u64 => {
            tell_mitochondrial(&end, name, fields, counts)
        }
        _ => Consequences::default(),
    }
}

impl NuclearAnnotator<'_, '_> {
    /// Adds the consequences of a structural allele, and of its mate, for each transcript in or near which they are.
    pub(super) fn structural(
        &mut self,
        chromosome: usize,
        allele: &StructuralAllele<'_>,
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        counts.begin_structural();
        describe_class(allele.class, fields);
        let worst = self.tell(chromosome, &allele.variant, &allele.name, fields, counts);
        allele.end(worst, Some(self), fields, counts);
    }

    fn tell_mate(
        &mut self,
        mate: &Mate<'_>,
        end: &Structural,
        name: &[u8],
        fields: &mut Fields,
        counts: &mut Counts,
    ) -> Consequences {
        let bundle = self.genome.bundle;
        let find = |name: &str| bundle.chromosome(name).or_else(|| bundle.chromosome(ucsc_name(name)));
        let place = std::str::from_utf8(mate.chromosome).ok().and_then(find);
        match place.filter(|place| mate.position <= self.genome.length(*place) as u64) {
            Some(place) => self.tell(place, end, name, fields, counts),
            None => Consequences::default(),
        }
    }

    /// Tells what a variant does to each transcript that it touches, or lies beside.
    fn tell(
        &mut self,
        chromosome: usize,
        variant: &Structural,
        name: &[u8],
        fields: &mut Fields,
        counts: &mut Counts,
    ) -> Consequences {
        let edit = variant.bases();
        let mut worst = Consequences::default();
        for row in self.rows(chromosome, variant, fields, counts) {
            if fields.exceeds_limit(Key::CSQ) {
                break;
            }
            let Some(transcript) = self.transcripts.get(self.genome, chromosome, row) else {
                continue;
            };
            self.count_gene(row);
            if let Some(beside) = Beside::new(&transcript, &edit) {
                worst.add(beside.consequence);
                counts.consequence(beside.consequence);
                fields.tell_beside(name, &beside, &transcript, b"");
                continue;
            }
            let consequences = variant.on_transcript(&transcript);
            worst = worst.or(consequences);
            counts.consequences(consequences);
            fields.tell(&Entry {
                allele: name,
                consequences,
                feature: Feature::Transcript(&transcript),
                ..Entry::default()
            });
        }
        worst
    }

    /// The transcripts that a variant touches or lies beside, by start; if they are more than the limit, those that it
    /// touches come first.
    fn rows(&self, chromosome: usize, variant: &Structural, fields: &mut Fields, counts: &mut Counts) -> Vec<usize> {
        let mut rows = Vec::new();
        let Some(genes) = &self.genome.genes else { return rows };
        let span = variant.span.start as u32..variant.span.end as u32;
        let around = span.start.saturating_sub(NEAR)..span.end.saturating_add(NEAR);
        genes.overlapping(chromosome, around, |row| rows.push(row));
        let most = self.limits.transcripts;
        if rows.len() > most {
            counts.unlisted(rows.len() - most);
            fields.flag(Key::CSQ_INCOMPLETE);
            let mut touched = Vec::new();
            genes.overlapping(chromosome, span, |row| touched.push(row));
            // Rows are sorted by start, as both lists are.
            rows.retain(|row| touched.binary_search(row).is_err());
            touched.append(&mut rows);
            touched.truncate(most);
            return touched;
        }
        rows
    }
}

/// How CSQ names a symbolic allele: with the word that Ensembl VEP has for the kind, or as the file does.
fn csq_name(kind: StructuralKind, symbol: &[u8]) -> &[u8] {
    match kind {
        StructuralKind::Deletion => b"deletion",
        StructuralKind::Duplication => b"duplication",
        StructuralKind::Insertion => b"insertion",
        StructuralKind::Inversion => b"inversion",
        StructuralKind::Breakend | StructuralKind::Other => symbol,
    }
}
