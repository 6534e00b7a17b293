//! Counts beside one another: each with its bar, and what its name means.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::{sequence_ontology, with_commas};
use serde::Serialize;

use crate::views::{Breakable, breakable};

/// Where Ensembl says what its impacts mean.
const IMPACTS: &str = "https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html";

/// What the page calls the impact of alleles that were told without codons.
const NOT_KNOWN: &str = "not known, without codons";

/// Names of impacts, strongest first.
const STRONGEST_FIRST: [&str; 5] = ["HIGH", "MODERATE", "LOW", "MODIFIER", NOT_KNOWN];

/// A count, and what it is of the largest one beside it.
#[derive(Serialize)]
pub struct Bar {
    #[serde(skip)]
    name: String,
    /// The name, as it may be broken.
    parts: Breakable,
    about: Option<About>,
    count: u64,
    number: String,
    most: u64,
}

/// What a name means, and the page of those who say so.
#[derive(Serialize)]
struct About {
    meaning: &'static str,
    url: String,
}

/// Consequences with their explanations, the most frequent first.
pub fn of_consequences(counts: &BTreeMap<String, u64>) -> Vec<Bar> {
    let mut consequences = bars(counts, term);
    consequences.sort_by_key(|bar| Reverse(bar.count));
    consequences
}

/// Impacts with their explanations, the strongest first; those that are not known come last.
pub fn of_impacts(counts: &BTreeMap<String, u64>, unknown: u64) -> Vec<Bar> {
    let mut counts = counts.clone();
    counts.insert(NOT_KNOWN.to_owned(), unknown);
    let mut impacts = bars(&counts, impact);
    impacts.sort_by_key(|bar| STRONGEST_FIRST.iter().position(|known| *known == bar.name));
    impacts
}

/// Chromosomes in their order.
pub fn of_chromosomes(counts: &BTreeMap<String, u64>) -> Vec<Bar> {
    let mut chromosomes = bars(counts, |_| None);
    chromosomes.sort_by_key(|bar| natural(&bar.name));
    chromosomes
}

fn bars(counts: &BTreeMap<String, u64>, about: fn(&str) -> Option<About>) -> Vec<Bar> {
    let most = counts.values().copied().max().unwrap_or(0);
    let bar = |(name, count): (&String, &u64)| Bar {
        name: name.clone(),
        parts: breakable(name),
        about: about(name),
        count: *count,
        number: with_commas(*count),
        most,
    };
    counts.iter().filter(|(_, count)| **count > 0).map(bar).collect()
}

/// A term of the Sequence Ontology.
fn term(name: &str) -> Option<About> {
    let term = sequence_ontology::term(name)?;
    Some(About {
        meaning: term.meaning,
        url: term.url(),
    })
}

/// An impact, as Ensembl ranks consequences.
fn impact(name: &str) -> Option<About> {
    let meaning = match name {
        "HIGH" => "The protein is probably cut short, is not made, or does not work.",
        "MODERATE" => "The protein changes, and may work less well.",
        "LOW" => "The protein probably works as before.",
        "MODIFIER" => "The variant lies outside of coding sequence, or nothing can be predicted.",
        _ => return None,
    };
    let url = IMPACTS.to_owned();
    Some(About { meaning, url })
}

/// 2 before 10, numbers before letters.
fn natural(name: &str) -> (u64, String) {
    let short = name.trim_start_matches("chr");
    (short.parse().unwrap_or(u64::MAX), short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
        pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    fn told(bars: &[Bar]) -> String {
        let told = bars.iter().map(|bar| format!("{} {}", bar.name, bar.number));
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn chromosomes_come_in_their_order_and_consequences_by_count() {
        assert_eq!(
            told(&of_chromosomes(&counts(&[("10", 1), ("2", 5), ("X", 3)]))),
            "2 5, 10 1, X 3"
        );
        let consequences = of_consequences(&counts(&[
            ("intron_variant", 7),
            ("missense_variant", 1200),
            ("stop_gained", 0),
        ]));
        assert_eq!(told(&consequences), "missense_variant 1,200, intron_variant 7");
    }

    #[test]
    fn impacts_come_strongest_first_and_what_is_not_known_last() {
        let impacts = of_impacts(&counts(&[("LOW", 3), ("HIGH", 1), ("MODIFIER", 0)]), 2);
        assert_eq!(told(&impacts), "HIGH 1, LOW 3, not known, without codons 2");
        assert!(impacts[0].about.is_some() && impacts[2].about.is_none());
    }

    #[test]
    fn a_term_breaks_at_its_underscores_and_is_explained_if_it_is_known() {
        let bars = of_consequences(&counts(&[("missense_variant", 3), ("a_term_of_tomorrow", 1)]));
        assert_eq!(bars[0].parts, ["missense_", "variant"]);
        let about = bars[0].about.as_ref().unwrap();
        assert_eq!(
            (about.meaning, about.url.as_str()),
            (
                "A codon means another amino acid; the protein keeps its length.",
                "http://www.sequenceontology.org/browser/current_release/term/SO:0001583"
            )
        );
        assert!(bars[1].about.is_none());
    }
}
