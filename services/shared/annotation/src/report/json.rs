//! The report as JSON, for pages that draw it.

use serde_json::{Map, Value, json};

use super::Report;
use crate::consequence::{Consequence, Impact};

/// The most genes that are listed, those with the most effects.
const MOST_GENES: usize = 1000;

impl Report {
    /// The report as a JSON object: `genome`, `decided`, `records`, `alleles`, `substitutions`, `insertions`,
    /// `deletions`, `other_replacements`, `structural`, `transitions`, `transversions`, `transition_ratio`,
    /// `most_severe` (alleles, by their most severe consequence), `consequences` (alleles times transcripts), `impacts`,
    /// `without_codons` (coding alleles whose codons could not be read), `impact_unknown` (those
    /// of them that are in no count of `impacts`), `chromosomes`, `genes`, `ref_mismatches`, `lifted`, `unmapped`,
    /// `without_bases` (records of VCF 3 that are left out), `warnings`; `reference` (`name`, `assembly`, `sequence`: `whole`, `part` or `none`) and `tracks` (`key`, `kind`,
    /// `label`, `source`, `release`, `bytes`, `sha256`; for a track of variants `alleles` that were looked up and those
    /// `listed`); `haplotype_sets` (sets of alleles that share a haplotype, once for each transcript) if haplotypes were told of. What
    /// does not occur is left out of the objects.
    pub fn to_json(&self) -> Value {
        let counts = &self.findings.counts;
        let by_term = |counts: [u64; Consequence::ALL.len()]| {
            let terms = Consequence::ALL.iter().map(|consequence| consequence.term());
            object(terms.zip(counts).filter(|(_, count)| *count > 0))
        };
        let impacts = Impact::ALL.iter().zip(counts.impacts);
        let mut genes: Vec<_> = counts.genes.iter().collect();
        genes.sort_by_key(|(symbol, count)| (std::cmp::Reverse(**count), symbol.as_str()));
        let chromosomes = counts.chromosomes.iter();
        let (reference, tracks) = self.of_genome.used.to_json();
        let mut report = json!({
            "reference": reference,
            "tracks": tracks,
            "without_codons": counts.without_codons,
            "impact_unknown": counts.impact_unknown,
            "genome": self.genome,
            "decided": self.decided,
            "lines": self.lines,
            "bytes_read": self.bytes_read,
            "records": self.records,
            "records_annotated": counts.records,
            "alleles": counts.alleles,
            "substitutions": counts.substitutions,
            "insertions": counts.insertions,
            "deletions": counts.deletions,
            "other_replacements": counts.other_changes,
            "structural": counts.structural,
            "transitions": counts.transitions,
            "transversions": counts.transversions,
            "transition_ratio": counts.transition_ratio(),
            "most_severe": by_term(counts.most_severe),
            "consequences": by_term(counts.consequences),
            "impacts": object(impacts.map(|(impact, count)| (impact.name(), count))),
            "chromosomes": object(chromosomes.map(|(name, count)| (String::from_utf8_lossy(name), *count))),
            "genes": object(genes.into_iter().take(MOST_GENES).map(|(symbol, count)| (symbol.as_str(), *count))),
            "control_region": counts.control_region,
            "ref_mismatches": self.mismatches(),
            "lifted": self.findings.lifted,
            "unmapped": self.findings.unmapped_count,
            "without_bases": self.findings.without_bases_count,
            "warnings": self.warnings,
        });
        if let Some(phased) = &self.findings.phased {
            report["haplotype_sets"] = phased.sets.into();
        }
        report
    }
}

fn object<T: Into<String>>(counts: impl Iterator<Item = (T, u64)>) -> Map<String, Value> {
    counts.map(|(name, count)| (name.into(), count.into())).collect()
}
