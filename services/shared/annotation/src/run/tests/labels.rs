//! What a reference knows of its transcripts: told by CSQ, and the reason to pick one of them.

use std::sync::Arc;

use reference::Genome;
use reference::build::{Plan, TranscriptSource, Transcripts, build};
use reference::bundle::{CANONICAL, Labels};
use reference::detect::Choice;
use tempfile::TempDir;
use vcf::Record;

use super::small::{CHR1, plan, small};
use super::*;
use crate::info::{Entry, Feature, Fields, Layout, Schema};
use crate::transcript::Transcript;
use crate::{Others, Pick, PickOf};

#[test]
fn what_a_reference_knows_of_a_transcript_is_told() {
    let small = small(true);
    let mut row = Genome::new(&small.bundle).genes.unwrap().row(0);
    (row.name, row.symbol, row.gene) = ("ENST00000342066.8", "SAMD11", "ENSG00000187634");
    (row.protein, row.biotype, row.source) = ("ENSP00000342313.3", "protein_coding", "GENCODE");
    row.flags |= CANONICAL;
    row.labels = Labels {
        mane_select: "NM_152486.4",
        mane_plus_clinical: "",
        ccds: "CCDS2.2",
        tsl: "5",
        appris: "P1",
    };
    let list =
        "SYMBOL,Gene,Feature,BIOTYPE,CANONICAL,MANE_SELECT,MANE_PLUS_CLINICAL,TSL,APPRIS,CCDS,ENSP,SOURCE,Allele";
    let layout = Layout::new(list.parse().unwrap(), None);
    let mut transcript = Transcript::new(row, None);
    transcript.csq = layout.fixed(&transcript);
    assert_eq!(transcript.protein_accession(), "ENSP00000342313.3");
    assert_eq!(
        csq(layout, &[transcript]),
        "SAMD11|ENSG00000187634|ENST00000342066.8|protein_coding|YES|NM_152486.4||5|P1|CCDS2.2|ENSP00000342313.3|GENCODE|C"
    );
}

/// Two transcripts of a gene as Ensembl's GTF has them, from the file to the record.
#[test]
fn transcripts_of_ensembl_are_told_with_versions_labels_and_proteins() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", "chr1\t120\n");
    write("small.fa", &format!(">chr1\n{CHR1}\n"));
    let gtf = transcript(
        "1",
        "2",
        "tag \"MANE_Select\"; tag \"Ensembl_canonical\"; ccds_id \"CCDS2\"; transcript_support_level \"1\";",
    ) + &transcript("2", "5", "transcript_support_level \"3\";");
    write("genes.gtf", &gtf);
    let plan = Plan {
        transcripts: Transcripts {
            sources: vec![TranscriptSource {
                label: Some("Ensembl".to_owned()),
                file: folder.path().join("genes.gtf"),
            }],
            mane: None,
        },
        tracks: Vec::new(),
        chains: Vec::new(),
        ..plan(folder.path(), true)
    };
    let path = folder.path().join("small.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    let list = "Gene,Feature,BIOTYPE,HGVSc,HGVSp,PICK,CANONICAL,MANE_SELECT,TSL,CCDS,ENSP,SOURCE";
    let options = Options {
        references: vec![Arc::new(Bundle::open(&path).unwrap())],
        choice: Choice::Named("small".to_owned()),
        fields: list.parse().unwrap(),
        pick: Some(Pick {
            of: PickOf::Allele,
            others: Others::Unflagged,
            order: Default::default(),
        }),
        ..Options::default()
    };
    let mut output = Vec::new();
    let input = format!("{HEADER}1\t34\t.\tA\tC\t.\t.\t.\n");
    annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    let output = String::from_utf8(output).unwrap();
    let expected = "CSQ=ENSG1|ENST1.2|protein_coding|ENST1.2:c.4A>C|ENSP1.2:p.Lys2Gln|1|YES|ENST1.2|1|CCDS2|ENSP1.2|Ensembl,\
        ENSG1|ENST2.5|protein_coding|ENST2.5:c.4A>C|ENSP2.5:p.Lys2Gln||||3||ENSP2.5|Ensembl";
    assert!(output.contains(expected), "{output}");
}

/// A reference with transcripts of two sources: those that are chosen are told, and what it does not have is refused by name.
#[test]
fn transcripts_are_chosen_by_their_source() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", "chr1\t120\n");
    write("small.fa", &format!(">chr1\n{CHR1}\n"));
    let source = |label: &str, number: &str| {
        let name = format!("{number}.gtf");
        write(&name, &transcript(number, "1", ""));
        TranscriptSource {
            label: Some(label.to_owned()),
            file: folder.path().join(name),
        }
    };
    let plan = Plan {
        transcripts: Transcripts {
            sources: vec![source("Ensembl 115", "1"), source("RefSeq", "2")],
            mane: None,
        },
        tracks: Vec::new(),
        chains: Vec::new(),
        ..plan(folder.path(), true)
    };
    let path = folder.path().join("small.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    let told = |sources: &[&str]| {
        let bundle = Bundle::open(&path).unwrap().with_transcripts_of(sources);
        let options = Options {
            references: vec![Arc::new(bundle)],
            choice: Choice::Named("small".to_owned()),
            fields: "Feature,SOURCE".parse().unwrap(),
            ..Options::default()
        };
        let mut output = Vec::new();
        let input = format!("{HEADER}1\t34\t.\tA\tC\t.\t.\t.\n");
        let done = annotate(input.as_bytes(), &mut output, &options, &mut |_| {});
        done.map_err(|error| error.to_string())?;
        let output = String::from_utf8(output).unwrap();
        let info = output.lines().last().and_then(|line| line.split("CSQ=").nth(1));
        let csq = info.and_then(|info| info.split(';').next());
        Ok::<_, String>(csq.unwrap_or_default().to_owned())
    };
    let (ensembl, refseq) = ("ENST1.1|Ensembl%20115", "ENST2.1|RefSeq");
    assert_eq!(told(&[]).unwrap(), format!("{ensembl},{refseq}"));
    assert_eq!(told(&["Ensembl", "GENCODE"]).unwrap(), ensembl);
    assert_eq!(told(&["RefSeq"]).unwrap(), refseq);
    assert_eq!(
        told(&["UCSC"]).unwrap_err(),
        "The reference small has no transcripts of UCSC; it has those of Ensembl 115 and RefSeq. Choose these, or all."
    );
}

/// A transcript of the small genome in GTF, with tags.
fn transcript(number: &str, version: &str, tags: &str) -> String {
    let line = |kind: &str, start: u32, end: u32, phase: &str| {
        format!(
            "1\thavana\t{kind}\t{start}\t{end}\t.\t+\t{phase}\tgene_id \"ENSG1\"; gene_name \"ALPHA\"; \
             transcript_id \"ENST{number}\"; transcript_version \"{version}\"; transcript_biotype \"protein_coding\"; \
             protein_id \"ENSP{number}\"; protein_version \"{version}\"; {tags}\n"
        )
    };
    line("transcript", 21, 110, ".")
        + &line("exon", 21, 60, ".")
        + &line("exon", 81, 110, ".")
        + &line("CDS", 31, 60, "0")
        + &line("CDS", 81, 86, "0")
        + &line("stop_codon", 87, 89, "0")
}

/// Transcripts of one gene by name, with their labels, first the one that VEP's order picks of all, then of those after it.
#[test]
fn labels_decide_in_the_order_of_vep() {
    let small = small(true);
    let told = |mane: &'static str, clinical: &'static str, appris: &'static str, tsl: &'static str| Labels {
        mane_select: mane,
        mane_plus_clinical: clinical,
        appris,
        tsl,
        ..Labels::default()
    };
    let with_ccds = Labels {
        ccds: "CCDS2.2",
        ..Labels::default()
    };
    let transcripts = [
        ("NM_mane", told("ENST1.1", "", "A2", "5"), 0),
        ("NM_clinical", told("", "ENST2.1", "A2", "5"), 0),
        ("NM_canonical", told("", "", "A2", "5"), CANONICAL),
        ("NM_principal", told("", "", "P1", "5"), 0),
        ("NM_second", told("", "", "P2", "1"), 0),
        ("NM_alternative", told("", "", "A1", "1"), 0),
        ("NM_supported", told("", "", "", "1"), 0),
        ("NM_less_supported", told("", "", "", "2"), 0),
        ("NM_ccds", with_ccds, 0),
        ("ENST_plain", Labels::default(), 0),
        ("NM_plain", Labels::default(), 0),
    ];
    for first in 0..transcripts.len() {
        // The last comes first, so that only what labels say can pick another.
        let rest: Vec<_> = transcripts[first..].iter().rev().copied().collect();
        assert_eq!(picked(&small.bundle, &rest), transcripts[first].0);
    }
}

/// Which of these transcripts is picked of a record.
fn picked(bundle: &Bundle, transcripts: &[(&'static str, Labels<'static>, u32)]) -> String {
    let pick = Pick {
        of: PickOf::Record,
        others: Others::LeftOut,
        order: Default::default(),
    };
    let layout = Layout::new("Feature".parse().unwrap(), Some(pick));
    let decoded: Vec<_> = transcripts
        .iter()
        .map(|(name, labels, flags)| {
            let mut row = Genome::new(bundle).genes.unwrap().row(0);
            (row.name, row.labels) = (*name, *labels);
            row.flags |= flags;
            let mut transcript = Transcript::new(row, None);
            transcript.csq = layout.fixed(&transcript);
            transcript
        })
        .collect();
    csq(layout, &decoded)
}

/// CSQ of an allele that lies in these transcripts.
fn csq(layout: Layout, transcripts: &[Transcript<'_>]) -> String {
    let schema = Schema::new(None, false, false, &Default::default(), layout);
    let mut fields = Fields::new(&schema, 1000);
    for transcript in transcripts {
        fields.tell(&Entry {
            allele: b"C",
            feature: Feature::Transcript(transcript),
            ..Entry::default()
        });
    }
    let record = Record::parse(b"1\t34\t.\tA\tC\t.\t.\t.", 1, 8, false).unwrap();
    let mut info = Vec::new();
    fields.append_info(&schema, &record, &mut info);
    String::from_utf8(info).unwrap().replace("CSQ=", "")
}
