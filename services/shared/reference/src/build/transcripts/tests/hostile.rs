//! Files that are not what they should be.

use proptest::prelude::*;

use super::*;

const EXON: &str = "chr1\tx\texon\t11\t40\t.\t+\t.\tParent=t1\n";

fn refused(text: &str) -> String {
    Built::error(of_file("a.gff3", text))
}

#[test]
fn the_line_that_is_wrong_is_named() {
    let first = format!("##gff-version 3\n{EXON}");
    assert_eq!(
        refused(&format!("{first}chr1\tx\texon\n")),
        "a.gff3, line 3: a line of GFF3 or GTF has nine columns, separated by tabs; this one has 3"
    );
    assert_eq!(
        refused(&format!("{first}chr1\tx\texon\t40\t11\t.\t+\t.\tParent=t1\n")),
        "a.gff3, line 3: the feature starts at 40, after its end at 11"
    );
    assert_eq!(
        refused(&format!("{first}chr1\tx\texon\t99999999999\t11\t.\t+\t.\tParent=t1\n")),
        "a.gff3, line 3: the start of the feature is no position: 99999999999"
    );
    assert!(refused("hello\n").starts_with("a.gff3, line 1: a line of GFF3 or GTF has nine columns"));
    assert!(refused("").starts_with("a.gff3, line 0: no transcript of a known chromosome is in this file"));
}

#[test]
fn a_line_without_an_end_is_refused_before_it_fills_the_memory() {
    let text = format!("{EXON}{}", "x".repeat(1 << 25));
    assert_eq!(refused(&text), "a.gff3, line 2: the line is longer than 16777216 bytes");
}

#[test]
fn parents_in_a_circle_have_an_end() {
    let line = |id: &str, parent: &str| format!("chr1\tx\tmRNA\t11\t40\t.\t+\t.\tID={id};Parent={parent}\n");
    let text = line("t1", "t2") + &line("t2", "t3") + &line("t3", "t1") + &line("t4", "t4") + EXON;
    let built = of_file("a.gff3", &text).unwrap();
    assert_eq!(built.rows().len(), 1);
    assert_eq!(exons(&built.row("t1")), [(10, 40)]);
}

#[test]
fn what_does_not_fit_together_is_left_out_and_counted() {
    let part = |kind: &str, chromosome: &str, strand: char, start: u32, end: u32, parent: &str| {
        format!("{chromosome}\tx\t{kind}\t{start}\t{end}\t.\t{strand}\t.\tParent={parent}\n")
    };
    let text = EXON.to_owned()
        // Exons that overlap.
        + &part("exon", "chr1", '+', 11, 40, "overlap")
        + &part("exon", "chr1", '+', 31, 60, "overlap")
        // Two strands, two chromosomes, no strand, a chromosome that is not there, places beyond its ends.
        + &part("exon", "chr1", '+', 11, 40, "strands")
        + &part("exon", "chr1", '-', 51, 60, "strands")
        + &part("exon", "chr1", '+', 11, 40, "chromosomes")
        + &part("exon", "chr5", '+', 51, 60, "chromosomes")
        + &part("exon", "chr1", '?', 11, 40, "none")
        + &part("exon", "chrUn_1", '+', 11, 40, "unknown")
        + &part("exon", "chr1", '+', 11, 248_956_423, "beyond")
        + &part("exon", "chr1", '+', 0, 40, "before")
        // A coding part in no exon.
        + &part("exon", "chr1", '+', 11, 40, "outside")
        + &part("CDS", "chr1", '+', 21, 50, "outside");
    let built = of_file("a.gff3", &text).unwrap();
    assert_eq!(built.rows().len(), 1);
    assert_eq!(tracks(&built.manifest), [("a", "", 1, 8)]);
}

#[test]
fn exons_may_be_missing_or_shared_and_the_same_line_may_come_twice() {
    let part = |kind: &str, start: u32, end: u32, parent: &str| {
        format!("chr1\tx\t{kind}\t{start}\t{end}\t.\t+\t.\tParent={parent}\n")
    };
    let text = part("five_prime_UTR", 11, 20, "t1")
        + &part("CDS", 21, 40, "t1")
        + &part("CDS", 61, 70, "t1")
        + &part("three_prime_UTR", 71, 80, "t1")
        + &part("exon", 11, 40, "t2,t3")
        + &part("exon", 11, 40, "t2");
    let built = of_file("a.gff3", &text).unwrap();
    let row = built.row("t1");
    assert_eq!((exons(&row), row.cds.clone()), (vec![(10, 40), (60, 80)], 20..70));
    assert_eq!(
        (exons(&built.row("t2")), exons(&built.row("t3"))),
        (vec![(10, 40)], vec![(10, 40)])
    );
}

#[test]
fn very_many_parts_of_one_transcript_take_no_longer_than_those_of_many() {
    let mut text = String::new();
    for part in 0..4_000 {
        let (start, end) = (part * 20 + 1, part * 20 + 9);
        for (kind, phase) in [
            ("exon", "."),
            ("CDS", "0"),
            ("stop_codon", "0"),
            ("Selenocysteine", "."),
        ] {
            text += &format!("chr1\tx\t{kind}\t{start}\t{end}\t.\t+\t{phase}\tParent=t1\n");
        }
    }
    let built = of_file("a.gff3", &text).unwrap();
    let row = built.row("t1");
    assert_eq!((row.exons().len(), row.cds.clone(), flags(&row)), (4_000, 0..79_989, 0));
}

#[test]
fn a_sequence_after_the_features_is_left_alone() {
    for announced in ["##FASTA\n", ""] {
        let built = of_file("a.gff3", &format!("{EXON}\n{announced}>chr1\nACGT\n")).unwrap();
        assert_eq!(built.rows().len(), 1);
    }
}

#[test]
fn a_track_may_not_have_the_name_of_a_source() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", "chr1\t120\n");
    write("a.gff3", EXON);
    write("a.bed", "chr1\t30\t40\tx\n");
    let label = Some("mine".to_owned());
    let plan = Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.path().to_owned(),
        transcripts: Transcripts {
            sources: vec![TranscriptSource {
                label,
                file: folder.path().join("a.gff3"),
            }],
            mane: None,
        },
        sequence: None,
        tracks: vec![super::super::super::ExtraTrack {
            key: "mine".to_owned(),
            file: folder.path().join("a.bed"),
            fields: Vec::new(),
        }],
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let refused = build(&plan, &folder.path().join("small.gasref"), &mut |_| {}).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "two sources are called mine; give one of them another name"
    );
}

/// One of these texts.
fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(texts)
}

/// Numbers that are places, and the ones at the limits.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => (1_u32..200).prop_map(|number| number.to_string()),
        1 => one_of(&["4294967295", "4294967296", "248956422", "-1", "", "x", "1,2,", "99999999999999999999"]).prop_map(str::to_owned),
    ]
}

prop_compose! {
    /// A line that is nearly one of GFF3 or GTF.
    fn feature()(
        chromosome in one_of(&["chr1", "1", "NC_000001.11", "chrX", "chrUn", ""]),
        kind in one_of(&["gene", "mRNA", "exon", "CDS", "stop_codon", "Selenocysteine", "cDNA_match", "five_prime_UTR", "region"]),
        start in number(), length in 0_u32..60, strand in one_of(&["+", "-", ".", "?"]), phase in one_of(&["0", "1", "2", "."]),
        attributes in proptest::collection::vec(one_of(&[
            "ID=a", "ID=b", "ID=", "Parent=a", "Parent=b,c", "Parent=,", "transcript_id=NM_1.1", "gene_id \"g\"", "transcript_id \"t\"",
            "transcript_id \"ENSTR0.1_PAR_Y", "tag=basic,MANE Select", "tag \"cds_end_NF\"", "version=7", "protein_id=NP_1",
            "transl_except=(pos:complement(join(5..6,20))%2Caa:Sec),(pos:1..3%2Caa:Sec)", "Dbxref=GeneID:1,Ensembl:ENST1", "gbkey=mRNA",
            "Target=NM_1.1 1 9 +", "Gap=M5 I1", "start_range=.,5", "%", "Note=%zz%", "=", "\"",
        ]), 0..6),
        separator in one_of(&[";", "; ", ""]),
    ) -> String {
        let end = start.parse::<u32>().map_or(9, |start| start.saturating_add(length));
        let attributes = attributes.join(separator);
        format!("{chromosome}\tx\t{kind}\t{start}\t{end}\t.\t{strand}\t{phase}\t{attributes}")
    }
}

prop_compose! {
    /// A row that is nearly one of UCSC's.
    fn row()(
        bin in one_of(&["585\t", ""]), name in one_of(&["NM_1.1", "ENST1.1", "", "x"]), strand in one_of(&["+", "-", "+"]),
        numbers in proptest::collection::vec(number(), 4), starts in proptest::collection::vec(0_u32..100, 0..4), length in 0_u32..90,
        states in one_of(&["cmpl", "incmpl", "unk"]), frames in one_of(&["0,0,0,", "1,2,", "-1,", "", "9,-5,x"]),
    ) -> String {
        let list = |add: u32| starts.iter().map(|start| format!("{},", start * 90 + add)).collect::<String>();
        let count = starts.len();
        format!(
            "{bin}{name}\tchr1\t{strand}\t{}\t{count}\t{}\t{}\t0\tG\t{states}\t{states}\t{frames}",
            numbers.join("\t"), list(0), list(length)
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_lines_are_read_or_refused(lines in proptest::collection::vec(prop_oneof![6 => feature(), 1 => row()], 1..30)) {
        // Either is right; a panic is not.
        drop(of_file("a.gff3", &lines.join("\n")));
        drop(of_file("a.txt", &lines.into_iter().rev().collect::<Vec<_>>().join("\n")));
    }
}
