//! What a footer says of columns and row groups, checked before anything is read by it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_schema::DataType;
use domain::variants as columns;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use crate::error::Error;

/// The most rows of a file.
const MOST_ROWS: u64 = 200_000_000;
/// The most rows of a row group.
const MOST_GROUP_ROWS: u64 = 1 << 20;
/// The most bytes that the chunk of a column has, packed or not.
const LARGEST_CHUNK: u64 = 1 << 30;

pub(crate) fn leaves(descriptor: &parquet::schema::types::SchemaDescriptor) -> HashMap<String, Vec<usize>> {
    let mut leaves: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, column) in descriptor.columns().iter().enumerate() {
        let path = column.path().parts();
        let Some(root) = path.first() else { continue };
        leaves.entry(root.clone()).or_default().push(index);
        if let Some(field) = path.last().filter(|_| path.len() > 1) {
            leaves.entry(format!("{root}.{field}")).or_default().push(index);
        }
    }
    leaves
}

/// Whether the columns of our version are there, and what they should be.
pub(crate) fn check_columns(schema: &arrow_schema::Schema, leaves: &HashMap<String, Vec<usize>>) -> Result<(), Error> {
    let wrong = |name: &str| Error::NotOurs(format!("the file of variants has no column {name} that we can read"));
    for (name, expected) in expected() {
        let field = schema.field_with_name(name).map_err(|_| wrong(name))?;
        let is = match (field.data_type(), &expected) {
            (DataType::List(item), DataType::List(wanted)) => match (item.data_type(), wanted.data_type()) {
                (DataType::Struct(fields), DataType::Struct(wanted)) => {
                    wanted.iter().all(|own| match fields.find(own.name()) {
                        Some((_, is)) => is.data_type() == own.data_type(),
                        None => name == columns::CONSEQUENCES && is_added(own.name()),
                    })
                }
                (is, wanted) => is == wanted,
            },
            (is, wanted) => is == wanted,
        };
        let twice = schema.fields().iter().filter(|field| field.name() == name).count() > 1;
        if !is || twice || !leaves.contains_key(name) {
            return Err(wrong(name));
        }
    }
    Ok(())
}

/// Whether it is a field of the entries that files do not have which were made before.
fn is_added(name: &str) -> bool {
    let fields = &columns::CONSEQUENCE_FIELDS;
    let added = &fields[fields.len() - columns::ADDED_FIELDS..];
    added.iter().any(|field| field.name == name)
}

/// What is told of a variant in one text each, which may be null.
pub(crate) const TOLD: [&str; 11] = [
    columns::FILTER,
    columns::CONSEQUENCE,
    columns::IMPACT,
    columns::GENE,
    columns::GENE_ID,
    columns::TRANSCRIPT,
    columns::HGVS_C,
    columns::HGVS_P,
    columns::CLINVAR,
    columns::CLINVAR_DISEASES,
    columns::CLINVAR_REVIEW,
];

/// The columns that we read, by name.
fn expected() -> Vec<(&'static str, DataType)> {
    use arrow_schema::Field;
    let list = |of: DataType| DataType::List(Arc::new(Field::new("element", of, false)));
    let entry = columns::CONSEQUENCE_FIELDS.iter().map(|field| {
        let of = match field.kind {
            columns::Kind::Text => DataType::Utf8,
            columns::Kind::Integer => DataType::Int32,
            columns::Kind::Number => DataType::Float64,
            columns::Kind::Flag => DataType::Boolean,
        };
        Field::new(field.name, of, true)
    });
    let frequency = [
        Field::new(columns::SOURCE, DataType::Utf8, false),
        Field::new(columns::VALUE, DataType::Float64, false),
    ];
    let places = [columns::CHROMOSOME, columns::REFERENCE, columns::ALTERNATE];
    let texts = places.into_iter().chain(TOLD);
    let mut all: Vec<_> = texts.map(|name| (name, DataType::Utf8)).collect();
    all.extend([
        (columns::POSITION, DataType::Int64),
        (columns::END, DataType::Int64),
        (columns::ALLELE, DataType::Int32),
        (columns::QUALITY, DataType::Float64),
        (columns::MAX_FREQUENCY, DataType::Float64),
        (columns::IDS, list(DataType::Utf8)),
        (columns::GENOTYPES, list(DataType::Utf8)),
        (columns::FREQUENCIES, list(DataType::Struct(frequency.to_vec().into()))),
        (columns::CONSEQUENCES, list(DataType::Struct(entry.collect()))),
    ]);
    all
}

pub(crate) fn starts(metadata: &ParquetMetaData) -> Result<Vec<u64>, Error> {
    let mut starts = vec![0];
    let mut rows = 0;
    for group in metadata.row_groups() {
        let own = u64::try_from(group.num_rows())
            .ok()
            .filter(|own| *own <= MOST_GROUP_ROWS);
        rows += own.ok_or_else(|| Error::Damaged("a row group has an impossible number of rows".to_owned()))?;
        starts.push(rows);
    }
    match u64::try_from(metadata.file_metadata().num_rows()) {
        Ok(all) if all == rows && rows <= MOST_ROWS => Ok(starts),
        _ => Err(Error::Damaged("its row groups have other rows than it says".to_owned())),
    }
}

/// Where a chunk has its dictionary, and where its pages are; the first is `None` without a dictionary of its own.
pub(crate) fn parts(chunk: &ColumnChunkMetaData) -> [Option<Range<u64>>; 2] {
    let offset = |offset: i64| u64::try_from(offset).unwrap_or_default();
    let pages = offset(chunk.data_page_offset());
    let start = chunk.dictionary_page_offset().map_or(pages, offset);
    let end = start + offset(chunk.compressed_size());
    match start < pages && pages <= end {
        true => [Some(start..pages), Some(pages..end)],
        false => [Some(start..start), Some(start..end)],
    }
}

pub(crate) fn check_chunk(chunk: &ColumnChunkMetaData, end: u64) -> Option<()> {
    let number = |number: i64| u64::try_from(number).ok();
    let pages = number(chunk.data_page_offset())?;
    let start = chunk.dictionary_page_offset().map_or(Some(pages), number)?;
    let size = number(chunk.compressed_size())?;
    let unpacked = number(chunk.uncompressed_size())?;
    number(chunk.num_values())?;
    let sound = size <= LARGEST_CHUNK && unpacked <= LARGEST_CHUNK && start <= pages;
    (sound && start >= 4 && start.checked_add(size)? <= end).then_some(())
}
