//! Headers.

use super::*;

pub fn all() -> Vec<Shape<'static>> {
    let numbered = |start: &'static str, end: &'static str, count: usize| {
        move || {
            let text: String = (0..count).map(|number| format!("{start}{number}{end}\n")).collect();
            header(&[(&text, 1)])
        }
    };
    vec![
        shape(
            "header lines by the million",
            "The header has more than 1,000,000 lines",
            || header(&[("##\n", 11_000_000)]),
        ),
        shape("a header without end", "The header is longer than 64 MB", || {
            let line = format!("##x={}\n", "y".repeat(1000));
            header(&[(&line, 200_000)])
        }),
        shape("a header line without end", "Line 1 is longer than 32 MB", || {
            header(&[("##xxxxxxxxx", 8_000_000)])
        }),
        shape(
            "contigs by the thousand",
            "The header has more than 200,000 ##contig lines",
            numbered(
                "##contig=<ID=c",
                ",length=5,md5=0123456789abcdef0123456789abcdef>",
                300_000,
            ),
        ),
        shape(
            "definitions by the thousand",
            "The header has more than 100,000 definitions of INFO",
            numbered("##INFO=<ID=K", ",Number=1,Type=Integer,Description=\"x\">", 200_000),
        ),
        shape("definitions with long names", None, || {
            let name = "K".repeat(500);
            let text: String = (0..100_000)
                .map(|number| format!("##INFO=<ID={name}{number}>\n"))
                .collect();
            header(&[(&text, 1)])
        }),
        shape("definitions of VCF 3 of many megabytes", None, || {
            header(&[
                ("##fileformat=VCFv3.3\n##INFO=AC,1,Integer,\"", 1),
                ("a\\\"b", 7_000_000),
                ("\"\n", 1),
            ])
        }),
        shape(
            "samples by the million",
            "The header has more than 1,000,000 samples",
            || {
                gzip(&[
                    (COLUMNS.as_bytes(), 1),
                    (b"\tFORMAT", 1),
                    (b"\t", 30_000_000),
                    (b"\n", 1),
                ])
            },
        ),
        shape("a million samples", None, || {
            let start = format!("\n{}\tGT", GOOD.trim_end());
            let [names, calls] = ["\tsample", "\t0|1"];
            let header = format!("{COLUMNS}\tFORMAT");
            gzip(&[
                (header.as_bytes(), 1),
                (names.as_bytes(), 1_000_000),
                (start.as_bytes(), 1),
                (calls.as_bytes(), 1_000_000),
                (b"\n", 1),
            ])
        }),
    ]
}
