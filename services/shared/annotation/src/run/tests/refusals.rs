//! Files that cannot be annotated, each with its reason.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::*;

fn reason(input: &[u8]) -> String {
    match run(input) {
        Err(AnnotateError::Input(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_is_no_vcf_is_told_so() {
    for (input, expected) in [
        (&b""[..], "The file is empty."),
        (
            b"##fileformat=VCFv4.2\n",
            "The file ends after line 1, before the line that starts with #CHROM",
        ),
        (
            b"PK\x03\x04\0\0",
            "This is not a VCF file but a ZIP archive or an Excel workbook. Unpack it",
        ),
        (
            b"\x7fELF\x02\x01\0\0",
            "This is not a VCF file: line 1 holds binary data (at character 7).",
        ),
        (
            b"##fileformat=VCFv4.2\r##source=x\r#CHROM",
            "Line 1 has old Macintosh line ends (CR).",
        ),
        (
            b"MT\t73\t.\tA\tG\t.\t.\t.\n",
            r#"Line 1 ("MT\t73\t.\tA\tG\t.\t.\t.") comes before any #CHROM line."#,
        ),
        (
            b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\n",
            "The #CHROM line (line 2) has 3 columns. VCF needs at least 8",
        ),
        (
            b"##fileformat=VCFv4.2\n#CHROM POS ID\n",
            "The #CHROM line (line 2) is separated by spaces.",
        ),
    ] {
        assert!(reason(input).starts_with(expected), "{}", reason(input));
    }
}

#[test]
fn broken_records_are_told_with_line_and_column() {
    for (records, expected) in [
        ("MT\t73\t.\n", "Line 3 has 3 columns; the #CHROM line has 8."),
        (
            "MT\t73\t.\tA\tG",
            "The file ends in the middle of line 3, after 5 of 8 columns: it was cut off.",
        ),
        (
            "MT\t0\t.\tA\tG\t.\t.\t.\n",
            "Line 3, column 2 (POS) is \"0\", but it must be",
        ),
        (
            "MT\t73\t.\tA\thello\t.\t.\t.\n",
            "Line 3, column 5 (ALT) is \"hello\", but it must be",
        ),
        (
            "MT\t73\t.\tA\tG\t.\t.\tX\0Y\n",
            "This is not a VCF file: line 3 holds binary data (at character 18).",
        ),
    ] {
        let reason = reason(format!("{HEADER}{records}").as_bytes());
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[test]
fn damaged_compression_is_told_and_twice_is_too_often() {
    let lines: String = (0..5000).map(|at| format!("MT\t73\t{at}\tA\tG\t.\t.\t.\n")).collect();
    let whole = gzip(format!("{HEADER}{lines}").as_bytes());
    assert!(reason(&whole[..whole.len() / 2]).starts_with("The compressed file ends in the middle, after line "));
    let mut damaged = whole.clone();
    damaged[whole.len() - 8..].fill(7);
    assert!(
        reason(&damaged).starts_with("The compressed file is damaged after line "),
        "{}",
        reason(&damaged)
    );
    assert!(
        reason(&gzip(&whole)).starts_with("This is not a VCF file but compressed twice."),
        "{}",
        reason(&gzip(&whole))
    );
}

#[test]
fn a_bomb_is_not_unpacked_and_an_endless_line_is_not_read() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(HEADER.as_bytes()).unwrap();
    let line = [b"MT\t73\t.\tA\tG\t.\t.\tX=", &vec![b'y'; 1 << 20][..], b"\n"].concat();
    (0..100).for_each(|_| encoder.write_all(&line).unwrap());
    assert!(reason(&encoder.finish().unwrap()).starts_with("The compressed file unpacks to far more than a VCF file"));
    let endless = std::io::Read::take(std::io::repeat(b'A'), 1 << 30);
    let refused = annotate(endless, std::io::sink(), &Options::default(), &mut |_| {}).unwrap_err();
    assert!(
        refused.to_string().starts_with("Line 1 is longer than 32 MB."),
        "{refused}"
    );
}

#[test]
fn other_chromosomes_are_named() {
    let records = "chr10\t5\t.\tA\tG\t.\t.\t.\nMT\t73\t.\tA\tG\t.\t.\t.\nchr2\t5\t.\tA\tG\t.\t.\t.\n";
    assert_eq!(
        reason(format!("{HEADER}{records}").as_bytes()),
        "Nothing in this file tells which genome it was made with: it has no ##contig lengths and no ##reference, and too few of its \
         records could be compared. Please choose the genome. No reference but the mitochondrial genome is here."
    );
}

#[test]
fn another_mitochondrial_sequence_is_named() {
    let contig = HEADER.replace("#CHROM", "##contig=<ID=chrM,length=16571>\n#CHROM");
    assert_eq!(
        reason(format!("{contig}chrM\t73\t.\tG\tA\t.\t.\t.\n").as_bytes()),
        "The header (line 2) gives chrM 16,571 bases: that is NC_001807, the chrM of UCSC hg19 (16,571 bases), not the rCRS \
         (NC_012920.1, 16,569 bases). Please align or lift the data to the rCRS, the MT of GRCh37 and GRCh38."
    );
    let beyond = reason(format!("{HEADER}chrM\t16571\t.\tG\tA\t.\t.\t.\n").as_bytes());
    assert!(
        beyond.starts_with("Line 3 has position 16,571, beyond the end of"),
        "{beyond}"
    );
    // Every tenth base of the rCRS at the positions it has in NC_001807, two bases on.
    let records = (400..3000).step_by(10).map(|at| {
        let base = char::from(Mitochondrion::rcrs().sequence.base(at - 1).unwrap());
        format!("chrM\t{}\t.\t{base}\tN\t.\t.\t.\n", at + 2)
    });
    let shifted = reason(format!("{HEADER}{}", records.collect::<String>()).as_bytes());
    assert!(
        shifted.contains("% of the REF bases (") && shifted.contains("the positions fit NC_001807"),
        "{shifted}"
    );
}

#[test]
fn the_log_of_a_refusal_says_how_far_the_file_was_read() {
    let input = format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\t.\nMT\tx\t.\tA\tG\t.\t.\t.\n");
    let Err(AnnotateError::Input(refusal)) = run(input.as_bytes()) else {
        panic!("accepted")
    };
    assert_eq!(
        refusal.log("my.vcf"),
        "my.vcf was not annotated.\n\nReason\n------\nLine 4, column 2 (POS) is \"x\", but it must be a whole number that counts bases \
         from 1.\n\nRead\n----\nlines    4\nrecords  1\nbytes    95\n"
    );
}

#[test]
fn a_failing_disk_is_not_the_inputs_fault() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    for start in [HEADER.as_bytes().to_vec(), gzip(HEADER.as_bytes())[..20].to_vec()] {
        let failed = annotate(start.chain(Failing), std::io::sink(), &Options::default(), &mut |_| {});
        assert!(matches!(failed, Err(AnnotateError::Io(_))));
    }
}

#[test]
fn more_text_or_records_than_the_limits_are_refused() {
    let records = "MT\t73\t.\tA\tG\t.\t.\t.\n".repeat(10_001);
    let text = format!("{HEADER}{records}");
    let refused = |limits: Limits, threads| {
        let options = Options {
            limits,
            threads,
            ..Options::default()
        };
        annotate(&gzip(text.as_bytes())[..], std::io::sink(), &options, &mut |_| {}).map_err(|error| error.to_string())
    };
    for threads in [1, 2] {
        let limits = |records, unpacked_bytes| Limits {
            records,
            reader: vcf::Limits {
                unpacked_bytes,
                ..Default::default()
            },
            ..Limits::default()
        };
        assert_eq!(
            refused(limits(10_000, u64::MAX), threads).unwrap_err(),
            "The file has more than 10,000 records, the limit."
        );
        let reason = refused(limits(10_001, 100 << 10), threads).unwrap_err();
        assert!(
            reason.starts_with("The file has more than 100 KB of text, the limit (stopped after line 5"),
            "{reason}"
        );
        assert_eq!(
            refused(limits(10_001, text.len() as u64), threads).unwrap().records,
            10_001
        );
    }
}

#[test]
fn what_is_wrong_first_is_told_first_on_any_number_of_threads() {
    let good = "MT\t73\t.\tA\tG\t.\t.\t.\n";
    // Beyond what is read before the first record is annotated.
    let before = good.repeat((4 << 20) / good.len() + 10_000);
    let text = format!("{HEADER}{before}MT\tx\t.\tA\tG\t.\t.\t.\n{}", good.repeat(10_000));
    let line = before.lines().count() + 3;
    let packed = gzip(text.as_bytes());
    for threads in [1, 2, 3] {
        let options = Options {
            threads,
            ..Options::default()
        };
        // The end of the file is missing, too, which whoever reads ahead sees earlier.
        let cut_off = &packed[..packed.len() - 10];
        let refused = annotate(cut_off, std::io::sink(), &options, &mut |_| {}).unwrap_err();
        let reason = refused.to_string();
        assert!(
            reason.starts_with(&format!("Line {line}, column 2 (POS)")),
            "{threads}: {reason}"
        );
    }
}
