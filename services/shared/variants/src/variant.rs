//! A row of the table, and how it is made of columns.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, StructArray};
use domain::variants as columns;

use crate::decode::other_type;
use crate::error::Error;
use crate::layout::TOLD;

/// The columns of a row, all but the entries.
pub(crate) const SHOWN: [&str; 22] = [
    columns::CHROMOSOME,
    columns::POSITION,
    columns::END,
    columns::REFERENCE,
    columns::ALTERNATE,
    columns::ALLELE,
    columns::IDS,
    columns::QUALITY,
    columns::FILTER,
    columns::CONSEQUENCE,
    columns::IMPACT,
    columns::GENE,
    columns::GENE_ID,
    columns::TRANSCRIPT,
    columns::HGVS_C,
    columns::HGVS_P,
    columns::MAX_FREQUENCY,
    columns::FREQUENCIES,
    columns::CLINVAR,
    columns::CLINVAR_DISEASES,
    columns::CLINVAR_REVIEW,
    columns::GENOTYPES,
];

/// A row of the table: an allele of ALT, or a record without one. What is not known is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variant {
    /// Which row of the file, from 0. It names the variant within its file, and stays.
    pub row: u64,
    /// CHROM, as the VCF has it.
    pub chromosome: String,
    /// POS, 1-based.
    pub position: i64,
    /// The last base, 1-based, included.
    pub end: i64,
    /// REF.
    pub reference: String,
    /// The allele of ALT; `None` in a record without one.
    pub alternate: Option<String>,
    /// Which allele of ALT it is, from 1; 0 in a record without one.
    pub allele: u32,
    /// Ids of known variants.
    pub ids: Vec<String>,
    /// QUAL.
    pub quality: Option<f64>,
    /// FILTER, as the VCF has it.
    pub filter: Option<String>,
    /// The most severe consequence, a term of the Sequence Ontology.
    pub consequence: Option<String>,
    /// `HIGH`, `MODERATE`, `LOW` or `MODIFIER`.
    pub impact: Option<String>,
    /// The symbol of the picked transcript's gene.
    pub gene: Option<String>,
    /// The id of that gene.
    pub gene_id: Option<String>,
    /// The picked transcript.
    pub transcript: Option<String>,
    /// The name on it.
    pub hgvs_c: Option<String>,
    /// The name on its protein.
    pub hgvs_p: Option<String>,
    /// The largest of the frequencies, 0 to 1.
    pub max_frequency: Option<f64>,
    /// How frequent the allele is, by source.
    pub frequencies: Vec<Frequency>,
    /// What ClinVar says of its significance.
    pub clinvar: Option<String>,
    /// Of which diseases.
    pub clinvar_diseases: Option<String>,
    /// How well that was reviewed.
    pub clinvar_review: Option<String>,
    /// GT of each of [`Table::samples`](crate::Table::samples); `None` where the file has none.
    pub genotypes: Option<Vec<String>>,
    /// All entries, if the row was read with [`Columns::All`](crate::Columns::All); else none.
    pub consequences: Vec<Entry>,
}

/// How frequent an allele is.
#[derive(Debug, Clone, PartialEq)]
pub struct Frequency {
    /// The key under which the VCF has it.
    pub source: String,
    /// 0 to 1.
    pub value: f64,
}

/// An entry of CSQ: what the allele does to one transcript, or other feature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The values as text, in the order of `domain::variants::CONSEQUENCE_FIELDS`; a flag is `true` or `None`.
    pub values: Vec<Option<String>>,
}

impl Entry {
    /// The value of the field of this name, `hgvs_c`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let fields = &domain::variants::CONSEQUENCE_FIELDS;
        let at = fields.iter().position(|field| field.name == name)?;
        self.values.get(at)?.as_deref()
    }

    /// Whether it is the entry that the table shows.
    #[must_use]
    pub fn picked(&self) -> bool {
        self.get("picked").is_some()
    }
}

/// The rows of a batch, without their numbers. The entries are there if the batch has them.
pub(crate) fn variants(batch: &RecordBatch) -> Result<Vec<Variant>, Error> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| other_type(name));
    let texts = |name: &str| column(name)?.as_string_opt::<i32>().ok_or_else(|| other_type(name));
    let integers = |name: &str| {
        column(name)?
            .as_primitive_opt::<Int64Type>()
            .ok_or_else(|| other_type(name))
    };
    let numbers = |name: &str| {
        column(name)?
            .as_primitive_opt::<Float64Type>()
            .ok_or_else(|| other_type(name))
    };
    let alleles = column(columns::ALLELE)?
        .as_primitive_opt::<Int32Type>()
        .ok_or_else(|| other_type(columns::ALLELE))?;
    let (chromosome, position, end) = (
        texts(columns::CHROMOSOME)?,
        integers(columns::POSITION)?,
        integers(columns::END)?,
    );
    let (reference, alternate) = (texts(columns::REFERENCE)?, texts(columns::ALTERNATE)?);
    let (quality, max_frequency) = (numbers(columns::QUALITY)?, numbers(columns::MAX_FREQUENCY)?);
    let told: Vec<&StringArray> = TOLD.into_iter().map(texts).collect::<Result<_, _>>()?;
    let (ids, genotypes) = (column(columns::IDS)?, column(columns::GENOTYPES)?);
    let frequencies = column(columns::FREQUENCIES)?;
    let consequences = batch.column_by_name(columns::CONSEQUENCES);
    let mut rows = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let text = |array: &StringArray| array.is_valid(row).then(|| array.value(row).to_owned());
        let mut told = told.iter().map(|array| text(array));
        let mut next = || told.next().flatten();
        rows.push(Variant {
            row: 0,
            chromosome: chromosome.value(row).to_owned(),
            position: position.value(row),
            end: end.value(row),
            reference: reference.value(row).to_owned(),
            alternate: text(alternate),
            allele: u32::try_from(alleles.value(row)).unwrap_or_default(),
            ids: list(ids, row)
                .map(|values| words(&values))
                .transpose()?
                .unwrap_or_default(),
            quality: quality.is_valid(row).then(|| quality.value(row)),
            filter: next(),
            consequence: next(),
            impact: next(),
            gene: next(),
            gene_id: next(),
            transcript: next(),
            hgvs_c: next(),
            hgvs_p: next(),
            clinvar: next(),
            clinvar_diseases: next(),
            clinvar_review: next(),
            max_frequency: max_frequency.is_valid(row).then(|| max_frequency.value(row)),
            frequencies: list(frequencies, row)
                .map(|values| told_by(&values))
                .transpose()?
                .unwrap_or_default(),
            genotypes: list(genotypes, row).map(|values| words(&values)).transpose()?,
            consequences: match consequences.and_then(|consequences| list(consequences, row)) {
                Some(values) => entries(&values)?,
                None => Vec::new(),
            },
        });
    }
    Ok(rows)
}

/// What the list of this row has; `None` where there is no list.
fn list(lists: &ArrayRef, row: usize) -> Option<ArrayRef> {
    let lists = lists.as_list_opt::<i32>()?;
    lists.is_valid(row).then(|| lists.value(row))
}

fn words(values: &ArrayRef) -> Result<Vec<String>, Error> {
    let values = values.as_string_opt::<i32>().ok_or_else(|| other_type("of a list"))?;
    Ok(values
        .iter()
        .map(|value| value.unwrap_or_default().to_owned())
        .collect())
}

fn told_by(values: &ArrayRef) -> Result<Vec<Frequency>, Error> {
    let wrong = || other_type(columns::FREQUENCIES);
    let values = values.as_struct_opt().ok_or_else(wrong)?;
    let field = |name: &str| values.column_by_name(name).ok_or_else(wrong);
    let sources = field(columns::SOURCE)?.as_string_opt::<i32>().ok_or_else(wrong)?;
    let numbers = field(columns::VALUE)?
        .as_primitive_opt::<Float64Type>()
        .ok_or_else(wrong)?;
    let of = |row| Frequency {
        source: sources.value(row).to_owned(),
        value: numbers.value(row),
    };
    Ok((0..values.len()).map(of).collect())
}

fn entries(values: &ArrayRef) -> Result<Vec<Entry>, Error> {
    let values = values
        .as_struct_opt()
        .ok_or_else(|| other_type(columns::CONSEQUENCES))?;
    let fields: Vec<Option<&ArrayRef>> = columns::CONSEQUENCE_FIELDS
        .iter()
        .map(|field| values.column_by_name(field.name))
        .collect();
    let entry = |row| Entry {
        values: fields
            .iter()
            .map(|field| field.and_then(|field| value(field, row)))
            .collect(),
    };
    Ok((0..StructArray::len(values)).map(entry).collect())
}

/// A value of any of our types as text.
pub(crate) fn value(array: &ArrayRef, row: usize) -> Option<String> {
    if array.is_null(row) {
        None
    } else if let Some(texts) = array.as_string_opt::<i32>() {
        Some(texts.value(row).to_owned())
    } else if let Some(numbers) = array.as_primitive_opt::<Int32Type>() {
        Some(numbers.value(row).to_string())
    } else if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        Some(number(numbers.value(row)))
    } else {
        array.as_boolean_opt().map(|flags| flags.value(row).to_string())
    }
}

/// A number as its sources write it: what is nearly 0 by its exponent.
fn number(number: f64) -> String {
    match number.abs() < 1e-4 && number != 0.0 {
        true => format!("{number:e}"),
        false => number.to_string(),
    }
}
