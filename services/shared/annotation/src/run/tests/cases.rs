//! Files that people have reported to other tools, one by one: `cases/`, made from the slices at hand. Skipped aloud without
//! the tables and sequences of ../shared/data.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use reference::Bundle;
use reference::build::{ExtraTrack, Plan};
use tempfile::TempDir;

use super::files::shared_data;
use super::small::built;
use super::told::plan;
use super::*;
use crate::Mode;

/// References: hg19 with the first million bases of chr1 and dbSNP's variants there, hg38 without a sequence.
fn references() -> Option<&'static [Arc<Bundle>]> {
    static REFERENCES: OnceLock<Vec<Arc<Bundle>>> = OnceLock::new();
    let data = shared_data()?;
    Some(REFERENCES.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        ["hg19", "hg38"].map(|name| bundle(name, &data, folder.path())).into()
    }))
}

fn bundle(name: &str, data: &Path, folder: &Path) -> Arc<Bundle> {
    let is_hg19 = name == "hg19";
    let dbsnp = ExtraTrack {
        key: "dbSNP".to_owned(),
        file: data.join("variants/b37.dbsnp135.chr1_1M.exome.vcf"),
        fields: Vec::new(),
    };
    let own = plan(data);
    let plan = Plan {
        name: name.to_owned(),
        assembly: name.to_owned(),
        tables: data.join("goldenPath").join(name),
        sequence: own.sequence.clone().filter(|_| is_hg19),
        tracks: is_hg19.then_some(dbsnp).into_iter().collect(),
        chains: Vec::new(),
        ..own
    };
    built(&plan, folder)
}

/// A case that was annotated.
pub(super) struct Case {
    input: Vec<u8>,
    pub(super) output: String,
    pub(super) report: Report,
}

fn input(name: &str) -> Vec<u8> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/run/tests/cases");
    std::fs::read(cases.join(name)).unwrap()
}

fn annotated(input: &[u8], mode: Mode) -> Option<Result<(String, Report), AnnotateError>> {
    let options = Options {
        references: references()?.to_vec(),
        mode,
        ..Options::default()
    };
    let mut output = Vec::new();
    let report = annotate(input, &mut output, &options, &mut |_| {});
    Some(report.map(|report| (String::from_utf8(output).unwrap(), report)))
}

/// The case, without the references at hand nothing.
pub(super) fn case(name: &str) -> Option<Case> {
    let input = input(name);
    let (output, report) = annotated(&input, Mode::Modern)?.unwrap();
    Some(Case { input, output, report })
}

impl Case {
    pub(super) fn records(&self) -> Vec<Vec<&str>> {
        let lines = self.output.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split('\t').collect()).collect()
    }

    /// The columns of the record that has an id.
    pub(super) fn record(&self, id: &str) -> Vec<&str> {
        self.records().into_iter().find(|columns| columns[2] == id).unwrap()
    }

    /// The fields of the entries of CSQ of the record that has an id.
    pub(super) fn entries(&self, id: &str) -> Vec<Vec<String>> {
        entries(self.record(id)[7])
    }

    /// The one entry about a transcript.
    pub(super) fn entry(&self, id: &str, transcript: &str) -> Vec<String> {
        let mut entries = self.entries(id).into_iter();
        entries.find(|fields| fields[6] == transcript).unwrap()
    }

    fn warns(&self, of: &str) -> bool {
        self.report.warnings.iter().any(|warning| warning.contains(of))
    }
}

fn entries(info: &str) -> Vec<Vec<String>> {
    let csq = info.split(';').find_map(|field| field.strip_prefix("CSQ="));
    let entries = csq.into_iter().flat_map(|csq| csq.split(','));
    entries
        .map(|entry| entry.split('|').map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_byte_order_mark_is_read_past_and_not_written() {
    let Some(case) = case("byte_order_mark.vcf") else {
        return;
    };
    assert!(case.input.starts_with(b"\xef\xbb\xbf##fileformat"));
    assert!(
        case.output
            .starts_with("##fileformat=VCFv4.2\n##contig=<ID=chr1,length=249250621>\n")
    );
    assert_eq!(
        (case.records().len(), case.report.genome.as_str()),
        (12, "human GRCh37 (hg19)")
    );
    let (output, _) = annotated(&case.input, Mode::AnnTools).unwrap().unwrap();
    assert!(output.starts_with("##fileformat=VCFv4.2\n"));
}

#[test]
fn the_names_of_records_are_declared_with_their_lengths() {
    let Some(case) = case("contig_lines_do_not_match.vcf") else {
        return;
    };
    let contigs: Vec<_> = case
        .output
        .lines()
        .filter(|line| line.starts_with("##contig=<ID="))
        .collect();
    assert_eq!(
        (contigs.len(), contigs[0], contigs[23], contigs[24]),
        (
            25,
            "##contig=<ID=NC_000001.10,length=249250621,assembly=hg19>",
            "##contig=<ID=NC_000024.9,length=59373566,assembly=hg19>",
            "##contig=<ID=NC_012920.1,length=16569,assembly=NC_012920.1>",
        )
    );
    assert!(
        case.records()
            .iter()
            .all(|columns| columns[0] == "NC_000001.10" && columns[7].contains("CSQ="))
    );
}

#[test]
fn a_csq_that_lost_its_header_line_is_replaced() {
    let Some(case) = case("csq_without_header_line.vcf") else {
        return;
    };
    let format = case.output.split("Format: ").nth(1).unwrap().split('"').next().unwrap();
    let fields = format.split('|').count();
    for columns in case.records() {
        let info = columns[7];
        assert!(
            info.starts_with("AC=1;AN=2;CSQ=") && info.matches("CSQ=").count() == 1,
            "{info}"
        );
        assert!(entries(info).iter().all(|entry| entry.len() == fields), "{info}");
    }
    assert!(case.warns("12 records have a CSQ in INFO that the header does not declare; it was replaced by ours."));
}

#[test]
fn a_file_without_records_has_the_header_of_its_genome() {
    let Some(case) = case("no_records.vcf") else { return };
    assert_eq!(
        (case.report.genome.as_str(), case.report.records),
        ("human GRCh37 (hg19)", 0)
    );
    assert!(case.output.contains("##INFO=<ID=name2,") && case.output.ends_with("QUAL\tFILTER\tINFO\n"));
    assert!(case.warns("The file has a header, but no records."));
}

#[test]
fn contigs_of_hla_pass() {
    let Some(case) = case("pass-hla_contigs.vcf") else {
        return;
    };
    let records = case.records();
    assert_eq!((case.report.genome.as_str(), records.len()), ("human GRCh38 (hg38)", 7));
    for id in ["h1", "h2"] {
        assert_eq!(case.record(id)[7], ".");
    }
    assert_eq!(records[1][4], "N]HLA-A*01:01:01:01:300]");
    for name in ["HLA-A*01:01:01:01", "HLA-DRB1*15:01:01:01", "chr6_GL000250v2_alt"] {
        assert!(
            case.warns(name) || records.iter().any(|columns| columns[0] == name && columns[7] != "."),
            "{name}"
        );
        assert_eq!(
            case.output.matches(&format!("##contig=<ID={name},")).count(),
            1,
            "{name}"
        );
    }
}

#[test]
fn every_line_ends_as_it_did() {
    let Some(case) = case("pass-line_ends_mixed.vcf") else {
        return;
    };
    let ends = |text: &str| -> Vec<bool> {
        let records = text.split_inclusive('\n').filter(|line| !line.starts_with('#'));
        records.map(|line| line.ends_with("\r\n")).collect()
    };
    let input = String::from_utf8(case.input.clone()).unwrap();
    assert_eq!(ends(&case.output), ends(&input));
    assert_eq!(ends(&input).len(), 12);
    assert!(!case.output.replace("\r\n", "\n").contains('\r'));
}

#[test]
fn a_file_that_does_not_say_its_version_becomes_one_that_every_tool_reads() {
    let Some(case) = case("pass-no_fileformat.vcf") else {
        return;
    };
    assert!(
        case.output
            .starts_with("##fileformat=VCFv4.2\n##contig=<ID=chr1,length=249250621>\n")
    );
    assert!(case.warns("The file does not say its version (##fileformat); it was read as VCF 4."));
}

#[test]
fn records_keep_their_order() {
    let Some(case) = case("pass-unsorted.vcf") else { return };
    let positions: Vec<_> = case.records().iter().map(|columns| columns[1].to_owned()).collect();
    assert_eq!(
        positions,
        [
            "866100", "866000", "865900", "865800", "865700", "865600", "865500", "865400", "865300", "865200",
            "865100", "865000", "865300"
        ]
    );
}

#[test]
fn utf_16_is_refused_by_its_name() {
    let Some(refused) = annotated(&input("pass-utf16.vcf"), Mode::Modern) else {
        return;
    };
    let reason = refused.unwrap_err().to_string();
    assert!(reason.contains("UTF-16") && reason.contains("UTF-8"), "{reason}");
}

#[test]
fn the_mitochondrial_genome_of_ucscs_hg19_is_not_taken_for_the_rcrs() {
    let Some(case) = case("pass-chrM_of_hg19.vcf") else {
        return;
    };
    let mitochondrial: Vec<_> = case
        .records()
        .into_iter()
        .filter(|columns| columns[0] == "chrM")
        .collect();
    assert_eq!(mitochondrial.len(), 4);
    assert!(mitochondrial.iter().all(|columns| columns[7] == "."));
    assert!(case.warns("4 mitochondrial records were passed on without annotation"));
    let text = String::from_utf8(case.input).unwrap();
    let alone: String = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("chr1\t"))
        .collect();
    let refused = annotated(alone.as_bytes(), Mode::Modern)
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(refused.contains("16,571 bases"), "{refused}");
}

#[test]
fn bgzip_of_several_pieces_is_read_to_its_end() {
    let Some(inside) = case("pass-bgzip_end_block_inside.vcf.gz") else {
        return;
    };
    assert!(inside.records().len() == 12 && !inside.warns("the block that marks its end is missing"));
    let Some(without) = case("pass-bgzip_without_end.vcf.gz") else {
        return;
    };
    assert!(without.records().len() == 12 && without.warns("the block that marks its end is missing"));
}
