//! GTF and GFF3 of Ensembl: rows of releases 108 and 115.

use super::*;
use crate::bundle::{BASIC, CANONICAL, START_INCOMPLETE};

const GPX4_EXONS: [(u32, u32); 7] = [
    (1_103_993, 1_104_127),
    (1_105_185, 1_105_280),
    (1_105_365, 1_105_510),
    (1_105_657, 1_105_809),
    (1_106_241, 1_106_266),
    (1_106_399, 1_106_459),
    (1_106_539, 1_106_779),
];

/// Ensembl's GTF of GPX4, whose coding sequence ends before the stop codon.
fn gpx4() -> String {
    let of_transcript = "gene_id \"ENSG00000167468\"; gene_version \"20\"; transcript_id \"ENST00000354171\"; transcript_version \"13\"; \
        gene_name \"GPX4\"; gene_biotype \"protein_coding\"; transcript_biotype \"protein_coding\"; tag \"CCDS\"; ccds_id \"CCDS42457\"; \
        tag \"seleno\"; tag \"gencode_basic\"; tag \"gencode_primary\"; tag \"MANE_Select\"; tag \"Ensembl_canonical\"; \
        transcript_support_level \"1 (assigned to previous version 12)\";";
    let line = |kind: &str, span: (u32, u32), phase: &str, more: &str| {
        format!(
            "19\thavana\t{kind}\t{}\t{}\t.\t+\t{phase}\t{of_transcript}{more}\n",
            span.0 + 1,
            span.1
        )
    };
    let mut text = "#!genome-build GRCh38.p14\n#!genome-version GRCh38\n#!genebuild-last-updated 2025-05\n\
        19\tensembl_havana\tgene\t1103982\t1106791\t.\t+\t.\tgene_id \"ENSG00000167468\"; gene_name \"GPX4\";\n"
        .to_owned();
    text += &line("transcript", (1_103_993, 1_106_779), ".", "");
    text += &line("Selenocysteine", (1_105_402, 1_105_405), ".", "");
    for exon in GPX4_EXONS {
        text += &line("exon", exon, ".", "");
    }
    let starts = [
        1_104_043, 1_105_185, 1_105_365, 1_105_657, 1_106_241, 1_106_399, 1_106_539,
    ];
    let phases = ["0", "0", "1", "0", "1", "0", "0"];
    for (index, (exon, start)) in GPX4_EXONS.iter().zip(starts).enumerate() {
        let end = if index == 6 { 1_106_569 } else { exon.1 };
        text += &line(
            "CDS",
            (start, end),
            phases[index],
            " protein_id \"ENSP00000346103\"; protein_version \"7\";",
        );
    }
    text += &line("start_codon", (1_104_043, 1_104_046), "0", "");
    text + &line("stop_codon", (1_106_569, 1_106_572), "0", "")
}

const MANE: &str = "#NCBI_GeneID\tEnsembl_Gene\tHGNC_ID\tsymbol\tname\tRefSeq_nuc\tRefSeq_prot\tEnsembl_nuc\tEnsembl_prot\t\
    MANE_status\tGRCh38_chr\tchr_start\tchr_end\tchr_strand\n\
    GeneID:2879\tENSG00000167468.20\tHGNC:4556\tGPX4\tglutathione peroxidase 4\tNM_002085.5\tNP_002076.2\tENST00000354171.13\t\
    ENSP00000346103.7\tMANE Select\tNC_000019.10\t1103994\t1106779\t+\n";

#[test]
fn a_transcript_of_ensembls_gtf_has_versions_labels_and_its_stop_codon() {
    let built = of_file("Homo_sapiens.GRCh38.115.gtf", &gpx4()).unwrap();
    let row = built.row("ENST00000354171.13");
    let told = (row.symbol, row.gene, row.protein, row.biotype, row.source);
    assert_eq!(
        told,
        (
            "GPX4",
            "ENSG00000167468",
            "ENSP00000346103.7",
            "protein_coding",
            "Ensembl"
        )
    );
    let labels = Labels {
        mane_select: "ENST00000354171.13",
        ccds: "CCDS42457",
        tsl: "1",
        ..Labels::default()
    };
    assert_eq!(row.labels, labels);
    assert_eq!(flags(&row), BASIC | CANONICAL);
    assert_eq!(exons(&row), GPX4_EXONS);
    assert_eq!(row.cds, 1_104_043..1_106_572);
    // https://www.uniprot.org/uniprotkb/P36969: selenocysteine 73.
    assert_eq!(recoded(&row), [(72, 'U')]);
    assert_eq!(tracks(&built.manifest), [("Ensembl", "release 115", 1, 0)]);
}

#[test]
fn the_summary_of_mane_names_the_other_transcript_by_accession_and_version() {
    let old = gpx4()
        .replace("ENST00000354171", "ENST00000000001")
        .replace("ENSP00000346103", "ENSP00000000001");
    let both = gpx4() + &old;
    let files = [("115.gtf", both.as_str()), ("MANE.GRCh38.v1.4.summary.txt", MANE)];
    let sources = Sources {
        assembly: "hg38",
        sizes: "chr19\t58617616\n",
        files: &files,
        sources: &[(Some("Ensembl"), "115.gtf")],
        mane: Some("MANE.GRCh38.v1.4.summary.txt"),
        sequence: None,
    };
    let built = sources.build().unwrap();
    assert_eq!(built.row("ENST00000354171.13").labels.mane_select, "NM_002085.5");
    assert_eq!(
        built.row("ENST00000000001.13").labels.mane_select,
        "ENST00000000001.13",
        "the file says it is one"
    );
    assert_eq!(
        tracks(&built.manifest),
        [("Ensembl", "2025-05", 2, 0), ("MANE", "v1.4", 1, 0)]
    );
    let other = [("115.gtf", old.as_str()), ("MANE.GRCh38.v1.4.summary.txt", MANE)];
    let refused = Built::error(
        Sources {
            files: &other,
            ..sources
        }
        .build(),
    );
    assert!(
        refused.contains("no transcript of the reference is in this summary of MANE"),
        "{refused}"
    );
}

#[test]
fn both_sources_are_there_under_the_names_that_they_were_given() {
    let refseq = "chr19\tmine\tCDS\t1104044\t1104127\t.\t+\t0\tgene_id \"GPX4\"; transcript_id \"NM_002085.5\"\n";
    let ensembl = gpx4();
    let files = [("a.gtf", ensembl.as_str()), ("b.gtf", refseq)];
    let sources = [(Some("Ensembl 115"), "a.gtf"), (None, "b.gtf"), (None, "b.gtf")];
    let of_both = Sources {
        assembly: "hg38",
        sizes: "chr19\t58617616\n",
        files: &files,
        sources: &sources,
        ..Sources::default()
    };
    let built = of_both.build().unwrap();
    let rows = built.rows();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.name, row.source, row.order, row.biotype))
        .collect();
    let refseq = |order| ("NM_002085.5", "RefSeq", order, "");
    assert_eq!(
        told,
        [
            ("ENST00000354171.13", "Ensembl 115", 0, "protein_coding"),
            refseq(1),
            refseq(2)
        ]
    );
    let tracks = tracks(&built.manifest);
    assert_eq!(
        tracks.iter().map(|track| track.0).collect::<Vec<_>>(),
        ["Ensembl 115", "RefSeq", "RefSeq_2"]
    );
    assert!(!built.manifest.missing.contains(&"refGene".to_owned()));
}

#[test]
fn a_coding_sequence_without_its_start_has_the_phase_of_its_first_part() {
    // SELENOH-202: two bases of the first codon are missing.
    let attributes = "gene_id \"ENSG00000211450\"; gene_version \"11\"; transcript_id \"ENST00000528798\"; transcript_version \"1\"; \
        gene_name \"SELENOH\"; transcript_biotype \"protein_coding\"; tag \"seleno\"; tag \"cds_start_NF\"; tag \"mRNA_start_NF\"; \
        transcript_support_level \"2\";";
    let lines = [
        ("transcript", 57_741_682, 57_743_038, "."),
        ("Selenocysteine", 57_741_816, 57_741_818, "."),
        ("exon", 57_741_682, 57_741_717, "."),
        ("CDS", 57_741_682, 57_741_717, "1"),
        ("exon", 57_741_809, 57_741_954, "."),
        ("CDS", 57_741_809, 57_741_954, "1"),
        ("exon", 57_742_117, 57_742_227, "."),
        ("CDS", 57_742_117, 57_742_214, "2"),
        ("stop_codon", 57_742_215, 57_742_217, "0"),
        ("exon", 57_742_863, 57_743_038, "."),
    ];
    let line = |(kind, start, end, phase): &(&str, u32, u32, &str)| {
        format!("11\thavana\t{kind}\t{start}\t{end}\t.\t+\t{phase}\t{attributes}\n")
    };
    let text: String = lines.iter().map(line).collect();
    let built = of_file("a.gtf", &text).unwrap();
    let row = built.row("ENST00000528798.1");
    assert_eq!((flags(&row), phase(&row)), (START_INCOMPLETE, 2));
    assert_eq!(recoded(&row), [(15, 'U')]);
    // The order of the lines does not matter.
    let backward: String = lines.iter().rev().map(line).collect();
    let built = of_file("a.gtf", &backward).unwrap();
    let other = built.row("ENST00000528798.1");
    assert_eq!(
        (other.flags, exons(&other), recoded(&other)),
        (row_flags(&text), exons(&other), vec![(15, 'U')])
    );
}

fn row_flags(text: &str) -> u32 {
    of_file("a.gtf", text).unwrap().row("ENST00000528798.1").flags
}

/// Ensembl's GFF3 of OR4F5, with the remark that its stop codon lies in the coding sequence.
const OR4F5: &str = "##gff-version 3\n##sequence-region   1 1 248956422\n#!genome-build Genome Reference Consortium GRCh38.p13\n\
1\tGRCh38\tchromosome\t1\t248956422\t.\t.\t.\tID=chromosome:1;Alias=CM000663.2,chr1,NC_000001.11\n###\n\
1\tensembl_havana\tgene\t65419\t71585\t.\t+\t.\tID=gene:ENSG00000186092;Name=OR4F5;biotype=protein_coding;description=olfactory receptor [Source:HGNC Symbol%3BAcc:HGNC:14825];gene_id=ENSG00000186092;version=7\n\
1\thavana\tmRNA\t65419\t71585\t.\t+\t.\tID=transcript:ENST00000641515;Parent=gene:ENSG00000186092;Name=OR4F5-201;biotype=protein_coding;tag=basic,Ensembl_canonical,MANE_Select;transcript_id=ENST00000641515;version=2\n\
1\thavana\texon\t65419\t65433\t.\t+\t.\tParent=transcript:ENST00000641515;Name=ENSE00003812156;version=1\n\
1\thavana\tfive_prime_UTR\t65419\t65433\t.\t+\t.\tParent=transcript:ENST00000641515\n\
1\thavana\texon\t65520\t65573\t.\t+\t.\tParent=transcript:ENST00000641515;Name=ENSE00003813641;version=1\n\
1\thavana\tCDS\t65565\t65573\t.\t+\t0\tID=CDS:ENSP00000493376;Parent=transcript:ENST00000641515;protein_id=ENSP00000493376;version=2\n\
1\thavana\tCDS\t69037\t70008\t.\t+\t0\tID=CDS:ENSP00000493376;Parent=transcript:ENST00000641515;protein_id=ENSP00000493376;version=2\n\
1\thavana\texon\t69037\t71585\t.\t+\t.\tParent=transcript:ENST00000641515;Name=ENSE00003813949;version=1\n";

#[test]
fn a_transcript_of_ensembls_gff3_has_its_genes_symbol() {
    let built = of_file("Homo_sapiens.GRCh38.108.gff3", OR4F5).unwrap();
    let row = built.row("ENST00000641515.2");
    let told = (row.symbol, row.gene, row.protein, row.biotype);
    assert_eq!(
        told,
        ("OR4F5", "ENSG00000186092", "ENSP00000493376.2", "protein_coding")
    );
    assert_eq!(
        (flags(&row), row.labels.mane_select),
        (BASIC | CANONICAL, "ENST00000641515.2")
    );
    assert_eq!(exons(&row), [(65_418, 65_433), (65_519, 65_573), (69_036, 71_585)]);
    assert_eq!(row.cds, 65_564..70_008);
    assert_eq!(tracks(&built.manifest), [("Ensembl", "release 108", 1, 0)]);
}
