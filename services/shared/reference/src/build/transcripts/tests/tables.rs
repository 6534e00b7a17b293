//! UCSC's tables.

use super::*;
use crate::bundle::{BASIC, CANONICAL, END_INCOMPLETE, START_INCOMPLETE};

const SIZES: &str = "chr1\t248956422\nchr7\t159345973\n";

fn of_tables(files: &[(&str, &str)], table: &str) -> Result<Built, BuildError> {
    Sources {
        assembly: "hg38",
        sizes: SIZES,
        files,
        sources: &[(None, table)],
        ..Sources::default()
    }
    .build()
}

/// A row of genePredExt with two exons, of 100 and 100 bases.
fn row(name: &str, cds: (u32, u32), symbol: &str, states: (&str, &str), frames: &str) -> String {
    let (start, end) = cds;
    let (first, last) = states;
    format!(
        "585\t{name}\tchr1\t+\t100\t400\t{start}\t{end}\t2\t100,300,\t200,400,\t0\t{symbol}\t{first}\t{last}\t{frames}\n"
    )
}

#[test]
fn ncbi_refseq_has_versions_and_with_its_link_table_proteins_and_genes() {
    let table = row("NM_000014.6", (110, 339), "A2M", ("cmpl", "cmpl"), "0,0,")
        + &row("NR_000099.1", (400, 400), "NC1", ("unk", "unk"), "-1,-1,");
    let link = "NM_000014.6\tReviewed\tA2M\talpha-2-macroglobulin\tNM_000014.6\tNP_000005.3\t2\t103950\tHGNC:7\tn/a\tn/a\tmRNA\tBestRefSeq\tprotein_coding\tn/a\tn/a\tn/a\n\
        NR_000099.1\tReviewed\tNC1\tx\tNR_000099.1\tn/a\t9\tn/a\tn/a\tn/a\tn/a\tncRNA\tBestRefSeq\tlncRNA\tn/a\tlnc_RNA\tn/a\n";
    let files = [("ncbiRefSeqSelect.txt", table.as_str()), ("ncbiRefSeqLink.txt", link)];
    let built = of_tables(&files, "ncbiRefSeqSelect.txt").unwrap();
    let coding = built.row("NM_000014.6");
    let told = (
        coding.symbol,
        coding.gene,
        coding.protein,
        coding.biotype,
        coding.source,
        flags(&coding),
    );
    assert_eq!(told, ("A2M", "2", "NP_000005.3", "protein_coding", "RefSeq", CANONICAL));
    let other = built.row("NR_000099.1");
    assert_eq!((other.protein, other.biotype, other.is_coding()), ("", "lncRNA", false));
    assert_eq!(
        tracks(&built.manifest),
        [("RefSeq", "", 2, 0), ("ncbiRefSeqLink", "", 2, 0)]
    );
}

#[test]
fn known_gene_has_neither_bin_nor_frames_and_its_symbols_lie_in_another_table() {
    let table = "ENST00000641515.2\tchr1\t+\t65418\t71585\t65564\t70008\t3\t65418,65519,69036,\t65433,65573,71585,\tA0A2U3U0J3\tuc285fxe.1\n";
    let files = [("knownGene.txt", table)];
    assert_eq!(
        of_tables(&files, "knownGene.txt")
            .unwrap()
            .row("ENST00000641515.2")
            .symbol,
        "ENST00000641515.2"
    );
    let xref = "ENST00000641515.2\tENST00000641515.2\tA0A2U3U0J3\tA0A2U3U0J3_HUMAN\tOR4F5\tNM_001005484\tNP_001005484\tolfactory receptor\t\t\n";
    let files = [("knownGene.txt", table), ("kgXref.txt", xref)];
    let built = of_tables(&files, "knownGene.txt").unwrap();
    let row = built.row("ENST00000641515.2");
    assert_eq!(
        (row.symbol, row.source, row.cds.clone(), flags(&row)),
        ("OR4F5", "GENCODE", 65_564..70_008, 0)
    );
}

#[test]
fn gencodes_tables_say_together_what_its_files_say() {
    let table = row("ENST00000000233.10", (110, 339), "ARF5", ("cmpl", "cmpl"), "0,0,");
    let attributes = "ENSG00000004059.11\tARF5\tprotein_coding\t\tENST00000000233.10\tARF5-201\tprotein_coding\t\tOTTHUMG00000023246.7\tOTTHUMT00000059567.3\tCCDS34745.1\t2\tcoding\tENSP00000000233.5\n";
    let tags = "ENST00000000233.10\tappris_principal_1\nENST00000000233.10\tEnsembl_canonical\nENST00000000233.10\tMANE_Select\n";
    let levels = "ENST00000000233.10\t1\nENST00000000001.1\t-1\n";
    let files = [
        ("wgEncodeGencodeBasicV48.txt", table.as_str()),
        ("wgEncodeGencodeAttrsV48.txt", attributes),
        ("wgEncodeGencodeTagV48.txt", tags),
        ("wgEncodeGencodeTranscriptionSupportLevelV48.txt", levels),
    ];
    let built = of_tables(&files, "wgEncodeGencodeBasicV48.txt").unwrap();
    let row = built.row("ENST00000000233.10");
    let told = (row.symbol, row.gene, row.protein, row.biotype, row.source);
    assert_eq!(
        told,
        (
            "ARF5",
            "ENSG00000004059",
            "ENSP00000000233.5",
            "protein_coding",
            "GENCODE"
        )
    );
    let labels = Labels {
        mane_select: "ENST00000000233.10",
        ccds: "CCDS34745.1",
        tsl: "1",
        appris: "P1",
        ..Labels::default()
    };
    assert_eq!((row.labels, flags(&row)), (labels, BASIC | CANONICAL));
    assert_eq!(tracks(&built.manifest)[0], ("GENCODE", "V48", 1, 0));
}

#[test]
fn the_states_of_ends_are_those_of_places_on_the_chromosome() {
    // In refGene of hg19, 40 rows of the reverse strand whose cdsEndStat alone is incmpl begin within a codon, and none whose
    // cdsStartStat is.
    let table = row("NM_1", (112, 337), "G", ("cmpl", "incmpl"), "2,1,").replace("\t+\t", "\t-\t");
    let built = of_tables(&[("refGene.txt", table.as_str())], "refGene.txt").unwrap();
    let row = built.row("NM_1");
    assert_eq!((flags(&row), phase(&row)), (START_INCOMPLETE, 1));
}

#[test]
fn ref_gene_is_read_from_the_tables_unless_other_sources_are_named() {
    let table = row("NM_1", (110, 339), "G", ("incmpl", "incmpl"), "1,1,") + "broken\n";
    let files = [("refGene.txt", table.as_str())];
    let built = Sources {
        assembly: "hg38",
        sizes: SIZES,
        files: &files,
        ..Sources::default()
    }
    .build()
    .unwrap();
    let row = built.row("NM_1");
    assert_eq!(
        (row.symbol, row.gene, row.protein, row.biotype, row.source),
        ("G", "G", "", "", "RefSeq")
    );
    // 90 bases and 39, and one that is missing: the end is known to be cut off.
    assert_eq!((flags(&row), phase(&row)), (START_INCOMPLETE | END_INCOMPLETE, 1));
    assert_eq!(tracks(&built.manifest), [("refGene", "", 1, 1)]);
    let files = [
        ("refGene.txt", table.as_str()),
        (
            "a.gtf",
            "chr1\tx\texon\t1\t9\t.\t+\t.\ttranscript_id \"t1\"; gene_id \"g1\"\n",
        ),
    ];
    let sources = [(None, "a.gtf")];
    let built = Sources {
        assembly: "hg38",
        sizes: SIZES,
        files: &files,
        sources: &sources,
        ..Sources::default()
    }
    .build()
    .unwrap();
    let rows = built.rows();
    assert_eq!(
        rows.iter()
            .map(|row| (row.name, row.gene, row.source))
            .collect::<Vec<_>>(),
        [("t1", "g1", "a")]
    );
}

#[test]
fn a_table_of_nothing_known_is_refused() {
    let table = row("NM_1", (110, 339), "G", ("cmpl", "cmpl"), "0,0,").replace("chr1", "chrZ");
    let refused = Built::error(of_tables(&[("ncbiRefSeq.txt", table.as_str())], "ncbiRefSeq.txt"));
    assert!(
        refused.starts_with("ncbiRefSeq.txt, line 1: no transcript of a known chromosome is in this file"),
        "{refused}"
    );
}
