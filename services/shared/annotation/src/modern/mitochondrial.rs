//! Records of the mitochondrial genome: their alleles, the genes they touch, what MITOMAP knows of them.

use super::{csq_allele, edit_of};
use crate::consequence::{
    Consequence, Consequences, Extent, GeneEffect, Structural, StructuralKind, on_gene, on_gene_structurally,
};
use crate::edit::{Edit, Inserted};
use crate::error::InputError;
use crate::gene::Gene;
use crate::hgvs::GenomicChange;
use crate::info::{Entry, Feature, Fields, Key};
use crate::placement::Placements;
use crate::reference::{HGVS_PREFIX, Mitochondrion};
use crate::report::Counts;
use crate::tracks::{Known, Mitomap};
use crate::vcf::{Alternate, Record, drops_first_base};

/// Annotates records of the mitochondrial genome.
pub(crate) struct MitochondrialAnnotator {
    genome: &'static Mitochondrion,
    /// Whether the file is VCF 3.
    is_old: bool,
    /// The most bytes that a record's annotation may have.
    limit: usize,
}

impl MitochondrialAnnotator {
    /// Reads the embedded reference at first use.
    pub(crate) fn new(is_old: bool, limit: usize) -> Self {
        Self {
            genome: Mitochondrion::rcrs(),
            is_old,
            limit,
        }
    }

    /// Fills the fields of a record whose REF is the reference's, and counts.
    pub(crate) fn annotate(
        &self,
        record: &Record<'_>,
        line: u64,
        fields: &mut Fields,
        counts: &mut Counts,
    ) -> Result<(), InputError> {
        counts.begin_record();
        let drops_first = drops_first_base(record.reference, record.alternates);
        let mut extent = None;
        for text in record.alternates() {
            let alternate = Alternate::parse_in(text, self.is_old, line)?;
            let name = csq_allele(text, drops_first);
            match alternate {
                Alternate::Symbolic(symbol) => self.structural(record, symbol, &mut extent, fields, counts),
                Alternate::Breakend => self.structural(record, b"BND", &mut extent, fields, counts),
                _ => self.allele(record, alternate, name, fields, counts),
            }
            fields.end_allele();
            if fields.exceed_limit() {
                let limit = self.limit;
                return Err(InputError::AnnotationTooLong { line, limit });
            }
        }
        Ok(())
    }

    fn allele(
        &self,
        record: &Record<'_>,
        alternate: Alternate<'_>,
        name: &[u8],
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        let edit = edit_of(alternate, record.position as usize - 1, record.reference);
        if let Some(edit) = edit.filter(|edit| edit.deleted() < self.genome.sequence.len()) {
            self.edit(edit, name, fields, counts);
        }
    }

    /// It is told of each gene at its most 3' place there; it is looked up where its repeat begins.
    fn edit(&self, edit: Edit, name: &[u8], fields: &mut Fields, counts: &mut Counts) {
        let placements = Placements::new(edit, Some(&self.genome.sequence));
        let aligned = placements.first();
        let known = Mitomap::embedded().find(aligned);
        let reference = self.genome.sequence.base(aligned.start).unwrap_or(b'N');
        counts.begin_allele(aligned, reference);
        counts.in_mitomap(known.is_some());
        if let Some(known) = known {
            set_known(&known, fields);
        }
        let mut worst = Consequences::default();
        for (gene, edit, span) in self.genome.genes_told(&placements) {
            let effect = on_gene(gene, &edit, &span);
            worst = worst.or(effect.consequences);
            add(gene, &effect, name, fields, counts);
        }
        self.between_genes(&mut worst, name, fields, counts);
        let named = aligned.clone().shifted_right(&self.genome.sequence);
        if Mitochondrion::is_control_region(&named) {
            fields.set_bytes(Key::REGION, b"D-loop");
            counts.control_region();
        }
        counts.end_allele(worst);
        self.name(&named, fields);
    }

    fn structural(
        &self,
        record: &Record<'_>,
        symbol: &[u8],
        extent: &mut Option<Extent>,
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        let extent = extent.get_or_insert_with(|| Extent::of(record));
        let variant = Structural::new(symbol, record.position, extent, self.genome.sequence.len());
        let span = Edit {
            start: variant.span.start,
            end: variant.span.end,
            inserted: Inserted::new(),
        };
        let name = variant.kind.csq_allele(symbol);
        counts.begin_structural();
        let mut worst = Consequences::default();
        for (gene, _) in self.genome.genes(&span) {
            let effect = on_gene_structurally(gene, &variant);
            worst = worst.or(effect.consequences);
            add(gene, &effect, name, fields, counts);
        }
        self.between_genes(&mut worst, name, fields, counts);
        if Mitochondrion::is_control_region(&span) {
            fields.set_bytes(Key::REGION, b"D-loop");
            counts.control_region();
        }
        counts.end_allele(worst);
        if variant.is_precise && variant.kind == StructuralKind::Deletion {
            self.name(&span.shifted_right(&self.genome.sequence), fields);
        }
    }

    fn between_genes(&self, worst: &mut Consequences, name: &[u8], fields: &mut Fields, counts: &mut Counts) {
        if worst.is_empty() {
            *worst = Consequence::IntergenicVariant.into();
            counts.between_genes();
            let entry = Entry {
                allele: name,
                consequences: *worst,
                ..Entry::default()
            };
            entry.append(fields.next(Key::CSQ));
        }
    }

    fn name(&self, edit: &Edit, fields: &mut Fields) {
        let change = GenomicChange {
            prefix: HGVS_PREFIX,
            sequence: &self.genome.sequence,
            edit,
        };
        fields.set(Key::HGVS_M, change);
    }
}

/// Counts an effect on a gene and adds it to CSQ.
fn add(gene: &Gene, effect: &GeneEffect, allele: &[u8], fields: &mut Fields, counts: &mut Counts) {
    counts.gene(gene.symbol, effect.consequences);
    counts.anntools_gene(gene.span.start, gene.coding.is_some());
    let protein = match (&gene.coding, &effect.protein) {
        (Some(coding), Some(change)) => format!("{}:{change}", coding.protein_id),
        _ => String::new(),
    };
    let entry = Entry {
        allele,
        consequences: effect.consequences,
        feature: Feature::Gene(gene),
        exons: Some((1, 1)),
        hgvs_p: &protein,
        messenger: effect.position,
        cds: effect.position.filter(|_| gene.coding.is_some()),
        codons: effect.codons.as_ref(),
        ..Entry::default()
    };
    entry.append(fields.next(Key::CSQ));
}

fn set_known(known: &Known, fields: &mut Fields) {
    if !known.status.is_empty() {
        fields.set_bytes(Key::STATUS, known.status.as_bytes());
    }
    if !known.disease.is_empty() {
        fields.set_bytes(Key::DISEASE, known.disease.as_bytes());
    }
    if let Some(frequency) = known.frequency {
        fields.set(Key::FREQUENCY, format_args!("{frequency:.6}"));
    }
}
