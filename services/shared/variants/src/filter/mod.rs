//! Which variants are meant: conditions that all hold; within one of them, one of several values.

mod described;
mod pairs;
mod values;
mod words;

use crate::region::Region;
use crate::region_set::NamedRegions;
pub use words::{FilterIs, FrequencyIs, GenotypeIs, Impact, Kind, LengthIs, Model};

/// Which variants are meant. All conditions hold for each of them; an empty list, or `None`, is no condition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Symbols or ids of genes, in any case: the gene of one of the allele's entries is one of them.
    pub genes: Vec<String>,
    /// The record overlaps one of them.
    pub regions: Vec<Region>,
    /// It overlaps one of these, too, which are too many for an address.
    pub region_set: Option<NamedRegions>,
    /// The impact of the most severe consequence is one of them.
    pub impacts: Vec<Impact>,
    /// The most severe consequence is one of these terms of the Sequence Ontology.
    pub consequences: Vec<String>,
    /// Whether it has the id of a known variant.
    pub known: Option<bool>,
    /// How frequent it is at most, or within which bounds.
    pub frequency: Option<FrequencyIs>,
    /// QUAL is known, and at least this.
    pub min_quality: Option<f64>,
    /// What FILTER says.
    pub filter: Option<FilterIs>,
    /// The genotypes of samples, by name.
    pub genotypes: Vec<(String, GenotypeIs)>,
    /// How a child has it from its parents.
    pub inheritance: Option<Inheritance>,
    /// Words in what ClinVar says of its significance, whole and in this order: `pathogenic` finds `Likely_pathogenic`, not
    /// `Conflicting_classifications_of_pathogenicity`.
    pub clinvar: Option<String>,
    /// Of which kind it is.
    pub kinds: Vec<Kind>,
    /// Substitutions of one base, REF and ALT, in capitals: `(b'C', b'T')`.
    pub changes: Vec<(u8, u8)>,
    /// How many bases are inserted or deleted.
    pub length: Option<LengthIs>,
    /// Text, in any case, in one of ids, gene, its id, transcript, HGVS, consequence, ClinVar; or a place, `chr7:117,559,590`.
    pub text: Option<String>,
}

/// How a child has a variant from its parents. The three are names of samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inheritance {
    /// The child.
    pub child: String,
    /// Its mother.
    pub mother: String,
    /// Its father.
    pub father: String,
    /// How.
    pub model: Model,
}

/// A part of a filter, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it says, `gene BRCA1`.
    pub words: String,
    /// The pairs of the filter without it.
    pub without: Vec<(String, String)>,
}

impl Filter {
    /// Whether it has no condition, so that all variants match.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
