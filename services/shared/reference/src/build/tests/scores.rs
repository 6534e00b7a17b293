//! Tables of alleles.

use super::{at, built, keys, refused};

#[test]
fn tables_of_scores_are_read_by_the_names_of_their_columns() {
    let cadd = "## CADD GRCh38-v1.7 (c) University of Washington\n#Chrom\tPos\tRef\tAlt\tRawScore\tPHRED\n1\t10\tA\tC\t0.702541\t8.478\n1\t10\tA\tG\t-0.1\t.\n";
    let bundle = built("hg38", "CADD", &[("whole_genome_SNVs.tsv", cadd)], &[]).unwrap();
    let track = &bundle.manifest().tracks[0];
    assert_eq!(
        (keys(&bundle).as_str(), track.provenance.release.as_deref()),
        ("CADD_RawScore CADD_PHRED", Some("v1.7"))
    );
    assert_eq!(at(&bundle, "chr1", 10), "A>C 0.702541 8.478, A>G -0.1 .");
    assert!(
        track.fields[0]
            .description
            .ends_with("see https://cadd.gs.washington.edu")
    );
    let error = refused("hg19", "CADD", ("whole_genome_SNVs.tsv", cadd), &[]);
    assert!(error.contains("line 1: the header says ## CADD GRCh38-v1.7"), "{error}");

    let missense = "# Copyright 2023 DeepMind Technologies Limited\n#\n# Licensed under CC BY-NC-SA 4.0 license.\n\
        #CHROM\tPOS\tREF\tALT\tgenome\tuniprot_id\ttranscript_id\tprotein_variant\tam_pathogenicity\tam_class\n\
        chr1\t69094\tG\tT\thg38\tX\tENST1.1\tV2L\t0.2937\tlikely_benign\nchr1\t69094\tG\tC\thg19\tX\tENST1.1\tV2L\t0.3\tambiguous\n";
    let bundle = built("hg38", "AlphaMissense", &[("AlphaMissense_hg38.tsv", missense)], &[]).unwrap();
    assert_eq!(at(&bundle, "chr1", 69_094), "G>T 0.2937 likely_benign");
    assert_eq!(bundle.manifest().tracks[0].skipped, 1);
    assert!(
        bundle.manifest().tracks[0].fields[0]
            .description
            .ends_with("non-commercial use only, as its file says")
    );

    // Sorted by the positions of GRCh37.
    let revel = "chr,hg19_pos,grch38_pos,ref,alt,aaref,aaalt,REVEL,Ensembl_transcriptid\n1,35142,60000,G,A,T,M,0.027,ENST1\n1,35143,45000,G,C,T,R,0.035,ENST1\n1,35144,.,G,T,T,K,0.043,ENST1\n";
    let bundle = built("hg38", "REVEL", &[("revel_with_transcript_ids.csv", revel)], &[]).unwrap();
    assert_eq!(
        (keys(&bundle).as_str(), bundle.manifest().tracks[0].skipped),
        ("REVEL", 1)
    );
    assert_eq!(
        [at(&bundle, "chr1", 60_000), at(&bundle, "chr1", 45_000)],
        ["G>A 0.027", "G>C 0.035"]
    );
    let bundle = built("hg19", "REVEL", &[("revel_with_transcript_ids.csv", revel)], &[]).unwrap();
    assert_eq!(at(&bundle, "chr1", 35_144), "G>T 0.043");

    let nsfp = "#chr\tpos(1-based)\tref\talt\taaref\thg19_chr\thg19_pos(1-based)\tSIFT_score\n7\t100\tA\tC\tK\t7\t90\t0.1;.;0.3\n";
    for (assembly, position) in [("hg38", 100), ("hg19", 90)] {
        let bundle = built(
            assembly,
            "dbNSFP",
            &[("dbNSFP5.1a_variant.chr7", nsfp)],
            &["SIFT_score"],
        )
        .unwrap();
        assert_eq!(
            (keys(&bundle).as_str(), at(&bundle, "chr7", position).as_str()),
            ("dbNSFP_SIFT_score", "A>C 0.1;.;0.3")
        );
    }
}

#[test]
fn a_table_that_cannot_be_read_is_refused_with_what_was_expected() {
    for (text, fields, expected) in [
        (
            "chrom\tstart\tend\tscore\n",
            &["score"][..],
            "; here there are chrom, start, end, score",
        ),
        (
            "#chrom\tpos\tref\talt\tscore\n",
            &["scores"],
            "there is no column scores; there are chrom, pos, ref, alt, score",
        ),
        (
            "#chrom\tpos\tref\talt\tscore\n",
            &[],
            "say after a colon which columns mine shall have; there are chrom, pos, ref, alt, score",
        ),
        ("# nothing\n", &["score"], "hg19_pos, grch38_pos), ref and alt"),
        (
            "chr,hg19_pos,ref,alt,score\n",
            &["score"],
            "; here there are chr, hg19_pos, ref, alt, score",
        ),
    ] {
        let error = refused("hg38", "mine", ("mine.tsv", text), fields);
        assert!(error.ends_with(expected), "{error}");
    }
    let error = refused(
        "hg38",
        "mine",
        ("mine.tsv", "chrom\tpos\tref\talt\ts\n99\t1\tA\tC\t1\n"),
        &["s"],
    );
    assert!(
        error.starts_with("no row of ") && error.contains("mine.tsv could be read"),
        "{error}"
    );
}
