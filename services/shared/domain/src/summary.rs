//! What an annotation found, as a page shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ReferenceUsed, TrackUsed};

/// The most warnings that are kept, and the most characters of each.
const MOST_WARNINGS: usize = 20;
const LONGEST_TEXT: usize = 600;

/// The most tracks that are kept.
const MOST_TRACKS: usize = 60;

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
    /// The reference that answered. `None` if no genome was decided on, and in rows of version 0.1.
    pub reference: Option<ReferenceUsed>,
    /// Its tables and tracks.
    pub tracks: Vec<TrackUsed>,
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
    /// Coding alleles whose codons could not be told, because the reference has no sequence there.
    pub without_codons: u64,
    /// Alleles whose impact is not known for that reason; they are in none of `impacts`.
    pub impact_unknown: u64,
    /// Alleles that dbSNP or MITOMAP lists; only in rows of version 0.1, which did not count by track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<u64>,
    /// Alleles that they do not list; only in rows of version 0.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub novel: Option<u64>,
    /// Records whose REF is not the reference's.
    pub ref_mismatches: u64,
    /// Records that were lifted from an older assembly.
    pub lifted: u64,
    /// Records that could not be lifted.
    pub unmapped: u64,
    /// Alleles, by their most severe consequence, a term of the Sequence Ontology; empty in rows written before it was
    /// counted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub most_severe: BTreeMap<String, u64>,
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
        self.tracks.truncate(MOST_TRACKS);
        self.tracks.iter_mut().for_each(TrackUsed::bound);
        self.reference.iter_mut().for_each(ReferenceUsed::bound);
        let counts = [
            &mut self.most_severe,
            &mut self.consequences,
            &mut self.impacts,
            &mut self.chromosomes,
        ];
        for counts in counts {
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
            tracks: vec![
                TrackUsed {
                    label: "x".repeat(10_000),
                    release: Some("y".repeat(10_000)),
                    ..TrackUsed::default()
                };
                900
            ],
            ..JobSummary::default()
        };
        let bounded = summary.bounded();
        assert_eq!(
            (bounded.warnings.len(), bounded.chromosomes.len(), bounded.tracks.len()),
            (20, 60, 60)
        );
        assert!(serde_json::to_string(&bounded).unwrap().len() < 80_000);
    }

    #[test]
    fn a_row_of_version_0_1_is_read_and_a_new_one_has_its_counts_by_track() {
        let old: JobSummary = serde_json::from_str(
            r#"{"genome":"human GRCh37 (hg19)","decided":"chosen by the user","warnings":[],"alleles":15,"known":12,"novel":3}"#,
        )
        .unwrap();
        assert_eq!(
            (old.known, old.novel, old.tracks.len(), old.reference),
            (Some(12), Some(3), 0, None)
        );
        assert!(old.most_severe.is_empty());
        let new: JobSummary = serde_json::from_str(
            r#"{"reference":{"name":"hg19","assembly":"hg19","sequence":"none"},"without_codons":2,
            "tracks":[{"key":"dbSNP","kind":"variants","label":"dbSNP, common","release":null,"bytes":7,"alleles":15,"listed":12}]}"#,
        )
        .unwrap();
        assert_eq!(
            (new.known, new.tracks[0].listed, new.without_codons),
            (None, Some(12), 2)
        );
        assert_eq!(new.reference.unwrap().sequence, crate::SequenceUsed::None);
    }
}
