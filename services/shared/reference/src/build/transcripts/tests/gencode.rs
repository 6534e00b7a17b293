//! GFF3 and GTF of GENCODE: rows of versions 28 and 48.

use super::*;
use crate::bundle::{BASIC, REPEATED};

#[test]
fn gencodes_gff3_and_gtf_say_the_same() {
    let header = "##description: evidence-based annotation of the human genome (GRCh38), version 28 (Ensembl 92)\n##provider: GENCODE\n";
    let pairs = "gene_id=ENSG00000186092.6;transcript_id=ENST00000335137.4;gene_type=protein_coding;gene_name=OR4F5;\
        transcript_type=protein_coding;protein_id=ENSP00000334393.3;transcript_support_level=NA;\
        tag=basic,appris_principal_1,CCDS;ccdsid=CCDS30547.1";
    let lines = [
        ("gene", 69_055, 70_108, "."),
        ("transcript", 69_055, 70_108, "."),
        ("exon", 69_055, 70_108, "."),
        ("CDS", 69_091, 70_008, "0"),
        ("start_codon", 69_091, 69_093, "0"),
        ("stop_codon", 70_006, 70_008, "0"),
    ];
    let of_gene = |kind: &str| kind == "gene";
    let gff3 = |(kind, start, end, phase): &(&str, u32, u32, &str)| {
        let ids = match *kind {
            "gene" => "ID=ENSG00000186092.6;gene_id=ENSG00000186092.6;gene_name=OR4F5".to_owned(),
            "transcript" => format!("ID=ENST00000335137.4;Parent=ENSG00000186092.6;{pairs}"),
            kind => format!("ID={kind}:ENST00000335137.4:1;Parent=ENST00000335137.4;{pairs}"),
        };
        format!("chr1\tENSEMBL\t{kind}\t{start}\t{end}\t.\t+\t{phase}\t{ids}\n")
    };
    let quoted: String = pairs
        .split(';')
        .flat_map(|pair| {
            let (key, values) = pair.split_once('=').unwrap();
            values.split(',').map(move |value| format!("{key} \"{value}\"; "))
        })
        .collect();
    let gtf = |(kind, start, end, phase): &(&str, u32, u32, &str)| {
        // Their GTF has the stop codon beside the coding sequence.
        let end = if *kind == "CDS" { end - 3 } else { *end };
        let attributes = if of_gene(kind) {
            "gene_id \"ENSG00000186092.6\"; gene_name \"OR4F5\";"
        } else {
            &quoted
        };
        format!("chr1\tENSEMBL\t{kind}\t{start}\t{end}\t.\t+\t{phase}\t{attributes}\n")
    };
    let texts = [
        header.to_owned() + &lines.iter().map(gff3).collect::<String>(),
        header.to_owned() + &lines.iter().map(gtf).collect::<String>(),
    ];
    for text in texts {
        let built = of_file("annotation", &text).unwrap();
        let row = built.row("ENST00000335137.4");
        let told = (row.symbol, row.gene, row.protein, row.source);
        assert_eq!(
            told,
            ("OR4F5", "ENSG00000186092", "ENSP00000334393.3", "GENCODE"),
            "{text}"
        );
        let labels = Labels {
            ccds: "CCDS30547.1",
            appris: "P1",
            ..Labels::default()
        };
        assert_eq!((row.labels, flags(&row)), (labels, BASIC), "{text}");
        assert_eq!(
            (row.span.clone(), row.cds.clone()),
            (69_054..70_108, 69_090..70_008),
            "{text}"
        );
        assert_eq!(tracks(&built.manifest), [("GENCODE", "version 28 (Ensembl 92)", 1, 0)]);
    }
}

#[test]
fn one_transcript_of_x_and_y_has_one_accession_and_says_that_it_has_two_places() {
    let line = |chromosome: &str, suffix: &str| {
        let attributes =
            format!("gene_id \"ENSG00000182378.15{suffix}\"; transcript_id \"ENST00000381192.10{suffix}\"");
        format!("{chromosome}\tHAVANA\texon\t276322\t276394\t.\t+\t.\t{attributes}\n")
    };
    let built = of_file("gencode.v48.gtf", &(line("chrX", "") + &line("chrY", "_PAR_Y"))).unwrap();
    let rows = built.rows();
    let told: Vec<_> = rows.iter().map(|row| (row.name, row.gene, flags(row))).collect();
    assert_eq!(told, [("ENST00000381192.10", "ENSG00000182378", REPEATED); 2]);
}
