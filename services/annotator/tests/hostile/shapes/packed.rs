//! Compression, and lines that are none of records.

use super::*;

pub fn all() -> Vec<Shape<'static>> {
    let good = || gzip(&[(format!("{COLUMNS}\n{GOOD}").as_bytes(), 1)]);
    let empty_block = [
        0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    vec![
        shape(
            "a line again and again",
            "The compressed file unpacks to far more than a VCF file",
            || {
                let line = [b"chr1\t1\t.\tA\tG\t.\t.\tX=", &b"y".repeat(MB)[..], b"\n"].concat();
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(format!("{COLUMNS}\n").as_bytes()).unwrap();
                (0..128).for_each(|_| encoder.write_all(&line).unwrap());
                encoder.finish().unwrap()
            },
        ),
        shape("a line of two gigabytes", "Line 3 is longer than 32 MB", || {
            record(&[("ACGTACGTACGTACGT", 128 * MB)])
        }),
        shape("gzip members by the thousand", None, move || {
            [good(), gzip(&[]).repeat(200_000)].concat()
        }),
        shape("bgzip of empty blocks", None, move || {
            [empty_block.repeat(200_000), good(), empty_block.to_vec()].concat()
        }),
        shape("a gzip header without end", "The compressed file is damaged", || {
            [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], &[b'n'; 40 * MB]].concat()
        }),
        shape("a gzip within a gzip", "compressed twice", move || {
            gzip(&[(&good(), 1)])
        }),
        shape(
            "blank lines by the million",
            "The file has more than 1,000,000 blank or comment lines",
            || gzip(&[(format!("{COLUMNS}\n{GOOD}").as_bytes(), 1), (b"\n", 60_000_000)]),
        ),
        shape("NUL bytes", "holds binary data", || record(&[("\0", 30 * MB)])),
    ]
}
