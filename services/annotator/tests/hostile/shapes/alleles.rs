//! Alleles: many, long, and far-reaching ones.

use super::*;
use crate::genome::LENGTH;

pub fn all(genome: &Genome) -> Vec<Shape<'_>> {
    let whole = std::str::from_utf8(&genome.bases).unwrap();
    let too_long = "The annotation of line 3 is longer than 16 MB";
    vec![
        shape(
            "eight million alleles",
            "Line 3 has more than 10,000 alleles in ALT",
            move || with(&dense(genome), "G", 8_000_000, "."),
        ),
        shape(
            "eight million alleles, as AnnTools",
            "Line 3 has more than 10,000 alleles in ALT",
            move || with(&dense(genome), "G", 8_000_000, "."),
        )
        .with(&["--mode", "anntools"]),
        shape(
            "eight million alleles to lift",
            "Line 3 has more than 10,000 alleles in ALT",
            || with("chr1\t5\t.\tT\t", "G", 8_000_000, "."),
        )
        .lifted(),
        shape("thousands of alleles where genes are dense", too_long, move || {
            with(&dense(genome), "GA", 9_999, ".")
        }),
        shape("thousands of deletions of everything", too_long, move || {
            with("chr1\t1\t.\tA\t", "<DEL>", 9_999, &everything())
        }),
        shape("thousands of breakends", None, move || {
            with("chr1\t1\t.\tA\t", "N]chr1:5000]", 9_999, ".")
        }),
        shape("a list of lengths of megabytes", None, move || {
            let lengths = format!("SVTYPE=DEL;SVLEN={}", "-500,".repeat(4_000_000));
            with("chr1\t1\t.\tA\t", "<DEL>", 5_000, &lengths)
        }),
        shape("a symbolic allele of megabytes", too_long, move || {
            record(&[
                ("chr1\t1\t.\tA\t<", 1),
                ("|;X", 2_500_000),
                // Of no known kind: CSQ has its own name.
                (&format!(">\t.\t.\tEND={LENGTH}"), 1),
            ])
        }),
        shape("an insertion of megabytes", too_long, move || {
            record(&[(&dense(genome), 1), ("ACGTT", 1_600_000), ("\t.\t.\t.", 1)])
        }),
        shape("an insertion of megabytes to lift", None, move || {
            record(&[("chr1\t20\t.\tT\tT", 1), ("ACGTT", 1_600_000), ("\t.\t.\t.", 1)])
        })
        .lifted(),
        shape(
            "an allele of more megabytes",
            "Line 3, column 5 (ALT) is longer than 8 MB",
            move || record(&[(&dense(genome), 1), ("ACGTT", 2_000_000), ("\t.\t.\t.", 1)]),
        ),
        shape("a deletion of the chromosome, spelled out", None, move || {
            record(&[
                ("chr1\t1\t.\t", 1),
                (whole, 1),
                ("\t", 1),
                (&whole[..1], 1),
                ("\t.\t.\t.", 1),
            ])
        }),
        shape("an exchange of the chromosome, spelled out", too_long, move || {
            record(&[
                ("chr1\t1\t.\t", 1),
                (whole, 1),
                ("\t", 1),
                ("N", LENGTH),
                ("\t.\t.\t.", 1),
            ])
        }),
        shape("a record of many megabytes in every column", None, move || {
            record(&[
                ("chr1\t1\t.\tA\tA", 1),
                ("ACGTT", 20_000),
                ("\t.\t.\tX=", 1),
                ("y", 30 * MB),
            ])
        }),
    ]
}

/// INFO of a deletion of the chromosome.
fn everything() -> String {
    format!("SVTYPE=DEL;END={LENGTH}")
}

/// A file whose record has an allele once and so many times more.
fn with(start: &str, allele: &str, times: usize, info: &str) -> Vec<u8> {
    let (more, end) = (format!(",{allele}"), format!("\t.\t.\t{info}"));
    record(&[(start, 1), (allele, 1), (&more, times), (&end, 1)])
}
