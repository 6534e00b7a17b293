//! The columns of a file of variants in Parquet: what the annotator writes, and who reads it finds.
//!
//! A row is an allele of ALT, or a record without one, in the order of the VCF that it was made of. Positions are 1-based, both ends
//! included. What is not known is null. Row groups have statistics; [`BLOOMED`] columns have filters of Bloom, by which a reader
//! learns, without reading a row group, that a gene or an id is not in it.

/// The version of these columns, under [`VERSION_KEY`] in the file's metadata. A column may be added without a new one.
pub const VERSION: &str = "1";
/// Where the version is.
pub const VERSION_KEY: &str = "gas.variants.version";
/// Where the names of the samples are, as a list of JSON, in the order of [`GENOTYPES`].
pub const SAMPLES_KEY: &str = "gas.variants.samples";

/// The most samples whose genotypes are in the file.
pub const MOST_SAMPLES: usize = 64;
/// About how many rows a row group has.
pub const ROW_GROUP_ROWS: usize = 100_000;

/// CHROM, as the VCF has it. Text, never null.
pub const CHROMOSOME: &str = "chromosome";
/// POS. Never null.
pub const POSITION: &str = "position";
/// The last base of the record: of REF, or what END and SVLEN say where that is further. Never null.
pub const END: &str = "end";
/// REF. Never null.
pub const REFERENCE: &str = "reference";
/// The allele of ALT; null in a record without one.
pub const ALTERNATE: &str = "alternate";
/// Which allele of ALT it is, from 1; 0 in a record without one. Never null.
pub const ALLELE: &str = "allele";
/// Ids of known variants, of ID and of the annotation, each once. A list of text.
pub const IDS: &str = "ids";
/// QUAL.
pub const QUALITY: &str = "quality";
/// FILTER, as the VCF has it.
pub const FILTER: &str = "filter";
/// The most severe consequence of the allele, a term of the Sequence Ontology.
pub const CONSEQUENCE: &str = "consequence";
/// The impact of the entry that has it: `HIGH`, `MODERATE`, `LOW`, `MODIFIER`; null where that cannot be told, as without the
/// genome's sequence.
pub const IMPACT: &str = "impact";
/// The symbol of the picked entry's gene.
pub const GENE: &str = "gene";
/// The id of that gene.
pub const GENE_ID: &str = "gene_id";
/// The picked transcript, or other feature.
pub const TRANSCRIPT: &str = "transcript";
/// The allele's name on the picked transcript.
pub const HGVS_C: &str = "hgvs_c";
/// Its name on the protein.
pub const HGVS_P: &str = "hgvs_p";
/// The largest of the [`FREQUENCIES`].
pub const MAX_FREQUENCY: &str = "max_frequency";
/// What tracks tell of how frequent the allele is. A list of structs of [`SOURCE`] and [`VALUE`].
pub const FREQUENCIES: &str = "frequencies";
/// The key under which the VCF has a frequency.
pub const SOURCE: &str = "source";
/// The frequency, 0 to 1.
pub const VALUE: &str = "value";
/// What ClinVar says of the allele's significance, as it does.
pub const CLINVAR: &str = "clinvar";
/// Of which diseases.
pub const CLINVAR_DISEASES: &str = "clinvar_diseases";
/// How well that was reviewed.
pub const CLINVAR_REVIEW: &str = "clinvar_review";
/// GT of each sample, in the order of the VCF; null where there are none, or more than [`MOST_SAMPLES`].
pub const GENOTYPES: &str = "genotypes";
/// All entries of the allele. A list of structs of [`CONSEQUENCE_FIELDS`].
pub const CONSEQUENCES: &str = "consequences";

/// The columns with filters of Bloom.
pub const BLOOMED: [&str; 2] = [GENE, IDS];

/// A field of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsequenceField {
    /// Its name in the struct.
    pub name: &'static str,
    /// The field of CSQ whose value it is, with the meaning that Ensembl VEP gives it.
    pub csq: &'static str,
    /// What its values are.
    pub kind: Kind,
}

/// What values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, lists with `&` between.
    Text,
    /// A number without fraction.
    Integer,
    /// A number.
    Number,
    /// `true`, or null.
    Flag,
}

const fn field(name: &'static str, csq: &'static str, kind: Kind) -> ConsequenceField {
    ConsequenceField { name, csq, kind }
}

/// How many of [`CONSEQUENCE_FIELDS`], the last ones, were added: files that were made before do not have them.
pub const ADDED_FIELDS: usize = 8;

/// The fields of an entry. One that CSQ of a run does not have is null.
pub const CONSEQUENCE_FIELDS: [ConsequenceField; 37] = [
    field("consequence", "Consequence", Kind::Text),
    field("impact", "IMPACT", Kind::Text),
    field("symbol", "SYMBOL", Kind::Text),
    field("gene_id", "Gene", Kind::Text),
    field("feature_type", "Feature_type", Kind::Text),
    field("feature", "Feature", Kind::Text),
    field("biotype", "BIOTYPE", Kind::Text),
    field("exon", "EXON", Kind::Text),
    field("intron", "INTRON", Kind::Text),
    field("hgvs_c", "HGVSc", Kind::Text),
    field("hgvs_p", "HGVSp", Kind::Text),
    field("hgvs_g", "HGVSg", Kind::Text),
    field("cdna_position", "cDNA_position", Kind::Text),
    field("cds_position", "CDS_position", Kind::Text),
    field("protein_position", "Protein_position", Kind::Text),
    field("amino_acids", "Amino_acids", Kind::Text),
    field("codons", "Codons", Kind::Text),
    field("distance", "DISTANCE", Kind::Integer),
    field("strand", "STRAND", Kind::Integer),
    field("flags", "FLAGS", Kind::Text),
    field("picked", "PICK", Kind::Flag),
    field("hgnc_id", "HGNC_ID", Kind::Text),
    field("canonical", "CANONICAL", Kind::Text),
    field("mane_select", "MANE_SELECT", Kind::Text),
    field("mane_plus_clinical", "MANE_PLUS_CLINICAL", Kind::Text),
    field("protein", "ENSP", Kind::Text),
    field("source", "SOURCE", Kind::Text),
    field("variant_class", "VARIANT_CLASS", Kind::Text),
    field("decay", "NMD", Kind::Text),
    field("symbol_source", "SYMBOL_SOURCE", Kind::Text),
    field("hgvs_offset", "HGVS_OFFSET", Kind::Integer),
    field("support_level", "TSL", Kind::Text),
    field("appris", "APPRIS", Kind::Text),
    field("ccds", "CCDS", Kind::Text),
    field("pli", "pLI_gene_value", Kind::Number),
    field("loeuf", "LOEUF", Kind::Number),
    field("missense_z", "mis_z", Kind::Number),
];
