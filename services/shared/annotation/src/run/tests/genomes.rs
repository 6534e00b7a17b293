//! Which genome a file is of, by what it says of itself, and what is told where that does not fit.

use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::build::{Plan, build};
use crate::{Bundle, Choice};

const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// Bundles of hg19 and hg38 with all chromosomes, one band, and no sequence.
pub(super) fn bundles() -> (TempDir, Vec<Arc<Bundle>>) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("cytoBand.txt"), "chr1\t0\t2300000\tp36.33\tgneg\n").unwrap();
    let bundle = |name: &str| {
        let plan = Plan {
            name: name.to_owned(),
            assembly: name.to_owned(),
            tables: folder.path().to_owned(),
            sequence: None,
            tracks: Vec::new(),
            chains: Vec::new(),
            notes: Default::default(),
            built: "2026-01-01T00:00:00Z".to_owned(),
        };
        let path = folder.path().join(format!("{name}.gasref"));
        build(&plan, &path, &mut |_| {}).unwrap();
        Arc::new(Bundle::open(&path).unwrap())
    };
    let bundles = ["hg19", "hg38"].map(bundle).into();
    (folder, bundles)
}

/// The output, the genome and the warnings of a file of these header lines and records.
fn told(choice: Choice, lines: &str, records: &str) -> (String, Report) {
    let (_folder, references) = bundles();
    let options = Options {
        choice,
        references,
        ..Options::default()
    };
    let mut output = Vec::new();
    let input = format!("##fileformat=VCFv4.3\n{lines}{COLUMNS}{records}");
    let report = annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    (String::from_utf8(output).unwrap(), report)
}

fn named(name: &str) -> Choice {
    Choice::Named(name.to_owned())
}

#[test]
fn a_header_alone_tells_its_genome() {
    for (lines, genome, reason) in [
        (
            "##contig=<ID=chr1,length=248956422>\n##contig=<ID=chr17,length=83257441>\n",
            "human GRCh38 (hg38)",
            "the lengths of 2 ##contig lines are its",
        ),
        (
            "##contig=<ID=chr1,length=249250621>\n##contig=<ID=chrM,length=16571>\n",
            "human GRCh37 (hg19)",
            "the length of 1 ##contig line is its",
        ),
        (
            "##contig=<ID=NC_000001.11>\n",
            "human GRCh38 (hg38)",
            "NC_000001.11 is a chromosome of it",
        ),
        (
            "##reference=file:///data/hs37d5.fa\n",
            "human GRCh37 (hg19)",
            "the header names GRCh37 (hg19)",
        ),
        (
            "##contig=<ID=1,assembly=GRCh38>\n",
            "human GRCh38 (hg38)",
            "the header names GRCh38 (hg38)",
        ),
        (
            "##contig=<ID=MT,length=16569>\n",
            "human mitochondrion, rCRS NC_012920.1 (16,569 bases)",
            "the header gives MT 16,569 bases (line 2); there are no records to compare",
        ),
    ] {
        let (output, report) = told(Choice::Detect, lines, "");
        assert_eq!(
            (report.genome.as_str(), report.decided.as_str()),
            (genome, reason),
            "{lines}"
        );
        let has_bands = output.contains("##INFO=<ID=cytoBand,");
        assert_eq!(has_bands, !genome.contains("mitochondrion"), "{lines}");
        assert!(
            report
                .warnings
                .contains(&"The file has a header, but no records.".to_owned())
        );
    }
}

#[test]
fn without_records_and_evidence_no_genome_is_claimed() {
    let (_, report) = told(Choice::Detect, "", "");
    assert_eq!(
        (report.genome.as_str(), report.decided.as_str()),
        (
            "not known",
            "the file has no records, and neither ##contig nor ##reference tells its genome"
        )
    );
    assert_eq!(report.to_json()["reference"], serde_json::Value::Null);
    let (_, report) = told(named("hg19"), "", "");
    assert_eq!(report.genome, "human GRCh37 (hg19)");
    let (_, report) = told(named("rCRS"), "", "");
    assert!(report.genome.starts_with("human mitochondrion") && report.decided.starts_with("chosen by the user"));
}

#[test]
fn accessions_tell_the_genome() {
    for (name, genome) in [
        ("NC_000001.11", "human GRCh38 (hg38)"),
        ("NC_000001.10", "human GRCh37 (hg19)"),
        ("CM000663.2", "human GRCh38 (hg38)"),
        ("CM000663.1", "human GRCh37 (hg19)"),
    ] {
        let (output, report) = told(Choice::Detect, "", &format!("{name}\t1000\t.\tA\tC\t.\t.\t.\n"));
        assert_eq!(report.genome, genome, "{name}");
        assert!(output.ends_with("cytoBand=p36.33\n"), "{output}");
    }
}

#[test]
fn what_the_file_says_is_held_against_the_users_word() {
    let record = "1\t1000\t.\tA\tC\t.\t.\t.\n";
    let of = |name: &str| format!("{name}\t1000\t.\tA\tC\t.\t.\t.\n");
    for (lines, records, clause) in [
        ("", of("NC_000001.11"), "NC_000001.11 is a chromosome of GRCh38 (hg38)"),
        ("", of("CM000663.2"), "CM000663.2 is a chromosome of GRCh38 (hg38)"),
        (
            "##contig=<ID=1,length=248956422>\n",
            record.to_owned(),
            "the length of 1 ##contig line is that of GRCh38 (hg38)",
        ),
        (
            "##reference=GRCh38.p13\n",
            record.to_owned(),
            "the header names GRCh38 (hg38)",
        ),
    ] {
        let warning = format!(
            "The file was annotated as GRCh37 (hg19) (chosen by the user), but {clause}. If that is what it was made with, the \
             result is wrong."
        );
        let (_, report) = told(named("hg19"), lines, &records);
        assert!(report.warnings.contains(&warning), "{:?}", report.warnings);
        let (_, report) = told(named("hg38"), lines, &records);
        assert!(
            !report
                .warnings
                .iter()
                .any(|warning| warning.contains("was annotated as"))
        );
    }
}

#[test]
fn added_contig_lines_name_what_the_records_name() {
    let added = |records: &str| {
        let (output, _) = told(named("hg19"), "", records);
        let lines = output.lines().filter_map(|line| line.strip_prefix("##contig=<ID="));
        lines
            .map(|line| line.split(",assembly").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let accessions = added("NC_000001.10\t1000\t.\tA\tC\t.\t.\t.\n");
    assert_eq!(
        (accessions.len(), accessions[0].as_str(), accessions[6].as_str()),
        (24, "NC_000001.10,length=249250621", "NC_000007.13,length=159138663")
    );
    let mixed = added("Chr1\t1000\t.\tA\tC\t.\t.\t.\n1\t1001\t.\tA\tC\t.\t.\t.\nMT\t73\t.\tA\tG\t.\t.\t.\n");
    assert_eq!(
        [&mixed[0], &mixed[1], &mixed[2], &mixed[25]],
        [
            "Chr1,length=249250621",
            "1,length=249250621",
            "2,length=243199373",
            "MT,length=16569"
        ]
    );
}

#[test]
fn a_header_that_names_crossmap_is_warned_of() {
    let warning = "The header says that CrossMap lifted this file from another assembly (CrossMap,version=0.7.3). CrossMap 0.7.4 \
                   keeps one base of REF: deletions are lost or become insertions, and END becomes POS.";
    let is_warned = |program: &str| {
        let (_, report) = told(named("hg19"), &format!("##liftOverProgram={program}\n"), "");
        report.warnings.iter().any(|told| told.starts_with(warning))
    };
    assert!(is_warned("CrossMap,version=0.7.3"));
    assert!(!is_warned("Picard"));
}
