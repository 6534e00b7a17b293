//! The file as a table: what its footer says, checked.

use std::collections::HashMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_schema::SchemaRef;
use domain::variants as columns;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};

use crate::chunks::{Key, Read};
use crate::error::Error;
use crate::layout::{check_chunk, check_columns, leaves, parts, starts};
use crate::query::Query;
use crate::rows::{Columns, Rows};
use crate::scan::Scan;

/// The largest footer that is read, in bytes. That of 5 million variants has less than one.
const LARGEST_FOOTER: u64 = 64 << 20;

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
    /// Opens a file of `size` bytes by its last ones, `tail`: as many as one likes. The footer of a million
    /// variants has about 70 KB.
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

/// Runs what reads bytes that may be damaged: the reader of Parquet panics on some of them.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let panicked = |_| Error::Damaged("a part of it cannot be read".to_owned());
    catch_unwind(AssertUnwindSafe(read)).map_err(panicked)?
}
