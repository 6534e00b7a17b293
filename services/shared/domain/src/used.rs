//! With what a file was annotated: the reference, and its tracks with their releases.

use serde::{Deserialize, Serialize};

/// The most characters of a text that is kept.
const LONGEST_TEXT: usize = 200;

/// The reference that answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReferenceUsed {
    /// Its name, `hg19`.
    pub name: String,
    /// UCSC's name of the assembly, or the accession of the sequence.
    pub assembly: String,
    /// How much of the sequence it has.
    pub sequence: SequenceUsed,
}

/// How much of its assembly's sequence a reference has. Without it there are no codons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SequenceUsed {
    /// All of it.
    #[default]
    Whole,
    /// A part.
    Part,
    /// Nothing.
    None,
}

/// A table or track of the reference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackUsed {
    /// Its key, `dbSNP`.
    pub key: String,
    /// What its rows are: `genes`, `regions`, `variants` or `sequence`.
    pub kind: String,
    /// What it is, in words: `dbSNP, common`.
    pub label: String,
    /// The file or address it was made from.
    pub source: String,
    /// Its release, `build 151`; `None` if nobody said.
    pub release: Option<String>,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Alleles that were looked up, for a track of variants.
    pub alleles: Option<u64>,
    /// Those of them that it lists.
    pub listed: Option<u64>,
}

impl ReferenceUsed {
    pub(crate) fn bound(&mut self) {
        shorten(&mut self.name);
        shorten(&mut self.assembly);
    }
}

impl TrackUsed {
    pub(crate) fn bound(&mut self) {
        let texts = [
            &mut self.key,
            &mut self.kind,
            &mut self.label,
            &mut self.source,
            &mut self.sha256,
        ];
        texts.into_iter().chain(&mut self.release).for_each(shorten);
    }
}

fn shorten(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(LONGEST_TEXT) {
        text.truncate(at);
        text.push('…');
    }
}
