//! How many of the variants that match are of which kind: plain numbers, each with the pairs of a filter that select it.

mod counter;

pub(crate) use counter::Counter;

/// One of several that are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Its name: a term, an impact, a chromosome as the VCF has it, `C>T`, bounds of frequency or length.
    pub name: String,
    /// How many of the variants that match are so.
    pub count: u64,
    /// The pairs that select it: with these in place of the filter's pairs of the same names, just these variants match, unless the
    /// filter has bounds of the same name itself (`region`, `frequency`, `length`), which give way. Empty where no pairs select it,
    /// such as variants without a consequence.
    pub pairs: Vec<(String, String)>,
}

/// How many of which kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Charts {
    /// By most severe consequence, the most severe first; only those that occur. The last may have the name `unknown`.
    pub consequences: Vec<Bar>,
    /// By impact: the four, the most severe first; then `unknown` if it occurs.
    pub impacts: Vec<Bar>,
    /// By chromosome, in the order of the file.
    pub chromosomes: Vec<Bar>,
    /// Along each of these chromosomes.
    pub density: Vec<Density>,
    /// By the largest known frequency: `unknown`, then from rare to frequent.
    pub frequencies: Vec<Bar>,
    /// By kind: SNVs, insertions, deletions, others.
    pub kinds: Vec<Bar>,
    /// Substitutions of one base.
    pub substitutions: Substitutions,
    /// How many bases are inserted, and deleted.
    pub lengths: Lengths,
}

/// How many variants begin in each stretch of a chromosome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Density {
    /// Its name, as the VCF has it.
    pub chromosome: String,
    /// How many bases a bin has. Cytogenetic bands of hg19 and hg38 end at multiples of it.
    pub bin: i64,
    /// The first base of each bin that has variants, 1-based, and how many begin in it, from the left. The bin goes on to
    /// `start + bin - 1`; the pair `region` with `chromosome:start-end` selects what overlaps it.
    pub bins: Vec<(i64, u64)>,
}

/// Substitutions of one base by another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Substitutions {
    /// The twelve, `A>C`, `A>G`, …, as REF and ALT have them.
    pub twelve: Vec<Bar>,
    /// The six of mutational signatures, told of the strand on which the reference has C or T: `C>A`, which `G>T` counts as, too.
    pub six: Vec<Bar>,
    /// A with G, C with T.
    pub transitions: u64,
    /// All others.
    pub transversions: u64,
}

impl Substitutions {
    /// Ti/Tv; `None` without transversions.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        (self.transversions > 0).then(|| self.transitions as f64 / self.transversions as f64)
    }
}

/// How many bases are inserted or deleted: 1 to 10, 11 to 20, 21 to 50, more. Those whose length is not known are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lengths {
    /// Insertions.
    pub insertions: Vec<Bar>,
    /// Deletions.
    pub deletions: Vec<Bar>,
}
