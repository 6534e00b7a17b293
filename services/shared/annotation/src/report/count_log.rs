//! The count log: the lines that AnnTools wrote, in its order and spelling, and then what it could not say.

use std::fmt::Write;

use super::Report;
use crate::consequence::{Consequence, Impact};
use crate::reference::counted;

/// Tracks of AnnTools that no reference has been loaded for. A zero would say that they were looked up.
const TRACKS: [&str; 10] = [
    "cytoBand",
    "gadAll",
    "gwasCatalog",
    "miRNAsites",
    "hugo",
    "dgv_Cnv",
    "abParts_IG_T_CelReceptors",
    "mcCarroll_Cnv",
    "conrad_Cnv",
    "genomicSuperDups",
];

impl Report {
    /// The count log, `<name>.vcf.count.log`, as plain text. Numbers in its first part are records; in the rest alleles.
    pub fn count_log(&self) -> String {
        let mut log = String::new();
        self.anntools_lines(&mut log);
        self.modern_lines(&mut log);
        log
    }

    fn anntools_lines(&self, log: &mut String) {
        const NOT_LOADED: &str = "not available (no such track for the mitochondrial genome)";
        let counts = &self.counts;
        line(log, "## Please notice that all Isoforms were counted");
        line(log, "## Numbers may exceed number of variants in the annotated file");
        line(log, format_args!("Total: {}", self.records));
        line(log, format_args!("In dbSNP: {NOT_LOADED}"));
        line(log, "Variants located:");
        line(log, format_args!("In interGenic {}", counts.intergenic));
        line(log, format_args!("In CDS {}", counts.coding));
        // Mitochondrial genes have neither untranslated regions nor introns: these zeros are counted.
        for place in ["'3 UTR", "'5 UTR", "Intronic", "Non_coding_intronic"] {
            line(log, format_args!("In {place} 0"));
        }
        line(log, format_args!("In Exonic {}", counts.coding));
        line(log, format_args!("In Non_coding_exonic {}", counts.non_coding));
        line(log, format_args!("In Putative Promoter Region: {NOT_LOADED}"));
        for track in TRACKS.iter().chain(&["tfbsConsSites"]) {
            line(log, format_args!("In {track}: {NOT_LOADED}"));
        }
    }

    fn modern_lines(&self, log: &mut String) {
        let counts = &self.counts;
        section(log, "Genome");
        line(log, &self.genome);
        section(log, "Warnings");
        self.warnings.iter().for_each(|warning| line(log, warning));
        if self.warnings.is_empty() {
            line(log, "none");
        }
        section(log, "Variants");
        for (what, count) in [
            ("records", self.records),
            ("records annotated", counts.records),
            ("alternate alleles", counts.alleles),
            ("substitutions of one base", counts.substitutions),
            ("insertions", counts.insertions),
            ("deletions", counts.deletions),
            ("other replacements", counts.other_changes),
            ("structural variants", counts.structural),
            ("transitions", counts.transitions),
            ("transversions", counts.transversions),
        ] {
            item(log, what, count);
        }
        if let Some(ratio) = counts.transition_ratio() {
            line(log, format_args!("{:<36}{ratio:>9.2}", "transitions / transversions"));
        }
        self.finding_lines(log);
        self.mismatch_lines(log);
    }

    fn finding_lines(&self, log: &mut String) {
        let counts = &self.counts;
        section(log, "Consequences (alleles times genes)");
        for (consequence, count) in Consequence::ALL
            .iter()
            .zip(counts.consequences)
            .filter(|(_, count)| *count > 0)
        {
            item(log, consequence.term(), count);
        }
        section(log, "Impact (alleles, by their strongest)");
        for (impact, count) in Impact::ALL.iter().zip(counts.impacts) {
            item(log, impact.name(), count);
        }
        section(log, "Genes (alleles)");
        for ((_, symbol), count) in &counts.genes {
            item(log, symbol, *count);
        }
        item(log, "control region (D-loop)", counts.control_region);
        section(log, "MITOMAP (alleles)");
        item(log, "listed", counts.known);
        item(log, "not listed", counts.novel);
    }

    fn mismatch_lines(&self, log: &mut String) {
        let evidence = &self.evidence;
        if evidence.mismatches == 0 {
            return;
        }
        section(log, "REF mismatches");
        for mismatch in &evidence.listed {
            let (line_number, position) = (mismatch.line, mismatch.position);
            let (found, expected) = (&mismatch.reference, &mismatch.expected);
            line(
                log,
                format_args!("line {line_number}, position {position}: REF is {found}, NC_012920.1 has {expected}"),
            );
        }
        let unlisted = evidence.mismatches - evidence.listed.len() as u64;
        if unlisted > 0 {
            line(log, format_args!("and {} more", counted(unlisted)));
        }
    }
}

fn section(log: &mut String, title: &str) {
    line(log, format_args!("\n{title}"));
    line(log, "-".repeat(title.len()));
}

fn item(log: &mut String, what: &str, count: u64) {
    line(log, format_args!("{what:<36}{count:>9}"));
}

fn line(log: &mut String, text: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(log, "{text}");
}
