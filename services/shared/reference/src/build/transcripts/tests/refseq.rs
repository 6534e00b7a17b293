//! NCBI's GFF3: rows of the annotation GCF_000001405.40-RS_2024_08 of GRCh38.

use super::*;
use crate::bundle::{BROKEN, CANONICAL, END_INCOMPLETE, GENOME_DIFFERS, START_INCOMPLETE};

const HEADER: &str = "##gff-version 3\n#!processor NCBI annotwriter\n#!genome-build GRCh38.p14\n\
    #!annotation-source NCBI RefSeq GCF_000001405.40-RS_2024_08\n";

/// Rows of a gene with one transcript, exons and coding parts as given, 1-based and closed.
struct Rows<'r> {
    chromosome: &'r str,
    strand: char,
    gene: &'r str,
    transcript: &'r str,
    exons: &'r [(u32, u32)],
    coding: &'r [(u32, u32, u8)],
    of_transcript: &'r str,
    of_coding: &'r str,
}

impl Rows<'_> {
    fn text(&self) -> String {
        let Rows {
            chromosome,
            strand,
            gene,
            transcript,
            exons,
            coding,
            of_transcript,
            of_coding,
        } = self;
        let (start, end) = (
            exons.iter().map(|exon| exon.0).min().unwrap(),
            exons.iter().map(|exon| exon.1).max().unwrap(),
        );
        let line = |kind: &str, start: u32, end: u32, phase: &str, attributes: String| {
            format!("{chromosome}\tBestRefSeq\t{kind}\t{start}\t{end}\t.\t{strand}\t{phase}\t{attributes}\n")
        };
        let mut text = line(
            "gene",
            start,
            end,
            ".",
            format!(
                "ID=gene-{gene};Dbxref=GeneID:6414,HGNC:HGNC:10751;Name={gene};gbkey=Gene;gene={gene};gene_biotype=protein_coding"
            ),
        );
        text += &line(
            "mRNA",
            start,
            end,
            ".",
            format!(
                "ID=rna-{transcript};Parent=gene-{gene};Name={transcript};gbkey=mRNA;gene={gene};transcript_id={transcript}{of_transcript}"
            ),
        );
        for (index, (start, end)) in exons.iter().enumerate() {
            let attributes =
                format!("ID=exon-{transcript}-{index};Parent=rna-{transcript};gbkey=mRNA;transcript_id={transcript}");
            text += &line("exon", *start, *end, ".", attributes);
        }
        for (start, end, phase) in *coding {
            text += &line(
                "CDS",
                *start,
                *end,
                &phase.to_string(),
                format!("ID=cds-{gene};Parent=rna-{transcript};gbkey=CDS{of_coding}"),
            );
        }
        text
    }

    fn built(&self) -> Built {
        of_file("genomic.gff", &(HEADER.to_owned() + &self.text())).unwrap()
    }
}

fn selenop() -> Rows<'static> {
    Rows {
        chromosome: "NC_000005.10",
        strand: '-',
        gene: "SELENOP",
        transcript: "NM_005410.4",
        exons: &[
            (42_811_836, 42_811_892),
            (42_808_151, 42_808_366),
            (42_806_896, 42_807_108),
            (42_804_656, 42_804_773),
            (42_799_880, 42_801_331),
        ],
        coding: &[
            (42_808_151, 42_808_353, 0),
            (42_806_896, 42_807_108, 1),
            (42_804_656, 42_804_773, 1),
            (42_800_720, 42_801_331, 0),
        ],
        of_transcript: ";Dbxref=Ensembl:ENST00000514985.6,GeneID:6414,GenBank:NM_005410.4;tag=MANE Select",
        of_coding: ";protein_id=NP_005401.3;Dbxref=CCDS:CCDS43311.1,Ensembl:ENSP00000420939.1,GeneID:6414;transl_except=\
            (pos:complement(42808177..42808179)%2Caa:Sec),(pos:complement(42800966..42800968)%2Caa:Sec),\
            (pos:complement(42800912..42800914)%2Caa:Sec),(pos:complement(42800876..42800878)%2Caa:Sec),\
            (pos:complement(42800831..42800833)%2Caa:Sec),(pos:complement(42800810..42800812)%2Caa:Sec),\
            (pos:complement(42800765..42800767)%2Caa:Sec),(pos:complement(42800759..42800761)%2Caa:Sec),\
            (pos:complement(42800738..42800740)%2Caa:Sec),(pos:complement(42800732..42800734)%2Caa:Sec)",
    }
}

#[test]
fn a_transcript_of_refseq_has_its_accessions_and_labels() {
    let built = selenop().built();
    let row = built.row("NM_005410.4");
    let told = (row.symbol, row.gene, row.protein, row.biotype, row.source);
    assert_eq!(told, ("SELENOP", "6414", "NP_005401.3", "protein_coding", "RefSeq"));
    let labels = Labels {
        mane_select: "ENST00000514985.6",
        ccds: "CCDS43311.1",
        ..Labels::default()
    };
    assert_eq!(row.labels, labels);
    assert!(row.is_reverse());
    assert_eq!((flags(&row), phase(&row)), (CANONICAL, 0));
    assert_eq!(
        (row.span.clone(), row.cds.clone()),
        (42_799_879..42_811_892, 42_800_719..42_808_353)
    );
    assert_eq!(exons(&row)[..2], [(42_799_879, 42_801_331), (42_804_655, 42_804_773)]);
    let track = [("RefSeq", "RefSeq GCF_000001405.40-RS_2024_08", 1, 0)];
    assert_eq!(tracks(&built.manifest), track);
}

#[test]
fn selenocysteines_are_where_uniprot_has_them() {
    // https://www.uniprot.org/uniprotkb/P49908, counted from 1.
    let uniprot = [59, 300, 318, 330, 345, 352, 367, 369, 376, 378];
    let built = selenop().built();
    let expected: Vec<_> = uniprot.iter().map(|position| (position - 1, 'U')).collect();
    assert_eq!(recoded(&built.row("NM_005410.4")), expected);
}

#[test]
fn where_the_ribosome_slips_the_frames_are_broken() {
    // PEG10 reads a base twice, OAZ1 leaves one out.
    let peg10 = Rows {
        chromosome: "NC_000007.14",
        strand: '+',
        gene: "PEG10",
        transcript: "NM_015068.3",
        exons: &[(94_656_325, 94_656_580), (94_663_334, 94_669_695)],
        coding: &[(94_663_557, 94_664_513, 0), (94_664_513, 94_665_682, 0)],
        of_transcript: "",
        of_coding: ";exception=ribosomal slippage;protein_id=NP_055883.2",
    };
    assert_eq!(flags(&peg10.built().row("NM_015068.3")), BROKEN);
    let oaz1 = Rows {
        chromosome: "NC_000019.10",
        strand: '+',
        gene: "OAZ1",
        transcript: "NM_004152.3",
        exons: &[
            (2_269_486, 2_269_744),
            (2_271_385, 2_271_530),
            (2_271_782, 2_271_954),
            (2_272_735, 2_272_820),
            (2_272_972, 2_273_488),
        ],
        coding: &[
            (2_269_599, 2_269_744, 0),
            (2_271_385, 2_271_442, 1),
            (2_271_444, 2_271_530, 0),
            (2_271_782, 2_271_954, 0),
            (2_272_735, 2_272_820, 1),
            (2_272_972, 2_273_108, 2),
        ],
        of_transcript: ";tag=RefSeq Select",
        of_coding: ";exception=ribosomal slippage;protein_id=NP_004143.1",
    };
    assert_eq!(flags(&oaz1.built().row("NM_004152.3")), BROKEN | CANONICAL);
}

/// A transcript of two exons whose coding sequence is what a test needs.
fn small<'r>(strand: char, coding: &'r [(u32, u32, u8)], of_transcript: &'r str, of_coding: &'r str) -> Rows<'r> {
    Rows {
        chromosome: "NC_000001.11",
        strand,
        gene: "G",
        transcript: "NM_1.1",
        exons: &[(101, 200), (301, 400)],
        coding,
        of_transcript,
        of_coding,
    }
}

#[test]
fn a_partial_coding_sequence_is_cut_off_at_the_end_that_its_range_leaves_open() {
    // 100 bases and 20: whole codons; 100 and 21: not.
    let of = |strand, coding: &[(u32, u32, u8)], attributes| {
        let built = small(strand, coding, "", attributes).built();
        let row = built.row("NM_1.1");
        (flags(&row), phase(&row))
    };
    let left = ";partial=true;start_range=.,101";
    assert_eq!(of('+', &[(101, 200, 0), (301, 320, 2)], left), (START_INCOMPLETE, 0));
    assert_eq!(of('+', &[(101, 200, 2), (301, 322, 1)], left), (START_INCOMPLETE, 1));
    assert_eq!(of('-', &[(101, 200, 1), (301, 320, 0)], left), (END_INCOMPLETE, 0));
    let right = ";partial=true;end_range=400,.";
    assert_eq!(
        of('+', &[(182, 200, 0), (301, 400, 2)], right),
        (END_INCOMPLETE, 0),
        "119 bases"
    );
    assert_eq!(
        of('+', &[(182, 200, 0), (301, 400, 2)], ""),
        (BROKEN, 0),
        "119 bases, and nobody says why"
    );
}

#[test]
fn a_transcript_whose_sequence_is_not_the_genomes_is_flagged() {
    let coding = [(101, 200, 0), (301, 320, 2)];
    let note = ";Note=The RefSeq transcript has 1 non-frameshifting indel compared to this genomic sequence";
    assert_eq!(
        flags(&small('+', &coding, note, "").built().row("NM_1.1")),
        GENOME_DIFFERS
    );
    let of_protein = ";Note=isoform 1%3B The RefSeq protein has 2 substitutions compared to this genomic sequence";
    assert_eq!(
        flags(&small('+', &coding, "", of_protein).built().row("NM_1.1")),
        GENOME_DIFFERS
    );
    let plain = small('+', &coding, ";Note=isoform 2 is encoded by transcript variant 2", "");
    assert_eq!(flags(&plain.built().row("NM_1.1")), 0);
    let alignment = |chromosome: &str, gap: &str| {
        let last = if gap.contains('I') { 101 } else { 100 };
        let line = format!("RefSeq\tcDNA_match\t101\t200\t100\t+\t.\tID=aln0;Target=NM_1.1 1 {last} +");
        let text = format!("{HEADER}{chromosome}\t{line};Gap={gap}\n{}", plain.text());
        flags(&of_file("genomic.gff", &text).unwrap().row("NM_1.1"))
    };
    assert_eq!(alignment("NC_000001.11", "M50 I1 M50"), GENOME_DIFFERS);
    assert_eq!(alignment("NC_000001.11", "M100"), 0);
    assert_eq!(alignment("NC_000005.10", "M50 I1 M50"), 0, "another place of it");
    assert_eq!(alignment("NT_187361.1", "M50 I1 M50"), 0, "an alternate locus");
}

#[test]
fn a_gene_that_is_its_own_transcript_is_called_by_its_id() {
    let line = |kind: &str, attributes: &str| {
        format!("NC_000001.11\tCurated Genomic\t{kind}\t11\t40\t.\t+\t.\t{attributes}\n")
    };
    let text = HEADER.to_owned()
        + &line(
            "pseudogene",
            "ID=gene-LOC9;Dbxref=GeneID:9;Name=LOC9;gbkey=Gene;gene=LOC9;gene_biotype=pseudogene",
        )
        + &line(
            "exon",
            "ID=id-LOC9;Parent=gene-LOC9;Dbxref=GeneID:9;gbkey=exon;gene=LOC9",
        );
    let built = of_file("genomic.gff", &text).unwrap();
    let row = built.row("LOC9");
    assert_eq!(
        (row.symbol, row.gene, row.biotype, row.is_coding()),
        ("LOC9", "9", "pseudogene", false)
    );
}

#[test]
fn a_chromosome_of_another_assembly_is_refused() {
    let mut rows = small('+', &[(101, 200, 0)], "", "");
    rows.chromosome = "NC_000001.10";
    assert_eq!(
        Built::error(of_file("genomic.gff", &rows.text())),
        "genomic.gff, line 1: NC_000001.10 is a chromosome of GRCh37 (hg19); this bundle is of GRCh38 (hg38)"
    );
    let header = format!("{}{}", HEADER.replace("GRCh38", "GRCh37"), selenop().text());
    assert_eq!(
        Built::error(of_file("genomic.gff", &header)),
        "genomic.gff, line 3: the header says #!genome-build GRCh37.p14, which is GRCh37 (hg19); this bundle is of GRCh38 (hg38)"
    );
}
