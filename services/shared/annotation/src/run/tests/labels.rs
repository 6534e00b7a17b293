//! What a reference knows of its transcripts: told by CSQ, and the reason to pick one of them.

use super::small::small;
use crate::bundle::{Bundle, CANONICAL, Labels};
use crate::genome::Genome;
use crate::info::{Entry, Feature, Fields, Layout, Schema};
use crate::transcript::Transcript;
use crate::vcf::Record;
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
    let schema = Schema::new(None, false, &Default::default(), layout);
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
