//! Transcripts' own sequences, compared with the chromosome along NCBI's alignments.

use super::*;
use crate::bundle::{BROKEN, Difference, GENOME_DIFFERS, OWN_SEQUENCE};

/// 20 bases and 21, with others between: ATG GCC AAA TGA CCC GGG TG | C TGA CAT TAC AAA GTA GTA A.
const EXONS: [&str; 2] = ["ATGGCCAAATGACCCGGGTG", "CTGACATTACAAAGTAGTAA"];

/// A chromosome of so many bases that has these from 101 and 201 on; others are T.
fn chromosome(exons: [&str; 2]) -> String {
    format!(
        "{}{}{}{}{}",
        "T".repeat(100),
        exons[0],
        "T".repeat(100 - exons[0].len()),
        exons[1],
        "T".repeat(100)
    )
}

/// GFF3 of a transcript with exons of so many bases there, which codes from its first base to its last.
fn gff3(lengths: [usize; 2], of_coding: &str, alignment: &str) -> String {
    let spans = [(101, 100 + lengths[0]), (201, 200 + lengths[1])];
    let line = |kind: &str, span: (usize, usize), attributes: String| {
        format!(
            "chr1\tBestRefSeq\t{kind}\t{}\t{}\t.\t+\t.\t{attributes}\n",
            span.0, span.1
        )
    };
    let mut text = line(
        "mRNA",
        (101, spans[1].1),
        "ID=rna-NM_1.2;gbkey=mRNA;transcript_id=NM_1.2".to_owned(),
    );
    for span in spans {
        text += &line("exon", span, "Parent=rna-NM_1.2".to_owned());
        text += &line(
            "CDS",
            span,
            format!("Parent=rna-NM_1.2;gbkey=CDS;protein_id=NP_1.1{of_coding}"),
        );
    }
    text + alignment
}

fn part(span: (usize, usize), attributes: &str) -> String {
    format!(
        "chr1\tRefSeq\tcDNA_match\t{}\t{}\t.\t+\t.\tID=aln1;{attributes}\n",
        span.0, span.1
    )
}

/// What is built of a chromosome, GFF3 and a file of sequences.
fn of(chromosome: &str, gff3: &str, sequences: &str) -> Result<Built, BuildError> {
    let genome = format!(">chr1\n{chromosome}\n");
    let files = [("a.gff", gff3), ("a.fa", &genome[..]), ("rna.fna", sequences)];
    Sources {
        assembly: "part",
        sizes: "",
        files: &files,
        sources: &[(None, "rna.fna"), (None, "a.gff")],
        sequence: Some("a.fa"),
        ..Sources::default()
    }
    .build()
}

fn fasta(own: &str) -> String {
    let (first, rest) = own.split_at(7);
    format!(
        "\n>NM_9.9 another one\nACGT\n>NM_1.2 Homo sapiens G, mRNA\n{}\n{rest}\n",
        first.to_lowercase()
    )
}

fn differences(row: &GeneRow<'_>) -> Vec<(u32, Difference)> {
    row.differences().collect()
}

/// All flags but the strand and the phase.
fn all_flags(row: &GeneRow<'_>) -> u32 {
    flags(row) | row.flags & OWN_SEQUENCE
}

#[test]
fn a_sequence_that_is_the_genomes_takes_the_flag_away() {
    let note = ";Note=The RefSeq protein has 1 substitution compared to this genomic sequence";
    let built = of(&chromosome(EXONS), &gff3([20, 20], note, ""), &fasta(&EXONS.concat())).unwrap();
    let row = built.row("NM_1.2");
    assert_eq!((all_flags(&row) & !BROKEN, differences(&row)), (0, vec![]));
    assert_eq!(tracks(&built.manifest), [("RefSeq", "", 1, 0), ("sequences", "", 1, 0)]);
}

#[test]
fn other_bases_and_a_tail_need_no_alignment() {
    let own = EXONS.concat().replace("GGGTG", "GAGTG") + "AA";
    let built = of(&chromosome(EXONS), &gff3([20, 20], "", ""), &fasta(&own)).unwrap();
    let row = built.row("NM_1.2");
    let expected = [
        (16, Difference::Other(b'A')),
        (40, Difference::Extra(b'A')),
        (41, Difference::Extra(b'A')),
    ];
    assert_eq!(differences(&row), expected);
    assert_eq!(
        all_flags(&row) & (GENOME_DIFFERS | OWN_SEQUENCE),
        GENOME_DIFFERS | OWN_SEQUENCE
    );
    assert_eq!(exons(&row), [(100, 120), (200, 220)]);
}

#[test]
fn exons_are_split_at_the_gaps_of_an_alignment() {
    // The chromosome lacks the AA of AAATGA and has C more in the second exon.
    let there = [EXONS[0].replace("AAATGA", "ATGA"), EXONS[1].replace("CATT", "CATCT")];
    let alignment = part((101, 118), "Target=NM_1.2 1 20 +;Gap=M7 I2 M11")
        + &part((201, 221), "Target=NM_1.2 21 40 +;Gap=M7 D1 M13");
    let built = |alignment: &str, own: &str| {
        of(
            &chromosome([&there[0], &there[1]]),
            &gff3([18, 21], "", alignment),
            &fasta(own),
        )
        .unwrap()
    };
    // 39 bases of the chromosome, but 40 of the transcript, which its frame does not hold.
    let whole = built(&alignment, &EXONS.concat());
    let row = whole.row("NM_1.2");
    assert_eq!(all_flags(&row), GENOME_DIFFERS | OWN_SEQUENCE | BROKEN);
    assert_eq!(exons(&row), [(100, 107), (107, 118), (200, 207), (208, 221)]);
    let expected = [
        (7, Difference::Extra(b'A')),
        (8, Difference::Extra(b'A')),
        (9, Difference::SameExon),
        (27, Difference::SameExon),
    ];
    assert_eq!(differences(&row), expected);
    // Without a sequence, with one of another transcript's length, or with one that is something else, it is flagged as before.
    let longer = EXONS.concat() + "CCC";
    let other: String = EXONS.concat().chars().rev().collect();
    for (alignment, own, exons_there) in [("", EXONS.concat(), 2), (&alignment[..], other, 2), ("", longer, 2)] {
        let flagged = built(alignment, &own);
        let row = flagged.row("NM_1.2");
        assert_eq!(all_flags(&row) & (GENOME_DIFFERS | OWN_SEQUENCE), GENOME_DIFFERS);
        assert_eq!((differences(&row), exons(&row).len()), (vec![], exons_there));
        assert_eq!(tracks(&flagged.manifest)[1], ("sequences", "", 0, 1));
    }
}

#[test]
fn an_exception_counts_where_the_transcript_itself_is_read_otherwise() {
    // NCBI has exceptions for TGA that is read as Sec, and for a stop of the chromosome that the transcript has not, as for ACTN3
    // on GRCh37. Two bases that the chromosome lacks are before both.
    let own = "ATGGCCAAATGACCCCGAGTGCTGACATTACAAAGTAGTTAA";
    let there = [
        own[..20].replacen("GGCC", "GC", 1).replace("CGAG", "TGAG"),
        own[20..].to_owned(),
    ];
    let exceptions = ";transl_except=(pos:108..110%2Caa:Sec),(pos:114..116%2Caa:Arg)";
    let alignment = part((101, 118), "Target=NM_1.2 1 20 +;Gap=M3 I2 M15") + &part((201, 222), "Target=NM_1.2 21 42 +");
    let built = of(
        &chromosome([&there[0], &there[1]]),
        &gff3([18, 22], exceptions, &alignment),
        &fasta(own),
    )
    .unwrap();
    let row = built.row("NM_1.2");
    assert_eq!(all_flags(&row), GENOME_DIFFERS | OWN_SEQUENCE);
    assert_eq!(recoded(&row), [(3, 'U')]);
}

#[test]
fn sequences_of_nothing_that_is_there_are_refused() {
    let refused = |gff3: &str, sequences: &str| Built::error(of(&chromosome(EXONS), gff3, sequences));
    let expected = "rna.fna, line 2: no transcript of the reference is in this file of sequences; they are found by accession \
                    with version, such as NM_152486.4, which UCSC's table refGene has not";
    assert_eq!(refused(&gff3([20, 20], "", ""), ">NM_1.1\nACGT\n"), expected);
    let files = [("a.gff", &gff3([20, 20], "", "")[..]), ("rna.fna", ">NM_1.2\nACGT\n")];
    let without_genome = Sources {
        assembly: "part",
        sizes: "chr1\t400\n",
        files: &files,
        sources: &[(None, "a.gff"), (None, "rna.fna")],
        ..Sources::default()
    };
    let error = Built::error(without_genome.build());
    assert!(
        error.ends_with("there is no sequence of the genome: give --sequence, too"),
        "{error}"
    );
}

#[test]
fn an_alignment_with_a_hole_or_other_bases_is_flagged_without_a_sequence() {
    let flagged = |alignment: String| {
        let text = gff3([20, 20], "", &alignment);
        let genome = format!(">chr1\n{}\n", chromosome(EXONS));
        let files = [("a.gff", &text[..]), ("a.fa", &genome[..])];
        let built = Sources {
            assembly: "part",
            sizes: "",
            files: &files,
            sources: &[(None, "a.gff")],
            sequence: Some("a.fa"),
            ..Sources::default()
        };
        built.build().unwrap().row("NM_1.2").flags & GENOME_DIFFERS != 0
    };
    let first = part((101, 120), "Target=NM_1.2 1 20 +");
    assert!(!flagged(first.clone() + &part((201, 220), "Target=NM_1.2 21 40 +")));
    assert!(
        flagged(first.clone() + &part((201, 220), "Target=NM_1.2 24 43 +")),
        "three bases are nowhere"
    );
    assert!(flagged(
        first.clone() + &part((201, 220), "Target=NM_1.2 21 40 +;num_mismatch=1")
    ));
    assert!(
        flagged(first + &part((201, 220), "Target=NM_1.2 21 40 +;Gap=M10 F1 M9")),
        "it cannot be read"
    );
}
