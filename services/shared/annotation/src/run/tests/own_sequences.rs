//! Small transcripts that are not the genome, whose every base is in sight.

use super::own_genes::{OwnGene, Part, reversed};

/// GGCA ATG AAA CTC GGG TTT ACG | TAC GAT TAA GGTT, of which the chromosome lacks the T of CTC and has GG more behind GAT.
fn small(is_reverse: bool) -> OwnGene<'static> {
    let (parts, cds): (&[Part<'_>], _) = match is_reverse {
        false => (
            &[(21, 41, 1, 22, Some("M11 I1 M10")), (71, 85, 23, 35, Some("M6 D2 M7"))],
            (25, 81),
        ),
        true => (
            &[(71, 91, 1, 22, Some("M11 I1 M10")), (27, 41, 23, 35, Some("M6 D2 M7"))],
            (31, 87),
        ),
    };
    OwnGene {
        is_reverse,
        parts,
        exons: &[],
        cds: Some(cds),
        own: b"GGCAATGAAACTCGGGTTTACGTACGATTAAGGTT".to_vec(),
        others: if is_reverse {
            &[(34, b'C'), (35, b'C')]
        } else {
            &[(77, b'G'), (78, b'G')]
        },
    }
}

/// What is told of a base of the chromosome, counted from the transcript's 5' end, on either strand.
fn told(is_reverse: bool, at: usize, count: usize, inserted: &str) -> String {
    let built = small(is_reverse).built();
    // Exon 1 is the chromosome's bases 21 to 41, exon 2 those from 71 on; on the reverse strand from 91 to 71 and from 41 on.
    let (position, inserted) = match is_reverse {
        false => (at, inserted.to_owned()),
        true => (
            112 - at + 1 - count,
            String::from_utf8(reversed(inserted.as_bytes())).unwrap(),
        ),
    };
    built.told(position, count, &inserted)
}

#[test]
fn what_is_told_before_in_and_behind_a_gap_is_told_of_the_transcript() {
    for is_reverse in [false, true] {
        let told = |at, count, inserted: &str| told(is_reverse, at, count, inserted);
        // AAA, before the T that the chromosome lacks.
        assert_eq!(told(29, 1, "G"), "missense_variant c.5A>G p.Lys2Arg");
        // The C before it, and the C behind it.
        assert_eq!(told(31, 1, "G"), "missense_variant c.7C>G p.Leu3Val");
        assert_eq!(told(32, 1, "A"), "synonymous_variant c.9C>A p.Leu3=");
        // What makes the transcript of it, and what puts another base there.
        assert_eq!(told(32, 0, "T"), "synonymous_variant c.8= p.Leu3=");
        assert_eq!(told(32, 0, "A"), "missense_variant c.8T>A p.Leu3His");
        assert_eq!(told(32, 0, "TC"), "frameshift_variant c.9dup p.Gly4ArgfsTer?");
        // Behind it.
        assert_eq!(told(33, 1, "C"), "missense_variant c.10G>C p.Gly4Arg");
        assert_eq!(told(36, 3, ""), "inframe_deletion c.13_15del p.Phe5del");
        // Over it: CTC is gone with the C on both sides.
        assert_eq!(told(31, 2, ""), "inframe_deletion c.7_9del p.Leu3del");
    }
}

#[test]
fn bases_that_the_transcript_lacks_are_put_in_when_they_change() {
    for is_reverse in [false, true] {
        // Exon 2 begins at 71 on the forward strand, at 71 counted likewise on the other.
        let told = |at, count, inserted: &str| told(is_reverse, at, count, inserted);
        assert_eq!(told(76, 1, "C"), "synonymous_variant c.24T>C p.Asp8=");
        assert_eq!(told(77, 2, ""), "stop_retained_variant c.24_25= p.Asp8_Ter9=");
        assert_eq!(told(77, 1, "C"), "frameshift_variant c.24_25insCG p.Ter9ArgextTer?");
        assert_eq!(told(79, 1, "C"), "stop_lost c.25T>C p.Ter9GlnextTer?");
    }
}

#[test]
fn a_gap_is_no_intron_and_an_intron_counts_from_the_transcript() {
    for is_reverse in [false, true] {
        let built = small(is_reverse).built();
        let at = |at: usize| if is_reverse { 112 - at } else { at };
        let to = |at: usize| if built.chromosome[at - 1] == b'A' { "C" } else { "A" };
        let field = |position: usize, field| built.field(at(position), 1, to(at(position)), field);
        for position in 27..37 {
            assert_eq!(
                (field(position, 8), field(position, 9)),
                ("1/2".to_owned(), String::new()),
                "{position}"
            );
        }
        for position in 75..82 {
            assert_eq!(
                (field(position, 8), field(position, 9)),
                ("2/2".to_owned(), String::new()),
                "{position}"
            );
        }
        assert_eq!(field(50, 9), "1/1");
        let name = field(50, 10);
        assert!(name.starts_with("NM_1.2:c.18+9"), "{name}");
        let name = field(60, 10);
        assert!(name.starts_with("NM_1.2:c.19-11"), "{name}");
        assert_eq!((field(32, 12), field(32, 13)), ("13".to_owned(), "9".to_owned()));
    }
}

#[test]
fn keys_of_anntools_know_no_site_at_a_gap() {
    for is_reverse in [false, true] {
        let built = small(is_reverse).built();
        let at = |at: usize| if is_reverse { 112 - at } else { at };
        let allele = |position: usize| {
            let to = if built.chromosome[at(position) - 1] == b'A' {
                "C"
            } else {
                "A"
            };
            built.allele(at(position), 1, to)
        };
        let mut positions = [29, 31, 37, 50, 75, 77];
        if is_reverse {
            positions.reverse();
        }
        let alleles: Vec<_> = positions.iter().map(|position| allele(*position)).collect();
        let told = built.annotated(&alleles);
        let info = |position| {
            let at = positions.iter().position(|other| *other == position).unwrap();
            told[at][22].split_once("positionType=").unwrap().1.to_owned()
        };
        for (position, expected) in [
            (29, "CDS;exon=ex1/2;spliceDist=."),
            (31, "CDS;exon=ex1/2;spliceDist=."),
            (37, "CDS;exon=ex1/2;spliceDist=-5"),
            (50, "intron;exon=.;spliceDist=9"),
            (75, "CDS;exon=ex2/2;spliceDist=5"),
            (77, "CDS;exon=ex2/2;spliceDist=7"),
        ] {
            assert_eq!(info(position), expected, "{position} {is_reverse}");
        }
    }
}

#[test]
fn without_its_sequence_or_its_alignment_a_transcript_is_flagged() {
    for is_reverse in [false, true] {
        let flags = |alignment, sequence| {
            let built = small(is_reverse).built_with(alignment, sequence);
            let position = if is_reverse { 80 } else { 29 };
            let to = if built.chromosome[position - 1] == b'A' {
                "C"
            } else {
                "A"
            };
            built.field(position, 1, to, 20)
        };
        assert_eq!(flags(true, true), "");
        assert_eq!(flags(true, false), "cds_frames_broken&differs_from_genome");
        assert_eq!(flags(false, true), "cds_frames_broken&differs_from_genome");
    }
}

#[test]
fn alleles_of_one_copy_are_joined_in_the_transcripts_codons_unless_they_touch_a_gap() {
    for is_reverse in [false, true] {
        let built = small(is_reverse).built();
        let allele = |at: usize, count: usize, inserted: &str| match is_reverse {
            false => built.allele(at, count, inserted),
            true => {
                let inserted = String::from_utf8(reversed(inserted.as_bytes())).unwrap();
                built.allele(112 - at + 1 - count, count, &inserted)
            }
        };
        let together = |mut alleles: Vec<(usize, String, String)>| {
            alleles.sort();
            built.together(&alleles)
        };
        // GGG, behind the T that the chromosome lacks.
        let one = together(vec![allele(33, 1, "C"), allele(34, 1, "A")]);
        assert_eq!(one, ["missense_variant c.10_11delinsCA p.Gly4Gln"]);
        // The C on either side of the T, in one codon.
        let around = together(vec![allele(31, 1, "G"), allele(32, 1, "A")]);
        assert_eq!(around, ["missense_variant c.[7C>G%3B9C>A] p.Leu3Val"]);
        // The T itself.
        let gap = together(vec![allele(31, 1, "G"), allele(32, 0, "A")]);
        assert_eq!(gap, Vec::<String>::new());
    }
}
