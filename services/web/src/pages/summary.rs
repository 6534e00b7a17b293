//! What an annotation found, as the job's page shows it.

use std::collections::BTreeMap;

use domain::JobSummary;
use serde::Serialize;

use crate::views::with_commas;

/// The summary, ready to print.
#[derive(Serialize)]
pub struct SummaryView {
    genome: String,
    decided: String,
    warnings: Vec<String>,
    /// What was counted, and how many.
    facts: Vec<Fact>,
    consequences: Vec<Bar>,
    impacts: Vec<Bar>,
    chromosomes: Vec<Bar>,
}

#[derive(Serialize)]
struct Fact {
    what: &'static str,
    number: String,
}

/// A count, and what it is of the largest one beside it.
#[derive(Serialize)]
struct Bar {
    name: String,
    count: u64,
    number: String,
    most: u64,
}

impl SummaryView {
    /// The view of a summary.
    #[must_use]
    pub fn of(summary: &JobSummary) -> Self {
        let mut consequences = bars(&summary.consequences);
        consequences.sort_by_key(|bar| std::cmp::Reverse(bar.count));
        let mut chromosomes = bars(&summary.chromosomes);
        chromosomes.sort_by_key(|bar| natural(&bar.name));
        let mut impacts = bars(&summary.impacts);
        impacts.sort_by_key(|bar| {
            ["HIGH", "MODERATE", "LOW", "MODIFIER"]
                .iter()
                .position(|known| *known == bar.name)
        });
        Self {
            genome: summary.genome.clone(),
            decided: summary.decided.clone(),
            warnings: summary.warnings.clone(),
            facts: facts(summary),
            consequences,
            impacts,
            chromosomes,
        }
    }
}

/// The counts that say something: those of what every file has, and those of the others that are not zero.
fn facts(summary: &JobSummary) -> Vec<Fact> {
    let always = [
        ("Records", summary.records),
        ("Alternate alleles", summary.alleles),
        ("Substitutions of one base", summary.substitutions),
        ("Insertions", summary.insertions),
        ("Deletions", summary.deletions),
        ("Known in dbSNP or MITOMAP", summary.known),
        ("Not known there", summary.novel),
    ];
    let sometimes = [
        ("Other replacements", summary.other_replacements),
        ("Structural variants", summary.structural),
        ("Records with another REF than the reference", summary.ref_mismatches),
        ("Records lifted to another assembly", summary.lifted),
        ("Records without a place there", summary.unmapped),
    ];
    let fact = |(what, number): (&'static str, u64)| Fact {
        what,
        number: with_commas(number),
    };
    let mut facts: Vec<_> = always
        .into_iter()
        .chain(sometimes.into_iter().filter(|(_, number)| *number > 0))
        .map(fact)
        .collect();
    if summary.transversions > 0 {
        let ratio = summary.transitions as f64 / summary.transversions as f64;
        facts.push(Fact {
            what: "Transitions per transversion",
            number: format!("{ratio:.2}"),
        });
    }
    facts
}

fn bars(counts: &BTreeMap<String, u64>) -> Vec<Bar> {
    let most = counts.values().copied().max().unwrap_or(0);
    let bar = |(name, count): (&String, &u64)| Bar {
        name: name.clone(),
        count: *count,
        number: with_commas(*count),
        most,
    };
    counts.iter().filter(|(_, count)| **count > 0).map(bar).collect()
}

/// 2 before 10, numbers before letters.
fn natural(name: &str) -> (u64, String) {
    let short = name.trim_start_matches("chr");
    (short.parse().unwrap_or(u64::MAX), short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromosomes_come_in_their_order_and_consequences_by_count() {
        let counts = |pairs: &[(&str, u64)]| pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        let view = SummaryView::of(&JobSummary {
            chromosomes: counts(&[("10", 1), ("2", 5), ("X", 3)]),
            consequences: counts(&[("intron_variant", 7), ("missense_variant", 1200), ("stop_gained", 0)]),
            transitions: 5,
            transversions: 2,
            ..JobSummary::default()
        });
        let names = |bars: &[Bar]| {
            bars.iter()
                .map(|bar| format!("{} {}", bar.name, bar.number))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(names(&view.chromosomes), "2 5, 10 1, X 3");
        assert_eq!(names(&view.consequences), "missense_variant 1,200, intron_variant 7");
        assert_eq!(view.facts.last().map(|fact| fact.number.as_str()), Some("2.50"));
    }
}
