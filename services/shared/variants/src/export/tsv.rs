//! Text with tabs.

use std::fmt::Write as _;

use domain::variants as columns;

use crate::variant::{SHOWN, Variant};

/// The names of the columns; those of the samples come last.
pub(super) fn header(samples: &[String]) -> Vec<u8> {
    let own = SHOWN.into_iter().filter(|name| *name != columns::GENOTYPES);
    let names: Vec<String> = own
        .map(str::to_owned)
        .chain(samples.iter().map(|name| clean(name)))
        .collect();
    (names.join("\t") + "\n").into_bytes()
}

pub(super) fn write(variants: &[Variant], samples: &[String], into: &mut Vec<u8>) {
    for variant in variants {
        into.extend_from_slice(line(variant, samples.len()).as_bytes());
    }
}

fn line(variant: &Variant, samples: usize) -> String {
    let mut line = clean(&variant.chromosome);
    let frequencies = variant
        .frequencies
        .iter()
        .map(|told| format!("{}={}", told.source, told.value));
    // A string takes whatever is written to it.
    let _ = write!(line, "\t{}\t{}", variant.position, variant.end);
    add(&mut line, Some(&variant.reference));
    add(&mut line, variant.alternate.as_deref());
    let _ = write!(line, "\t{}", variant.allele);
    add(&mut line, Some(&variant.ids.join(",")));
    number(&mut line, variant.quality);
    let told = [
        &variant.filter,
        &variant.consequence,
        &variant.impact,
        &variant.gene,
        &variant.gene_id,
        &variant.transcript,
        &variant.hgvs_c,
        &variant.hgvs_p,
    ];
    told.into_iter().for_each(|text| add(&mut line, text.as_deref()));
    number(&mut line, variant.max_frequency);
    add(&mut line, Some(&frequencies.collect::<Vec<_>>().join(",")));
    let clinvar = [&variant.clinvar, &variant.clinvar_diseases, &variant.clinvar_review];
    clinvar.into_iter().for_each(|text| add(&mut line, text.as_deref()));
    let genotypes = variant.genotypes.as_deref().unwrap_or_default();
    (0..samples).for_each(|sample| add(&mut line, genotypes.get(sample).map(String::as_str)));
    line.push('\n');
    line
}

fn add(line: &mut String, text: Option<&str>) {
    line.push('\t');
    line.push_str(&clean(text.unwrap_or_default()));
}

fn number(line: &mut String, number: Option<f64>) {
    line.push('\t');
    if let Some(number) = number {
        let _ = write!(line, "{number}");
    }
}

/// Text without what ends a value or a line.
fn clean(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
