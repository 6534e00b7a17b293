//! INFO: our keys, their header lines, and the values of one record.

mod csq;
mod encode;
mod fields;

pub(crate) use csq::Csq;
pub(crate) use fields::Fields;

use crate::tracks;

/// A key that the annotation adds to INFO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Consequences, in the order of fields that Ensembl VEP has.
    Csq,
    /// The variant's HGVS name.
    HgvsM,
    /// The region of the mitochondrial genome that is no gene.
    Region,
    /// MITOMAP's status.
    Status,
    /// MITOMAP's diseases.
    Disease,
    /// MITOMAP's frequency.
    Frequency,
    /// REF is not the reference's.
    RefMismatch,
}

impl Key {
    /// All of them, in the order in which they are written.
    pub(crate) const ALL: [Self; 7] = [
        Self::Csq,
        Self::HgvsM,
        Self::Region,
        Self::Status,
        Self::Disease,
        Self::Frequency,
        Self::RefMismatch,
    ];

    /// Its name in INFO, unless the file has taken that.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Csq => "CSQ",
            Self::HgvsM => "HGVSm",
            Self::Region => "MT_REGION",
            Self::Status => "MITOMAP_STATUS",
            Self::Disease => "MITOMAP_DISEASE",
            Self::Frequency => "MITOMAP_AF",
            Self::RefMismatch => "REF_MISMATCH",
        }
    }

    fn number_and_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Csq => (".", "String"),
            Self::Frequency => ("A", "Float"),
            Self::RefMismatch => ("0", "Flag"),
            Self::HgvsM | Self::Region | Self::Status | Self::Disease => ("A", "String"),
        }
    }

    fn description(self) -> String {
        match self {
            Self::Csq => format!(
                "Consequence annotations from GAS, per allele and gene. Format: {}",
                csq::FORMAT
            ),
            Self::HgvsM => "HGVS name of each allele on NC_012920.1, at its most 3' place".to_owned(),
            Self::Region => "Region without a gene that each allele touches: D-loop (control region)".to_owned(),
            Self::Status => "MITOMAP status of each allele's association with disease".to_owned(),
            Self::Disease => "Diseases reported to MITOMAP for each allele".to_owned(),
            Self::Frequency => {
                "Frequency of each allele among 61883 full-length sequences of GenBank, from MITOMAP".to_owned()
            }
            Self::RefMismatch => "REF is not what NC_012920.1 has at POS; the record is not annotated".to_owned(),
        }
    }

    fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Status | Self::Disease | Self::Frequency => (tracks::MITOMAP_SOURCE, tracks::MITOMAP_VERSION),
            _ => (
                "GAS, https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1",
                env!("CARGO_PKG_VERSION"),
            ),
        }
    }
}

/// The names under which our keys are written. A name that the input's header declares is the input's: ours then
/// begins with `GAS_`, so that nothing of the input changes its meaning.
pub(crate) struct Names(Vec<String>);

impl Names {
    /// Finds a free name for each key.
    pub(crate) fn new(taken: &[String]) -> Self {
        let free = |key: Key| {
            let mut name = key.name().to_owned();
            while taken.contains(&name) {
                name.insert_str(0, "GAS_");
            }
            name
        };
        Self(Key::ALL.map(free).into())
    }

    /// The name of a key.
    pub(crate) fn of(&self, key: Key) -> &str {
        &self.0[key as usize]
    }

    /// One header line for each key. They are VCF 4.3 whatever the file's version is: readers of older versions take
    /// them, too.
    pub(crate) fn header(&self, line_ending: &str) -> String {
        Key::ALL.iter().fold(String::new(), |mut lines, key| {
            let ((number, kind), (source, version)) = (key.number_and_type(), key.source());
            lines += &format!(
                "##INFO=<ID={},Number={number},Type={kind},Description=\"{}\",Source=\"{source}\",Version=\"{version}\">{line_ending}",
                self.of(*key),
                key.description(),
            );
            lines
        })
    }
}
