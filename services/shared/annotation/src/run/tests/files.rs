//! Files that are annotated: what is kept, what is added, what is said of them.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

/// Takes away what was added.
fn without_ours(output: &str) -> String {
    const KEYS: [&str; 7] = [
        "CSQ",
        "HGVSm",
        "MT_REGION",
        "MITOMAP_STATUS",
        "MITOMAP_DISEASE",
        "MITOMAP_AF",
        "REF_MISMATCH",
    ];
    let ours = |field: &&str| KEYS.iter().any(|key| field.split('=').next() == Some(key));
    let is_ours = |line: &str| {
        let is_key = line.starts_with("##INFO") && (line.contains("Source=\"GAS") || line.contains("Source=\"MITOMAP"));
        let is_contig = line.trim_end().ends_with(",length=16569,assembly=NC_012920.1>");
        is_key || is_contig || line.starts_with("##GAS_encoding=")
    };
    let mut kept = String::new();
    for line in output.split_inclusive('\n').filter(|line| !is_ours(line)) {
        let mut columns: Vec<_> = line.split('\t').map(str::to_owned).collect();
        if let Some(info) = columns.get_mut(7).filter(|_| !line.starts_with('#')) {
            let (text, end) = info.split_at(info.trim_end_matches(['\r', '\n']).len());
            let text: Vec<_> = text.split(';').filter(|field| !ours(field)).collect();
            *info = if text.is_empty() {
                format!(".{end}")
            } else {
                format!("{}{end}", text.join(";"))
            };
        }
        kept += &columns.join("\t");
    }
    kept
}

#[test]
fn everything_but_info_is_kept() {
    let input = "##fileformat=VCFv4.1\r\n##source=\"x, y\"\r\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA1\r\n\
        chrM\t73\trs1;rs2\ta\tg,<DEL>\t1e3\tq10;s50\tDP=9;H2;X=a b\tGT:GQ\t0|1:3\r\n\r\nchrM\t263\t.\tA\tG\t.\t.\t.\tGT\t1";
    let (output, report) = run(input.as_bytes()).unwrap();
    assert_eq!(without_ours(&output), input);
    assert!(output.contains("DP=9;H2;X=a b;CSQ=G|intergenic_variant|MODIFIER|"));
    assert!(
        output
            .split_inclusive('\n')
            .filter(|line| line.starts_with("##INFO"))
            .all(|line| line.ends_with("\r\n"))
    );
    assert_eq!(report.warnings.len(), 3, "{:?}", report.warnings);
}

#[test]
fn a_key_that_the_file_has_keeps_its_meaning() {
    let header = HEADER.replace(
        "#CHROM",
        "##INFO=<ID=CSQ,Number=.,Type=String,Description=\"theirs\">\n#CHROM",
    );
    let (output, report) = run(format!("{header}MT\t73\t.\tA\tG\t.\t.\tCSQ=theirs\n").as_bytes()).unwrap();
    assert!(
        output.contains("##INFO=<ID=GAS_CSQ,") && output.contains("\tCSQ=theirs;GAS_CSQ=G|"),
        "{output}"
    );
    assert!(report.warnings[0].contains("CSQ"));
}

#[test]
fn a_csq_that_is_not_declared_gives_way_to_ours_and_other_keys_stay() {
    for (own, begin) in [
        ("CSQ=theirs", "CSQ=G|intergenic_variant|"),
        ("DP=1;CSQ=theirs|x;AN=2", "DP=1;AN=2;CSQ=G|intergenic_variant|"),
        ("CSQ;DP=1", "DP=1;CSQ=G|"),
        ("CSQX=1", "CSQX=1;CSQ=G|"),
    ] {
        let info = info(&format!("MT\t73\t.\tA\tG\t.\t.\t{own}"));
        assert!(info.starts_with(begin) && info.contains(";HGVSm="), "{info}");
    }
    assert!(!info("MT\t73\t.\tA\tG\t.\t.\tHGVSm=theirs").contains("HGVSm=NC_012920.1"));
    // Records that are not annotated have no CSQ: the header says that it is ours.
    let small = super::small::small(false);
    let records = "1\t32\t.\tT\tC\t.\t.\tCSQ=theirs\n3\t73\t.\tA\tG\t.\t.\tCSQ=theirs\n3\t74\t.\tA\tG\t.\t.\tDP=1;CSQ=theirs;AN=2\n";
    let (output, report) = small.run(records, &small.options()).unwrap();
    assert!(output.ends_with("\t.\n3\t74\t.\tA\tG\t.\t.\tDP=1;AN=2\n"), "{output}");
    assert!(
        report.warnings.contains(
            &"3 records have a CSQ in INFO that the header does not declare; it was replaced by ours.".to_owned()
        ),
        "{:?}",
        report.warnings
    );
}

#[test]
fn a_line_of_10_mb_is_no_trouble() {
    let samples = "\t0|0:12,0:99".repeat(900_000);
    let header = HEADER.replace("INFO\n", &format!("INFO\tFORMAT{}\n", "\tS".repeat(900_000)));
    let (output, _) = run(format!("{header}MT\t73\t.\tA\tG\t.\t.\t.\tGT:AD:GQ{samples}\n").as_bytes()).unwrap();
    assert!(output.ends_with(&format!("\tGT:AD:GQ{samples}\n")));
}

#[test]
fn few_mismatches_are_marked_and_listed_and_more_are_doubted() {
    let (good, bad) = ("MT\t73\t.\tA\tG\t.\t.\t.\n", "MT\t150\t.\tG\tT\t.\t.\tDP=1\n");
    let file = |records: usize| format!("{HEADER}{}{bad}", good.repeat(records));
    let (output, report) = run(file(200).as_bytes()).unwrap();
    assert!(output.ends_with("DP=1;REF_MISMATCH\n") && !report.is_doubtful());
    assert!(
        report
            .count_log()
            .contains("line 203, position 150: REF is G, NC_012920.1 has C\n")
    );
    let (_, report) = run(file(30).as_bytes()).unwrap();
    assert_eq!(
        report.warnings,
        [
            "REF of 1 of 31 records (3.23 %) is not what NC_012920.1 has there: THE FILE MAY HAVE BEEN MADE WITH ANOTHER REFERENCE. \
          Check that before you use the result. These records are marked REF_MISMATCH and carry no annotation."
        ]
    );
    assert!(run(file(9).as_bytes()).is_ok() && run(file(8).as_bytes()).is_err());
}

#[test]
fn a_header_without_records_is_annotated() {
    let (output, report) = run(HEADER.as_bytes()).unwrap();
    assert_eq!((without_ours(&output).as_str(), report.records), (HEADER, 0));
    assert_eq!(report.warnings, ["The file has a header, but no records."]);
    assert_eq!(report.genome, "not known");
}

#[test]
fn progress_ends_with_the_whole_input() {
    let input = format!("{HEADER}{}", "MT\t73\t.\tA\tG\t.\t.\t.\n".repeat(2500));
    let mut told = Vec::new();
    annotate(
        input.as_bytes(),
        std::io::sink(),
        &Options::default(),
        &mut |progress| told.push(progress),
    )
    .unwrap();
    let last = told.last().unwrap();
    assert_eq!((last.records, last.bytes), (2500, input.len() as u64));
}

#[test]
fn the_count_log_has_the_lines_of_anntools() {
    let records = "MT\t73\t.\tA\tG\t.\t.\t.\nMT\t8860\t.\tA\tG\t.\t.\t.\nMT\t8550\t.\tA\tC,G\t.\t.\t.\n";
    let (_, report) = run(format!("{HEADER}{records}").as_bytes()).unwrap();
    let log = report.count_log();
    assert!(log.starts_with("## Please notice that all Isoforms were counted\n## Numbers may exceed number of variants in the annotated file\nTotal: 3\nIn dbSNP: not available"));
    for line in [
        "In interGenic 1",
        "In CDS 3",
        "In '3 UTR 0",
        "In Exonic 3",
        "In Non_coding_exonic 0",
    ] {
        assert!(log.lines().any(|found| found == line), "{line}\n{log}");
    }
    let json = report.to_json();
    assert_eq!(
        (&json["consequences"]["intergenic_variant"], &json["genes"]["MT-ATP6"]),
        (&1.into(), &3.into())
    );
}

/// The text of a gzip file.
pub(super) fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    text
}

pub(super) fn shared_data() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    if !data.exists() {
        // Past the test runner, which keeps what passing tests print to itself.
        let told = b"SKIPPED the samples: ../shared/data is not here\n";
        let _ = std::io::Write::write_all(&mut std::io::stderr(), told);
    }
    data.exists().then_some(data)
}

#[test]
fn the_mitochondrial_samples_fit_the_reference_wholly() {
    let Some(data) = shared_data() else { return };
    for (name, records) in [("test.vcf", 350), ("free_1.vcf", 1141)] {
        let input = std::fs::read(data.join("samples").join(name)).unwrap();
        let (output, report) = run(&input).unwrap();
        assert_eq!((report.records, report.mismatches()), (records, 0), "{name}");
        let kept = without_ours(&output).replacen("VCFv4.2", "VCFv4.0", 1);
        assert!(kept.as_bytes() == input, "{name}");
    }
    for name in ["free_2.vcf", "premium_1.vcf", "premium_2.vcf", "premium_3.vcf"] {
        let refused = run(&std::fs::read(data.join("samples").join(name)).unwrap()).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("No reference but the mitochondrial genome is here")
                || refused.to_string().contains("NCBI36"),
            "{name}: {refused}"
        );
    }
}

proptest! {
    #[test]
    fn output_without_ours_is_the_input(
        id in "[!-~]{1,8}", filter in "[!-~]{1,8}", info in "(\\.|[B-L]{1,4}(=[a-z]{1,5})?(;[B-L]{5})?)", sample in "[!-~]{1,12}",
        position in 1_usize..16_500, alternate in "[ACGT]{1,5}", crlf: bool, ends: bool,
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let base = char::from(Mitochondrion::rcrs().sequence.base(position - 1).unwrap());
        let header = HEADER.replace("INFO\n", "INFO\tFORMAT\tS\n").replace('\n', end);
        let record = format!("MT\t{position}\t{id}\t{base}\t{alternate}\t.\t{filter}\t{info}\tGT\t{sample}");
        let input = format!("{header}{record}{end}{record}{}", if ends { end } else { "" });
        let (output, _) = run(input.as_bytes()).unwrap();
        prop_assert_eq!(without_ours(&output), input);
    }

    #[test]
    fn no_input_makes_it_panic(records in "([MT0-9ACGTNID<>,.*;=\\[\\]\t]{0,40}\n){0,4}", old: bool) {
        let header = if old { HEADER.replace("v4.3", "v3.3") } else { HEADER.to_owned() };
        let _ = run(format!("{header}{records}").as_bytes());
        let _ = run(records.as_bytes());
    }

    #[test]
    fn every_record_of_the_genome_can_be_annotated(
        position in 1_usize..=16_569, length in 1_usize..90, alternate in "(\\*|<(DEL|DUP|INS|INV|X)>|D[0-9]{1,6}|[ACGTN]{1,40})", end in 0_usize..20_000,
    ) {
        let base = |at| char::from(Mitochondrion::rcrs().sequence.base(position - 1 + at).unwrap());
        let reference: String = (0..length).map(base).collect();
        let header = if alternate.starts_with('D') { HEADER.replace("v4.3", "v3.3") } else { HEADER.to_owned() };
        let result = run(format!("{header}MT\t{position}\t.\t{reference}\t{alternate}\t.\t.\tEND={end}\n").as_bytes());
        prop_assert!(result.is_ok(), "{:?}", result);
    }
}
