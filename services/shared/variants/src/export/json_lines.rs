//! An object of JSON for each variant.

use domain::variants as columns;
use domain::variants::{CONSEQUENCE_FIELDS, Kind};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::variant::{Entry, Variant};

pub(super) fn write(variants: &[Variant], samples: &[String], into: &mut Vec<u8>) -> Result<(), Error> {
    for variant in variants {
        let object = object(variant, samples);
        serde_json::to_writer(&mut *into, &object).map_err(|error| Error::Damaged(error.to_string()))?;
        into.push(b'\n');
    }
    Ok(())
}

fn object(variant: &Variant, samples: &[String]) -> Value {
    let mut object = Map::new();
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let number = |number: Option<f64>| number.and_then(serde_json::Number::from_f64).map(Value::from);
    let frequency = |(name, value): (&str, Option<Value>)| value.map(|value| (name.to_owned(), value));
    let frequencies = variant.frequencies.iter().map(|told| {
        let own = [
            (columns::SOURCE, Some(Value::from(told.source.clone()))),
            (columns::VALUE, number(Some(told.value))),
        ];
        Value::from(own.into_iter().filter_map(frequency).collect::<Map<_, _>>())
    });
    let genotypes = variant.genotypes.as_ref().map(|genotypes| {
        let own = samples.iter().zip(genotypes);
        Value::from(
            own.map(|(name, own)| (name.clone(), Value::from(own.clone())))
                .collect::<Map<_, _>>(),
        )
    });
    let values = [
        (columns::CHROMOSOME, Some(Value::from(variant.chromosome.clone()))),
        (columns::POSITION, Some(variant.position.into())),
        (columns::END, Some(variant.end.into())),
        (columns::REFERENCE, Some(variant.reference.clone().into())),
        (columns::ALTERNATE, text(&variant.alternate)),
        (columns::ALLELE, Some(variant.allele.into())),
        (columns::IDS, Some(variant.ids.clone().into())),
        (columns::QUALITY, number(variant.quality)),
        (columns::FILTER, text(&variant.filter)),
        (columns::CONSEQUENCE, text(&variant.consequence)),
        (columns::IMPACT, text(&variant.impact)),
        (columns::GENE, text(&variant.gene)),
        (columns::GENE_ID, text(&variant.gene_id)),
        (columns::TRANSCRIPT, text(&variant.transcript)),
        (columns::HGVS_C, text(&variant.hgvs_c)),
        (columns::HGVS_P, text(&variant.hgvs_p)),
        (columns::MAX_FREQUENCY, number(variant.max_frequency)),
        (columns::FREQUENCIES, Some(frequencies.collect())),
        (columns::CLINVAR, text(&variant.clinvar)),
        (columns::CLINVAR_DISEASES, text(&variant.clinvar_diseases)),
        (columns::CLINVAR_REVIEW, text(&variant.clinvar_review)),
        (columns::GENOTYPES, genotypes),
        (
            columns::CONSEQUENCES,
            Some(variant.consequences.iter().map(entry).collect()),
        ),
    ];
    object.extend(
        values
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    Value::from(object)
}

fn entry(entry: &Entry) -> Value {
    let fields = CONSEQUENCE_FIELDS
        .iter()
        .zip(&entry.values)
        .filter_map(|(field, value)| {
            let value = value.as_deref()?;
            let typed = match field.kind {
                Kind::Text => Value::from(value),
                Kind::Integer => value.parse::<i64>().map_or_else(|_| Value::from(value), Value::from),
                Kind::Flag => Value::from(value == "true"),
            };
            Some((field.name.to_owned(), typed))
        });
    Value::from(fields.collect::<Map<_, _>>())
}
