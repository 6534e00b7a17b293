//! Breakends: both of their ends, and the genes that they cut.

use proptest::prelude::*;

use super::told::{Told, case, hg19, small_told};

#[test]
fn a_breakend_truncates_the_genes_at_both_of_its_ends() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("breakend_inside_gene"), &options);
    for (id, own, mate) in [
        (
            "exon",
            "G. feature_truncation&coding_sequence_variant",
            "G[chr1:955600[",
        ),
        ("intron", ".G feature_truncation&intron_variant", "]chr1:955600]G"),
    ] {
        assert_eq!(told.of(id, "NM_005101"), [format!("{own} HIGH ISG15 NM_005101")]);
        assert_eq!(
            told.of(id, "NM_198576"),
            [format!(
                "{mate} feature_truncation&coding_sequence_variant HIGH AGRN NM_198576"
            )]
        );
    }
    assert_eq!(
        told.of("single", "NM_005101"),
        ["C. feature_truncation&coding_sequence_variant HIGH ISG15 NM_005101"]
    );
    assert!(told.of("single", "NM_198576").is_empty());
}

#[test]
fn a_breakend_at_the_border_of_a_gene_leaves_it_whole() {
    let told = small_told(&[
        "1 110 last N N[2:300[ . . .",
        "1 110 inside N ]2:300]N . . .",
        "1 21 first N ]2:300]N . . .",
        "1 22 second N ]2:300]N . . .",
        "2 21 reverse N .N . . .",
        "2 110 reverse_last N N. . . .",
        "2 85 reverse_exon N N. . . .",
    ]);
    let beside = |allele: &str, term: &str, gene: u8| format!("{allele} {term} MODIFIER GENEchr{gene} NM_{gene} 1");
    let inside = |allele: &str, terms: &str, gene: u8| {
        format!("{allele} feature_truncation&{terms} HIGH GENEchr{gene} NM_{gene}")
    };
    let mate = |allele: &str, distance: u8| format!("{allele} upstream_gene_variant MODIFIER GENEchr2 NM_2 {distance}");
    for (told, expected) in told.iter().zip([
        vec![beside("N.", "downstream_gene_variant", 1), mate("N[2:300[", 190)],
        vec![inside(".N", "3_prime_UTR_variant", 1), mate("]2:300]N", 191)],
        vec![beside(".N", "upstream_gene_variant", 1), mate("]2:300]N", 191)],
        vec![inside(".N", "5_prime_UTR_variant", 1), mate("]2:300]N", 191)],
        vec![beside(".N", "downstream_gene_variant", 2)],
        vec![beside("N.", "upstream_gene_variant", 2)],
        vec![inside("N.", "coding_sequence_variant", 2)],
    ]) {
        assert_eq!(*told, expected);
    }
}

#[test]
fn the_ends_of_a_breakend_may_lie_in_the_nucleus_and_in_the_mitochondrion() {
    let told = small_told(&[
        "1 40 numt G G]MT:3243] . . SVTYPE=BND",
        "MT 3243 back A A]1:40] . . SVTYPE=BND",
        "MT 3243 deleted A <CN0> . . SVLEN=61",
        "MT 5825 two N <DEL>,<DUP> . . SVLEN=-66,1700",
        "1 40 elsewhere G <BND> . . SVTYPE=BND;CHR2=2;END2=40",
        "1 40 nowhere G G[<ctg1>:7[ . . SVTYPE=BND",
        "1 40 beyond G G[MT:19812[,G[2:18446744073709551615[ . . SVTYPE=BND",
    ]);
    let coding = "feature_truncation&coding_sequence_variant HIGH";
    let transfer = "feature_truncation&non_coding_transcript_exon_variant HIGH MT-TL1 MT-TL1";
    assert_eq!(
        told[0],
        [format!("G. {coding} GENEchr1 NM_1"), format!("G]MT:3243] {transfer}")]
    );
    assert_eq!(
        told[1],
        [format!("A. {transfer}"), format!("A]1:40] {coding} GENEchr1 NM_1")]
    );
    assert_eq!(told[2][0], format!("deletion {transfer}"));
    assert!(
        told[3].contains(&"deletion transcript_ablation HIGH MT-TY MT-TY".to_owned()),
        "{:?}",
        told[3]
    );
    assert!(told[3].contains(&"duplication transcript_amplification HIGH MT-CO1 MT-CO1".to_owned()));
    assert_eq!(
        told[4],
        [
            format!("BND {coding} GENEchr1 NM_1"),
            format!("N[2:40[ {coding} GENEchr2 NM_2")
        ]
    );
    assert_eq!(told[5], [format!("G. {coding} GENEchr1 NM_1")]);
    // Base 19,812 would be 3,243 in a second turn of the circle.
    assert_eq!(told[6], [format!("G. {coding} GENEchr1 NM_1")]);
}

#[test]
fn breakends_that_are_cut_off_on_one_side_tell_it_once() {
    let told = small_told(&[
        "1 40 nuclear G G[2:40[,G]MT:3243],]2:40]G . . SVTYPE=BND",
        "MT 3243 mitochondrial A A]1:40],A[1:85[ . . SVTYPE=BND",
    ]);
    let coding = "feature_truncation&coding_sequence_variant HIGH";
    let transfer = "feature_truncation&non_coding_transcript_exon_variant HIGH MT-TL1 MT-TL1";
    assert_eq!(
        told[0],
        [
            format!("G. {coding} GENEchr1 NM_1"),
            format!("G[2:40[ {coding} GENEchr2 NM_2"),
            format!("G]MT:3243] {transfer}"),
            format!(".G {coding} GENEchr1 NM_1"),
            format!("]2:40]G {coding} GENEchr2 NM_2"),
        ]
    );
    assert_eq!(
        told[1],
        [
            format!("A. {transfer}"),
            format!("A]1:40] {coding} GENEchr1 NM_1"),
            format!("A[1:85[ {coding} GENEchr1 NM_1"),
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_breakend_cuts_a_transcript_if_the_bases_on_both_sides_are_in_it(
        position in 1_u32..=120, chromosome in 1..=2, joins_after: bool,
    ) {
        let alternate = if joins_after { "N." } else { ".N" };
        let told = small_told(&[&format!("{chromosome} {position} one N {alternate} . . .")]);
        let (left, right) = if joins_after { (position, position + 1) } else { (position - 1, position) };
        let is_in = |base: u32| (21..=110).contains(&base);
        let is_cut = told[0][0].contains("feature_truncation&");
        prop_assert_eq!(is_cut, is_in(left) && is_in(right), "{:?}", told);
        if !is_cut {
            let distance = if is_in(left) || right > 110 { left - 109 } else { 22 - right };
            let is_told = told[0][0].ends_with(&format!(" NM_{chromosome} {distance}"));
            prop_assert!(is_told, "{:?}", told);
        }
    }
}
