//! An object of JSON for each variant, its names in the order of the columns.

use domain::variants::{CONSEQUENCE_FIELDS, Kind};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::error::Error;
use crate::variant::{Entry, Variant};

pub(super) fn write(variants: &[Variant], samples: &[String], into: &mut Vec<u8>) -> Result<(), Error> {
    for variant in variants {
        serde_json::to_writer(&mut *into, &row(variant, samples)).map_err(|error| Error::Damaged(error.to_string()))?;
        into.push(b'\n');
    }
    Ok(())
}

/// A row; the names are those of `domain::variants`.
#[derive(Serialize)]
struct Row<'v> {
    chromosome: &'v str,
    position: i64,
    end: i64,
    reference: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternate: Option<&'v str>,
    allele: u32,
    ids: &'v [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consequence: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gene: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gene_id: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcript: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hgvs_c: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hgvs_p: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_frequency: Option<f64>,
    frequencies: Vec<Told<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clinvar: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clinvar_diseases: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clinvar_review: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    genotypes: Option<Genotypes<'v>>,
    consequences: Vec<Fields<'v>>,
}

#[derive(Serialize)]
struct Told<'v> {
    source: &'v str,
    value: f64,
}

/// Names of samples, and the genotype of each.
struct Genotypes<'v>(&'v [String], &'v [String]);

impl Serialize for Genotypes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

/// The fields of an entry that have a value.
struct Fields<'v>(&'v Entry);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in CONSEQUENCE_FIELDS.iter().zip(&self.0.values) {
            let Some(value) = value.as_deref() else { continue };
            match field.kind {
                Kind::Text => map.serialize_entry(field.name, value)?,
                Kind::Integer => map.serialize_entry(field.name, &value.parse::<i64>().ok())?,
                Kind::Number => map.serialize_entry(field.name, &value.parse::<f64>().ok())?,
                Kind::Flag => map.serialize_entry(field.name, &(value == "true"))?,
            }
        }
        map.end()
    }
}

fn row<'v>(variant: &'v Variant, samples: &'v [String]) -> Row<'v> {
    let told = variant.frequencies.iter().map(|told| Told {
        source: &told.source,
        value: told.value,
    });
    Row {
        chromosome: &variant.chromosome,
        position: variant.position,
        end: variant.end,
        reference: &variant.reference,
        alternate: variant.alternate.as_deref(),
        allele: variant.allele,
        ids: &variant.ids,
        quality: variant.quality,
        filter: variant.filter.as_deref(),
        consequence: variant.consequence.as_deref(),
        impact: variant.impact.as_deref(),
        gene: variant.gene.as_deref(),
        gene_id: variant.gene_id.as_deref(),
        transcript: variant.transcript.as_deref(),
        hgvs_c: variant.hgvs_c.as_deref(),
        hgvs_p: variant.hgvs_p.as_deref(),
        max_frequency: variant.max_frequency,
        frequencies: told.collect(),
        clinvar: variant.clinvar.as_deref(),
        clinvar_diseases: variant.clinvar_diseases.as_deref(),
        clinvar_review: variant.clinvar_review.as_deref(),
        genotypes: variant.genotypes.as_deref().map(|own| Genotypes(samples, own)),
        consequences: variant.consequences.iter().map(Fields).collect(),
    }
}
