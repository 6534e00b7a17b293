//! What an annotation found, as the job's page shows it.

mod bars;

use bars::Bar;
use domain::{JobSummary, SequenceUsed, TrackUsed, with_commas};
use serde::Serialize;

/// The summary, ready to print.
#[derive(Serialize)]
pub struct SummaryView {
    genome: String,
    decided: String,
    warnings: Vec<String>,
    /// What stands above the warnings.
    warnings_title: &'static str,
    /// `None` for jobs of version 0.1, which did not note it.
    annotated_with: Option<AnnotatedWith>,
    /// What was counted, and how many.
    facts: Vec<Fact>,
    /// Alleles, by their most severe consequence; empty for jobs that did not count them.
    most_severe: Vec<Bar>,
    /// Alleles times transcripts.
    consequences: Vec<Bar>,
    impacts: Vec<Bar>,
    chromosomes: Vec<Bar>,
}

#[derive(Serialize)]
struct Fact {
    what: String,
    number: String,
}

/// The reference and its tracks.
#[derive(Serialize)]
struct AnnotatedWith {
    reference: String,
    tracks: Vec<TrackView>,
}

#[derive(Serialize)]
struct TrackView {
    label: String,
    release: String,
    source: String,
    sha256: String,
    /// The beginning of the checksum.
    short: String,
}

impl SummaryView {
    /// The view of a summary.
    #[must_use]
    pub fn of(summary: &JobSummary) -> Self {
        Self {
            genome: summary.genome.clone(),
            decided: summary.decided.clone(),
            warnings: summary.warnings.clone(),
            warnings_title: warnings_title(summary),
            annotated_with: AnnotatedWith::of(summary),
            facts: facts(summary),
            most_severe: bars::of_consequences(&summary.most_severe),
            consequences: bars::of_consequences(&summary.consequences),
            impacts: bars::of_impacts(&summary.impacts, summary.impact_unknown),
            chromosomes: bars::of_chromosomes(&summary.chromosomes),
        }
    }
}

fn warnings_title(summary: &JobSummary) -> &'static str {
    let sequence = summary.reference.as_ref().map(|reference| reference.sequence);
    match (summary.without_codons, sequence) {
        (1.., _) => "Annotated without codons: the reference lacked the sequence. Run the file again when it is here.",
        (_, Some(SequenceUsed::None)) => "The reference has no sequence.",
        _ => "Warnings",
    }
}

impl AnnotatedWith {
    fn of(summary: &JobSummary) -> Option<Self> {
        let reference = summary.reference.as_ref()?;
        let sequence = match reference.sequence {
            SequenceUsed::Whole => "with its sequence",
            SequenceUsed::Part => "with a part of its sequence only",
            SequenceUsed::None => "without its sequence",
        };
        let name = match reference.name == reference.assembly {
            true => reference.name.clone(),
            false => format!("{} ({})", reference.name, reference.assembly),
        };
        Some(Self {
            reference: format!("{name}, {sequence}"),
            tracks: summary.tracks.iter().map(TrackView::of).collect(),
        })
    }
}

impl TrackView {
    fn of(track: &TrackUsed) -> Self {
        Self {
            label: track.label.clone(),
            release: track.release.clone().unwrap_or_else(|| "not known".to_owned()),
            source: track.source.clone(),
            sha256: track.sha256.clone(),
            short: track.sha256.chars().take(12).collect(),
        }
    }
}

/// What each track of variants lists of the alleles; for jobs of version 0.1, what both did together.
fn listed(summary: &JobSummary) -> Vec<(String, u64)> {
    let mut facts = Vec::new();
    for track in &summary.tracks {
        if let Some((alleles, listed)) = track.alleles.zip(track.listed).filter(|(alleles, _)| *alleles > 0) {
            facts.push((format!("Listed in {}", track.label), listed));
            facts.push((format!("Not listed in {}", track.label), alleles.saturating_sub(listed)));
        }
    }
    let old = summary.known.zip(summary.novel).into_iter();
    facts.extend(old.flat_map(|(known, novel)| {
        [
            ("Known in dbSNP or MITOMAP".to_owned(), known),
            ("Not known there".to_owned(), novel),
        ]
    }));
    facts
}

/// The counts that say something: those of what every file has, and those of the others that are not zero.
fn facts(summary: &JobSummary) -> Vec<Fact> {
    let always = [
        ("Records", summary.records),
        ("Alternate alleles", summary.alleles),
        ("SNVs", summary.substitutions),
        ("Insertions", summary.insertions),
        ("Deletions", summary.deletions),
    ];
    let sometimes = [
        ("Coding alleles told without codons", summary.without_codons),
        ("MNVs and delins", summary.other_replacements),
        ("Structural variants", summary.structural),
        ("Records whose REF is not the reference’s", summary.ref_mismatches),
        ("Records lifted to another assembly", summary.lifted),
        ("Records that could not be lifted", summary.unmapped),
    ];
    let fact = |(what, number): (String, u64)| Fact {
        what,
        number: with_commas(number),
    };
    let named = |(what, number): (&str, u64)| (what.to_owned(), number);
    let sometimes = sometimes.into_iter().filter(|(_, number)| *number > 0).map(named);
    let always = always.into_iter().map(named);
    let mut facts: Vec<_> = always.chain(listed(summary)).chain(sometimes).map(fact).collect();
    if summary.transversions > 0 {
        let ratio = summary.transitions as f64 / summary.transversions as f64;
        facts.push(Fact {
            what: "Ti/Tv".to_owned(),
            number: format!("{ratio:.2}"),
        });
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The facts about what is listed or told without codons, and their numbers.
    fn counted(summary: &JobSummary) -> String {
        let view = SummaryView::of(summary);
        let facts = view.facts.iter().skip(5);
        facts
            .map(|fact| format!("{} {}", fact.what, fact.number))
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn each_track_is_counted_under_its_name_and_one_that_was_not_there_is_not() {
        let track = |label: &str, alleles: Option<u64>| TrackUsed {
            label: label.to_owned(),
            alleles,
            listed: alleles.map(|alleles| alleles - 3),
            sha256: "0123456789abcdef".to_owned(),
            ..TrackUsed::default()
        };
        let summary = JobSummary {
            reference: Some(domain::ReferenceUsed {
                name: "hg19".to_owned(),
                assembly: "hg19".to_owned(),
                sequence: SequenceUsed::None,
            }),
            tracks: vec![track("RefSeq genes", None), track("dbSNP, common", Some(1503))],
            without_codons: 2,
            impact_unknown: 2,
            ..JobSummary::default()
        };
        assert_eq!(
            counted(&summary),
            "Listed in dbSNP, common 1,500, Not listed in dbSNP, common 3, Coding alleles told without codons 2"
        );
        let view = SummaryView::of(&summary);
        assert_eq!(
            view.warnings_title,
            "Annotated without codons: the reference lacked the sequence. Run the file again when it is here."
        );
        assert_eq!(serde_json::to_value(&view.impacts[0]).unwrap()["number"], "2");
        let with = view.annotated_with.unwrap();
        assert_eq!(with.reference, "hg19, without its sequence");
        assert_eq!(
            (with.tracks[1].release.as_str(), with.tracks[1].short.as_str()),
            ("not known", "0123456789ab")
        );
    }

    #[test]
    fn kinds_of_variants_have_the_names_of_the_field() {
        let view = SummaryView::of(&JobSummary {
            substitutions: 1204,
            other_replacements: 2,
            transitions: 5,
            transversions: 2,
            ..JobSummary::default()
        });
        let number = |what: &str| {
            let fact = view.facts.iter().find(|fact| fact.what == what);
            fact.map(|fact| fact.number.as_str())
        };
        assert_eq!(
            (number("SNVs"), number("MNVs and delins"), number("Ti/Tv")),
            (Some("1,204"), Some("2"), Some("2.50"))
        );
    }

    #[test]
    fn a_job_of_version_0_1_shows_what_it_counted() {
        let old = r#"{"genome":"human GRCh37 (hg19)","known":12,"novel":3}"#;
        let summary: JobSummary = serde_json::from_str(old).unwrap();
        assert_eq!(counted(&summary), "Known in dbSNP or MITOMAP 12, Not known there 3");
        assert!(SummaryView::of(&summary).annotated_with.is_none());
    }
}
