//! Variants that people know, and the odd corners of this genome.

use super::*;

/// Symbol, consequence, codons, amino acids and protein name of each effect.
fn effects(pos: usize, reference: &str, alternate: &str) -> Vec<(&'static str, String, String, String)> {
    let variant = Variant::new(pos, reference.as_bytes(), alternate.as_bytes());
    let told = |effect: Effect| {
        let symbol = effect.gene.map_or("-", |gene| gene.symbol.as_str());
        let terms: Vec<_> = effect.consequences.iter().map(|term| term.term()).collect();
        let coding = effect.coding.unwrap_or_default();
        (symbol, terms.join("&"), coding.codons, coding.hgvs_p)
    };
    of_variant(&variant, Mitochondrion::rcrs())
        .into_iter()
        .map(told)
        .collect()
}

fn only(pos: usize, reference: &str, alternate: &str) -> (&'static str, String, String, String) {
    let mut found = effects(pos, reference, alternate);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[track_caller]
fn check(pos: usize, change: &str, symbol: &str, terms: &str, codons: &str, protein: &str) {
    let (reference, alternate) = change.split_once('>').unwrap();
    let expected = (
        symbol.to_owned(),
        terms.to_owned(),
        codons.to_owned(),
        protein.to_owned(),
    );
    let found = only(pos, reference, alternate);
    assert_eq!(
        (found.0.to_owned(), found.1, found.2, found.3),
        expected,
        "{pos}{change}"
    );
}

#[test]
fn well_known_variants_have_their_well_known_effects() {
    check(3460, "G>A", "MT-ND1", "missense_variant", "Gcc/Acc", "p.Ala52Thr");
    check(8993, "T>G", "MT-ATP6", "missense_variant", "cTg/cGg", "p.Leu156Arg");
    check(8860, "A>G", "MT-ATP6", "missense_variant", "Aca/Gca", "p.Thr112Ala");
    check(11778, "G>A", "MT-ND4", "missense_variant", "cGc/cAc", "p.Arg340His");
    check(14484, "T>C", "MT-ND6", "missense_variant", "Atg/Gtg", "p.Met64Val");
    check(15326, "A>G", "MT-CYB", "missense_variant", "Aca/Gca", "p.Thr194Ala");
    check(3243, "A>G", "MT-TL1", "non_coding_transcript_exon_variant", "", "");
    check(1555, "A>G", "MT-RNR1", "non_coding_transcript_exon_variant", "", "");
    check(263, "A>G", "-", "intergenic_variant", "", "");
}

#[test]
fn the_code_is_the_mitochondrial_one() {
    // AGA ends CO1; AGG would too, GGA would not.
    check(7445, "A>G", "MT-CO1", "stop_retained_variant", "agA/agG", "p.Ter514=");
    check(7443, "A>G", "MT-CO1", "stop_lost", "Aga/Gga", "p.Ter514GlyextTer?");
    // TGA is tryptophan.
    check(9952, "G>A", "MT-CO3", "stop_gained", "tGa/tAa", "p.Trp249Ter");
}

#[test]
fn first_and_last_codons_are_special() {
    check(3308, "T>C", "MT-ND1", "start_lost", "aTa/aCa", "p.Met1?");
    check(3307, "A>G", "MT-ND1", "start_lost", "Ata/Gta", "p.Met1?");
    check(3309, "A>G", "MT-ND1", "start_retained_variant", "atA/atG", "p.Met1=");
    check(
        4262,
        "A>G",
        "MT-ND1",
        "incomplete_terminal_codon_variant&coding_sequence_variant",
        "tA/tG",
        "",
    );
}

#[test]
fn genes_that_overlap_are_all_told_of() {
    let symbols = |pos| {
        effects(pos, "A", "G")
            .into_iter()
            .map(|effect| effect.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(symbols(8530), ["MT-ATP8", "MT-ATP6"]);
    assert_eq!(symbols(9207), ["MT-ATP6", "MT-CO3"]);
    assert_eq!(symbols(10764), ["MT-ND4L", "MT-ND4"]);
    assert_eq!(symbols(4330), ["MT-TI", "MT-TQ"]);
    assert_eq!(symbols(5826), ["MT-TC", "MT-TY"]);
}

#[test]
fn insertions_and_deletions_shift_the_frame_or_do_not() {
    check(
        3571,
        "C>CC",
        "MT-ND1",
        "frameshift_variant",
        "ctc/cCtc",
        "p.Leu89ProfsTer13",
    );
    // Nine bases between CO2 and tRNA lysine, the Asian-Polynesian deletion: no gene is touched.
    check(8270, "CACCCCCTCT>C", "-", "intergenic_variant", "", "");
    // Three bases of ND6, which is read from the other strand.
    check(14481, "CCAT>C", "MT-ND6", "inframe_deletion", "ATG/-", "p.Met64del");
}

#[test]
fn what_reaches_beyond_a_gene_is_not_read_as_codons() {
    assert_eq!(
        effects(3300, "ACTCCTCATACCCATGGCC", "A").last().unwrap().1,
        "coding_sequence_variant"
    );
    let trna = effects(5511, &"N".repeat(80), "");
    assert!(
        trna.iter()
            .any(|effect| effect.0 == "MT-TW" && effect.1 == "transcript_ablation"),
        "{trna:?}"
    );
}
