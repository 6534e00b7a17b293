//! A small gene with its bases: where its coding sequence is cut off, and what is told of changes in it.

use std::sync::Arc;

use super::*;
use crate::bundle::{BROKEN, END_INCOMPLETE, START_INCOMPLETE};
use crate::{Choice, Options, annotate};

/// GFF3 of a gene with one exon of `length` bases, from 11 on, that codes from its first base to its last.
fn open(strand: char, length: u32) -> String {
    let end = 10 + length;
    format!(
        "chr1\t.\tmRNA\t11\t{end}\t.\t{strand}\t.\tID=transcript:ENST1\nchr1\t.\texon\t11\t{end}\t.\t{strand}\t.\tParent=transcript:ENST1\n\
         chr1\t.\tCDS\t11\t{end}\t.\t{strand}\t0\tParent=transcript:ENST1\n"
    )
}

#[test]
fn where_no_tag_says_so_the_sequence_tells_whether_a_coding_sequence_is_cut_off() {
    let of = |bases: &str, strand: char| {
        let (gff3, fasta) = (
            open(strand, bases.len() as u32),
            format!(">chr1\nTTTTTTTTTT{bases}TTTTT\n"),
        );
        let files = [("a.gff3", gff3.as_str()), ("a.fa", fasta.as_str())];
        let sources = [(None, "a.gff3")];
        let sequence = Some("a.fa");
        let built = Sources {
            assembly: "small",
            sizes: "",
            files: &files,
            sources: &sources,
            sequence,
            ..Sources::default()
        };
        flags(&built.build().unwrap().row("ENST1"))
    };
    assert_eq!(of("ATGAAATAA", '+'), 0);
    assert_eq!(of("TTATTTCAT", '-'), 0);
    assert_eq!(of("AAGAAATAA", '+'), START_INCOMPLETE);
    assert_eq!(of("ATGAAATAC", '+'), END_INCOMPLETE);
    assert_eq!(of("ATGAAATA", '+'), END_INCOMPLETE);
    assert_eq!(of("GTATTTCAC", '-'), START_INCOMPLETE | END_INCOMPLETE);
    assert_eq!(of("NNNAAANNN", '+'), 0, "unknown bases tell nothing");
}

#[test]
fn a_length_that_is_no_multiple_of_three_is_a_cut_end_only_at_the_transcripts_end() {
    assert_eq!(
        flags(&of_file("a.gff3", &open('+', 29)).unwrap().row("ENST1")),
        END_INCOMPLETE
    );
    let with_end = open('+', 29) + "chr1\t.\texon\t60\t70\t.\t+\t.\tParent=transcript:ENST1\n";
    assert_eq!(flags(&of_file("a.gff3", &with_end).unwrap().row("ENST1")), BROKEN);
}

/// The record of a change in the small gene of `gff3`, which has these bases from 11 on, annotated.
fn annotated(gff3: &str, bases: &str, change: &str) -> String {
    let fasta = format!(">chr1\nTTTTTTTTTT{bases}TTTTT\n");
    let files = [("a.gff3", gff3), ("a.fa", fasta.as_str())];
    let sources = [(None, "a.gff3")];
    let of_both = Sources {
        assembly: "small",
        sizes: "",
        files: &files,
        sources: &sources,
        sequence: Some("a.fa"),
        ..Sources::default()
    };
    let options = Options {
        references: vec![Arc::new(of_both.build().unwrap().bundle)],
        choice: Choice::Named("small".to_owned()),
        ..Options::default()
    };
    let words: Vec<_> = change.split(' ').collect();
    let vcf = format!(
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t{}\t.\t{}\t{}\t.\t.\t.\n",
        words[0], words[1], words[2]
    );
    let mut output = Vec::new();
    annotate(vcf.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    String::from_utf8(output).unwrap()
}

#[test]
fn a_record_is_named_by_the_version_of_the_file_and_every_key_is_declared() {
    let gff3 = open('+', 9).replace(
        "ID=transcript:ENST1",
        "ID=transcript:ENST1;transcript_id=ENST1;version=2",
    );
    let output = annotated(&gff3, "ATGAAATAA", "15 A G");
    let record = output.lines().last().unwrap();
    assert!(
        record.contains("|ENST1.2:c.5A>G|") && record.contains(";name=ENST1.2;"),
        "{record}"
    );
    assert!(
        output.contains("##INFO=<ID=name,") && output.contains("##INFO=<ID=name2,"),
        "{output}"
    );
}

#[test]
fn selenocysteine_is_read_where_the_annotation_has_it() {
    // ATG TGA AAA TAA.
    let plain = open('+', 12);
    let gene =
        plain.clone() + "chr1\t.\tstop_codon_redefined_as_selenocysteine\t14\t16\t.\t+\t.\tParent=transcript:ENST1\n";
    let told = |gff3: &str, change: &str| {
        let output = annotated(gff3, "ATGTGAAAATAA", change);
        let csq: Vec<String> = output.lines().last().unwrap().split('|').map(str::to_owned).collect();
        (csq[1].clone(), csq[11].clone())
    };
    let expected = |term: &str, name: &str| (term.to_owned(), name.to_owned());
    assert_eq!(told(&gene, "16 A C"), expected("missense_variant", "ENST1:p.Sec2Cys"));
    assert_eq!(told(&gene, "18 A G"), expected("missense_variant", "ENST1:p.Lys3Arg"));
    assert_eq!(
        told(&plain, "16 A C").0,
        "stop_lost",
        "without it, TGA is a stop in the middle"
    );
}
