//! Which genome a file is of, by what it says of itself, and what is told where that does not fit.

use std::sync::Arc;

use reference::Bundle;
use reference::build::{Plan, build};
use reference::detect::Choice;
use tempfile::TempDir;

use super::*;

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
            transcripts: Default::default(),
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

/// Names and lengths of the `##contig` lines of the output that are not those of the input.
fn added(lines: &str, records: &str) -> Vec<String> {
    let (output, _) = told(named("hg19"), lines, records);
    let contigs = output
        .lines()
        .filter(|line| line.starts_with("##contig=<ID=") && !lines.contains(line));
    contigs
        .map(|line| {
            let parts = line["##contig=<ID=".len()..].split([',', '>']).take(2);
            parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn added_contig_lines_name_what_the_records_name() {
    let at = |name: &str| format!("{name}\t1000\t.\tA\tC\t.\t.\t.\n");
    for (name, expected) in [
        ("NC_000001.10", ["NC_000001.10", "NC_000007.13", "NC_012920.1"]),
        ("NC_000001", ["NC_000001", "NC_000007", "NC_012920"]),
        ("CM000663.1", ["CM000663.1", "CM000669.1", "J01415.2"]),
        ("CHR1", ["CHR1", "CHR7", "CHRM"]),
        ("Chr1", ["Chr1", "Chr7", "ChrM"]),
        ("chr1", ["chr1", "chr7", "chrM"]),
        ("1", ["1", "7", "MT"]),
    ] {
        let found = added("", &at(name));
        assert_eq!(
            (found.len(), [&found[0], &found[6], &found[24]]),
            (
                25,
                [
                    &format!("{} length=249250621", expected[0]),
                    &format!("{} length=159138663", expected[1]),
                    &format!("{} length=16569", expected[2])
                ]
            )
        );
    }
    let mixed = added(
        "",
        &[at("Chr1"), at("1"), "M\t73\t.\tA\tG\t.\t.\t.\n".to_owned()].concat(),
    );
    assert_eq!(
        [&mixed[0], &mixed[1], &mixed[2], &mixed[48], &mixed[49], &mixed[50]],
        [
            "Chr1 length=249250621",
            "1 length=249250621",
            "Chr2 length=243199373",
            "M length=16569",
            "ChrM length=16569",
            "MT length=16569",
        ]
    );
    assert_eq!(mixed.len(), 51);
}

#[test]
fn contigs_that_the_header_lacks_are_added_to_those_that_it_has() {
    let at = |name: &str| format!("{name}\t1000\t.\tA\tC\t.\t.\t.\n");
    let contigs = "##contig=<ID=1,length=249250621>\n##contig=<ID=MT,length=16569>\n";
    assert_eq!(added(contigs, &at("1")), [""; 0]);
    let added_beside = added(contigs, &[at("1"), at("X")].concat());
    assert_eq!(
        (added_beside.len(), added_beside[0].as_str(), added_beside[22].as_str()),
        (23, "2 length=243199373", "Y length=59373566")
    );
    let others = added(
        contigs,
        &[at("1"), at("chr2"), at("HLA-A*01:01:01:01"), at("no<name")].concat(),
    );
    assert_eq!(
        (others.len(), others[0].as_str(), others[24].as_str()),
        (25, "chr1 length=249250621", "HLA-A*01:01:01:01")
    );
    // What is called chrM has another sequence there, whose length nobody says.
    let foreign = "##contig=<ID=chr1,length=249250621>\n##contig=<ID=chrM,length=16571>\n";
    assert_eq!(added(foreign, &[at("chr1"), at("MT")].concat()).last().unwrap(), "MT");
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
