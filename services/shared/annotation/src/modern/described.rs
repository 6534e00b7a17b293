//! What CSQ tells of an allele whatever the transcript: its class, and its name on the chromosome.

use reference::{Edit, Genome, Placements, Sequence, Strand, refseq_accession};

use super::NuclearAnnotator;
use super::named::LONGEST_NAMED;
use super::nuclear::{Placed, replaced};
use crate::hgvs::GenomicChange;
use crate::info::{Described, Field, Fields, Schema, class_of_edit};

impl NuclearAnnotator<'_, '_> {
    /// Describes an allele of bases, if CSQ has fields for that.
    #[inline]
    pub(super) fn describe(
        &self,
        placed: Placed<'_, '_>,
        placements: &Placements,
        sequence: Option<&Sequence<'_>>,
        fields: &mut Fields,
    ) {
        if fields.csq_has(Field::VariantClass) || fields.csq_has(Field::HgvsG) {
            let prefix = self
                .accessions
                .get(placed.chromosome)
                .filter(|prefix| !prefix.is_empty());
            let hgvs_g = prefix.and_then(|prefix| match sequence {
                Some(sequence) => hgvs_g(prefix, placements, sequence),
                None => of_one_base(prefix, placed, placements.first()),
            });
            fields.describe(Described {
                class: class_of_edit(placements.first()),
                hgvs_g: hgvs_g.unwrap_or_default(),
            });
        }
    }
}

/// Describes an allele of which the class alone is known.
pub(super) fn describe_class(class: &'static str, fields: &mut Fields) {
    if fields.csq_has(Field::VariantClass) || fields.csq_has(Field::HgvsG) {
        fields.describe(Described {
            class,
            hgvs_g: String::new(),
        });
    }
}

/// What names on each chromosome of a genome begin with, `NC_000001.10:g.`; empty for those without a known accession.
/// Nothing at all if CSQ has no such names.
pub(super) fn accessions(genome: &Genome<'_>, schema: &Schema) -> Vec<String> {
    let manifest = genome.bundle.manifest();
    let prefix = |name: &str| match refseq_accession(&manifest.assembly, name) {
        Some(accession) => format!("{accession}:g."),
        None => String::new(),
    };
    match schema.layout().has(Field::HgvsG) {
        true => manifest.chromosomes.iter().map(|own| prefix(&own.name)).collect(),
        false => Vec::new(),
    }
}

/// The name of an edit at its most 3' place.
fn hgvs_g(prefix: &str, placements: &Placements, sequence: &Sequence<'_>) -> Option<String> {
    let edit = placements.in_feature(0..sequence.len(), Strand::Forward);
    let change = GenomicChange {
        prefix,
        sequence,
        edit: &edit,
    };
    (edit.deleted() <= LONGEST_NAMED).then(|| change.to_string())
}

/// The name without a sequence: how far an indel's repeat goes, and whether several bases are turned round, cannot be
/// seen.
fn of_one_base(prefix: &str, placed: Placed<'_, '_>, edit: &Edit) -> Option<String> {
    match (replaced(placed, edit), &edit.inserted[..]) {
        ([from], [to]) if b"ACGTacgt".contains(from) => {
            let (position, from, to) = (edit.start + 1, char::from(from.to_ascii_uppercase()), char::from(*to));
            Some(format!("{prefix}{position}{from}>{to}"))
        }
        _ => None,
    }
}
