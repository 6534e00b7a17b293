//! What can be typed after `gas variants`: the filters of the page, and a form.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What `gas variants` takes. All conditions have to hold; of one that is given several times, one value has to.
#[derive(Debug, Args)]
pub struct VariantsArgs {
    /// The job's ID
    pub id: String,
    /// A gene: its symbol or id
    #[arg(long)]
    pub gene: Vec<String>,
    /// A region: chr7, or chr7:117,559,000-117,560,000
    #[arg(long)]
    pub region: Vec<String>,
    /// A BED file of regions, of up to 1 MB and 50,000 regions, beside all other conditions
    #[arg(long, value_name = "FILE")]
    pub bed: Option<PathBuf>,
    /// The impact: high, moderate, low or modifier
    #[arg(long)]
    pub impact: Vec<String>,
    /// The most severe consequence, such as missense_variant
    #[arg(long)]
    pub consequence: Vec<String>,
    /// Whether a known variant has an id for it
    #[arg(long, value_parser = ["yes", "no"])]
    pub known: Option<String>,
    /// How frequent at most: 0.01 or 1%; or 0.01-0.05, or unknown
    #[arg(long)]
    pub frequency: Option<String>,
    /// QUAL at least
    #[arg(long)]
    pub quality: Option<String>,
    /// What FILTER has: PASS, or the name of a filter
    #[arg(long)]
    pub filter: Option<String>,
    /// A sample and its genotype, NA12878:het; also hom_alt, hom_ref, carries, missing
    #[arg(long, value_name = "SAMPLE:IS")]
    pub genotype: Vec<String>,
    /// How a child has it from its parents
    #[arg(long, value_parser = ["denovo", "recessive", "compound", "xlinked"], requires_all = ["child", "mother", "father"])]
    pub model: Option<String>,
    /// The child's sample
    #[arg(long, value_name = "SAMPLE")]
    pub child: Option<String>,
    /// The mother's sample
    #[arg(long, value_name = "SAMPLE")]
    pub mother: Option<String>,
    /// The father's sample
    #[arg(long, value_name = "SAMPLE")]
    pub father: Option<String>,
    /// Words in what ClinVar says, such as pathogenic
    #[arg(long)]
    pub clinvar: Option<String>,
    /// The kind: snv, insertion, deletion or other
    #[arg(long)]
    pub kind: Vec<String>,
    /// Text in ids, gene, transcript, HGVS, consequence or ClinVar; or a place
    #[arg(long)]
    pub text: Option<String>,
    /// The form: TSV if nothing is said, JSON Lines with --json
    #[arg(long, value_enum)]
    pub format: Option<VariantsFormat>,
    /// The file; standard output if none is named
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The form of variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VariantsFormat {
    /// Columns with tabs between them
    Tsv,
    /// An object of JSON a line, with all transcripts
    Jsonl,
    /// Parquet, with all transcripts
    Parquet,
    /// The records of the results, packed by bgzip
    #[value(name = "vcf.gz", alias = "vcf")]
    Vcf,
}

impl VariantsFormat {
    /// What the API calls it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tsv => "tsv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Vcf => "vcf.gz",
        }
    }

    /// Whether a terminal cannot show it.
    #[must_use]
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::Parquet | Self::Vcf)
    }
}
