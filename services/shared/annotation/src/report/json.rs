//! The report as JSON, for pages that draw it.

use serde_json::{Map, Value, json};

use super::Report;
use crate::consequence::{Consequence, Impact};

impl Report {
    /// The report as a JSON object: `genome`, `records`, `alleles`, `consequences`, `impacts`, `genes`, `transitions`,
    /// `transversions`, `mitomap`, `ref_mismatches`, `warnings`. Consequences and genes that do not occur are left out.
    pub fn to_json(&self) -> Value {
        let counts = &self.counts;
        let consequences = Consequence::ALL
            .iter()
            .zip(counts.consequences)
            .filter(|(_, count)| *count > 0);
        let impacts = Impact::ALL.iter().zip(counts.impacts);
        json!({
            "genome": self.genome,
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
            "consequences": object(consequences.map(|(consequence, count)| (consequence.term(), count))),
            "impacts": object(impacts.map(|(impact, count)| (impact.name(), count))),
            "genes": object(counts.genes.iter().map(|((_, symbol), count)| (*symbol, *count))),
            "control_region": counts.control_region,
            "mitomap": { "listed": counts.known, "not_listed": counts.novel },
            "ref_mismatches": self.evidence.mismatches,
            "warnings": self.warnings,
        })
    }
}

fn object<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Map<String, Value> {
    counts.map(|(name, count)| (name.to_owned(), count.into())).collect()
}
