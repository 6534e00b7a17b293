//! A variant, as the table and its own page show it.

use domain::{sequence_ontology, with_commas};
use serde::Serialize;
use variants::Variant;

use super::links;

/// Letters of an allele that a table shows.
const ALLELE_SHOWN: usize = 12;
/// Ids of a variant that a table shows.
const IDS_SHOWN: usize = 3;

/// A row of the table.
#[derive(Serialize)]
pub struct RowView {
    pub url: String,
    pub place: String,
    pub change: ChangeView,
    pub gene: Option<String>,
    pub consequence: Option<TermView>,
    pub impact: Option<ImpactView>,
    /// After HGVS, on the picked transcript and its protein.
    pub names: Vec<String>,
    pub ids: Vec<IdView>,
    /// How many more ids there are.
    pub more_ids: usize,
    pub frequency: Option<String>,
    pub clinvar: Option<String>,
    /// Of the chosen sample.
    pub genotype: Option<String>,
}

/// REF and ALT: as much as fits, and in full.
#[derive(Serialize)]
pub struct ChangeView {
    pub reference: String,
    pub alternate: String,
    /// In full, where that is more.
    pub full: Option<String>,
}

/// A term of the Sequence Ontology, in words.
#[derive(Serialize)]
pub struct TermView {
    pub term: String,
    pub words: String,
    pub meaning: &'static str,
}

/// An impact: the word, and the tone it is shown in.
#[derive(Serialize)]
pub struct ImpactView {
    pub word: String,
    pub tone: &'static str,
}

/// A known variant, with the page of dbSNP if it is there.
#[derive(Serialize)]
pub struct IdView {
    pub id: String,
    pub url: Option<String>,
}

impl RowView {
    /// The row, with the genotype of the `sample`-th sample; `url` is of its own page.
    pub fn of(variant: &Variant, sample: Option<usize>, url: String) -> Self {
        let genotypes = variant.genotypes.as_ref().zip(sample);
        let names = variant.hgvs_c.iter().chain(&variant.hgvs_p);
        Self {
            url,
            place: place(variant),
            change: ChangeView::of(variant),
            gene: variant.gene.clone(),
            consequence: variant.consequence.as_deref().map(TermView::of),
            impact: variant.impact.as_deref().map(ImpactView::of),
            names: names.map(|name| short_name(name).to_owned()).collect(),
            ids: variant.ids.iter().take(IDS_SHOWN).map(|id| IdView::of(id)).collect(),
            more_ids: variant.ids.len().saturating_sub(IDS_SHOWN),
            frequency: variant.max_frequency.map(frequency),
            clinvar: variant.clinvar.as_deref().map(plain_words),
            genotype: genotypes.and_then(|(all, at)| all.get(at).cloned()),
        }
    }
}

impl ChangeView {
    pub fn of(variant: &Variant) -> Self {
        let alternate = variant.alternate.as_deref().unwrap_or(".");
        let is_long = variant.reference.len().max(alternate.len()) > ALLELE_SHOWN;
        Self {
            reference: shortened(&variant.reference),
            alternate: shortened(alternate),
            full: is_long.then(|| format!("{} > {alternate}", variant.reference)),
        }
    }
}

impl TermView {
    pub fn of(term: &str) -> Self {
        Self {
            term: term.to_owned(),
            words: in_words(term),
            meaning: sequence_ontology::term(term).map_or("", |term| term.meaning),
        }
    }
}

impl ImpactView {
    pub fn of(impact: &str) -> Self {
        Self {
            word: impact.to_lowercase(),
            tone: match impact {
                "HIGH" => "tone-failed",
                "MODERATE" => "tone-running",
                "LOW" => "tone-completed",
                _ => "tone-pending",
            },
        }
    }
}

impl IdView {
    pub fn of(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            url: links::of_id(id),
        }
    }
}

/// `chr7:140,453,136`.
pub fn place(variant: &Variant) -> String {
    let position = u64::try_from(variant.position).unwrap_or_default();
    format!("{}:{}", variant.chromosome, with_commas(position))
}

/// `missense_variant` as `missense`, `5_prime_UTR_variant` as `5 prime UTR`: the word that all have is left out.
pub fn in_words(term: &str) -> String {
    let words = term.replace('_', " ");
    match words.strip_suffix(" variant") {
        Some(rest) if !rest.is_empty() && rest != "sequence" => rest.to_owned(),
        _ => words,
    }
}

/// What ClinVar writes with underscores, and lists with bars, in words.
pub fn plain_words(text: &str) -> String {
    let spaced = text.replace('_', " ").replace(['|', '&'], ", ").replace('/', " / ");
    spaced
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" ,", ",")
}

/// A frequency with as many digits as say something: `0.31`, `0.0046`, `8.2e-6`.
pub fn frequency(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value >= 0.9995 => "1".to_owned(),
        value if value >= 0.1 => format!("{value:.3}").trim_end_matches('0').to_owned(),
        value if value >= 0.0001 => {
            let places = (-value.log10()).ceil().clamp(1.0, 6.0) as usize + 1;
            format!("{value:.places$}").trim_end_matches('0').to_owned()
        }
        value => format!("{value:.1e}"),
    }
}

/// `NM_004333.6:c.1799T>A` as `c.1799T>A`: the transcript has a line of its own.
fn short_name(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, short)| short)
}

fn shortened(allele: &str) -> String {
    match allele.char_indices().nth(ALLELE_SHOWN) {
        Some((at, _)) => format!("{}…", &allele[..at]),
        None => allele.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_words_of_others_read_as_words() {
        for (term, words) in [
            ("missense_variant", "missense"),
            ("5_prime_UTR_variant", "5 prime UTR"),
            ("stop_gained", "stop gained"),
            ("sequence_variant", "sequence variant"),
        ] {
            assert_eq!(in_words(term), words);
        }
        assert_eq!(
            plain_words("Pathogenic/Likely_pathogenic"),
            "Pathogenic / Likely pathogenic"
        );
        assert_eq!(
            plain_words("Leigh_syndrome|not_provided"),
            "Leigh syndrome, not provided"
        );
    }

    #[test]
    fn frequencies_have_two_digits_that_say_something() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.312_49, "0.312"),
            (0.5, "0.5"),
            (0.05, "0.05"),
            (0.004_61, "0.0046"),
            (0.000_123, "0.00012"),
            (0.000_008_2, "8.2e-6"),
        ] {
            assert_eq!(frequency(value), text);
        }
    }

    #[test]
    fn long_alleles_are_cut_and_told_in_full() {
        let variant = Variant {
            chromosome: "chr7".to_owned(),
            position: 140_453_136,
            reference: "A".to_owned(),
            alternate: Some("ACGTACGTACGTACGT".to_owned()),
            hgvs_c: Some("NM_004333.6:c.1799T>A".to_owned()),
            ..Variant::default()
        };
        let row = RowView::of(&variant, None, String::new());
        assert_eq!(
            (row.place.as_str(), row.change.alternate.as_str()),
            ("chr7:140,453,136", "ACGTACGTACGT…")
        );
        assert_eq!(row.change.full.as_deref(), Some("A > ACGTACGTACGTACGT"));
        assert_eq!(row.names, ["c.1799T>A"]);
    }
}
