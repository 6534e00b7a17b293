//! Transcripts that are not the genome: cases whose answer is published.

use super::own_genes::{Built, OwnGene, Part, bases, reversed};

/// A transcript of bases in no order, with those that are known: their first place, from 1, and what they are.
fn with_known(count: usize, known: &[(usize, &str)]) -> Vec<u8> {
    let mut own = bases(count, 3);
    for (first, bases) in known {
        own[first - 1..first - 1 + bases.len()].copy_from_slice(bases.as_bytes());
    }
    own
}

/// The name of each substitution: position, base of the transcript's strand, and the name.
fn assert_named(built: &Built, is_reverse: bool, expected: &[(usize, u8, &str)]) {
    for (position, to, name) in expected {
        let to = if is_reverse { reversed(&[*to])[0] } else { *to };
        let told = built.told(*position, 1, &char::from(to).to_string());
        assert_eq!(told.split(' ').nth(1), Some(*name), "{position}: {told}");
    }
}

/// ADRB2 and IFNA16 have other bases than GRCh37, on both strands. Alignments, bases and names are from the tests of
/// <https://github.com/biocommons/hgvs>, `Test_RefReplacement`; positions are moved by a constant, and bases that these do not
/// say are any.
#[test]
fn the_transcripts_own_base_is_the_reference_of_a_name() {
    // NM_000024.5 on NC_000005.9, less 148,206,000; c.1 is n.240.
    let adrb2 = OwnGene {
        is_reverse: false,
        parts: &[(156, 2197, 1, 2042, None)],
        exons: &[],
        cds: Some((395, 1636)),
        own: with_known(2042, &[(240, "ATG"), (281, "CAATAGAAGC"), (1479, "TAA")]),
        others: &[(440, b'G')],
    };
    let built = adrb2.built();
    let names = [
        (436, b'T', "c.42C>T"),
        (437, b'C', "c.43A>C"),
        (438, b'C', "c.44A>C"),
        (439, b'C', "c.45T>C"),
        (440, b'C', "c.46A>C"),
        (440, b'A', "c.46="),
        (441, b'C', "c.47G>C"),
        (445, b'T', "c.51C>T"),
    ];
    assert_named(&built, false, &names);
    assert_eq!(&built.chromosome[435..445], b"CAATGGAAGC");
    let name = |told: String| told.split(' ').nth(1).unwrap_or_default().to_owned();
    assert_eq!(name(built.told(439, 3, "")), "c.45_47del");
    assert_eq!(name(built.told(439, 3, "CCCC")), "c.45_47delinsCCCC");
    // AGA, where the chromosome has GGA: Arg16Gly of the literature is the chromosome's allele.
    assert_eq!(built.told(440, 1, "A"), "synonymous_variant c.46= p.Arg16=");
    assert_eq!(built.field(440, 1, "C", 16), "Aga/Cga");
    // NM_002173.2 on NC_000009.11, less 21,216,000; *1 is n.577.
    let ifna16 = OwnGene {
        is_reverse: true,
        parts: &[(372, 1310, 1, 939, None)],
        exons: &[],
        cds: Some((735, 1304)),
        own: with_known(939, &[(7, "ATG"), (686, "AAATTTCAAA")]),
        others: &[(619, b'A'), (618, b'G')],
    };
    let built = ifna16.built();
    let names = [
        (625, b'C', "c.*110A>C"),
        (622, b'C', "c.*113T>C"),
        (620, b'C', "c.*115T>C"),
        (619, b'G', "c.*116C>G"),
        (618, b'G', "c.*117A>G"),
        (618, b'A', "c.*117="),
        (616, b'C', "c.*119A>C"),
    ];
    assert_named(&built, true, &names);
    assert_eq!(name(built.told(618, 4, "")), "c.*114_*117del");
}

/// ORAI1 lacks six bases that GRCh37 has. From the same tests, with the picture of the alignment there (issue 353).
#[test]
fn what_changes_bases_that_the_transcript_lacks_puts_them_in() {
    // NM_032790.3 on NC_000012.11, less 122,064,000; c.1 is n.194.
    let orai1 = OwnGene {
        is_reverse: false,
        parts: &[(455, 1006, 1, 546, Some("M319 D6 M227"))],
        exons: &[],
        cds: Some((648, 1003)),
        own: with_known(546, &[(301, "CGGGGAGCCCCCGGGGGCCCCGCCACCGCCGCCGT")]),
        others: &[
            (774, b'C'),
            (775, b'C'),
            (776, b'G'),
            (777, b'C'),
            (778, b'C'),
            (779, b'A'),
        ],
    };
    let built = orai1.built();
    assert_eq!(
        &built.chromosome[754..795],
        b"CGGGGAGCCCCCGGGGGCCCCGCCACCGCCACCGCCGCCGT"
    );
    let name = |told: String| told.split(' ').nth(1).unwrap_or_default().to_owned();
    assert_eq!(name(built.told(775, 1, "T")), "c.127_128insTGCCAC");
    assert_eq!(name(built.told(772, 10, "")), "c.125_128del");
}

/// The parts of NM_015120.4 (ALMS1) on NC_000002.11, less 73,600,000.
const ALMS1: [Part<'_>; 23] = [
    (12_886, 13_320, 1, 438, Some("M185 I3 M250")),
    (35_750, 35_875, 439, 564, None),
    (46_251, 46_446, 565, 760, None),
    (49_985, 50_102, 761, 878, None),
    (51_558, 52_030, 879, 1351, None),
    (53_581, 53_681, 1352, 1452, None),
    (59_326, 59_419, 1453, 1546, None),
    (75_090, 81_194, 1547, 7654, Some("M141 I3 M5964")),
    (82_289, 82_422, 7655, 7788, None),
    (116_761, 118_625, 7789, 9653, None),
    (146_902, 147_143, 9654, 9895, None),
    (161_951, 162_076, 9896, 10021, None),
    (177_394, 177_564, 10022, 10192, None),
    (184_347, 184_481, 10193, 10327, None),
    (186_099, 186_269, 10328, 10498, None),
    (199_389, 200_551, 10499, 11661, None),
    (226_528, 226_648, 11662, 11782, None),
    (227_805, 228_008, 11783, 11986, None),
    (228_322, 228_563, 11987, 12228, None),
    (229_312, 229_495, 12229, 12412, None),
    (230_368, 230_431, 12413, 12476, None),
    (235_602, 235_701, 12477, 12576, None),
    (236_695, 237_046, 12577, 12928, None),
];

/// Alignments of NCBI's GFF3 for GRCh37 and the positions of names are from the tests of alignment gaps of
/// <https://github.com/SACGF/hgvs>, the insertion from those of biocommons' hgvs (issue 461).
#[test]
fn names_count_in_the_transcript_behind_a_gap_on_the_forward_strand() {
    let alms1 = OwnGene {
        is_reverse: false,
        parts: &ALMS1,
        exons: &[],
        cds: Some((12_997, 236_739)),
        own: with_known(12_928, &[(185, "AGGAAG"), (1_684, "ACTCCTCG")]),
        others: &[],
    };
    let built = alms1.built();
    let names = [
        (13_070, b'T', "c.74A>T"),
        (13_071, b'T', "c.78A>T"),
        (13_072, b'C', "c.79G>C"),
        (
            35_875,
            reversed(&alms1.own[563..564])[0],
            &format!(
                "c.453{}>{}",
                char::from(alms1.own[563]),
                char::from(reversed(&alms1.own[563..564])[0])
            ),
        ),
    ];
    assert_named(&built, false, &names);
    // The bases that the chromosome lacks, of which hgvs names the first three of the repeat, NCBI's alignment the last.
    assert_eq!(&built.chromosome[75_227..75_231], b"CTCG");
    let told = built.told(75_228, 0, "CTC");
    assert!(told.starts_with("synonymous_variant c.1577_1579= p."), "{told}");
    assert_eq!(built.field(13_071, 1, "T", 8), "1/23");
    assert_eq!(built.field(13_071, 1, "T", 12), "189");
    assert_eq!(built.field(13_071, 1, "T", 20), "", "it is to be trusted");
}

/// Where NCBI makes an intron of two bases of a base that the chromosome lacks, so that the frame goes on.
#[test]
fn names_count_in_the_transcript_behind_a_gap_on_the_reverse_strand() {
    // NM_001135649.3 (FOXI3) on NC_000002.11, less 88,740,000.
    let foxi3 = OwnGene {
        is_reverse: true,
        parts: &[
            (6_306, 8_348, 799, 2_841, None),
            (11_415, 12_211, 1, 798, Some("M460 I1 M337")),
        ],
        exons: &[(6_306, 8_348), (11_415, 11_751), (11_754, 12_211)],
        cds: Some((7_726, 12_053)),
        own: with_known(2_841, &[(458, "CACCTT")]),
        others: &[],
    };
    let built = foxi3.built();
    let names = [
        (11_754, b'T', "c.300C>T"),
        (11_753, b'C', "c.301A>C"),
        (11_752, b'T', "c.302C>T"),
        (11_751, b'C', "c.304T>C"),
        (11_750, b'C', "c.305T>C"),
    ];
    assert_named(&built, true, &names);
    for position in 11_749..11_756 {
        let to = if built.chromosome[position - 1] == b'A' {
            "C"
        } else {
            "A"
        };
        assert_eq!(built.field(position, 1, to, 8), "1/2");
        let terms = built.told(position, 1, to);
        assert!(!terms.contains("splice") && !terms.contains("intron"), "{terms}");
    }
    // NM_001012755.5 (SLC25A53) on NC_000023.10, less 103,340,000.
    let slc25a53 = OwnGene {
        is_reverse: true,
        parts: &[
            (3_898, 9_971, 133, 6_207, Some("M1574 I1 M4500")),
            (61_559, 61_690, 1, 132, None),
        ],
        exons: &[],
        cds: Some((9_017, 9_940)),
        own: with_known(6_207, &[(1_706, "GGC")]),
        others: &[],
    };
    let names = [(8_398, b'C', "c.*619G>C"), (8_397, b'G', "c.*621C>G")];
    assert_named(&slc25a53.built(), true, &names);
}
