//! Structural variants: how far they reach, what they do to genes, and what is doubtful about them.

use super::told::{Told, case, hg19, small_told, with_records};

#[test]
fn svlen_has_a_value_for_each_allele_and_decides() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("sv_svlen_lists"), &options);
    for (id, expected) in [
        (
            "two_alleles",
            &[
                "deletion transcript_ablation HIGH ISG15 NM_005101",
                "duplication upstream_gene_variant MODIFIER ISG15 NM_005101 77",
            ][..],
        ),
        (
            "base_and_del",
            &[
                "A upstream_gene_variant MODIFIER ISG15 NM_005101 376",
                "deletion transcript_ablation HIGH ISG15 NM_005101",
            ],
        ),
        ("end_differs", &["deletion transcript_ablation HIGH ISG15 NM_005101"]),
        ("one_number", &["deletion transcript_ablation HIGH ISG15 NM_005101"]),
    ] {
        assert_eq!(told.of(id, "NM_005101"), expected, "{id}");
    }
    assert!(told.warns("END and SVLEN contradict each other in 1 records, the first of them on line 22."));
    // Before VCF 4.4, END is what counts.
    let older = case("sv_svlen_lists").replace("VCFv4.4", "VCFv4.3");
    let told = Told::new(&older, &options);
    assert_eq!(
        told.of("end_differs", "NM_005101"),
        ["deletion upstream_gene_variant MODIFIER ISG15 NM_005101 277"]
    );
    assert!(told.warns("END and SVLEN contradict each other in 1 records, the first of them on line 22."));
}

#[test]
fn a_length_that_cannot_be_used_is_told() {
    let Some(options) = hg19() else { return };
    let records = [
        "chr1 949400 none G <DEL> . . .",
        "chr1 949400 beyond G <DUP> . . END=249250700",
        "chr1 949400 to_the_telomere G <DEL> . . END=249250622",
        "chr1 949400 ins G <INS> . . SVTYPE=INS",
        "chr1 949400 repeats G <CNV:TR>,<CNV:TR> . . SVLEN=60,90;SVTYPE=CNV;RN=1,1;RUS=CAG,TTG",
    ];
    let told = Told::new(&with_records("sv_svlen_lists", &records), &options);
    assert_eq!(
        told.of("none", "NM_005101"),
        ["deletion feature_truncation&coding_sequence_variant HIGH ISG15 NM_005101"]
    );
    assert_eq!(
        told.of("to_the_telomere", "NM_198576"),
        ["deletion transcript_ablation HIGH AGRN NM_198576"]
    );
    assert!(
        told.warns("Structural variants of 2 records have no length that can be used, the first of them on line 8")
    );
}

#[test]
fn copies_are_lost_and_gained_by_their_number() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("sv_copy_number_alleles"), &options);
    let (lost, gained) = (
        "deletion transcript_ablation HIGH ISG15 NM_005101",
        "duplication transcript_amplification HIGH ISG15 NM_005101",
    );
    for (id, expected) in [
        ("cn0", &[lost][..]),
        ("cn2", &[gained]),
        ("cn0_cn2", &[lost, gained]),
        ("cn0_equal", &[lost]),
        (
            "cnv",
            &[
                "CNV coding_sequence_variant&5_prime_UTR_variant&3_prime_UTR_variant&intron_variant MODIFIER ISG15 NM_005101",
            ],
        ),
    ] {
        assert_eq!(told.of(id, "NM_005101"), expected, "{id}");
    }
}

#[test]
fn genes_beside_a_structural_variant_are_told() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("sv_beside_gene"), &options);
    for (id, expected) in [
        (
            "del_symbolic",
            "deletion upstream_gene_variant MODIFIER ISG15 NM_005101 77",
        ),
        ("del_bases", "- upstream_gene_variant MODIFIER ISG15 NM_005101 247"),
        (
            "dup",
            "duplication downstream_gene_variant MODIFIER ISG15 NM_005101 182",
        ),
        ("bnd", "T. upstream_gene_variant MODIFIER ISG15 NM_005101 177"),
    ] {
        assert_eq!(told.of(id, "NM_005101"), [expected], "{id}");
    }
    assert!(told.of("bnd", "NM_198576")[0].starts_with("T[chr1:955600[ feature_truncation&"));
}

#[test]
fn structural_kinds_are_told_as_ever() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("pass-structural_kinds"), &options);
    let is = |id: &str, expected: &str| assert_eq!(told.of(id, "NM_005101"), [expected], "{id}");
    let ablation = "deletion transcript_ablation HIGH ISG15 NM_005101";
    for id in [
        "del_end",
        "del_neg",
        "del_pos",
        "del_end_eq_pos_svlen",
        "del_end_lt_pos",
        "cn0_whole",
    ] {
        is(id, ablation);
    }
    for id in ["dup_whole", "cn2_whole"] {
        is(id, "duplication transcript_amplification HIGH ISG15 NM_005101");
    }
    let exon = |allele: &str, terms: &str, impact: &str| {
        format!("{allele} {terms}coding_sequence_variant {impact} ISG15 NM_005101")
    };
    is("dup_tandem_exon", &exon("duplication", "feature_elongation&", "HIGH"));
    is("inv_exon", &exon("inversion", "", "MODIFIER"));
    is("del_me", &exon("deletion", "feature_truncation&", "HIGH"));
    is("ins_me", &exon("insertion", "feature_elongation&", "HIGH"));
    is("bnd_exon", &exon("G.", "feature_truncation&", "HIGH"));
    is("bnd_single", &exon("G.", "feature_truncation&", "HIGH"));
    is("bnd_end_info", &exon("C.", "feature_truncation&", "HIGH"));
    is(
        "bnd_intron",
        ".G feature_truncation&intron_variant HIGH ISG15 NM_005101",
    );
    assert_ne!(told.entries["cnv_whole"], ["CNV intergenic_variant MODIFIER"]);
    assert!(told.warns("END and SVLEN contradict each other in 2 records, the first of them on line 24."));
}

#[test]
fn a_list_that_is_cut_says_so_and_has_what_is_touched_first() {
    let Some(mut options) = hg19() else { return };
    options.limits.transcripts = 2;
    let records = [
        "chr1 948500 long T <DEL> . . SVLEN=30000",
        "chr1 940000 beside N <DEL> . . SVLEN=9500",
        "chr1 948500 short T <DEL> . . SVLEN=1000",
    ];
    let told = Told::new(&with_records("sv_svlen_lists", &records), &options);
    assert_eq!(told.entries["long"].len(), 2);
    assert_eq!(told.of("long", "NM_005101").len(), 1);
    // Transcripts of HES4 lie within 5,000 bases, and begin further to the left.
    assert_eq!(told.entries["beside"].len(), 2);
    assert_eq!(told.of("beside", "NM_005101").len(), 1);
    let flag = |id: &str| told.line(id).split(['\t', ';']).any(|field| field == "CSQ_INCOMPLETE");
    assert_eq!(["long", "beside", "short"].map(flag), [true, true, false]);
    assert!(told.output.contains("##INFO=<ID=CSQ_INCOMPLETE,Number=0,Type=Flag,"));
    assert!(
        told.warns("are not listed: CSQ names the first of each allele only. The records are marked CSQ_INCOMPLETE.")
    );
}

#[test]
fn what_is_put_in_beside_a_splice_site_is_told_by_it() {
    // The intron is 61..80; chr1 is read forward, chr2 backward.
    for (record, expected) in [
        (
            "1 60 one N <INS> . . .",
            "feature_elongation&splice_region_variant&coding_sequence_variant",
        ),
        (
            "1 61 one N <INS:ME:ALU> . . .",
            "splice_donor_variant&feature_elongation&intron_variant",
        ),
        (
            "1 62 one N <INS> . . .",
            "feature_elongation&splice_region_variant&intron_variant",
        ),
        (
            "1 79 one N <INS> . . .",
            "splice_acceptor_variant&feature_elongation&intron_variant",
        ),
        (
            "2 61 one N <INS> . . .",
            "splice_acceptor_variant&feature_elongation&intron_variant",
        ),
        (
            "2 79 one N <INS> . . .",
            "splice_donor_variant&feature_elongation&intron_variant",
        ),
        ("1 61 one N <INS> . . IMPRECISE", "feature_elongation&intron_variant"),
        (
            "1 50 one N <DUP:TANDEM> . . SVLEN=11",
            "splice_donor_variant&feature_elongation&coding_sequence_variant&intron_variant",
        ),
        (
            "1 50 one N <DUP> . . SVLEN=11",
            "feature_elongation&coding_sequence_variant&intron_variant",
        ),
        (
            "2 50 one N <DUP:TANDEM> . . SVLEN=11",
            "feature_elongation&coding_sequence_variant&intron_variant",
        ),
        (
            "2 79 one N <DUP:TANDEM> . . SVLEN=9",
            "splice_donor_variant&feature_elongation&coding_sequence_variant&intron_variant",
        ),
    ] {
        let told = small_told(&[record]);
        assert_eq!(told[0][0].split(' ').nth(1), Some(expected), "{record}");
    }
}
