//! Records of an older assembly, of which every position is moved.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use reference::Bundle;
use reference::build::{Plan, build};
use reference::detect::Choice;

use super::small::{Small, small};
use super::told::{Told, case, hg19};
use super::*;

/// From an assembly whose chromosome 1 lies 10 bases further on in the small genome, and whose chromosome 2 is read from the
/// other strand there; of chromosome 3 ten bases are lost, and chromosome 4 has got five.
const CHAIN: &str = "chain 9 chr1 110 + 0 110 chr1 120 + 10 120 1\n110\n\n\
    chain 8 chr2 100 + 0 100 chr1 120 - 0 100 2\n100\n\n\
    chain 7 chr3 100 + 0 100 chr2 500 + 100 190 3\n50\t10\t0\n40\n\n\
    chain 6 chr4 100 + 0 100 chr2 500 + 300 405 4\n50\t0\t5\n50\n\n";

/// The small genome with that chain, and its options for such files.
fn lifting() -> &'static (Small, Options) {
    static LIFTING: OnceLock<(Small, Options)> = OnceLock::new();
    LIFTING.get_or_init(|| {
        let mut small = small(true);
        let chain = small.folder.path().join("older/hg18ToSmall.chain");
        std::fs::create_dir(chain.parent().unwrap()).unwrap();
        std::fs::write(&chain, CHAIN).unwrap();
        let plan = Plan {
            chains: vec![chain],
            ..small.plan()
        };
        let path = small.folder.path().join("lifting.gasref");
        build(&plan, &path, &mut |_| {}).unwrap();
        small.bundle = Arc::new(Bundle::open(&path).unwrap());
        let options = Options {
            choice: Choice::Named("hg18".to_owned()),
            ..small.options()
        };
        (small, options)
    })
}

/// CHROM, POS, REF, ALT and the file's own INFO of each record as it is written; or why it is left out.
fn lifted(version: &str, records: &[&str]) -> Vec<String> {
    let (_, options) = lifting();
    let header = HEADER.replace("VCFv4.3", version);
    let told = records.iter().map(|record| {
        let mut output = Vec::new();
        // A file of mitochondrial records alone is not lifted.
        let input = format!("{header}chr1\t22\t.\tT\tC\t.\t.\t.\n{}\n", record.replace(' ', "\t"));
        let report = annotate(input.as_bytes(), &mut output, options, &mut |_| {}).unwrap();
        let output = String::from_utf8(output).unwrap();
        match output.lines().filter(|line| !line.starts_with('#')).nth(1) {
            Some(line) => {
                let columns: Vec<&str> = line.split('\t').collect();
                let own = record.rsplit(' ').next().unwrap().split(';').count();
                let info = columns[7].split(';').take(own).collect::<Vec<_>>().join(";");
                let flipped = if columns[7].contains(";STRAND_FLIPPED") {
                    " flipped"
                } else {
                    ""
                };
                format!(
                    "{}:{} {} {} {info}{flipped}",
                    columns[0], columns[1], columns[3], columns[4]
                )
            }
            None => report
                .count_log()
                .lines()
                .find_map(|line| line.split_once("line 4, "))
                .unwrap()
                .1
                .to_owned(),
        }
    });
    told.collect()
}

#[test]
fn mates_of_breakends_move_and_turn() {
    assert_eq!(
        lifted(
            "VCFv4.3",
            &[
                "chr1 22 . T T[chr1:30[ . . SVTYPE=BND",
                // The mate is read from the other strand: what went on to its right goes on to its left.
                "chr1 22 . T T[chr2:11[ . . SVTYPE=BND",
                "chr1 22 . T ]chr2:11]CAT . . SVTYPE=BND",
                // So is the record: what was joined after it is joined before it.
                "chr2 89 . A A[chr1:30[ . . CIPOS=-3,5;SVTYPE=BND",
                "chr2 89 . A ACC]chr2:11] . . SVTYPE=BND",
                "chr2 89 . A .A . . SVTYPE=BND",
                "chr1 22 . T T[MT:3243[,T[<ctg1>:7[ . . SVTYPE=BND",
                "chr1 22 . T <BND> . . SVTYPE=BND;CHR2=chr2;END=11",
                "chr1 22 . T <BND> . . CHR2=chr2;END2=11;END=22",
                "MT 3243 . A A[chr2:11[ . . SVTYPE=BND",
                "MT 3243 . A A. . . SVTYPE=BND",
                "chr1 22 . T T[chr1:111[ . . SVTYPE=BND",
                "chr1 22 . T T[chr9:5[ . . SVTYPE=BND",
            ]
        ),
        [
            "chr1:32 T T[chr1:40[ SVTYPE=BND",
            "chr1:32 T T]chr1:110] SVTYPE=BND",
            "chr1:32 T [chr1:110[CAT SVTYPE=BND",
            "chr1:32 T [chr1:40[T CIPOS=-5,3;SVTYPE=BND flipped",
            "chr1:32 T [chr1:110[GGT SVTYPE=BND flipped",
            "chr1:32 T T. SVTYPE=BND flipped",
            "chr1:32 T T[MT:3243[,T[<ctg1>:7[ SVTYPE=BND",
            "chr1:32 T <BND> SVTYPE=BND;CHR2=chr1;END=110",
            "chr1:32 T <BND> CHR2=chr1;END2=110;END=32",
            "MT:3243 A A]chr1:110] SVTYPE=BND",
            "MT:3243 A A. SVTYPE=BND",
            "chr1:22 . T>T[chr1:111[: the mate of the breakend has no counterpart",
            "chr1:22 . T>T[chr9:5[: the mate of the breakend has no counterpart",
        ]
    );
}

#[test]
fn ends_move_with_pos_and_lengths_with_the_span() {
    let records = [
        "chr4 10 . N <DEL> . . END=40;SVLEN=-30;CIPOS=-3,5;CIEND=-2,2",
        // Five bases were put in between.
        "chr4 10 . N <DEL> . . END=90;SVLEN=-80",
        "chr4 10 . N <DEL> . . SVLEN=80",
        "chr4 10 . N <DUP>,<INS> . . SVLEN=80,7;END=90",
        "chr4 10 . N <NON_REF> . . END=90",
        "chr4 10 . NNN N . . END=12;SVLEN=-2",
        "chr4 10 . N <DEL> . . END=.;SVLEN=.",
        "chr3 10 . N <DEL> . . END=55",
        "chr3 10 . N <DEL> . . SVLEN=45",
        "chr3 10 . N <DEL> . . END=70;SVLEN=-60",
        "chr2 10 . N <DEL> . . END=20",
        "chr2 89 . A . . . END=95",
        "chr1 10 . N <DEL> . . CHR2=chr1;END=50",
    ];
    assert_eq!(
        lifted("VCFv4.3", &records),
        [
            "chr2:310 N <DEL> END=340;SVLEN=-30;CIPOS=-3,5;CIEND=-2,2",
            "chr2:310 N <DEL> END=395;SVLEN=-85",
            "chr2:310 N <DEL> SVLEN=85",
            "chr2:310 N <DUP>,<INS> SVLEN=85,7;END=395",
            "chr2:310 N <NON_REF> END=395",
            "chr2:310 NNN N END=312;SVLEN=-2",
            "chr2:310 N <DEL> END=.;SVLEN=.",
            "chr3:10 . N><DEL>: its end (END or SVLEN) has no counterpart, or one that does not belong to that of POS",
            "chr3:10 . N><DEL>: its end (END or SVLEN) has no counterpart, or one that does not belong to that of POS",
            "chr2:110 N <DEL> END=160;SVLEN=-50",
            "chr2:10 . N><DEL>: the strand differs, and the alleles cannot be read from the other strand",
            "chr2:89 . A>.: its end (END or SVLEN) has no counterpart, or one that does not belong to that of POS",
            "chr1:20 N <DEL> CHR2=chr1;END=60",
        ]
    );
}

#[test]
fn a_length_that_is_none_of_a_span_stays_where_end_decides() {
    let records = [
        "chr4 10 . N <DUP> . . END=90;SVLEN=160",
        "chr4 10 . N <INV> . . END=90;SVLEN=0",
    ];
    assert_eq!(
        lifted("VCFv4.3", &records),
        ["chr2:310 N <DUP> END=395;SVLEN=160", "chr2:310 N <INV> END=395;SVLEN=0"]
    );
    assert_eq!(
        lifted("VCFv4.4", &["chr4 10 . N <DUP> . . END=90;SVLEN=30"]),
        ["chr2:310 N <DUP> END=395;SVLEN=30"]
    );
}

#[test]
fn positions_of_a_structural_variant_are_lifted_together() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("lift_sv_end"), &options);
    for (id, place, info) in [
        ("whole_gene", "chr1\t948500\t", "SVTYPE=DEL;END=950200;SVLEN=-1700;"),
        ("whole_gene_end_only", "chr1\t948501\t", "SVTYPE=DEL;END=950200;"),
        ("gvcf_block", "chr1\t949460\t", "END=949500;"),
    ] {
        let line = told.line(id);
        let info_begins = line.split('\t').nth(7).unwrap().starts_with(info);
        assert!(line.starts_with(place) && info_begins, "{line}");
    }
    for id in ["whole_gene", "whole_gene_end_only"] {
        assert_eq!(
            told.of(id, "NM_005101"),
            ["deletion transcript_ablation HIGH ISG15 NM_005101"]
        );
    }
}

proptest! {
    #[test]
    fn whatever_a_structural_record_says_it_is_annotated_or_left_out(
        chromosome in "(chr[1-5]|MT)", position in 0_u32..=121,
        alternate in "(<(DEL|DUP|INS|INV|CNV|CN0|CN=2|BND|X)>(,<DEL>)?|N[\\[\\]](chr[1-9]|MT):[0-9]{1,3}[\\[\\]]|N\\.|\\.N|N\\[|N)",
        info in "(\\.|END=[0-9]{1,3}|SVLEN=-?[0-9]{1,3}(,[0-9]{1,2})?|END=[0-9]{1,4};SVLEN=[0-9]{1,3}|CHR2=(chr[12]|MT);END=[0-9]{1,2})",
        is_lifted: bool, minor in 1..=5,
    ) {
        let (small, lifting) = lifting();
        let options = if is_lifted { lifting.clone() } else { small.options() };
        let header = HEADER.replace("VCFv4.3", &format!("VCFv4.{minor}"));
        let input = format!("{header}{chromosome}\t{position}\t.\tN\t{alternate}\t.\t.\t{info}\n");
        let mut output = Vec::new();
        let told = annotate(input.as_bytes(), &mut output, &options, &mut |_| {});
        let is_unplaced = chromosome.as_str() > "chr2" && !is_lifted;
        match told {
            Ok(report) => {
                let output = String::from_utf8(output).unwrap();
                let written = output.lines().filter(|line| !line.starts_with('#')).count();
                let left_out = usize::from(report.to_json()["unmapped"] == 1);
                prop_assert_eq!(written + left_out, 1);
            }
            Err(error) => prop_assert!(is_unplaced || error.to_string().contains("position"), "{error}"),
        }
    }
}
