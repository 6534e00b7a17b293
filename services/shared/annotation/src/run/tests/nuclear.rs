//! Records of a small nuclear genome.

use proptest::prelude::*;

use super::small::{CHR1, Small, small};
use super::told::{Told, case, hg19};
use super::*;
use crate::Mode;

#[test]
fn variants_have_their_effects_on_a_transcript() {
    let small = small(true);
    for (change, expected) in [
        ("1 32 T C", "start_lost NM_1:c.2T>C p.Met1?"),
        ("1 34 A C", "missense_variant NM_1:c.4A>C p.Lys2Gln"),
        ("1 36 A G", "synonymous_variant NM_1:c.6A>G p.Lys2%3D"),
        ("1 34 A T", "stop_gained NM_1:c.4A>T p.Lys2Ter"),
        (
            "1 60 T A",
            "missense_variant&splice_region_variant NM_1:c.30T>A p.Asn10Lys",
        ),
        ("1 61 G A", "splice_donor_variant NM_1:c.30+1G>A"),
        (
            "1 65 G A",
            "splice_donor_5th_base_variant&splice_polypyrimidine_tract_variant&intron_variant NM_1:c.30+5G>A",
        ),
        ("1 80 G A", "splice_acceptor_variant NM_1:c.31-1G>A"),
        ("1 25 A G", "5_prime_UTR_variant NM_1:c.-6A>G"),
        ("1 95 G A", "3_prime_UTR_variant NM_1:c.*6G>A"),
        ("1 5 T A", "upstream_gene_variant"),
        ("1 115 C A", "downstream_gene_variant"),
        ("1 36 AC A", "frameshift_variant NM_1:c.9del p.Phe5LeufsTer?"),
        ("1 33 GAAA G", "inframe_deletion NM_1:c.4_6del p.Lys2del"),
        ("1 39 C CGGG", "inframe_insertion NM_1:c.10_12dup p.Gly4dup"),
        ("1 37 CC GG", "missense_variant NM_1:c.7_8inv p.Pro3Gly"),
    ] {
        assert_eq!(small.told(change), expected, "{change}");
    }
}

#[test]
fn without_a_sequence_only_what_is_certain_is_told() {
    let small = small(false);
    assert_eq!(small.told("1 34 A C"), "coding_sequence_variant NM_1:c.4A>C");
    assert_eq!(small.told("1 36 AC A"), "coding_sequence_variant");
    assert_eq!(small.told("2 45 A G"), "coding_sequence_variant NM_2:c.25T>C");
}

#[test]
fn tracks_are_written_under_declared_keys() {
    let small = small(true);
    let records = "1\t32\t.\tT\tA,C\t.\t.\t.\n1\t66\tmine\tTC\tT\t.\t.\tDP=1\n";
    let (output, report) = small.run(records, &small.options()).unwrap();
    let lines: Vec<_> = output.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines[0].starts_with("1\t32\trs1\tT\tA,C\t"), "{output}");
    for expected in [
        "DB;",
        "GMAF=.,0.25",
        "cytoBand=p1",
        "gwasCatalog=123|Tall%3B%20or%20%3D%20not",
        "peaks=peak%201",
        "positionType=CDS",
        "exon=ex1/2",
    ] {
        assert!(lines[0].contains(expected), "{expected}: {}", lines[0]);
    }
    // The deletion of one of eight Cs is the same wherever it is written; an id of the file's own stays.
    assert!(
        lines[1].starts_with("1\t66\tmine\t") && lines[1].contains(";DB;"),
        "{}",
        lines[1]
    );
    for key in ["CSQ", "DB", "GMAF", "cytoBand", "gwasCatalog", "peaks"] {
        assert_eq!(output.matches(&format!("##INFO=<ID={key},")).count(), 1, "{key}");
    }
    assert!(output.contains("##contig=<ID=1,length=120,assembly=small>"));
    assert!(!output.contains("##INFO=<ID=tfbsRegion"));
    assert!(
        report
            .count_log()
            .contains("In tfbsConsSites: not available (no such track for small)")
    );
    assert!(report.count_log().contains("In gwasCatalog: 1 in 1 variants"));
    assert_eq!(report.genome, "small");
}

#[test]
fn threads_do_not_change_the_output() {
    let small = small(true);
    let records = "1\t32\t.\tT\tC\t.\t.\tDP=3\n1\t61\t.\tG\tA\t.\t.\t.\nMT\t73\t.\tA\tG\t.\t.\t.\n".repeat(20_000);
    let one = small.run(&records, &small.options()).unwrap();
    for threads in [2, 3] {
        let many = small
            .run(
                &records,
                &Options {
                    threads,
                    ..small.options()
                },
            )
            .unwrap();
        assert!(one.0 == many.0 && one.1.to_json() == many.1.to_json());
    }
    let (output, report) = small
        .run(
            "",
            &Options {
                threads: 2,
                ..small.options()
            },
        )
        .unwrap();
    assert!(
        output.ends_with("INFO\n") && report.to_json()["records"] == 0,
        "{output}"
    );
    let broken = format!("{records}1\tx\t.\tT\tC\t.\t.\t.\n{records}");
    let errors = [1, 2].map(|threads| {
        small
            .run(
                &broken,
                &Options {
                    threads,
                    ..small.options()
                },
            )
            .unwrap_err()
            .to_string()
    });
    assert_eq!(errors[0], errors[1]);
    assert!(errors[0].starts_with("Line 60003, column 2 (POS)"), "{}", errors[0]);
}

#[test]
fn anntools_mode_has_the_quirks_of_anntools() {
    let small = small(false);
    let options = Options {
        mode: Mode::AnnTools,
        ..small.options()
    };
    let records = "chr1\t32\trs0\tT\tG\t.\t.\t.\nchr1\t50\t.\tA\tG\t.\t.\tAC=1 \nMT\t73\t.\tA\tG\t.\t.\tAC=1\n";
    let (output, report) = small.run(records, &options).unwrap();
    let lines: Vec<_> = output.lines().skip(2).collect();
    assert_eq!(
        lines[0],
        "chr1\t32\trs1\tT\tG\t.\t.\tDB;GMAF=0.25;name2=GENEchr1;name=NM_1;transcriptStrand=+;exon=ex1/2;cytoBand=p1;gwasCatalog=pubMedID=123,trait=Tall; or = not"
    );
    // The base before a band is in it, too.
    assert!(lines[1].ends_with("cytoBand=p1;q1"), "{}", lines[1]);
    assert_eq!(lines[2], "MT\t73\t.\tA\tG\t.\t.\tAC=1;positionType=interGenic");
    assert!(
        report
            .count_log()
            .starts_with("## Please notice that all Isoforms were counted\n## Numbers may exceed")
    );
    assert!(
        report
            .count_log()
            .contains("\nTotal: 4\nIn dbSNP: 1 (25.0%)\nVariants located:\nIn interGenic 1\n")
    );
}

#[test]
fn anntools_mode_passes_records_whose_ref_is_another() {
    let Some(options) = hg19() else { return };
    let options = Options {
        mode: Mode::AnnTools,
        ..options
    };
    let told = Told::new(&case("anntools_ref_mismatch"), &options);
    for record in [
        "949405\tswapped\tG\tC\t.\t.\t.\n",
        "949420\tthird_base\tG\tT\t.\t.\t.\n",
    ] {
        assert!(told.output.contains(&format!("chr1\t{record}")), "{}", told.output);
    }
    assert!(told.output.contains("chr1\t865000\t.\tC\tG\t.\t.\tname=NM_152486;"));
    assert!(told.warns("REF of 2 of 62 records (3.23 %)"));
    assert!(told.warns("These records are written as they came, without annotation."));
    assert!(told.report.count_log().contains("\nTotal: 63\n"));
}

#[test]
fn structural_variants_are_told_by_their_span() {
    let small = small(true);
    for (record, expected) in [
        (
            "1\t10\t.\tT\t<DEL>\t.\t.\tEND=115",
            "CSQ=deletion|transcript_ablation|HIGH|GENEchr1",
        ),
        (
            "1\t40\t.\tG\t<DEL>\t.\t.\tEND=70",
            "CSQ=deletion|feature_truncation&coding_sequence_variant&intron_variant|",
        ),
        (
            "1\t10\t.\tT\t<DUP>\t.\t.\tEND=115",
            "CSQ=duplication|transcript_amplification|",
        ),
        (
            "1\t40\t.\tG\tG[2:300[\t.\t.\t.",
            "CSQ=G.|feature_truncation&coding_sequence_variant|HIGH|GENEchr1",
        ),
    ] {
        let (output, _) = small.run(&format!("{record}\n"), &small.options()).unwrap();
        assert!(output.contains(expected), "{record}: {output}");
    }
}

proptest! {
    #[test]
    fn any_record_of_the_small_genome_can_be_annotated(
        position in 1_usize..=120, length in 1_usize..60, alternate in "(\\*|\\.|<(DEL|DUP|INS|INV|X)>|[ACGTN]{1,30})", modern: bool,
    ) {
        let small = SMALL.get_or_init(|| small(true));
        let reference = &CHR1[position - 1..(position - 1 + length).min(120)];
        let mode = if modern { Mode::Modern } else { Mode::AnnTools };
        let options = Options { mode, ..small.options() };
        let result = small.run(&format!("1\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\n"), &options);
        prop_assert!(result.is_ok(), "{:?}", result.err());
    }

    #[test]
    fn what_is_told_of_a_record_does_not_depend_on_those_before_it(
        changes in prop::collection::vec((1_usize..=120, 1_usize..8, "[ACGT]{1,3}"), 1..30),
    ) {
        let small = SMALL.get_or_init(|| small(true));
        let record = |(position, length, alternate): &(usize, usize, String)| {
            let reference = &CHR1[position - 1..(position - 1 + length).min(120)];
            format!("1\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\n")
        };
        let mut records: Vec<_> = changes.iter().map(record).collect();
        let run = |records: &[String]| small.run(&records.concat(), &small.options()).unwrap();
        let (together, report) = run(&records);
        let alone = records.iter().map(|record| run(std::slice::from_ref(record)).0.lines().last().unwrap().to_owned() + "\n");
        prop_assert!(together.ends_with(&alone.collect::<String>()));
        records.sort_unstable();
        prop_assert_eq!(report.to_json(), run(&records).1.to_json());
    }
}

static SMALL: std::sync::OnceLock<Small> = std::sync::OnceLock::new();
