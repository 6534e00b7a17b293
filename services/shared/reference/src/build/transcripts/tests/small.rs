//! A small gene with its bases: where its coding sequence is cut off.

use super::*;
use crate::bundle::{BROKEN, END_INCOMPLETE, START_INCOMPLETE};

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
