//! Variants that are known from the literature, and the corners of this genome.

use super::info;

/// SYMBOL, Consequence, HGVSp without its accession, Codons of each CSQ entry, after HGVSm.
fn told(position: u32, reference: &str, alternate: &str) -> String {
    let info = info(&format!("MT\t{position}\t.\t{reference}\t{alternate}\t.\t.\t."));
    let value = |key: &str| {
        info.split(';')
            .find_map(|field| field.strip_prefix(key))
            .unwrap_or_default()
            .to_owned()
    };
    let entries = value("CSQ=");
    let entries = entries.split(',').map(|entry| {
        let fields: Vec<_> = entry.split('|').collect();
        let words = [fields[3], fields[1], fields[11].rsplit(':').next().unwrap(), fields[16]];
        words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    format!(
        "{}: {}",
        value("HGVSm=NC_012920.1:"),
        entries.collect::<Vec<_>>().join(", ")
    )
}

#[track_caller]
fn check(expected: &[(u32, &str, &str)]) {
    for (position, change, expected) in expected {
        let (reference, alternate) = change.split_once('>').unwrap();
        assert_eq!(told(*position, reference, alternate), *expected);
    }
}

#[test]
fn known_variants_have_their_known_effects() {
    check(&[
        (3243, "A>G", "m.3243A>G: MT-TL1 non_coding_transcript_exon_variant"),
        (1555, "A>G", "m.1555A>G: MT-RNR1 non_coding_transcript_exon_variant"),
        (3460, "G>A", "m.3460G>A: MT-ND1 missense_variant p.Ala52Thr Gcc/Acc"),
        (8993, "T>G", "m.8993T>G: MT-ATP6 missense_variant p.Leu156Arg cTg/cGg"),
        (8860, "A>G", "m.8860A>G: MT-ATP6 missense_variant p.Thr112Ala Aca/Gca"),
        (11_778, "G>A", "m.11778G>A: MT-ND4 missense_variant p.Arg340His cGc/cAc"),
        // ND6 is read from the other strand.
        (14_484, "T>C", "m.14484T>C: MT-ND6 missense_variant p.Met64Val Atg/Gtg"),
        (15_326, "A>G", "m.15326A>G: MT-CYB missense_variant p.Thr194Ala Aca/Gca"),
        (263, "A>G", "m.263A>G: intergenic_variant"),
        // TGA is tryptophan; TAA is a stop.
        (9952, "G>A", "m.9952G>A: MT-CO3 stop_gained p.Trp249Ter tGa/tAa"),
    ]);
}

#[test]
fn first_and_last_codons_are_read_with_care() {
    check(&[
        // CO1 ends with AGA; AGG is a stop, too, AGC and GGA are none.
        (
            7445,
            "A>G",
            "m.7445A>G: MT-CO1 stop_retained_variant p.Ter514%3D agA/agG",
        ),
        (7445, "A>C", "m.7445A>C: MT-CO1 stop_lost p.Ter514SerextTer3 agA/agC"),
        (7443, "A>G", "m.7443A>G: MT-CO1 stop_lost p.Ter514GlyextTer3 Aga/Gga"),
        // ND1 begins with ATA, ND2 with ATT; ATG and ATC start, too, ACA does not.
        (
            3309,
            "A>G",
            "m.3309A>G: MT-ND1 start_retained_variant&synonymous_variant p.Met1%3D atA/atG",
        ),
        (3308, "T>C", "m.3308T>C: MT-ND1 start_lost p.Met1? aTa/aCa"),
        (
            4472,
            "T>C",
            "m.4472T>C: MT-ND2 start_retained_variant&synonymous_variant p.Met1%3D atT/atC",
        ),
        // ND1 ends with TA and CYB with T, which the tail of the messenger completes to TAA.
        (
            4262,
            "A>G",
            "m.4262A>G: MT-ND1 incomplete_terminal_codon_variant&coding_sequence_variant p.? tA/tG",
        ),
        (
            15_887,
            "T>C",
            "m.15887T>C: MT-CYB incomplete_terminal_codon_variant&coding_sequence_variant p.? T/C",
        ),
    ]);
}

#[test]
fn overlapping_genes_are_both_told() {
    check(&[
        (
            8527,
            "A>G",
            "m.8527A>G: MT-ATP8 synonymous_variant p.Lys54%3D aaA/aaG, MT-ATP6 start_retained_variant&synonymous_variant p.Met1%3D Atg/Gtg",
        ),
        (
            9207,
            "A>C",
            "m.9207A>C: MT-ATP6 stop_lost p.Ter227TyrextTer10 taA/taC, MT-CO3 start_lost p.Met1? Atg/Ctg",
        ),
        (
            4330,
            "T>C",
            "m.4330T>C: MT-TI non_coding_transcript_exon_variant, MT-TQ non_coding_transcript_exon_variant",
        ),
    ]);
}

#[test]
fn insertions_and_deletions_have_their_effects() {
    check(&[
        (
            3571,
            "C>CC",
            "m.3571dup: MT-ND1 frameshift_variant p.Leu89ProfsTer13 ctc/cCtc",
        ),
        // Nine bases between CO2 and the gene of tRNA lysine.
        (8270, "CACCCCCTCT>C", "m.8281_8289del: intergenic_variant"),
        (
            14_481,
            "CCAT>C",
            "m.14485_14487del: MT-ND6 inframe_deletion p.Met64del ATG/-",
        ),
        // Bases alone go, so this is an in-frame deletion although two codons join to a third.
        (
            3310,
            "CCCA>C",
            "m.3311_3313del: MT-ND1 inframe_deletion p.Pro2_Met3delinsLeu cCCAtg/ctg",
        ),
        // Two bases of the stop of ATP6.
        (
            9204,
            "ATA>A",
            "m.9205_9206del: MT-ATP6 frameshift_variant&stop_lost p.Ter227MetextTer282 TAa/a",
        ),
        (
            6158,
            "A>AGGGTAATAA",
            "m.6158_6159insGGGTAATAA: MT-CO1 stop_gained p.Leu85_Met86insGlyTer -/GGGTAATAA",
        ),
        (
            3902,
            "ACCTTGC>GCAAGGT",
            "m.3902_3908inv: MT-ND1 missense_variant p.Asp199_Ala201delinsGlyLysVal gACCTTGCc/gGCAAGGTc",
        ),
    ]);
}

#[test]
fn one_variant_has_one_annotation_however_it_is_written() {
    let without_allele = |info: String| info.split_once('|').unwrap().1.to_owned();
    let expected = without_allele(info("MT\t302\t.\tA\tAC\t.\t.\t."));
    assert!(
        expected.contains("HGVSm=NC_012920.1:m.309dup;MT_REGION=D-loop;MITOMAP_STATUS=Reported"),
        "{expected}"
    );
    for record in [
        "MT\t309\t.\tC\tCC\t.\t.\t.",
        "MT\t303\t.\tCCC\tCCCC\t.\t.\t.",
        "MT\t305\t.\tc\tcc\t.\t.\t.",
    ] {
        assert_eq!(without_allele(info(record)), expected, "{record}");
    }
}

#[test]
fn what_mitomap_knows_is_told_for_each_allele() {
    let info = info("MT\t3243\t.\tA\tC,G,T,*\t.\t.\tAC=1,1,1,1");
    assert!(info.starts_with("AC=1,1,1,1;CSQ=C|"), "{info}");
    assert!(
        info.contains(";MITOMAP_STATUS=.,Cfrm%20[P],Cfrm%20[LP],.;MITOMAP_DISEASE=.,MELAS%20/%20Leigh"),
        "{info}"
    );
    assert!(info.ends_with(";MITOMAP_AF=0.000000,0.000162,0.000000,."), "{info}");
}

#[test]
fn structural_variants_are_told_by_overlap() {
    let common_deletion = info("MT\t8469\t.\tT\t<DEL>\t.\t.\tSVTYPE=DEL;END=13446");
    assert!(
        common_deletion.contains("deletion|feature_truncation&coding_sequence_variant|HIGH|MT-ATP8|"),
        "{common_deletion}"
    );
    assert!(
        common_deletion.contains("deletion|transcript_ablation|HIGH|MT-CO3|"),
        "{common_deletion}"
    );
    assert!(
        common_deletion.ends_with(";HGVSm=NC_012920.1:m.8483_13459del"),
        "{common_deletion}"
    );
    assert!(
        info("MT\t3243\t.\tA\tA]MT:9000]\t.\t.\t.")
            .starts_with("CSQ=A.|feature_truncation&non_coding_transcript_exon_variant|HIGH|MT-TL1|")
    );
    for alternate in [".", "*", "<NON_REF>", "A"] {
        assert_eq!(
            info(&format!("MT\t3243\t.\tA\t{alternate}\t.\t.\tDP=3")),
            "DP=3",
            "{alternate}"
        );
    }
}
