//! The count log: the lines that AnnTools wrote, in its order and spelling, and then what it could not say.

use std::fmt::Write;

use reference::natural_key;
use reference::tracks::{REGION_TRACKS, RegionText};
use vcf::counted;

use super::{Report, WithoutBases};
use crate::consequence::{Consequence, Impact};
use crate::info::Key;
use crate::options::Mode;

/// The most genes that the log lists, those with the most effects.
const MOST_GENES: usize = 50;

impl Report {
    /// The count log, `<name>.vcf.count.log`, as plain text. Numbers in its first part are records, in the rest
    /// alleles. In AnnTools' mode it is what AnnTools wrote, and nothing else.
    pub fn count_log(&self) -> String {
        if self.of_genome.mode == Mode::AnnTools {
            return self.findings.tally.log();
        }
        let mut log = String::new();
        self.anntools_lines(&mut log);
        self.genome_lines(&mut log);
        self.variant_lines(&mut log);
        self.finding_lines(&mut log);
        self.mismatch_lines(&mut log);
        self.unmapped_lines(&mut log);
        self.without_bases_lines(&mut log);
        log
    }

    fn anntools_lines(&self, log: &mut String) {
        let counts = &self.findings.counts;
        let not_loaded = format!("not available (no such track for {})", self.of_genome.short);
        let has = |key: &str| self.of_genome.tracks.iter().any(|track| track == key);
        line(log, "## Please notice that all Isoforms were counted");
        line(log, "## Numbers may exceed number of variants in the annotated file");
        line(log, format_args!("Total: {}", self.records));
        match has("dbSNP") {
            true => {
                let percent = 100.0 * counts.in_dbsnp as f64 / self.records.max(1) as f64;
                line(log, format_args!("In dbSNP: {} ({percent:.2}%)", counts.in_dbsnp));
            }
            false => line(log, format_args!("In dbSNP: {not_loaded}")),
        }
        line(log, "Variants located:");
        for (place, count) in [
            ("interGenic", counts.intergenic),
            ("CDS", counts.coding),
            ("'3 UTR", counts.utr_3),
            ("'5 UTR", counts.utr_5),
            ("Intronic", counts.intronic),
            ("Non_coding_intronic", counts.non_coding_intronic),
            ("Exonic", counts.coding + counts.utr_3 + counts.utr_5),
            ("Non_coding_exonic", counts.non_coding),
        ] {
            line(log, format_args!("In {place} {count}"));
        }
        match has("cpgIslandExt") {
            true => line(log, format_args!("In Putative Promoter Region {}", counts.promoters)),
            false => line(log, format_args!("In Putative Promoter Region: {not_loaded}")),
        }
        let tracks = REGION_TRACKS.iter().enumerate();
        for (place, track) in tracks.filter(|(_, track)| track.text != RegionText::Promoter) {
            match has(track.key) {
                true => {
                    let (rows, records) = counts.track(Key::of_region(place));
                    line(log, format_args!("In {}: {rows} in {records} variants", track.logged));
                }
                false => line(log, format_args!("In {}: {not_loaded}", track.logged)),
            }
        }
    }

    fn genome_lines(&self, log: &mut String) {
        section(log, "Genome");
        line(log, &self.genome);
        line(log, &self.decided);
        section(log, "Annotated with");
        self.of_genome.used.lines().iter().for_each(|text| line(log, text));
        section(log, "Warnings");
        self.warnings.iter().for_each(|warning| line(log, warning));
        if self.warnings.is_empty() {
            line(log, "none");
        }
    }

    fn variant_lines(&self, log: &mut String) {
        let counts = &self.findings.counts;
        section(log, "Variants");
        for (what, count) in [
            ("records", self.records),
            ("records annotated", counts.records),
            ("alternate alleles", counts.alleles),
            ("single-nucleotide variants (SNVs)", counts.substitutions),
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
            line(
                log,
                format_args!("{:<36}{ratio:>9.2}", "Ti/Tv (transitions / transversions)"),
            );
        }
        for (label, listed, others) in self.of_genome.used.listed() {
            item(log, &format!("listed in {label}"), listed);
            item(log, &format!("not listed in {label}"), others);
        }
        if counts.without_codons > 0 {
            item(log, "coding, told without codons", counts.without_codons);
        }
    }

    fn finding_lines(&self, log: &mut String) {
        let counts = &self.findings.counts;
        for (title, counts) in [
            ("Most severe consequence (alleles)", counts.most_severe),
            ("Consequences (alleles times transcripts)", counts.consequences),
        ] {
            section(log, title);
            for (consequence, count) in Consequence::ALL.iter().zip(counts).filter(|(_, count)| *count > 0) {
                item(log, consequence.term(), count);
            }
        }
        section(log, "Impact (alleles, by their strongest)");
        for (impact, count) in Impact::ALL.iter().zip(counts.impacts) {
            item(log, impact.name(), count);
        }
        if counts.impact_unknown > 0 {
            item(log, "not known without codons", counts.impact_unknown);
        }
        if let Some(phased) = &self.findings.phased {
            section(log, "Haplotypes");
            line(log, phased.line());
        }
        section(log, "Chromosomes (records)");
        let mut chromosomes: Vec<_> = counts.chromosomes.iter().collect();
        chromosomes.sort_by_key(|(name, _)| natural_key(name));
        for (name, count) in chromosomes {
            item(log, &name.escape_ascii().to_string(), *count);
        }
        section(log, "Genes (alleles times transcripts)");
        let mut genes: Vec<_> = counts.genes.iter().collect();
        genes.sort_by_key(|(symbol, count)| (std::cmp::Reverse(**count), symbol.as_str()));
        for (symbol, count) in genes.iter().take(MOST_GENES) {
            item(log, symbol, **count);
        }
        and_more(log, genes.len().saturating_sub(MOST_GENES) as u64);
        if counts.control_region > 0 {
            item(log, "control region (D-loop)", counts.control_region);
        }
    }

    fn mismatch_lines(&self, log: &mut String) {
        let findings = &self.findings;
        if self.mismatches() == 0 {
            return;
        }
        section(log, "REF mismatches");
        let mitochondrial = findings
            .mitochondrial
            .listed
            .iter()
            .map(|mismatch| (mismatch, "NC_012920.1"));
        let nuclear = findings
            .mismatches
            .iter()
            .map(|mismatch| (mismatch, self.of_genome.short.as_str()));
        let mut listed = 0;
        for (mismatch, genome) in mitochondrial.chain(nuclear) {
            let (number, place) = (mismatch.line, &mismatch.place);
            let (found, expected) = (&mismatch.reference, &mismatch.expected);
            line(
                log,
                format_args!("line {number}, {place}: REF is {found}, {genome} has {expected}"),
            );
            listed += 1;
        }
        and_more(log, self.mismatches() - listed);
    }

    fn unmapped_lines(&self, log: &mut String) {
        let findings = &self.findings;
        if findings.unmapped_count == 0 {
            return;
        }
        section(log, "Records that have no place in the reference");
        for record in &findings.unmapped {
            let (chromosome, position, id) = (&record.chromosome, record.position, &record.id);
            let (alleles, reason) = (&record.alleles, record.reason.reason());
            line(
                log,
                format_args!("line {}, {chromosome}:{position} {id} {alleles}: {reason}", record.line),
            );
        }
        and_more(log, findings.unmapped_count - findings.unmapped.len() as u64);
    }

    fn without_bases_lines(&self, log: &mut String) {
        let findings = &self.findings;
        if findings.without_bases_count == 0 {
            return;
        }
        section(log, "Records of VCF 3 that delete bases which are not known");
        for record in &findings.without_bases {
            let WithoutBases {
                chromosome,
                position,
                alleles,
                ..
            } = record;
            line(
                log,
                format_args!("line {}, {chromosome}:{position} {alleles}", record.line),
            );
        }
        and_more(log, findings.without_bases_count - findings.without_bases.len() as u64);
    }
}

/// How many are not listed.
fn and_more(log: &mut String, unlisted: u64) {
    if unlisted > 0 {
        line(log, format_args!("and {} more", counted(unlisted)));
    }
}

fn section(log: &mut String, title: &str) {
    line(log, format_args!("\n{title}"));
    line(log, "-".repeat(title.len()));
}

fn item(log: &mut String, what: &str, count: u64) {
    line(log, format_args!("{what:<36}{:>9}", counted(count)));
}

fn line(log: &mut String, text: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(log, "{text}");
}
