//! Columns of a record, and many records.

use super::*;
use crate::genome::LENGTH;

pub fn all(genome: &Genome) -> Vec<Shape<'_>> {
    vec![
        shape("an INFO of 30 MB", None, || {
            record(&[("chr1\t1\t.\tA\tG\t.\t.\tX=", 1), ("y", 30 * MB)])
        }),
        shape(
            "keys in INFO by the million",
            "Line 3 has more than 10,000 keys in INFO",
            || record(&[("chr1\t1\t.\tA\tG\t.\t.\tA", 1), (";A", 10_000_000)]),
        ),
        shape("filters by the million", "Line 3 has more than 10,000 filters", || {
            record(&[("chr1\t1\t.\tA\tG\t.\tq", 1), (";q", 10_000_000), ("\t.", 1)])
        }),
        shape(
            "keys in FORMAT by the million",
            "Line 3 has more than 1,000 keys in FORMAT",
            || {
                let text = format!(
                    "{COLUMNS}\tFORMAT\tone\n{}\tGT\t0|1\nchr1\t1\t.\tA\tG\t.\t.\t.\tGT",
                    GOOD.trim_end()
                );
                gzip(&[(text.as_bytes(), 1), (b":AD", 8_000_000), (b"\t0|1\n", 1)])
            },
        ),
        shape("a CSQ in each record that no header declares", None, move || {
            lines(
                |_| format!("{}N\t.\t.\tCSQ={}\n", dense(genome), "A|b|,".repeat(20_000)),
                200,
            )
        }),
        shape("long names of a thousand chromosomes", None, || {
            lines(
                |number| format!("{}{number}\t5\t.\tA\tG\t.\t.\t.\n", "é".repeat(450)),
                9_000,
            )
        }),
        shape(
            "chromosomes by the million",
            "The file has records on more than 10,000 chromosomes",
            || lines(|number| format!("c{number}\t536870911\t.\tA\tG\t.\t.\t.\n"), 1_000_000),
        ),
        shape(
            "chromosomes by the million, on threads",
            "The file has records on more than 10,000 chromosomes",
            || lines(|number| format!("c{number}\t536870911\t.\tA\tG\t.\t.\t.\n"), 1_000_000),
        )
        .with(&["--threads", "2"]),
        shape(
            "a name of a chromosome of megabytes",
            "Line 3, column 1 (CHROM) is longer than 1,000 bytes",
            || record(&[("chr", 9_000_000), ("\t5\t.\tA\tG\t.\t.\t.", 1)]),
        ),
        shape("bytes that are no text", None, || {
            let bad = [
                b"chr1\t1\t\xff\xfe\tA\tG\t.\t\xc3\tX=\xf0\x9f\x92",
                &b"\xff".repeat(1000)[..],
                b"\n",
            ]
            .concat();
            gzip(&[(format!("{COLUMNS}\n{GOOD}").as_bytes(), 1), (&bad, 10_000)])
        }),
        shape("lines of 30 MB, on four threads", None, || {
            let start = format!("{COLUMNS}\n");
            let line = [b"chr1\t1\t.\tA\tG\t.\t.\tX=", &b"y".repeat(30 * MB)[..], b"\n"].concat();
            gzip(&[(start.as_bytes(), 1), (&line, 4)])
        })
        .with(&["--threads", "4"]),
        // The index keeps something of every few records, and each block of output is packed in between.
        shape("sorted records of 100 MB, packed", None, || {
            let pad = "y".repeat(230);
            let line = |number| {
                format!(
                    "c{}\t{}\t.\tA\tG\t.\t.\tX={pad}\n",
                    number / 20_000,
                    1 + number % 20_000 * 1000
                )
            };
            lines(line, 22 * 20_000)
        })
        .packed(),
    ]
}

pub fn files(genome: &Genome) -> Vec<Shape<'_>> {
    let everything = |_| format!("chr1\t1\t.\tA\t<DEL>\t.\t.\tEND={LENGTH}\n");
    let grows = "The result is already more than 200 times as long as the file";
    vec![
        shape("deletions of everything, by the thousand", grows, move || {
            lines(everything, 100_000)
        }),
        shape("deletions of everything, on threads", grows, move || {
            lines(everything, 100_000)
        })
        .with(&["--threads", "2"]),
        shape("breakends by the thousand", None, || {
            let line = |at| format!("chr1\t{at}\tb{at}\t{}\tN[chr1:77[\t.\t.\tSVTYPE=BND\n", genome.base(at));
            lines(|number| line(1 + number * 7), 100_000)
        }),
        shape("records in no order", None, move || {
            let place = |number: usize| 1 + (number * 2_654_435_761) % (LENGTH - 100);
            lines(
                move |number| {
                    format!(
                        "chr1\t{}\t.\t{}\tN\t.\t.\t.\n",
                        place(number),
                        genome.base(place(number))
                    )
                },
                20_000,
            )
        }),
        shape("records in no order, as AnnTools", None, move || {
            let place = |number: usize| 1 + (number * 2_654_435_761) % (LENGTH - 100);
            lines(
                move |number| {
                    format!(
                        "chr1\t{}\t.\t{}\tG\t.\t.\t.\n",
                        place(number),
                        genome.base(place(number))
                    )
                },
                20_000,
            )
        })
        .with(&["--mode", "anntools"]),
        shape("records that say another thing than the genome", "does not fit", || {
            lines(
                |number| format!("chr1\t{}\t.\tC\tG\t.\t.\t.\n", 1 + number % 1000),
                200_000,
            )
        }),
    ]
}
