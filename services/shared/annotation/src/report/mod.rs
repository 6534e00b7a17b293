//! What an annotation found: counts, the genome and how it was decided, warnings; as a text log and as JSON.

mod count_log;
mod counts;
mod findings;
mod genome;
mod json;
mod merge;
mod noticed;
mod phased;
mod used;
mod warnings;

pub(crate) use counts::Counts;
pub(crate) use findings::{Findings, UnmappedRecord, WithoutBases};
pub(crate) use genome::Genome;
pub(crate) use phased::Phased;
pub(crate) use used::Used;
pub(crate) use warnings::{Oddities, warnings};

use vcf::counted;

use crate::options::Mode;

/// What an annotation found.
#[derive(Debug)]
pub struct Report {
    /// Lines read, of header and records.
    pub lines: u64,
    /// Bytes read, as the input came.
    pub bytes_read: u64,
    /// Records read.
    pub records: u64,
    /// The genome that the records were annotated with.
    pub genome: String,
    /// How the genome was decided.
    pub decided: String,
    /// What the owner of the file should know, a sentence each.
    pub warnings: Vec<String>,
    of_genome: Genome,
    pub(crate) findings: Findings,
}

impl Report {
    pub(crate) fn new(lines: u64, bytes_read: u64, genome: Genome, oddities: Vec<String>, findings: Findings) -> Self {
        let mut report = Self {
            lines,
            bytes_read,
            records: findings.records,
            genome: genome.name.clone(),
            decided: genome.decided.clone(),
            warnings: genome.warnings.clone(),
            of_genome: genome,
            findings,
        };
        report.warn_of_missing_codons();
        report.warn_of_mismatches();
        report.warn_of_liftover();
        report.warn_of_the_unplaced();
        report.warn_of_lengths();
        let phased = report.findings.phased.as_ref();
        report.warnings.extend(phased.map(Phased::warnings).unwrap_or_default());
        report.warnings.extend(oddities);
        report
    }

    /// Whether REF of more than 1 % of the records differs from the reference, so that the whole is in doubt.
    pub fn is_doubtful(&self) -> bool {
        let nuclear = &self.findings.nuclear;
        self.findings.mitochondrial.percent() > 1.0 || nuclear.percent() > 1.0
    }

    /// How many records have a REF that is not the reference's.
    pub(crate) fn mismatches(&self) -> u64 {
        self.findings.mitochondrial.mismatches + self.findings.nuclear.of_sequence().0
    }

    /// Loudly, and even if no allele of this file is concerned: what is missing is missing from the answer.
    fn warn_of_missing_codons(&mut self) {
        let Some(lack) = &self.of_genome.lacks_sequence else {
            return;
        };
        let warning = match self.findings.counts.without_codons {
            0 => format!("NO SEQUENCE: {lack} No allele of this file lies in coding sequence where that matters."),
            1 => format!("ANNOTATED WITHOUT CODONS: 1 coding allele was told without codons. {lack}"),
            alleles => format!(
                "ANNOTATED WITHOUT CODONS: {} coding alleles were told without codons. {lack}",
                counted(alleles)
            ),
        };
        self.warnings.insert(0, warning);
    }

    fn warn_of_mismatches(&mut self) {
        const DOUBT: &str =
            ": THE FILE MAY HAVE BEEN MADE WITH ANOTHER REFERENCE. Check that before you use the result";
        let left = match self.of_genome.mode {
            Mode::Modern => "These records are marked REF_MISMATCH and carry no annotation.",
            Mode::AnnTools => "These records are written as they came, without annotation.",
        };
        let mitochondrial = &self.findings.mitochondrial;
        let doubt = |percent: f64| if percent > 1.0 { DOUBT } else { "" };
        let mut found = Vec::new();
        if mitochondrial.mismatches > 0 {
            found.push(format!(
                "REF of {} of {} records ({:.2} %) is not what NC_012920.1 has there{}. {left}",
                counted(mitochondrial.mismatches),
                counted(mitochondrial.records),
                mitochondrial.percent(),
                doubt(mitochondrial.percent()),
            ));
        }
        let nuclear = &self.findings.nuclear;
        let (differing, compared) = nuclear.of_sequence();
        if differing > 0 {
            found.push(format!(
                "REF of {} of {} records ({:.2} %) is not what {} has there{}. {left}",
                counted(differing),
                counted(compared),
                nuclear.percent(),
                self.of_genome.short,
                doubt(nuclear.percent()),
            ));
        }
        self.warnings.splice(0..0, found);
    }

    fn warn_of_liftover(&mut self) {
        let findings = &self.findings;
        let lost = findings.unmapped_count;
        if lost > 0 {
            self.warnings.push(format!(
                "{} of {} records have no place in {} and are not in the result; the log lists them.",
                counted(lost),
                counted(lost + findings.lifted),
                self.of_genome.short,
            ));
        }
        if findings.flipped > 0 {
            self.warnings.push(format!(
                "{} records lie on the other strand in {}; their REF and ALT were turned, and they are marked STRAND_FLIPPED.",
                counted(findings.flipped),
                self.of_genome.short,
            ));
        }
    }

    fn warn_of_the_unplaced(&mut self) {
        let findings = &self.findings;
        let unplaced = findings.unplaced.records();
        if unplaced > 0 {
            self.warnings.push(format!(
                "{} records are on chromosomes that the reference does not have ({}); they were passed on without annotation.",
                counted(unplaced),
                findings.unplaced.listed(),
            ));
        }
        if findings.foreign_mitochondrial > 0 {
            self.warnings.push(format!(
                "{} mitochondrial records were passed on without annotation: the header says that their sequence is not the \
                 rCRS (16,569 bases).",
                counted(findings.foreign_mitochondrial),
            ));
        }
        if findings.counts.unlisted > 0 {
            self.warnings.push(format!(
                "{} transcripts that long variants touch are not listed: CSQ names the first of each allele only. The records are \
                 marked CSQ_INCOMPLETE.",
                counted(findings.counts.unlisted),
            ));
        }
    }

    /// Structural variants that may reach less far, or further, than was told.
    fn warn_of_lengths(&mut self) {
        let (contradicting, without) = (self.findings.counts.contradicting, self.findings.counts.without_length);
        if contradicting.records > 0 {
            self.warnings.push(format!(
                "END and SVLEN contradict each other in {} records, the first of them on line {}. SVLEN was believed where the \
                 file is VCF 4.4 or later, where it has a value for each of several alleles, or where END is not after POS; else \
                 END was.",
                counted(contradicting.records),
                contradicting.first_line,
            ));
        }
        if without.records > 0 {
            self.warnings.push(format!(
                "Structural variants of {} records have no length that can be used, the first of them on line {}: neither END \
                 nor SVLEN names a base after POS. They were annotated at POS alone.",
                counted(without.records),
                without.first_line,
            ));
        }
    }
}
