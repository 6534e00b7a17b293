//! One record: its alleles, the genes they touch, what is known of them.

use crate::consequence::{Consequence, Consequences, Structural, StructuralKind, on_gene, on_gene_structurally};
use crate::edit::Edit;
use crate::error::InputError;
use crate::hgvs::GenomicChange;
use crate::info::{Csq, Fields, Key};
use crate::reference::{HGVS_PREFIX, Mitochondrion};
use crate::report::Counts;
use crate::tracks::Mitomap;
use crate::vcf::{Alternate, Record, drops_first_base};

/// Annotates records of the mitochondrial genome.
pub(crate) struct Annotator {
    genome: &'static Mitochondrion,
    mitomap: &'static Mitomap,
    /// Whether the file is VCF 3.
    is_old: bool,
}

impl Annotator {
    /// Reads the embedded reference at first use.
    pub(crate) fn new(is_old: bool) -> Self {
        Self {
            genome: Mitochondrion::rcrs(),
            mitomap: Mitomap::embedded(),
            is_old,
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
        let anchor = usize::from(drops_first_base(record.reference, record.alternates));
        for text in record.alternates() {
            let Some(alternate) = Alternate::parse(text, self.is_old) else {
                let expected = "bases, a symbolic allele such as <DEL>, a breakend, a star or a dot";
                return Err(InputError::field(line, 5, text, expected));
            };
            let name = match &text[anchor.min(text.len())..] {
                b"" => b"-",
                rest => rest,
            };
            self.allele(record, alternate, name, fields, counts);
            fields.end_allele();
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
        let (start, reference) = (record.position as usize - 1, record.reference);
        let edit = match alternate {
            Alternate::Bases(bases) => Edit::new(start, reference, bases),
            Alternate::InsertedAfter(bases) => Edit::new(start + 1, b"", bases),
            Alternate::DeletedFrom(count) if count < self.genome.sequence.len() => Some(Edit {
                start,
                end: start + count,
                inserted: Vec::new(),
            })
            .filter(|edit| edit.deleted() > 0),
            Alternate::Symbolic(symbol) => return self.structural(record, symbol, fields, counts),
            Alternate::Breakend => return self.structural(record, b"BND", fields, counts),
            Alternate::Missing | Alternate::Overlapped | Alternate::DeletedFrom(_) => None,
        };
        if let Some(edit) = edit {
            self.edit(edit, name, fields, counts);
        }
    }

    fn edit(&self, edit: Edit, name: &[u8], fields: &mut Fields, counts: &mut Counts) {
        let edit = edit.shifted_left(&self.genome.sequence);
        let known = self.mitomap.find(&edit);
        counts.begin_allele(&edit, &self.genome.sequence, known.is_some());
        if let Some(known) = known {
            fields.set_known(&known);
        }
        let mut worst = Consequences::default();
        for (gene, span) in self.genome.genes(&edit) {
            let effect = on_gene(gene, &edit, &span);
            worst = worst.or(effect.consequences);
            counts.gene(gene, effect.consequences);
            fields.add_csq(&Csq {
                allele: name,
                consequences: effect.consequences,
                gene: Some((gene, &effect)),
            });
        }
        self.between_genes(&mut worst, name, fields, counts);
        if Mitochondrion::is_control_region(&edit) {
            fields.set(Key::Region, "D-loop");
            counts.control_region();
        }
        counts.end_allele(worst.impact());
        self.name(&edit.shifted_right(&self.genome.sequence), fields);
    }

    fn structural(&self, record: &Record<'_>, symbol: &[u8], fields: &mut Fields, counts: &mut Counts) {
        let variant = Structural::new(symbol, record, self.genome.sequence.len());
        let span = Edit {
            start: variant.span.start,
            end: variant.span.end,
            inserted: Vec::new(),
        };
        let name = variant.kind.csq_allele(symbol);
        counts.begin_structural();
        let mut worst = Consequences::default();
        for (gene, _) in self.genome.genes(&span) {
            let effect = on_gene_structurally(gene, &variant);
            worst = worst.or(effect.consequences);
            counts.gene(gene, effect.consequences);
            fields.add_csq(&Csq {
                allele: name,
                consequences: effect.consequences,
                gene: Some((gene, &effect)),
            });
        }
        self.between_genes(&mut worst, name, fields, counts);
        if Mitochondrion::is_control_region(&span) {
            fields.set(Key::Region, "D-loop");
            counts.control_region();
        }
        counts.end_allele(worst.impact());
        if variant.is_precise && variant.kind == StructuralKind::Deletion {
            self.name(&span.shifted_right(&self.genome.sequence), fields);
        }
    }

    fn between_genes(&self, worst: &mut Consequences, name: &[u8], fields: &mut Fields, counts: &mut Counts) {
        if worst.is_empty() {
            *worst = Consequence::IntergenicVariant.into();
            counts.intergenic();
            fields.add_csq(&Csq {
                allele: name,
                consequences: *worst,
                gene: None,
            });
        }
    }

    fn name(&self, edit: &Edit, fields: &mut Fields) {
        fields.set(
            Key::HgvsM,
            GenomicChange {
                prefix: HGVS_PREFIX,
                sequence: &self.genome.sequence,
                edit,
            },
        );
    }
}
