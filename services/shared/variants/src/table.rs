//! The file as a table: what its footer says, checked.

use std::collections::HashMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_schema::{DataType, SchemaRef};
use domain::variants as columns;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};

use crate::chunks::{Key, Read};
use crate::error::Error;
use crate::query::Query;
use crate::rows::{Columns, Rows};
use crate::scan::Scan;

/// The largest footer that is read, in bytes. That of 5 million variants has less than one.
const LARGEST_FOOTER: u64 = 64 << 20;
/// The most rows of a file.
const MOST_ROWS: u64 = 200_000_000;
/// The most rows of a row group.
const MOST_GROUP_ROWS: u64 = 1 << 20;
/// The most bytes that the chunk of a column has, packed or not.
const LARGEST_CHUNK: u64 = 1 << 30;

/// A file of variants, of which the footer has been read. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Table(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    /// The leaves of each column, and of each field of the entries, by `consequences.symbol`.
    leaves: HashMap<String, Vec<usize>>,
    samples: Vec<String>,
    /// The first row of each row group, and behind the last one the number of rows.
    starts: Vec<u64>,
}

/// What [`Table::open`] comes to.
#[derive(Debug)]
pub enum Opening {
    /// The table.
    Table(Table),
    /// It needs the last so many bytes of the file; try again with these.
    Needs(u64),
}

impl Opening {
    /// The table.
    ///
    /// # Errors
    ///
    /// If it needs more bytes than it has got.
    pub fn table(self) -> Result<Table, Error> {
        match self {
            Self::Table(table) => Ok(table),
            Self::Needs(bytes) => Err(Error::Damaged(format!("its footer needs {bytes} bytes more than once"))),
        }
    }
}

impl Table {
    /// Opens a file of `size` bytes by its last ones, `tail`: as many as one likes; 64 KB are enough for 500,000 variants.
    ///
    /// # Errors
    ///
    /// If it is no Parquet, has other columns than ours or another version, or is damaged.
    pub fn open(size: u64, tail: &[u8]) -> Result<Opening, Error> {
        let (rest, end) = match tail.split_last_chunk::<8>() {
            Some((rest, end)) if size >= 12 => (rest, end),
            _ if size >= 12 => return Ok(Opening::Needs(8)),
            _ => return Err(Error::NotOurs("the file of variants is empty, or cut off".to_owned())),
        };
        let [a, b, c, d, magic @ ..] = *end;
        if &magic != b"PAR1" {
            return Err(Error::NotOurs(
                "the file of variants is no Parquet, or cut off".to_owned(),
            ));
        }
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if length > LARGEST_FOOTER || length + 12 > size {
            return Err(Error::Damaged("its footer has an impossible length".to_owned()));
        }
        let Some(start) = usize::try_from(length)
            .ok()
            .and_then(|length| rest.len().checked_sub(length))
        else {
            return Ok(Opening::Needs(length + 8));
        };
        let metadata = guarded(|| Ok(ParquetMetaDataReader::decode_metadata(&rest[start..])?))?;
        Inner::new(metadata, size - length - 8).map(|inner| Opening::Table(Self(Arc::new(inner))))
    }

    /// The names of the samples, in the order of [`Variant::genotypes`](crate::Variant::genotypes).
    #[must_use]
    pub fn samples(&self) -> &[String] {
        &self.0.samples
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.0.starts.last().copied().unwrap_or_default()
    }

    /// How many row groups it has.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.0.metadata.num_row_groups()
    }

    /// About how many bytes of memory it takes itself.
    #[must_use]
    pub fn size_in_memory(&self) -> usize {
        self.0.metadata.memory_size()
            + self.0.starts.len() * 8
            + self.0.samples.iter().map(|name| name.len() + 24).sum::<usize>()
    }

    /// Begins to look for what a query asks.
    ///
    /// # Errors
    ///
    /// If it names a sample that the file does not have.
    pub fn scan(&self, query: &Query) -> Result<Scan, Error> {
        Scan::new(self, query)
    }

    /// Begins to read rows by their numbers, which [`Scan`] finds.
    ///
    /// # Errors
    ///
    /// If there is no such row.
    pub fn rows_of(&self, rows: &[u64], columns: Columns) -> Result<Rows, Error> {
        Rows::new(self, rows, columns)
    }

    /// The rows of a row group.
    pub(crate) fn group_rows(&self, group: usize) -> Range<u64> {
        self.0.starts[group]..self.0.starts[group + 1]
    }

    /// In which row group a row is.
    pub(crate) fn group_of(&self, row: u64) -> usize {
        self.0.starts.partition_point(|start| *start <= row).saturating_sub(1)
    }

    pub(crate) fn metadata(&self) -> &Arc<ParquetMetaData> {
        &self.0.metadata
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.0.schema
    }

    /// The leaves of a column, or of a field of the entries.
    pub(crate) fn leaves(&self, path: &str) -> &[usize] {
        self.0.leaves.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn chunk(&self, group: usize, leaf: usize) -> &ColumnChunkMetaData {
        self.0.metadata.row_group(group).column(leaf)
    }

    /// The bytes of columns in a row group: of each leaf its dictionary, if it has one, and its pages.
    pub(crate) fn reads<'p>(&self, group: usize, paths: impl IntoIterator<Item = &'p str>) -> Vec<Read> {
        let mut leaves: Vec<usize> = paths.into_iter().flat_map(|path| self.leaves(path)).copied().collect();
        leaves.sort_unstable();
        leaves.dedup();
        let reads = leaves.into_iter().flat_map(|leaf| {
            let parts = parts(self.chunk(group, leaf)).into_iter().flatten().zip(0..);
            let read = move |(range, part): (Range<u64>, u32)| {
                let (group, column) = (group as u32, leaf as u32);
                Read {
                    key: Key { group, column, part },
                    range,
                }
            };
            parts.map(read).filter(|read| !read.range.is_empty())
        });
        reads.collect()
    }
}

impl Inner {
    /// `end` is where the footer begins.
    fn new(metadata: ParquetMetaData, end: u64) -> Result<Self, Error> {
        let pairs = metadata
            .file_metadata()
            .key_value_metadata()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let value = |key: &str| {
            pairs
                .iter()
                .find(|pair| pair.key == key)
                .and_then(|pair| pair.value.as_deref())
        };
        match value(columns::VERSION_KEY) {
            Some(columns::VERSION) => {}
            Some(other) => {
                let (ours, other) = (columns::VERSION, other.chars().take(20).collect::<String>());
                return Err(Error::NotOurs(format!(
                    "the file of variants has version {other}, not {ours}"
                )));
            }
            None => return Err(Error::NotOurs("the file is Parquet, but none of variants".to_owned())),
        }
        let samples = value(columns::SAMPLES_KEY).map(serde_json::from_str::<Vec<String>>);
        let samples = samples.transpose().ok().flatten();
        let samples = samples.ok_or_else(|| Error::Damaged("it does not say which samples it has".to_owned()))?;
        let descriptor = metadata.file_metadata().schema_descr();
        let schema = guarded(|| Ok(parquet_to_arrow_schema(descriptor, None)?))?;
        let leaves = leaves(descriptor);
        check_columns(&schema, &leaves)?;
        let starts = starts(&metadata)?;
        for group in metadata.row_groups() {
            for chunk in group.columns() {
                check_chunk(chunk, end).ok_or_else(|| {
                    Error::Damaged(format!(
                        "the column {} lies outside of it",
                        chunk.column_path().string()
                    ))
                })?;
            }
        }
        let (metadata, schema) = (Arc::new(metadata), Arc::new(schema));
        Ok(Self {
            metadata,
            schema,
            leaves,
            samples,
            starts,
        })
    }
}

fn leaves(descriptor: &parquet::schema::types::SchemaDescriptor) -> HashMap<String, Vec<usize>> {
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
fn check_columns(schema: &arrow_schema::Schema, leaves: &HashMap<String, Vec<usize>>) -> Result<(), Error> {
    let wrong = |name: &str| Error::NotOurs(format!("the file of variants has no column {name} that we can read"));
    for (name, expected) in expected() {
        let field = schema.field_with_name(name).map_err(|_| wrong(name))?;
        let is = match (field.data_type(), &expected) {
            (DataType::List(item), DataType::List(wanted)) => match (item.data_type(), wanted.data_type()) {
                (DataType::Struct(fields), DataType::Struct(wanted)) => wanted.iter().all(|own| {
                    fields
                        .find(own.name())
                        .is_some_and(|(_, is)| is.data_type() == own.data_type())
                }),
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

/// The columns that we read, by name.
fn expected() -> Vec<(&'static str, DataType)> {
    use arrow_schema::Field;
    let list = |of: DataType| DataType::List(Arc::new(Field::new("element", of, false)));
    let texts = [
        columns::CHROMOSOME,
        columns::REFERENCE,
        columns::ALTERNATE,
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
    let entry = columns::CONSEQUENCE_FIELDS.iter().map(|field| {
        let of = match field.kind {
            columns::Kind::Text => DataType::Utf8,
            columns::Kind::Integer => DataType::Int32,
            columns::Kind::Flag => DataType::Boolean,
        };
        Field::new(field.name, of, true)
    });
    let frequency = [
        Field::new(columns::SOURCE, DataType::Utf8, false),
        Field::new(columns::VALUE, DataType::Float64, false),
    ];
    let mut all: Vec<_> = texts.map(|name| (name, DataType::Utf8)).to_vec();
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

fn starts(metadata: &ParquetMetaData) -> Result<Vec<u64>, Error> {
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
fn parts(chunk: &ColumnChunkMetaData) -> [Option<Range<u64>>; 2] {
    let offset = |offset: i64| u64::try_from(offset).unwrap_or_default();
    let pages = offset(chunk.data_page_offset());
    let start = chunk.dictionary_page_offset().map_or(pages, offset);
    let end = start + offset(chunk.compressed_size());
    match start < pages && pages <= end {
        true => [Some(start..pages), Some(pages..end)],
        false => [Some(start..start), Some(start..end)],
    }
}

fn check_chunk(chunk: &ColumnChunkMetaData, end: u64) -> Option<()> {
    let number = |number: i64| u64::try_from(number).ok();
    let pages = number(chunk.data_page_offset())?;
    let start = chunk.dictionary_page_offset().map_or(Some(pages), number)?;
    let size = number(chunk.compressed_size())?;
    let unpacked = number(chunk.uncompressed_size())?;
    number(chunk.num_values())?;
    let sound = size <= LARGEST_CHUNK && unpacked <= LARGEST_CHUNK && start <= pages;
    (sound && start >= 4 && start.checked_add(size)? <= end).then_some(())
}

/// Runs what reads bytes that may be damaged: the reader of Parquet panics on some of them.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let panicked = |_| Error::Damaged("a part of it cannot be read".to_owned());
    catch_unwind(AssertUnwindSafe(read)).map_err(panicked)?
}
