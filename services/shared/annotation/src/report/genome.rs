//! The genome of a report: its name, and how it was decided.

use reference::bundle::Manifest;
use reference::detect::Decision;
use reference::mitochondrial_contig;
use vcf::{Header, counted};

use super::{Findings, Used};
use crate::options::Mode;

/// What a report says of the genome.
#[derive(Debug)]
pub(crate) struct Genome {
    /// `human GRCh37 (hg19)`.
    pub(crate) name: String,
    /// `hg19`.
    pub(crate) short: String,
    pub(crate) decided: String,
    pub(crate) warnings: Vec<String>,
    /// The keys of the tracks that were at hand.
    pub(crate) tracks: Vec<String>,
    /// What answered.
    pub(crate) used: Used,
    /// What cannot be told because the sequence is not there.
    pub(crate) lacks_sequence: Option<String>,
    pub(crate) mode: Mode,
    /// Keys of ours that the header declares, so that ours have another name.
    pub(crate) renamed: Vec<String>,
}

impl Genome {
    pub(crate) fn new(header: &Header, decision: &Decision<'_>, findings: &Findings, mode: Mode) -> Self {
        const MITOCHONDRION: &str = "human mitochondrion, rCRS NC_012920.1 (16,569 bases)";
        let mut reasons = decision.reasons.clone();
        let mitochondrial = &findings.mitochondrial;
        let mut name = decision.name();
        if decision.is_unknown {
            reasons.push("the file has no records, and neither ##contig nor ##reference tells its genome".to_owned());
            name = Some("not known".to_owned());
        } else if name.is_none() || mitochondrial.records > 0 {
            reasons.extend(mitochondrial_reasons(header, findings));
            name = Some(match name {
                Some(name) => format!("{name}, and {MITOCHONDRION}"),
                None => MITOCHONDRION.to_owned(),
            });
        }
        let manifest = decision.bundle.map(|bundle| bundle.manifest());
        let used = Used::new(
            manifest,
            !decision.is_unknown && (manifest.is_none() || mitochondrial.records > 0),
            &findings.counts,
        );
        Self {
            used,
            lacks_sequence: manifest.and_then(Manifest::lacks_sequence),
            name: name.unwrap_or_default(),
            short: manifest.map_or_else(|| "rCRS".to_owned(), |manifest| manifest.assembly.clone()),
            decided: reasons.join("; "),
            warnings: decision.warnings.clone(),
            tracks: manifest.map_or_else(Vec::new, |manifest| {
                manifest.tracks.iter().map(|track| track.key.clone()).collect()
            }),
            mode,
            renamed: Vec::new(),
        }
    }

    /// The same, with a warning about keys that the header declares already.
    pub(crate) fn with_renamed(mut self, renamed: Vec<String>) -> Self {
        if !renamed.is_empty() && self.mode == Mode::Modern {
            self.warnings.push(format!(
                "The header declares {} already; those stay as they are, and ours begin with GAS_.",
                renamed.join(", ")
            ));
        }
        self.renamed = renamed;
        self
    }
}

fn mitochondrial_reasons(header: &Header, findings: &Findings) -> Vec<String> {
    let evidence = &findings.mitochondrial;
    let mut reasons = Vec::new();
    if let Some((contig, length)) = mitochondrial_contig(header) {
        reasons.push(format!(
            "the header gives {} {} bases (line {})",
            contig.name,
            counted(length),
            contig.line
        ));
    }
    if let Some(reference) = header
        .reference
        .as_ref()
        .filter(|_| evidence.records == findings.records)
    {
        reasons.push(format!("the header names the reference \"{reference}\""));
    }
    let (fitting, records) = (evidence.records - evidence.mismatches, evidence.records);
    reasons.push(match (records, findings.records) {
        (0, 0) => "there are no records to compare".to_owned(),
        (0, _) => "no record could be compared".to_owned(),
        _ if records == findings.records => format!("REF of {} of {} records fits", counted(fitting), counted(records)),
        _ => format!(
            "REF of {} of {} mitochondrial records fits",
            counted(fitting),
            counted(records)
        ),
    });
    reasons
}
