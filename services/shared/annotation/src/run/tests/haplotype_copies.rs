//! Which alleles are known to share a chromosome copy, and what is said where they are not, or not all of them can be remembered.

use super::haplotypes::{COLUMNS, annotated, genome, record, together};
use super::small::small;
use super::*;
use crate::Mode;

/// What one haplotype of two substitutions in a codon is told to be, with these genotypes.
fn copies(first: &str, second: &str) -> Vec<String> {
    let entries = together(&[("34 A C", first), ("36 A T", second)]);
    entries
        .iter()
        .map(|entry| entry.split(' ').next_back().unwrap().to_owned())
        .collect()
}

#[test]
fn alleles_are_joined_that_are_known_to_be_on_one_copy() {
    for (first, second, expected) in [
        ("0|1", "1|0", &[][..]),
        ("0/1", "0/1", &[]),
        ("0/1", "1/1", &[]),
        ("1|0", "1/1", &["S1:1"]),
        ("1/1", "1/1", &["S1:1&S1:2"]),
        ("1", "1|0", &["S1:1"]),
        ("1", "0|1", &[]),
        (".|1", "0|1", &["S1:2"]),
        ("./1", "0|1", &[]),
        ("|0|1", "/0|1", &["S1:2"]),
        ("0|0|1", "1|0|1", &["S1:3"]),
        ("0|1:5", "0|1:5", &["S1:2"]),
        ("0|1:5", "0|1:6", &[]),
        ("0|1:5", "1/1:.", &["S1:2"]),
        ("0|1", "0|1:5", &[]),
        ("0|1 0|0 1|1", "0|1 0|1 0|1", &["S1:2&S3:2"]),
    ] {
        assert_eq!(copies(first, second), expected, "{first} {second}");
    }
}

#[test]
fn every_set_of_alleles_that_a_sample_has_is_told() {
    let entries = together(&[
        ("34 A C", "0|1 0|1 0|0"),
        ("35 A G", "0|1 0|0 1|0"),
        ("36 A T", "0|0 1|1 1|0"),
    ]);
    assert_eq!(
        entries,
        [
            "missense_variant c.4_5delinsCG p.Lys2Arg AAa/CGa S1:2",
            "missense_variant c.4_6delinsCAT p.Lys2His AAA/CAT S2:2",
            "missense_variant c.5_6delinsGT p.Lys2Ser aAA/aGT S3:1",
        ]
    );
}

#[test]
fn alleles_that_overlap_or_reach_out_of_the_exon_are_not_joined() {
    let (bases, options) = genome(false);
    let told = |edits: &[&str]| {
        let records: Vec<_> = edits.iter().map(|edit| record(&bases, false, edit, "1|1").1).collect();
        let (told, report) = annotated(&records, &options);
        (
            told.iter().map(|(_, entries)| entries.len()).sum::<usize>(),
            report.warnings,
        )
    };
    let (entries, warnings) = told(&["40 GGGT -", "42 G A"]);
    assert_eq!(entries, 0);
    assert_eq!(
        warnings,
        ["2 alleles, once for each copy, overlap another one on the same copy; they were not joined with that."]
    );
    // The frame behind the splice site is not known.
    assert_eq!(told(&["40 G -", "59 ATGT -", "84 - G"]), (0, Vec::new()));
    assert_eq!(told(&["40 G -", "84 - G"]).0, 2);
    // Neither a base that the reference does not have, nor what is no allele of bases.
    let records = [
        "1\t34\t.\tG\tC\t.\t.\t.\tGT\t1",
        "1\t36\t.\tA\tT,<DEL>,*\t.\t.\t.\tGT\t1",
    ]
    .map(str::to_owned);
    assert!(
        annotated(&records, &options)
            .0
            .iter()
            .all(|(_, entries)| entries.is_empty())
    );
}

#[test]
fn what_cannot_be_joined_is_said() {
    let (bases, options) = genome(false);
    let with = |genotypes: &str, options: &Options| {
        let records = ["34 A C", "36 A T"].map(|edit| record(&bases, false, edit, genotypes).1);
        annotated(&records, options).1.warnings
    };
    assert_eq!(
        with("0/1 0|1", &options),
        [
            "2 genotypes in 2 records have an allele in coding sequence and do not say on which copy it is, the first of them on \
             line 3; with these nothing was joined."
        ]
    );
    let anntools = Options {
        mode: Mode::AnnTools,
        ..options.clone()
    };
    assert_eq!(
        with("0|1", &anntools),
        ["NO HAPLOTYPES: nothing is told of phased genotypes, because AnnTools had nothing of the kind."]
    );
    let mut output = Vec::new();
    let report = annotate(
        format!("{HEADER}1\t34\t.\tA\tC\t.\t.\t.\n").as_bytes(),
        &mut output,
        &options,
        &mut |_| {},
    );
    assert_eq!(
        report.unwrap().warnings,
        ["NO HAPLOTYPES: nothing is told of phased genotypes, because the file has no samples."]
    );
    let unsorted = ["36 A T", "34 A C"].map(|edit| record(&bases, false, edit, "0|1").1);
    let (told, report) = annotated(&unsorted, &options);
    assert!(told.iter().all(|(_, entries)| entries.is_empty()));
    assert_eq!(
        report.warnings,
        [
            "Records are not sorted by chromosome and position, first on line 4: alleles before and after that line were not joined."
        ]
    );
}

#[test]
fn neither_another_spelling_nor_the_mitochondrion_between_parts_alleles() {
    let (bases, options) = genome(false);
    let [first, last] = ["34 A C", "36 A T"].map(|edit| record(&bases, false, edit, "0|1").1);
    let between = "chr1\t35\t.\tA\tC\t.\t.\t.\tGT\t0|0".to_owned();
    let same = annotated(&[first.clone(), between, last.clone()], &options);
    assert_eq!(same.0[0].1.len(), 1, "{:?}", same.1.warnings);
    let elsewhere = "MT\t73\t.\tA\tG\t.\t.\t.\tGT\t0|1".to_owned();
    assert_eq!(annotated(&[first, elsewhere, last], &options).0[0].1.len(), 1);
}

#[test]
fn a_chromosome_that_comes_again_is_said() {
    let options = Options {
        phased: true,
        ..small(true).options()
    };
    let record = |chromosome, place, reference| format!("{chromosome}\t{place}\t.\t{reference}\tT\t.\t.\t.\tGT\t0|1");
    let (told, report) = annotated(&[record(1, 34, "A"), record(2, 40, "A"), record(1, 36, "A")], &options);
    assert!(told.iter().all(|(_, entries)| entries.is_empty()));
    let expected = "Records are not sorted by chromosome and position, first on line 5:";
    assert!(
        report.warnings.iter().any(|warning| warning.starts_with(expected)),
        "{:?}",
        report.warnings
    );
}

/// Two that restore the frame, far from each other in the file.
fn far_apart(bases: &str, between: usize) -> Vec<String> {
    let [first, last] = ["58 A -", "84 - G"].map(|edit| record(bases, false, edit, "0|1").1);
    let filler = format!("1\t70\t.\tC\tA\t.\t.\tX={}\tGT\t0|1", "x".repeat(10_000));
    [vec![first], vec![filler; between], vec![last]].concat()
}

#[test]
fn partners_are_found_whatever_lies_between_them_and_on_any_number_of_threads() {
    let (bases, options) = genome(false);
    let records = far_apart(&bases, 600);
    let mut answers = Vec::new();
    for threads in [1, 3] {
        let options = Options {
            threads,
            ..options.clone()
        };
        let (told, report) = annotated(&records, &options);
        assert!(report.warnings.is_empty());
        assert_eq!((told.len(), told[0].1.len(), told[601].1.len()), (602, 1, 1));
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn more_than_can_be_remembered_is_told_as_far_as_it_is_known() {
    let (bases, options) = genome(false);
    let limits = Limits {
        haplotype_bytes: 1 << 20,
        ..Limits::default()
    };
    let options = Options { limits, ..options };
    let (told, report) = annotated(&far_apart(&bases, 600), &options);
    assert!(told.iter().all(|(_, entries)| entries.is_empty()));
    assert_eq!(
        report.warnings,
        [
            "More records than can be remembered came before the end of 1 transcripts: their alleles before and after that were not \
             joined."
        ]
    );
    assert_eq!(annotated(&far_apart(&bases, 50), &options).0[0].1.len(), 1);
}

#[test]
fn without_the_option_nothing_is_told_and_nothing_is_declared() {
    let (bases, options) = genome(false);
    let records = ["34 A C", "36 A T"].map(|edit| record(&bases, false, edit, "0|1").1);
    let input = format!("{COLUMNS}\tS1\n{}\n", records.join("\n"));
    for phased in [false, true] {
        let (mut output, options) = (
            Vec::new(),
            Options {
                phased,
                ..options.clone()
            },
        );
        annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.matches("HAPLOTYPE_CSQ=").count(), if phased { 2 } else { 0 });
        assert_eq!(output.contains("##INFO=<ID=HAPLOTYPE_CSQ,Number=.,Type=String"), phased);
    }
}

#[test]
fn odd_places_and_genotypes_do_no_harm() {
    let (_, options) = genome(false);
    let odd = [
        "1\t18446744073709551615\t.\tA\tC\t.\t.\t.\tGT\t1",
        "1\t0\t.\tN\tNA\t.\t.\t.\tGT\t1",
        "1\t121\t.\tN\t<DEL>\t.\t.\t.\tGT\t1",
        "1\t34\t.\tA\tC\t.\t.\t.\tGT\t9|9",
        "1\t34\t.\tA\tC\t.\t.\t.\tGT\t1|99999999999",
        "1\t34\t.\tA\tC\t.\t.\t.\t.\t.",
        "1\t34\t.\tA\tA\t.\t.\t.\tGT\t1",
        "1\t88\t.\tAA\tA\t.\t.\t.\tGT\t1",
        "1\t110\t.\tT\tTA\t.\t.\t.\tGT\t1",
        "MT\t73\t.\tA\tG\t.\t.\t.\tGT\t1",
    ];
    let joined = "1\t36\t.\tA\tT\t.\t.\t.\tGT\t1";
    for record in odd {
        let input = format!("{COLUMNS}\tS1\n{record}\n{joined}\n");
        let mut output = Vec::new();
        let _ = annotate(input.as_bytes(), &mut output, &options, &mut |_| {});
        assert!(!String::from_utf8_lossy(&output).contains("HAPLOTYPE_CSQ="), "{record}");
    }
}
