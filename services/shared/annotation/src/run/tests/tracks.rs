//! Tracks of variants, whatever their size and the order of their sources.

use std::sync::Arc;

use reference::Bundle;
use reference::build::{ExtraTrack, Plan};
use reference::detect::Choice;
use tempfile::TempDir;

use super::small::{CHR1, built};
use super::*;

const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

const DECLARED: &str = "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Allele count\">\n\
    ##INFO=<ID=AD,Number=R,Type=Integer,Description=\"Reads\">\n\
    ##INFO=<ID=AF,Number=A,Type=Float,Description=\"Allele frequency\">\n\
    ##INFO=<ID=NOTE,Number=1,Type=String,Description=\"Note\">\n";

/// What to build from a VCF of these records under the key `freq`, with these fields.
fn plan(folder: &TempDir, records: &str, fields: &[&str]) -> Plan {
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", "chr1\t120\nchr2\t100000000\nchr3\t1000\n");
    write("small.fa", &format!(">chr1\n{CHR1}\n"));
    write("freq.vcf", &format!("{DECLARED}{COLUMNS}{records}"));
    Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.path().to_owned(),
        transcripts: Default::default(),
        sequence: Some(folder.path().join("small.fa")),
        tracks: vec![ExtraTrack {
            key: "freq".to_owned(),
            file: folder.path().join("freq.vcf"),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        }],
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    }
}

fn bundle(records: &str, fields: &[&str]) -> Arc<Bundle> {
    let folder = TempDir::new().unwrap();
    built(&plan(&folder, records, fields), folder.path())
}

fn options(bundle: &Arc<Bundle>) -> Options {
    Options {
        references: vec![Arc::clone(bundle)],
        choice: Choice::Named("small".to_owned()),
        ..Options::default()
    }
}

fn annotated(bundle: &Arc<Bundle>, records: &str) -> Result<String, AnnotateError> {
    let mut output = Vec::new();
    let input = format!("{HEADER}{records}");
    annotate(input.as_bytes(), &mut output, &options(bundle), &mut |_| {})?;
    Ok(String::from_utf8(output).unwrap())
}

/// What the track says of a record, `1 32 T C`.
fn told(bundle: &Arc<Bundle>, record: &str) -> String {
    let words: Vec<_> = record.split(' ').collect();
    let record = format!("{}\t{}\t.\t{}\t{}\t.\t.\t.\n", words[0], words[1], words[2], words[3]);
    let output = annotated(bundle, &record).unwrap();
    let info = output.lines().last().unwrap().split('\t').nth(7).unwrap();
    let own = info.split(';').filter(|entry| entry.starts_with("freq_"));
    own.collect::<Vec<_>>().join(";")
}

#[test]
fn each_allele_has_its_own_part_of_its_records_values() {
    let records = "1\t32\t.\tT\tC,G\t.\t.\tAC=3,1;AD=90,7,2;AF=2.50000e-01,0.10;NOTE=a,b\n\
        chr1\t34\t.\tA\tG\t.\t.\tAC=.;AF=0.000\n\
        CM000664.2\t7\t.\tA\tC,*,<DEL>,T\t.\t.\tAC=1,2,3,4\n";
    let bundle = bundle(records, &["AC", "AD", "AF", "NOTE"]);
    let track = bundle.manifest().track("freq").unwrap();
    assert_eq!((track.rows, track.skipped), (5, 0));
    assert_eq!(
        told(&bundle, "1 32 T C"),
        "freq_AC=3;freq_AD=7;freq_AF=2.50000e-01;freq_NOTE=a%2Cb"
    );
    assert_eq!(
        told(&bundle, "chr1 32 T A,G"),
        "freq_AC=.,1;freq_AD=.,2;freq_AF=.,0.10;freq_NOTE=.,a%2Cb"
    );
    assert_eq!(told(&bundle, "1 34 A G"), "freq_AF=0.000");
    assert_eq!(told(&bundle, "chr2 7 A T"), "freq_AC=4");
    assert_eq!(told(&bundle, "2 7 A G"), "");
}

#[test]
fn an_indel_is_found_at_any_of_its_places_whichever_its_source_has() {
    // CCCCCCCC at 67 to 74.
    for source in ["1\t66\t.\tTC\tT", "1\t70\t.\tCCC\tCC", "1\t73\t.\tCC\tC"] {
        let bundle = bundle(&format!("{source}\t.\t.\tAC=5\n"), &["AC"]);
        for sought in ["1 66 TC T", "1 70 CC C", "1 72 CCC CC"] {
            assert_eq!(told(&bundle, sought), "freq_AC=5", "{source}, {sought}");
        }
        assert_eq!(told(&bundle, "1 66 TCC T"), "");
    }
}

#[test]
fn chromosomes_of_a_source_may_come_in_any_order_or_in_turn() {
    let of = |chromosome: u32, start: u32| format!("chr{chromosome}\t{start}\t.\tA\tC\t.\t.\tAC={chromosome}{start}\n");
    for places in [[(3, 5), (3, 9), (2, 1), (1, 34)], [(1, 34), (3, 5), (2, 1), (3, 9)]] {
        let bundle = bundle(
            &places.map(|(chromosome, start)| of(chromosome, start)).concat(),
            &["AC"],
        );
        for (chromosome, start) in places {
            assert_eq!(
                told(&bundle, &format!("{chromosome} {start} A C")),
                format!("freq_AC={chromosome}{start}")
            );
        }
    }
}

#[test]
fn a_track_of_an_earlier_format_is_told_as_before() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("small.gasref");
    std::fs::write(&path, include_bytes!("format_02.gasref")).unwrap();
    let bundle = Arc::new(Bundle::open(&path).unwrap());
    let output = annotated(&bundle, "1\t32\t.\tT\tC,G\t.\t.\t.\n2\t7\t.\tA\tG,AT\t.\t.\t.\n").unwrap();
    let infos: Vec<_> = output
        .lines()
        .rev()
        .take(2)
        .map(|line| line.split("||;").nth(1).unwrap())
        .collect();
    assert_eq!(
        infos,
        [
            "DB;GMAF=0.0100,.;freq_AC=.,7",
            "DB;GMAF=0.25,0.25;freq_AC=3,1;freq_AF=2.50000e-01,0.10",
        ]
    );
}

#[test]
fn a_damaged_track_ends_the_run_and_says_where_it_is_damaged() {
    let folder = TempDir::new().unwrap();
    let plan = Plan {
        sequence: None,
        ..plan(&folder, "1\t32\t.\tT\tC\t.\t.\tAC=3\n", &["AC"])
    };
    let whole = built(&plan, folder.path());
    let mut bytes = std::fs::read(whole.path()).unwrap();
    // The blocks are the first section, after eight bytes.
    bytes[8..40].fill(0xff);
    let path = folder.path().join("damaged.gasref");
    std::fs::write(&path, bytes).unwrap();
    let bundle = Arc::new(Bundle::open(&path).unwrap());
    let record = "1\t32\t.\tT\tC\t.\t.\t.\n";
    assert!(annotated(&whole, record).is_ok());
    let error = annotated(&bundle, record).unwrap_err();
    assert!(matches!(error, AnnotateError::Io(_)));
    let reason = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        reason.ends_with("is damaged in section freq.blocks; build it again, or copy it again"),
        "{reason}"
    );
}
