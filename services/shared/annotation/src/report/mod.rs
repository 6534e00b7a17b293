//! What an annotation found: counts, the genome and how it was decided, warnings; as a text log and as JSON.

mod count_log;
mod counts;
mod json;
mod warnings;

pub(crate) use counts::Counts;
pub(crate) use warnings::{Oddities, warnings};

use crate::reference::{Evidence, counted};
use crate::vcf::Header;

/// What an annotation found.
#[derive(Debug)]
pub struct Report {
    /// Lines read, of header and records.
    pub lines: u64,
    /// Bytes read, as the input came.
    pub bytes_read: u64,
    /// Records read.
    pub records: u64,
    /// The genome that the records were annotated with, and how it was decided.
    pub genome: String,
    /// What the owner of the file should know, a sentence each.
    pub warnings: Vec<String>,
    pub(crate) counts: Counts,
    pub(crate) evidence: Evidence,
}

impl Report {
    /// Whether REF of more than 1 % of the records differs from the reference, so that the whole is in doubt.
    pub fn is_doubtful(&self) -> bool {
        self.evidence.percent() > 1.0
    }

    pub(crate) fn warn_of_mismatches(&mut self) {
        let (mismatches, records) = (counted(self.evidence.mismatches), counted(self.records));
        if self.evidence.mismatches == 0 {
            return;
        }
        let found = format!(
            "REF of {mismatches} of {records} records ({:.2} %) is not what NC_012920.1 has there",
            self.evidence.percent()
        );
        let doubt = match self.is_doubtful() {
            true => ": THE FILE MAY HAVE BEEN MADE WITH ANOTHER REFERENCE. Check that before you use the result",
            false => "",
        };
        self.warnings.insert(
            0,
            format!("{found}{doubt}. These records are marked REF_MISMATCH and carry no annotation."),
        );
    }
}

/// Names the genome and says how it was decided.
pub(crate) fn genome(header: &Header, evidence: &Evidence) -> String {
    let mut reasons = Vec::new();
    if let Some(contig) = &header.contig {
        reasons.push(format!(
            "the header gives {} {} bases (line {})",
            contig.name,
            counted(contig.length),
            contig.line
        ));
    }
    if let Some(reference) = &header.reference {
        reasons.push(format!("the header names the reference \"{reference}\""));
    }
    let (fitting, records) = (evidence.records - evidence.mismatches, evidence.records);
    reasons.push(match records {
        0 => "there are no records to compare".to_owned(),
        _ => format!("REF of {} of {} records fits", counted(fitting), counted(records)),
    });
    format!(
        "human mitochondrion, rCRS NC_012920.1 (16,569 bases): {}",
        reasons.join("; ")
    )
}
