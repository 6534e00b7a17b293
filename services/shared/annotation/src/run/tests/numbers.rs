//! Tracks of numbers: bedGraph along the genome, and gnomAD's constraint by gene, in their makers' own terms.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use reference::build::{ExtraTrack, Plan, build};
use reference::bundle::Manifest;

use super::small::{Small, built, small};
use super::*;

/// The small genome with one more track, of a file of this name.
fn with_track(key: &str, name: &str, text: &[u8]) -> Result<(Small, Manifest), String> {
    let small = small(true);
    let file = small.folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    let track = ExtraTrack {
        key: key.to_owned(),
        file,
        fields: Vec::new(),
    };
    let plan = Plan {
        tracks: vec![track],
        ..small.plan()
    };
    let path = small.folder.path().join("tried.gasref");
    build(&plan, &path, &mut |_| {}).map_err(|error| {
        let text = error.to_string();
        text.rsplit('/').next().unwrap().to_owned()
    })?;
    let bundle = built(&plan, small.folder.path());
    let manifest = bundle.manifest().clone();
    Ok((Small { bundle, ..small }, manifest))
}

fn refused(key: &str, name: &str, text: &str) -> String {
    with_track(key, name, text.as_bytes()).map(drop).unwrap_err()
}

/// What a record has under a key, `1 32 T C`.
fn told(small: &Small, key: &str, record: &str) -> Option<String> {
    let words: Vec<_> = record.split(' ').collect();
    let record = format!("{}\t{}\t.\t{}\t{}\t.\t.\t.\n", words[0], words[1], words[2], words[3]);
    let (output, _) = small.run(&record, &small.options()).unwrap();
    let info = output.lines().last().unwrap().split('\t').nth(7).unwrap().to_owned();
    let mut entries = info.split(';').filter_map(|entry| entry.split_once('='));
    entries.find(|(own, _)| *own == key).map(|(_, value)| value.to_owned())
}

/// Rows as `bedtools genomecov -bg` writes them, between lines that only genome browsers read.
const GRAPH: &str = "browser position chr1:1-120\ntrack type=bedGraph name=\"reads\"\n#chrom\tstart\tend\tvalue\n\
    chr1\t30\t33\t12\nchr1\t33\t36\t-0.50\n1 36 37 1e-3\nchr1\t37\t40\t12\nchrUn_9\t0\t5\t1\n";

#[test]
fn bed_graph_tells_the_numbers_of_the_bases_that_a_variant_has() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(GRAPH.as_bytes()).unwrap();
    for (name, bytes) in [
        ("reads.bedGraph", GRAPH.as_bytes().to_vec()),
        ("reads.bdg.gz", gzip.finish().unwrap()),
    ] {
        let (small, manifest) = with_track("reads", name, &bytes).unwrap();
        let track = manifest.track("reads").unwrap();
        assert_eq!(
            (track.rows, track.skipped),
            (4, 1),
            "one is of a chromosome that nobody knows"
        );
        for (record, expected) in [
            ("1 30 A G", None),
            ("1 31 A G", Some("12")),
            ("1 33 G A", Some("12")),
            ("1 34 A C", Some("-0.50")),
            ("1 41 G A", None),
            // Each number once, by position, and as it is written.
            ("1 33 GAAACC G", Some("12,-0.50,1e-3")),
        ] {
            assert_eq!(told(&small, "reads", record).as_deref(), expected, "{name}: {record}");
        }
        let (output, _) = small.run("1\t31\t.\tA\tG\t.\t.\t.\n", &small.options()).unwrap();
        assert!(
            output.contains(
                "##INFO=<ID=reads,Number=.,Type=Float,Description=\"Values of reads here, each once, by position\""
            ),
            "{output}"
        );
    }
}

#[test]
fn what_is_no_bed_graph_is_refused_with_what_was_expected() {
    let expected = "a row of bedGraph has four columns: chromosome, 0-based start, end after that, and a number. BED files end with \
        .bed, and wiggle files become bedGraph with bigWigToBedGraph";
    for (row, line) in [
        ("chr1\t30\t33\tpeak 1\n", 1),
        ("chr1\t30\t33\tpeak\n", 1),
        ("chr1\t30\t33\n", 1),
        ("chr1\t30\t33\t1\t+\n", 1),
        ("chr1\t33\t33\t1\n", 1),
        ("chr1\t-1\t33\t1\n", 1),
        ("track type=wiggle_0\nfixedStep chrom=chr1 start=1 step=1\n1\n", 2),
        ("", 1),
    ] {
        let text = format!("{row}chr1\t30\tx\t1\n");
        let line = if row.is_empty() { 1 } else { line };
        assert_eq!(
            refused("reads", "reads.bedgraph", &text),
            format!("reads.bedgraph, line {line}: {expected}"),
            "{row:?}"
        );
    }
}

#[test]
fn numbers_are_not_called_as_a_table_is() {
    assert_eq!(
        refused("cytoBand", "reads.bg", GRAPH),
        "cytoBand is the name of one of UCSC's tables; give the numbers of bedGraph another one"
    );
}

/// Columns of 2.1.1 that are read, and some between them.
const V2: &str = "gene\ttranscript\tobs_mis\toe_lof\tpLI\toe_lof_upper\tmis_z\tgene_id\tchromosome\n\
    GENEchr1\tENST00000000001\t871\t3.5e-02\t9.9973e-01\t1.38e-01\t3.1\tENSG00000000001\t1\n\
    GENEchr2\tENST00000000002\tNA\tNA\tNA\tNA\tNA\tENSG00000000002\t2\n";

/// Columns of 4.1: a row for each transcript, of Ensembl and of RefSeq.
const V4: &str = "gene\tgene_id\ttranscript\tcanonical\tmane_select\tlof.obs\tlof.oe\tlof.oe_ci.upper\tlof.pLI\tmis.z_score\tconstraint_flags\n\
    GENEchr1\tENSG00000000001\tENST00000000009\tfalse\tfalse\t9\t0.9\t1.9\t0.01\t0.1\t[]\n\
    GENEchr1\tENSG00000000001\tENST00000000001\ttrue\tfalse\t1\t0.1\t0.8\t0.5\t0.2\t[]\n\
    GENEchr1\tENSG00000000001\tENST00000000003\tfalse\ttrue\t1\t0.1\t0.30\t0.99\tNaN\t[]\n\
    GENEchr1\tENSG00000000001\tENST00000000004\tfalse\tfalse\t1\t0.1\t0.1\t1\t9\t[]\n\
    GENEchr2\tENSG00000000002\tENST00000000002\tfalse\ttrue\t0\tNA\tNA\tNA\t-1.5\t[\"no_exp_lof\"]\n\
    GENEchr2\t9999\tNM_2.1\ttrue\tfalse\t0\t0.5\t0.6\t0.7\t0.8\t[]\n";

#[test]
fn constraint_is_told_of_every_transcript_of_a_gene() {
    for (name, text, release, first, second) in [
        (
            "gnomad.v2.1.1.lof_metrics.by_gene.txt",
            V2,
            "v2.1.1",
            "NM_1|9.9973e-01|1.38e-01|3.1",
            "NM_2|||",
        ),
        // The row of MANE Select decides, also where it has no number.
        (
            "gnomad.v4.1.constraint_metrics.tsv",
            V4,
            "v4.1",
            "NM_1|0.99|0.30|",
            "NM_2|||-1.5",
        ),
    ] {
        let (small, manifest) = with_track("gnomAD_constraint", name, text.as_bytes()).unwrap();
        let track = manifest.track("gnomAD_constraint").unwrap();
        assert_eq!(track.provenance.release.as_deref(), Some(release));
        let options = Options {
            fields: "Feature,pLI_gene_value,LOEUF,mis_z".parse().unwrap(),
            ..small.options()
        };
        for (record, expected) in [("1\t34\t.\tA\tC", first), ("2\t34\t.\tA\tC", second)] {
            let (output, _) = small.run(&format!("{record}\t.\t.\t.\n"), &options).unwrap();
            assert!(output.contains(&format!("CSQ={expected}")), "{output}");
        }
    }
}

#[test]
fn constraint_is_told_from_other_tables_by_its_first_line() {
    // Whatever its key is.
    let (_, manifest) = with_track("genes", "metrics.tsv", V4.as_bytes()).unwrap();
    assert_eq!(manifest.track("genes").unwrap().rows, 2);
    let expected = "a table of gnomAD's constraint has a first line that names its columns, separated by tabs: gene, transcript and, \
        as in 2.1.1, pLI, oe_lof_upper and mis_z or, as in 4.1, lof.pLI, lof.oe_ci.upper and mis.z_score";
    assert_eq!(
        refused("gnomAD_constraint", "metrics.tsv", &V4.replace("lof.pLI", "lof.pli")),
        format!("metrics.tsv, line 1: {expected}")
    );
    assert_eq!(
        refused("genes", "metrics.tsv", &V4.replace("GENEchr", "OTHER")),
        "metrics.tsv, line 7: no gene of the reference's transcripts is in this table"
    );
}
