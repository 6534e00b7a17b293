//! Whole files: what they become, or why they do not.

use super::*;
use proptest::prelude::*;

const HEADER: &str = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

fn run(input: &[u8]) -> Result<(String, Report), AnnotateError> {
    let mut output = Vec::new();
    let report = annotate(
        input,
        &mut output,
        &Options {
            file_name: "test.vcf".into(),
        },
        &mut |_| {},
    )?;
    Ok((String::from_utf8(output).unwrap(), report))
}

fn annotated(records: &str) -> String {
    run(format!("{HEADER}{records}").as_bytes()).unwrap().0
}

fn refusal(input: &[u8]) -> String {
    match run(input) {
        Err(AnnotateError::Input(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_gains_its_annotations_and_nothing_else() {
    let output = annotated("MT\t8993\trs1\tT\tG\t50\tPASS\tAC=1;DB\n");
    let record = output.lines().last().unwrap();
    assert_eq!(
        record,
        "MT\t8993\trs1\tT\tG\t50\tPASS\tAC=1;DB;CSQ=G|missense_variant|MODERATE|MT-ATP6|4508|Transcript|MT-ATP6|protein_coding|1/1|||\
         YP_003024031.1:p.Leu156Arg|467|467|156|L/R|cTg/cGg|||1||;HGVSm=NC_012920.1:m.8993T>G;MITOMAP_STATUS=Cfrm%20[P];\
         MITOMAP_DISEASE=NARP%20/%20Leigh%20Disease%20/%20MILS%20/%20other;MITOMAP_AF=0.000097"
    );
}

#[test]
fn our_definitions_stand_before_the_column_line() {
    let output = annotated("");
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines[0], "##fileformat=VCFv4.2");
    assert!(lines[1].starts_with("##INFO=<ID=CSQ,Number=.,Type=String,"));
    assert!(lines.last().unwrap().starts_with("#CHROM\tPOS"));
}

#[test]
fn each_alternate_has_its_own_values() {
    let output = annotated("MT\t73\t.\tA\tG,C,*\t.\t.\t.\n");
    let info = output.lines().last().unwrap().split('\t').nth(7).unwrap().to_owned();
    assert!(
        info.contains("HGVSm=NC_012920.1:m.73A>G,NC_012920.1:m.73A>C,.;"),
        "{info}"
    );
    assert_eq!(info.matches("|intergenic_variant|").count(), 2, "{info}");
    assert!(info.contains("|control_region"));
}

#[test]
fn structural_alleles_are_annotated_by_overlap() {
    let output = annotated(
        "MT\t8469\t.\tT\t<DEL>\t.\t.\tEND=13447\nMT\t73\t.\tA\t<*>\t.\t.\t.\nMT\t73\t.\tA\tA[1:5[\t.\t.\t.\n",
    );
    let lines: Vec<&str> = output.lines().collect();
    let deletion = lines[lines.len() - 3];
    assert!(
        deletion.contains("<DEL>|transcript_ablation|HIGH|MT-ATP6"),
        "{deletion}"
    );
    assert!(
        deletion.contains("<DEL>|coding_sequence_variant|MODIFIER|MT-ND5"),
        "{deletion}"
    );
    assert!(lines[lines.len() - 2].ends_with("\t."), "{}", lines[lines.len() - 2]);
    assert!(lines[lines.len() - 1].contains("intergenic_variant"));
}

#[test]
fn an_inputs_own_csq_is_replaced() {
    let input = HEADER.replace(
        "#CHROM",
        "##INFO=<ID=CSQ,Number=.,Type=String,Description=\"VEP\">\n#CHROM",
    );
    let (output, report) = run(format!("{input}MT\t73\t.\tA\tG\t.\t.\tCSQ=old|x;AC=2\n").as_bytes()).unwrap();
    assert!(!output.contains("VEP") && !output.contains("old|x"));
    assert!(output.lines().last().unwrap().contains("\tAC=2;CSQ=G|"));
    assert!(report.count_log().contains("INFO key CSQ"));
}

#[test]
fn a_file_that_is_no_vcf_of_this_genome_is_refused_with_a_reason() {
    for (input, words) in [
        (Vec::new(), "The file is empty."),
        (b"\n\n".to_vec(), "The file ends before the column line"),
        (
            b"##fileformat=VCFv4.2\n".to_vec(),
            "The file ends before the column line",
        ),
        (
            format!("{HEADER}1\t69511\t.\tA\tG\t.\t.\t.\nX\t5\t.\tA\tG\t.\t.\t.\n").into_bytes(),
            "2 records on chromosomes 1, X; the first is on line 3.",
        ),
        (
            format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\t.\nchr9\t5\t.\tA\tG\t.\t.\t.\n").into_bytes(),
            "1 record on chromosome chr9 beside 1 on the mitochondrial genome",
        ),
        (
            format!("{HEADER}MT\t16571\t.\tA\tG\t.\t.\t.\n").into_bytes(),
            "Line 3: position 16571 lies outside NC_012920.1",
        ),
        (
            format!("{HEADER}MT\t0\t.\tA\tG\t.\t.\t.\n").into_bytes(),
            "Line 3: position 0 lies outside",
        ),
        (
            format!("{HEADER}MT\t73\t.\tC\tG\t.\t.\t.\n").into_bytes(),
            "100 % of the REF bases (1 of 1 records) differ",
        ),
    ] {
        let reason = refusal(&input);
        assert!(reason.contains(words), "{reason}");
    }
}

#[test]
fn a_few_records_that_differ_are_marked_and_listed() {
    let good = "MT\t73\t.\tA\tG\t.\t.\t.\n".repeat(30);
    let (output, report) = run(format!("{HEADER}{good}MT\t150\t.\tG\tT\t.\t.\t.\n").as_bytes()).unwrap();
    assert!(output.lines().last().unwrap().ends_with(";REF_MISMATCH"));
    let log = report.count_log();
    assert!(log.contains("Warning: 1 of 31 records (3.2 %)"), "{log}");
    assert!(log.contains("Line 33: position 150, REF G, reference C"), "{log}");
}

#[test]
fn the_count_log_begins_as_anntools_does() {
    let (_, report) =
        run(format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\t.\nMT\t8860\t.\tA\tG\t.\t.\t.\n").as_bytes()).unwrap();
    let log = report.count_log();
    assert!(log.starts_with("## Please notice that all Isoforms were counted\n"));
    for line in [
        "Total: 2",
        "In interGenic 1",
        "In CDS 1",
        "In Exonic 1",
        "missense_variant (MODERATE): 1",
        "MT-ATP6: 1",
    ] {
        assert!(log.lines().any(|found| found == line), "{line}:\n{log}");
    }
    assert_eq!(
        serde_json::to_value(&report).unwrap()["consequences"]["missense_variant"],
        1
    );
}

#[test]
fn old_and_odd_files_are_read() {
    let old = "##fileformat=VCFv3.3\r\n##INFO=DP,1,Integer,\"Depth\"\r\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\r\nchrM\t73\t.\ta\tg\t-1\t0\tDP=9\r\n";
    let (output, _) = run(old.as_bytes()).unwrap();
    assert!(output.contains("DP=9;CSQ=g|intergenic_variant"), "{output}");
    assert!(output.ends_with("\r\n") && output.contains("m.73A>G"));
    let wide = format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\tX={}\n", "y".repeat(10 << 20));
    assert!(run(wide.as_bytes()).unwrap().0.len() > 10 << 20);
    let (unended, _) = run(format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\t.").as_bytes()).unwrap();
    assert!(!unended.ends_with('\n'));
}

/// The samples that the project is given; they are not part of it.
#[test]
fn the_mitochondrial_samples_fit_the_reference_wholly() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/samples");
    if !samples.exists() {
        eprintln!("SKIPPED the_mitochondrial_samples_fit_the_reference_wholly: ../shared/data is not here");
        return;
    }
    for (name, records) in [("test.vcf", 350), ("free_1.vcf", 1141)] {
        let (_, report) = run(&std::fs::read(samples.join(name)).unwrap()).unwrap();
        assert_eq!((report.records, report.mismatches), (records, 0), "{name}");
    }
    for name in ["free_2.vcf", "premium_1.vcf", "premium_2.vcf", "premium_3.vcf"] {
        let reason = refusal(&std::fs::read(samples.join(name)).unwrap());
        assert!(reason.contains("Supported at present"), "{name}: {reason}");
    }
}

proptest! {
    #[test]
    fn whatever_stands_in_the_other_columns_is_kept(
        id in "[!-~&&[^\t]]{1,8}", filter in "[ -~&&[^\t]]{0,8}", info in "[A-Z]{1,4}(=[a-z ]{0,5})?", sample in "[!-~]{0,12}", crlf: bool,
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let header = HEADER.replace("INFO\n", "INFO\tFORMAT\tS\n").replace('\n', end);
        let input = format!("{header}MT\t73\t{id}\tA\tG\t.\t{filter}\t{info}\tGT\t{sample}{end}");
        let (output, _) = run(input.as_bytes()).unwrap();
        let kept: String = output.split_inclusive('\n').filter(|line| !line.starts_with("##INFO=")).collect();
        let begin = kept.find(&format!("{info};CSQ=")).unwrap() + info.len();
        let after = kept[begin..].find("\tGT").unwrap() + begin;
        prop_assert_eq!(format!("{}{}", &kept[..begin], &kept[after..]), input);
    }

    #[test]
    fn no_input_makes_it_panic(records in "([MT0-9ACGTN<>,.*;=\t]{0,40}\n){0,4}") {
        let _ = run(format!("{HEADER}{records}").as_bytes());
    }

    #[test]
    fn every_variant_of_the_genome_can_be_described(pos in 1_usize..=16_560, length in 1_usize..9, alternate in "[ACGT]{1,7}") {
        let reference = String::from_utf8(Mitochondrion::rcrs().bases(pos, length).unwrap().to_vec()).unwrap();
        let output = annotated(&format!("MT\t{pos}\t.\t{reference}\t{alternate}\t.\t.\t.\n"));
        prop_assert!(reference == alternate || output.lines().last().unwrap().contains("HGVSm=NC_012920.1:m."), "{}", output);
    }
}
