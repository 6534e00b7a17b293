//! What the form that filters variants offers: values, as an address has them, and their words.

use domain::sequence_ontology;
use variants::{GenotypeIs, Impact, Kind, Model, Sort};

use super::row_view::in_words;

/// Impacts.
pub fn impacts() -> impl Iterator<Item = (&'static str, String)> {
    let impacts = Impact::ALL.into_iter().map(Impact::name);
    impacts.map(|name| (name, name.to_lowercase()))
}

/// Kinds of change.
pub fn kinds() -> impl Iterator<Item = (&'static str, String)> {
    let kinds = Kind::ALL.into_iter();
    kinds.map(|kind| (kind.name(), kind.words().to_owned()))
}

/// Terms of the Sequence Ontology, the most severe first.
pub fn consequences() -> impl Iterator<Item = (&'static str, String)> {
    let terms = sequence_ontology::terms().iter();
    terms.map(|term| (term.name, in_words(term.name)))
}

/// Orders.
pub fn sorts() -> impl Iterator<Item = (&'static str, &'static str)> {
    Sort::ALL.into_iter().map(|sort| {
        let label = match sort {
            Sort::Place => "By place",
            Sort::Severity => "Most severe first",
            Sort::Frequency => "Rarest first",
        };
        (sort.name(), label)
    })
}

/// What a genotype may be.
pub fn genotypes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let any = std::iter::once(("", "Any"));
    any.chain(GenotypeIs::ALL.into_iter().map(|is| {
        let label = match is {
            GenotypeIs::Het => "Heterozygous",
            GenotypeIs::HomAlt => "Homozygous for the allele",
            GenotypeIs::HomRef => "Homozygous for the reference",
            GenotypeIs::Carries => "Carries the allele",
            GenotypeIs::Missing => "No genotype",
        };
        (is.name(), label)
    }))
}

/// How a child has a variant.
pub fn models() -> impl Iterator<Item = (&'static str, &'static str)> {
    let any = std::iter::once(("", "Any"));
    any.chain(Model::ALL.into_iter().map(|model| (model.name(), model.words())))
}
