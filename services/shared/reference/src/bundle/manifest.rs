//! What a bundle says of itself: assembly, sources, rows, and where each section is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Provenance;

/// The manifest of a bundle.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The bundle's name, `hg19`.
    pub name: String,
    /// UCSC's name of the assembly, `hg19`.
    pub assembly: String,
    /// When it was built, RFC 3339, UTC.
    pub built: String,
    /// The version of the program that built it.
    pub program: String,
    /// Chromosomes, in the order in which rows refer to them.
    pub chromosomes: Vec<Chromosome>,
    /// What it knows.
    pub tracks: Vec<Track>,
    /// Tables that were looked for and not found.
    pub missing: Vec<String>,
    /// Liftover chains into this assembly.
    pub chains: Vec<ChainInfo>,
    /// Sections by name.
    pub(crate) sections: BTreeMap<String, Section>,
}

impl Manifest {
    /// A track by its key.
    #[must_use]
    pub fn track(&self, key: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.key == key)
    }

    /// How many bytes of the bundle a track takes; `None` if it shares them with others, as several sources of transcripts do.
    #[must_use]
    pub fn bytes(&self, key: &str) -> Option<u64> {
        let is_own = |name: &str| name.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        let own = self.sections.iter().filter(|(name, _)| is_own(name));
        own.map(|(_, section)| section.length)
            .reduce(|sum, length| sum + length)
    }

    /// How much of the assembly's sequence is there.
    #[must_use]
    pub fn sequence(&self) -> SequenceExtent {
        let is_main = self.chromosomes.iter().any(Chromosome::is_main);
        let mut main = self.chromosomes.iter().filter(|own| !is_main || own.is_main());
        match main.clone().all(|own| own.sequenced == own.length) {
            true => SequenceExtent::Whole,
            false if main.any(|own| own.sequenced > 0) => SequenceExtent::Part,
            false => SequenceExtent::None,
        }
    }

    /// What cannot be told because the sequence is not there, and how to get it, in sentences; `None` if all of it is.
    #[must_use]
    pub fn lacks_sequence(&self) -> Option<String> {
        let (name, assembly) = (&self.name, &self.assembly);
        let lack = match self.sequence() {
            SequenceExtent::Whole => return None,
            SequenceExtent::Part => {
                format!("The reference {name} has only a part of its sequence. Without it")
            }
            SequenceExtent::None => format!("The reference {name} has no sequence. Without it"),
        };
        let command = match assembly.as_str() {
            // The program has recipes for these.
            "hg19" | "hg38" => format!("annotator reference fetch {assembly}"),
            _ => format!(
                "annotator reference build {name} --assembly {assembly} --sequence {assembly}.2bit, with its tracks and \
                 chains as before"
            ),
        };
        Some(format!(
            "{lack}, {WITHOUT_SEQUENCE}. To get them, whoever runs this program makes another one by {command}; then \
             annotate the file again."
        ))
    }

    /// Fills in what bundles of format 01 did not say: they had the days of files instead of releases, and no labels.
    pub(super) fn complete(&mut self) {
        for track in &mut self.tracks {
            track.provenance.complete(&track.key);
        }
        for chain in &mut self.chains {
            if chain.key.is_empty() {
                chain.key = chain_key(&chain.provenance.source);
            }
            chain.provenance.complete(&chain.key);
        }
    }
}

/// What is not told without a sequence.
pub const WITHOUT_SEQUENCE: &str = "codons, amino acids and HGVS names of proteins and indels are not told, coding variants \
     are coding_sequence_variant with an empty IMPACT, and REF is compared with known variants at most";

/// Where UCSC has the sequence of an assembly.
#[must_use]
pub fn sequence_address(assembly: &str) -> String {
    format!("https://hgdownload.soe.ucsc.edu/goldenPath/{assembly}/bigZips/{assembly}.2bit")
}

/// How much of a sequence is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceExtent {
    /// All bases of all chromosomes 1 to 22, X and Y.
    Whole,
    /// Some of them.
    Part,
    /// None.
    None,
}

impl SequenceExtent {
    /// `whole`, `part`, `none`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Part => "part",
            Self::None => "none",
        }
    }
}

/// The name of a chain: that of its file, `hg18ToHg19.over.chain.gz`, up to the first full stop.
pub(crate) fn chain_key(file: &str) -> String {
    file.split('.').next().unwrap_or_default().to_owned()
}

/// A chromosome of the assembly.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Chromosome {
    /// UCSC's name, `chr1`.
    pub name: String,
    /// Bases.
    pub length: u32,
    /// How many of its bases, from the first on, the bundle has; 0 without a sequence.
    pub sequenced: u32,
    /// MD5 of the sequence in upper case, as the `M5` tag of SAM has it; only of whole sequences.
    pub md5: Option<String>,
}

impl Chromosome {
    /// Whether it is one of 1 to 22, X and Y by UCSC's name, not the mitochondrial genome, nor a patch.
    pub fn is_main(&self) -> bool {
        self.name.len() <= 5 && self.name.starts_with("chr") && !["chrM", "chrMT"].contains(&self.name.as_str())
    }
}

/// A track: one table or file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Track {
    /// Its key, `cytoBand`.
    pub key: String,
    /// What its rows are.
    pub kind: Kind,
    /// What it was made from.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Rows.
    pub rows: u64,
    /// Rows that could not be read and were left out.
    pub skipped: u64,
    /// INFO fields that a track of variants carries.
    pub fields: Vec<Field>,
}

/// What the description of a key says whose values not everybody may use freely.
pub(crate) const NON_COMMERCIAL_ONLY: &str = "free for non-commercial use only";

impl Track {
    /// Whether whoever earns money with its values may not use them freely, as the descriptions of its keys say.
    #[must_use]
    pub fn is_non_commercial(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| field.description.contains(NON_COMMERCIAL_ONLY))
    }
}

/// Whether the rows of a track of variants have ids: those of dbSNP are told, those of others are not kept.
pub(crate) fn has_ids(key: &str) -> bool {
    key == "dbSNP"
}

/// What the rows of a track are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Transcripts.
    Genes,
    /// Spans with a value.
    Regions,
    /// Alleles with an id and values.
    Variants,
    /// Bases.
    Sequence,
}

/// One INFO field of a track of variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key in the source.
    pub(crate) source: String,
    /// The key that is written.
    pub key: String,
    /// VCF's type: `Float`, `Integer` or `String`.
    pub kind: String,
    /// What the source's header says of it.
    pub description: String,
    /// Whether the source has one value per ALT allele.
    pub(crate) per_allele: bool,
}

/// A chain of UCSC's liftover from another assembly into this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChainInfo {
    /// The other assembly, `hg18`.
    pub from: String,
    /// Its name, `hg18ToHg19`.
    #[serde(default)]
    pub key: String,
    /// What it was made from.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Names and lengths of the other assembly's chromosomes, in the order in which blocks refer to them.
    pub(crate) chromosomes: Vec<(String, u32)>,
}

/// Where a section is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Section {
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) sha256: String,
}
