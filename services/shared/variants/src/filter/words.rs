//! The values that a filter chooses from, with their names in an address and in a sentence.

/// How much a consequence matters, by Ensembl's four classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// `HIGH`
    High,
    /// `MODERATE`
    Moderate,
    /// `LOW`
    Low,
    /// `MODIFIER`
    Modifier,
}

impl Impact {
    /// Most severe first.
    pub const ALL: [Self; 4] = [Self::High, Self::Moderate, Self::Low, Self::Modifier];

    /// As the column [`domain::variants::IMPACT`] has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Moderate => "MODERATE",
            Self::Low => "LOW",
            Self::Modifier => "MODIFIER",
        }
    }

    /// The impact of this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|impact| impact.name().eq_ignore_ascii_case(name))
    }
}

/// What FILTER says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterIs {
    /// `PASS` and nothing else; a record that was not filtered (`.`) is not meant.
    Pass,
    /// One of its entries is this, in any case.
    Has(String),
}

/// How frequent a variant is, by the largest frequency that is known of it; 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FrequencyIs {
    /// At most this. A variant without a frequency is rare.
    AtMost(f64),
    /// From the first on, below the second; if that is 1, it is included.
    Between(f64, f64),
    /// No frequency is known.
    Unknown,
}

/// How many bases are inserted or deleted: from the first to the second, included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthIs {
    /// At least so many.
    pub from: i64,
    /// At most so many; `i64::MAX` if there is no limit.
    pub to: i64,
}

/// What a genotype is with regard to the row's allele. Phase does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenotypeIs {
    /// The allele is on some chromosome copies and another one on the others: `0/1`, `1|2`.
    Het,
    /// All copies have the allele: `1/1`, or `1` where there is one copy.
    HomAlt,
    /// All copies have the reference: `0/0`, `0`.
    HomRef,
    /// At least one copy has the allele; others may be unknown: `./1`.
    Carries,
    /// No copy is known: `./.`, `.`, or the record has no genotypes.
    Missing,
}

impl GenotypeIs {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Het, Self::HomAlt, Self::HomRef, Self::Carries, Self::Missing];

    /// Its name in an address: `het`, `hom_alt`, `hom_ref`, `carries`, `missing`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Het => "het",
            Self::HomAlt => "hom_alt",
            Self::HomRef => "hom_ref",
            Self::Carries => "carries",
            Self::Missing => "missing",
        }
    }

    /// What it says of a sample, `is heterozygous`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Het => "is heterozygous",
            Self::HomAlt => "is homozygous for the allele",
            Self::HomRef => "is homozygous for the reference",
            Self::Carries => "carries the allele",
            Self::Missing => "has no genotype",
        }
    }
}

/// How a child has a variant from its parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// The child carries the allele; both parents are genotyped and do not.
    DeNovo,
    /// The child is homozygous for the allele, both parents are heterozygous.
    Recessive,
    /// The child is heterozygous for two variants or more of one gene, the picked one: at least one comes from the mother alone,
    /// and one from the father alone, and the other parent is genotyped and does not carry it. Both match all else of the filter.
    CompoundHeterozygous,
    /// On chromosome X: the child is homozygous, or has one copy, which has the allele; the mother is heterozygous, and the father,
    /// genotyped, does not carry it.
    XLinked,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DeNovo, Self::Recessive, Self::CompoundHeterozygous, Self::XLinked];

    /// Its name in an address: `denovo`, `recessive`, `compound`, `xlinked`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DeNovo => "denovo",
            Self::Recessive => "recessive",
            Self::CompoundHeterozygous => "compound",
            Self::XLinked => "xlinked",
        }
    }

    /// In words: `de novo`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::DeNovo => "de novo",
            Self::Recessive => "recessive",
            Self::CompoundHeterozygous => "compound heterozygous",
            Self::XLinked => "X-linked recessive",
        }
    }
}

/// What an allele does to the sequence, bases that REF and ALT share at either end left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One base becomes another.
    Snv,
    /// Bases are inserted, none deleted; `<INS>`, too.
    Insertion,
    /// Bases are deleted, none inserted; `<DEL>`, too.
    Deletion,
    /// All else: several bases become others, symbolic alleles, breakends, `*`, records without an ALT.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Snv, Self::Insertion, Self::Deletion, Self::Other];

    /// Its name in an address: `snv`, `insertion`, `deletion`, `other`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Snv => "snv",
            Self::Insertion => "insertion",
            Self::Deletion => "deletion",
            Self::Other => "other",
        }
    }

    /// In words: `SNVs`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Snv => "SNVs",
            Self::Insertion => "insertions",
            Self::Deletion => "deletions",
            Self::Other => "other kinds",
        }
    }
}
