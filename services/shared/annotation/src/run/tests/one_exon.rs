//! What is told of changes in a gene with one exon, whose bases are in sight and whose transcript is read from GFF3.

use tempfile::TempDir;

use super::small::of_transcripts;
use super::*;

/// GFF3 of a gene with one exon of `length` bases, from 11 on, that codes from its first base to its last.
fn open(length: u32) -> String {
    let end = 10 + length;
    format!(
        "chr1\t.\tmRNA\t11\t{end}\t.\t+\t.\tID=transcript:ENST1\nchr1\t.\texon\t11\t{end}\t.\t+\t.\tParent=transcript:ENST1\n\
         chr1\t.\tCDS\t11\t{end}\t.\t+\t0\tParent=transcript:ENST1\n"
    )
}

/// The record of a change in the small gene of `gff3`, which has these bases from 11 on, annotated.
fn annotated(gff3: &str, bases: &str, change: &str) -> String {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", "");
    write("a.gff3", gff3);
    write("small.fa", &format!(">chr1\nTTTTTTTTTT{bases}TTTTT\n"));
    let options = of_transcripts(folder.path(), &["a.gff3"]);
    let words: Vec<_> = change.split(' ').collect();
    let record = format!("chr1\t{}\t.\t{}\t{}\t.\t.\t.\n", words[0], words[1], words[2]);
    let mut output = Vec::new();
    let input = format!("{HEADER}{record}");
    annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    String::from_utf8(output).unwrap()
}

#[test]
fn a_record_is_named_by_the_version_of_the_file_and_every_key_is_declared() {
    let gff3 = open(9).replace(
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
    let plain = open(12);
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
