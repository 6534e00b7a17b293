//! Limits on what is made of a file: what meets them is refused with its line, what does not comes out the same.

use super::small::small;
use super::*;
use crate::options::Limits;

fn refusal(input: &str, limits: Limits) -> String {
    let options = Options {
        limits,
        ..Options::default()
    };
    annotate(input.as_bytes(), std::io::sink(), &options, &mut |_| {})
        .unwrap_err()
        .to_string()
}

#[test]
fn a_header_with_too_much_of_something_says_of_what() {
    let limits = || Limits {
        reader: vcf::Limits {
            header_lines: 6,
            contigs: 2,
            definitions: 2,
            samples: 1,
            header_bytes: 300,
            ..Default::default()
        },
        ..Limits::default()
    };
    let remove = "Please remove what is not needed from it, for example with bcftools annotate.";
    for (lines, expected) in [
        (
            "##x\n".repeat(7),
            "The header has more than 6 lines, the limit (line 7). ",
        ),
        (
            "##contig=<ID=1>\n".repeat(3),
            "The header has more than 2 ##contig lines, the limit (line 3). ",
        ),
        (
            "##INFO=<ID=A>\n##FILTER=<ID=q>\n##ALT=<ID=DEL>\n".to_owned(),
            "The header has more than 2 definitions of INFO, FORMAT, FILTER and ALT, the limit (line 3). ",
        ),
        (
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\ttwo\n".to_owned(),
            "The header has more than 1 samples, the limit (line 1). ",
        ),
        (
            format!("##x={}\n", "y".repeat(300)),
            "The header is longer than 300 bytes (line 1). ",
        ),
    ] {
        assert_eq!(refusal(&lines, limits()), format!("{expected}{remove}"));
    }
}

#[test]
fn chromosomes_are_counted_over_all_threads() {
    let records: String = (0..30_000)
        .map(|name| format!("c{name}\t5\t.\tA\tG\t.\t.\t.\n"))
        .collect();
    for threads in [1, 2] {
        let options = Options {
            limits: Limits {
                chromosomes: 29_999,
                ..Limits::default()
            },
            threads,
            ..small(true).options()
        };
        let text = format!("{HEADER}chr1\t1\t.\tT\tG\t.\t.\t.\n{records}");
        let refused = annotate(text.as_bytes(), std::io::sink(), &options, &mut |_| {}).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "The file has records on more than 29,999 chromosomes, the limit; GRCh38 with its HLA sequences has 3,366."
        );
    }
}

#[test]
fn blank_lines_are_counted_over_all_threads() {
    let text = format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\t.\n{}", "\n".repeat(400_000));
    for threads in [1, 2] {
        let limits = Limits {
            blank_lines: 399_999,
            ..Limits::default()
        };
        let options = Options {
            limits,
            threads,
            ..Options::default()
        };
        let refused = annotate(text.as_bytes(), std::io::sink(), &options, &mut |_| {}).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "The file has more than 399,999 blank or comment lines among its records, the limit."
        );
    }
}

#[test]
fn an_annotation_that_is_too_long_is_refused_and_transcripts_that_are_left_out_are_told() {
    let small = small(true);
    let with = |limits| Options {
        limits,
        ..small.options()
    };
    let record = "chr1\t32\t.\tT\tC,G,A,TA,TC,TG\t.\t.\t.\n";
    let limits = Limits {
        annotation_bytes: 500,
        ..Limits::default()
    };
    let refused = small.run(record, &with(limits)).unwrap_err().to_string();
    assert!(
        refused.starts_with("The annotation of line 3 is longer than 500 bytes, the limit: "),
        "{refused}"
    );
    let none = Limits {
        transcripts: 0,
        ..Limits::default()
    };
    let structural = "chr1\t10\t.\tT\t<DEL>\t.\t.\tEND=115\n";
    let (output, report) = small.run(&format!("{record}{structural}"), &with(none)).unwrap();
    assert!(!output.contains("NM_1|"), "{output}");
    assert!(
        report.warnings.iter().any(|warning| warning
            == "7 transcripts that long variants touch are not listed: CSQ names the first of each allele only. The records are \
                marked CSQ_INCOMPLETE."),
        "{:?}",
        report.warnings
    );
}

#[test]
fn a_batch_that_is_written_in_parts_is_whole_and_in_order() {
    let small = small(true);
    let alleles = ["C"; 8000].join(",");
    let records: String = (0..20)
        .map(|id| format!("chr1\t32\tid{id}\tT\t{alleles}\t.\t.\t.\n"))
        .collect();
    let on_threads = |threads| {
        let options = Options {
            threads,
            ..small.options()
        };
        small.run(&records, &options).unwrap()
    };
    let (one, report) = on_threads(1);
    assert!(one.len() > 20 * 8000 * 60);
    let ids: Vec<&str> = one
        .lines()
        .filter_map(|line| line.strip_prefix("chr1\t32\t")?.split('\t').next())
        .collect();
    assert_eq!(ids, (0..20).map(|id| format!("id{id}")).collect::<Vec<_>>());
    let (two, on_two) = on_threads(2);
    assert!(one == two && report.count_log() == on_two.count_log() && report.records == 20);
}
