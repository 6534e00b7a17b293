//! Records of the mitochondrial genome: their alleles, the genes they touch, what MITOMAP knows of them.

use reference::tracks::{Known, Mitomap};
use reference::{Edit, Gene, HGVS_PREFIX, Mitochondrion, Placements};
use vcf::{Alternate, Extent, Header, Record, StructuralKind, drops_first_base};

use super::described::describe_class;
use super::structural::StructuralAllele;
use super::{NuclearAnnotator, csq_allele, edit_of};
use crate::consequence::{Consequence, Consequences, GeneEffect, Structural, on_gene};
use crate::error::InputError;
use crate::hgvs::GenomicChange;
use crate::info::{Described, Entry, Feature, Field, Fields, Key, class_of_edit, encoded_bytes};
use crate::report::Counts;

/// Annotates records of the mitochondrial genome.
pub(crate) struct MitochondrialAnnotator {
    genome: &'static Mitochondrion,
    /// Whether the file is VCF 3.
    is_old: bool,
    /// Whether it is VCF 4.4 or later, in which SVLEN decides.
    length_decides: bool,
    /// The most bytes that a record's annotation may have.
    limit: usize,
}

impl MitochondrialAnnotator {
    /// Reads the embedded reference at first use.
    pub(crate) fn new(header: &Header, limit: usize) -> Self {
        Self {
            genome: Mitochondrion::rcrs(),
            is_old: header.is_old(),
            length_decides: header.length_decides(),
            limit,
        }
    }

    /// Fills the fields of a record whose REF is the reference's, and counts. `nuclear` tells mates of breakends.
    pub(crate) fn annotate(
        &self,
        record: &Record<'_>,
        line: u64,
        mut nuclear: Option<&mut NuclearAnnotator<'_, '_>>,
        fields: &mut Fields,
        counts: &mut Counts,
    ) -> Result<(), InputError> {
        counts.begin_record();
        let drops_first = drops_first_base(record.reference, record.alternates);
        let (mut extent, mut breakends) = (None, 0);
        for (number, text) in record.alternates().enumerate() {
            let alternate = Alternate::parse_in(text, self.is_old, line)?;
            let structural = match &alternate {
                Alternate::Symbolic(symbol) => {
                    let extent = extent.get_or_insert_with(|| Extent::of(record, self.length_decides));
                    let length = self.genome.sequence.len();
                    Some(StructuralAllele::symbolic(symbol, number, extent, length))
                }
                Alternate::Breakend(breakend) => {
                    breakends += 1;
                    Some(StructuralAllele::breakend(breakend, text, record))
                }
                _ => None,
            };
            match structural {
                Some(allele) => self.structural(&allele, nuclear.as_deref_mut(), fields, counts),
                None => self.allele(record, alternate, &csq_allele(text, drops_first), fields, counts),
            }
            fields.end_allele();
            if fields.exceed_limit() {
                let limit = self.limit;
                return Err(InputError::AnnotationTooLong { line, limit });
            }
        }
        if breakends > 1 {
            fields.merge_entries();
        }
        counts.doubts(extent.map(|extent| extent.doubts()).unwrap_or_default(), line);
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
        let named = aligned.clone().shifted_right(&self.genome.sequence);
        self.name(&named, class_of_edit(aligned), fields);
        let mut worst = Consequences::default();
        for (gene, edit, span) in self.genome.genes_told(&placements) {
            let effect = on_gene(gene, &edit, &span);
            worst = worst.or(effect.consequences);
            counts.anntools_gene(gene.span.start, gene.coding.is_some());
            add(gene, &effect, name, fields, counts);
        }
        self.between_genes(&mut worst, name, fields, counts);
        if Mitochondrion::is_control_region(&named) {
            fields.set_bytes(Key::REGION, b"D-loop");
            counts.control_region();
        }
        counts.end_allele(worst);
    }

    fn structural(
        &self,
        allele: &StructuralAllele<'_>,
        nuclear: Option<&mut NuclearAnnotator<'_, '_>>,
        fields: &mut Fields,
        counts: &mut Counts,
    ) {
        let variant = &allele.variant;
        let span = variant.bases();
        match variant.is_precise && variant.kind == StructuralKind::Deletion {
            true => self.name(&span.clone().shifted_right(&self.genome.sequence), allele.class, fields),
            false => describe_class(allele.class, fields),
        }
        counts.begin_structural();
        for (gene, _) in self.genome.genes(&span) {
            counts.anntools_gene(gene.span.start, gene.coding.is_some());
        }
        let worst = tell_mitochondrial(variant, &allele.name, fields, counts);
        allele.end(worst, nuclear, fields, counts);
        if Mitochondrion::is_control_region(&span) {
            fields.set_bytes(Key::REGION, b"D-loop");
            counts.control_region();
        }
    }

    fn between_genes(&self, worst: &mut Consequences, name: &[u8], fields: &mut Fields, counts: &mut Counts) {
        if worst.is_empty() {
            *worst = Consequence::IntergenicVariant.into();
            counts.between_genes();
            fields.tell(&Entry {
                allele: name,
                consequences: *worst,
                ..Entry::default()
            });
        }
    }

    /// Names an allele of this class, which stands at its most 3' place.
    fn name(&self, edit: &Edit, class: &'static str, fields: &mut Fields) {
        let change = GenomicChange {
            prefix: HGVS_PREFIX,
            sequence: &self.genome.sequence,
            edit,
        };
        if fields.csq_has(Field::HgvsG) || fields.csq_has(Field::VariantClass) {
            let hgvs_g = change.to_string();
            fields.describe(Described { class, hgvs_g });
        }
        fields.set(Key::HGVS_M, change);
    }
}

/// Tells what a structural variant, or one end of a breakend, does to each mitochondrial gene that it touches.
pub(super) fn tell_mitochondrial(
    variant: &Structural,
    name: &[u8],
    fields: &mut Fields,
    counts: &mut Counts,
) -> Consequences {
    let mut worst = Consequences::default();
    for (gene, _) in Mitochondrion::rcrs().genes(&variant.bases()) {
        let effect = variant.on_gene(gene);
        worst = worst.or(effect.consequences);
        add(gene, &effect, name, fields, counts);
    }
    worst
}

/// Counts an effect on a gene and adds it to CSQ.
fn add(gene: &Gene, effect: &GeneEffect, allele: &[u8], fields: &mut Fields, counts: &mut Counts) {
    counts.gene(gene.symbol, effect.consequences);
    let mut protein = Vec::new();
    if let (Some(coding), Some(change)) = (&gene.coding, &effect.protein) {
        encoded_bytes(&mut protein, coding.protein_id.as_bytes());
        protein.push(b':');
        change.append_encoded(&mut protein);
    }
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
    fields.tell(&entry);
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
