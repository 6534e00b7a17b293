//! What an annotation found, as a page shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The most warnings that are kept, and the most characters of each.
const MOST_WARNINGS: usize = 20;
const LONGEST_TEXT: usize = 600;

/// The most consequences or chromosomes that are kept, those with the highest counts.
const MOST_COUNTS: usize = 60;

/// What an annotation found. Numbers are alleles, unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Default, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobSummary {
    /// The genome that the file was annotated with.
    pub genome: String,
    /// How the genome was decided.
    pub decided: String,
    /// What the owner should know, a sentence each.
    pub warnings: Vec<String>,
    /// VCF records.
    pub records: u64,
    /// Alternate alleles.
    pub alleles: u64,
    /// Exchanges of one base.
    pub substitutions: u64,
    /// Insertions.
    pub insertions: u64,
    /// Deletions.
    pub deletions: u64,
    /// Replacements that are none of these.
    pub other_replacements: u64,
    /// Structural variants.
    pub structural: u64,
    /// A<->G and C<->T.
    pub transitions: u64,
    /// Other exchanges of one base.
    pub transversions: u64,
    /// Alleles that dbSNP or MITOMAP lists.
    pub known: u64,
    /// Alleles that they do not list.
    pub novel: u64,
    /// Records whose REF is not the reference's.
    pub ref_mismatches: u64,
    /// Records that were lifted from an older assembly.
    pub lifted: u64,
    /// Records that could not be lifted.
    pub unmapped: u64,
    /// Effects on transcripts, by term of the Sequence Ontology.
    pub consequences: BTreeMap<String, u64>,
    /// Alleles, by their strongest impact.
    pub impacts: BTreeMap<String, u64>,
    /// Records, by chromosome.
    pub chromosomes: BTreeMap<String, u64>,
}

impl JobSummary {
    /// The same, within bounds that a row of the table can hold whatever the input was.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        self.warnings.truncate(MOST_WARNINGS);
        for text in self.warnings.iter_mut().chain([&mut self.genome, &mut self.decided]) {
            if let Some((at, _)) = text.char_indices().nth(LONGEST_TEXT) {
                text.truncate(at);
                text.push('…');
            }
        }
        for counts in [&mut self.consequences, &mut self.impacts, &mut self.chromosomes] {
            let mut sorted: Vec<_> = std::mem::take(counts).into_iter().collect();
            sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            sorted.truncate(MOST_COUNTS);
            counts.extend(
                sorted
                    .into_iter()
                    .map(|(name, count)| (name.chars().take(64).collect(), count)),
            );
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_stays_small_whatever_the_input_was() {
        let chromosomes = (0..5000)
            .map(|index| (format!("scaffold_{index}").repeat(40), index))
            .collect();
        let summary = JobSummary {
            warnings: vec!["é".repeat(10_000); 900],
            chromosomes,
            ..JobSummary::default()
        };
        let bounded = summary.bounded();
        assert_eq!((bounded.warnings.len(), bounded.chromosomes.len()), (20, 60));
        assert!(serde_json::to_string(&bounded).unwrap().len() < 40_000);
    }
}
