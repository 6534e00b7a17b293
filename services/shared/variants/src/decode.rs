//! Columns of one row group, from bytes to arrays.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{ArrayRef, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch};
use arrow_schema::{DataType, Field, FieldRef, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::basic::Encoding;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;

use crate::chunks::Chunks;
use crate::error::Error;
use crate::table::{Table, guarded};
use crate::texts::Texts;

/// How many rows are read at once of a column that is not kept.
const BATCH_ROWS: usize = 4_096;

/// A row group whose columns are decoded when they are asked for, each as a whole and once.
pub(crate) struct Group<'c> {
    table: &'c Table,
    index: usize,
    rows: usize,
    chunks: &'c Chunks,
    metadata: ArrowReaderMetadata,
    decoded: RefCell<HashMap<String, ArrayRef>>,
}

impl<'c> Group<'c> {
    pub(crate) fn new(table: &'c Table, index: usize, chunks: &'c Chunks) -> Result<Self, Error> {
        let rows = table.group_rows(index);
        let rows = usize::try_from(rows.end - rows.start).unwrap_or_default();
        let metadata = guarded(|| {
            let options = ArrowReaderOptions::new().with_schema(hinted(table, index));
            Ok(ArrowReaderMetadata::try_new(Arc::clone(table.metadata()), options)?)
        })?;
        Ok(Self {
            table,
            index,
            rows,
            chunks,
            metadata,
            decoded: RefCell::default(),
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// A column, or a field of the entries: `consequences.symbol`.
    pub(crate) fn array(&self, path: &str) -> Result<ArrayRef, Error> {
        if let Some(array) = self.decoded.borrow().get(path) {
            return Ok(Arc::clone(array));
        }
        let array = self.decode(path)?;
        self.decoded.borrow_mut().insert(path.to_owned(), Arc::clone(&array));
        Ok(array)
    }

    fn decode(&self, path: &str) -> Result<ArrayRef, Error> {
        let damaged = || Error::Damaged(format!("the column {path} is not whole"));
        guarded(|| {
            let reader = reader(
                self.table,
                self.index,
                &[path],
                self.chunks,
                self.metadata.clone(),
                None,
                self.rows,
            )?;
            let batch = reader.into_iter().next().ok_or_else(damaged)?;
            let batch = batch.map_err(|error| Error::Damaged(error.to_string()))?;
            match batch.num_rows() == self.rows {
                true => Ok(Arc::clone(batch.column(0))),
                false => Err(damaged()),
            }
        })
    }

    pub(crate) fn texts(&self, path: &str) -> Result<Texts, Error> {
        Texts::of(&self.array(path)?)
    }

    pub(crate) fn integers(&self, path: &str) -> Result<Int64Array, Error> {
        self.array(path)?
            .as_primitive_opt::<Int64Type>()
            .cloned()
            .ok_or_else(|| other_type(path))
    }

    pub(crate) fn small_integers(&self, path: &str) -> Result<Int32Array, Error> {
        self.array(path)?
            .as_primitive_opt::<Int32Type>()
            .cloned()
            .ok_or_else(|| other_type(path))
    }

    pub(crate) fn numbers(&self, path: &str) -> Result<Float64Array, Error> {
        self.array(path)?
            .as_primitive_opt::<Float64Type>()
            .cloned()
            .ok_or_else(|| other_type(path))
    }

    /// The lists of a column; of the entries, lists of one field's values.
    pub(crate) fn lists(&self, path: &str) -> Result<(ListArray, Texts), Error> {
        lists(&self.array(path)?, path)
    }

    /// The lists of a column, some thousand rows at a time, which are not kept.
    pub(crate) fn list_batches(
        &self,
        path: &'static str,
    ) -> Result<impl Iterator<Item = Result<(ListArray, Texts), Error>>, Error> {
        let metadata = self.metadata.clone();
        let reader = guarded(|| reader(self.table, self.index, &[path], self.chunks, metadata, None, BATCH_ROWS))?;
        Ok(Batches(reader).map(move |batch| lists(batch?.column(0), path)))
    }
}

fn lists(array: &ArrayRef, path: &str) -> Result<(ListArray, Texts), Error> {
    let lists = array.as_list_opt::<i32>().cloned().ok_or_else(|| other_type(path))?;
    let values = match lists.values().as_struct_opt() {
        Some(fields) => Arc::clone(fields.columns().first().ok_or_else(|| other_type(path))?),
        None => Arc::clone(lists.values()),
    };
    Ok((lists, Texts::of(&values)?))
}

/// What the bytes of dictionaries say of a column of text in a row group: whether a value of it may be one that `is`. The dictionaries
/// are the first parts of [`Table::reads`].
pub(crate) fn dictionary_may_have(
    table: &Table,
    group: usize,
    path: &str,
    chunks: &Chunks,
    is: impl Fn(&str) -> bool,
) -> Result<bool, Error> {
    for leaf in table.leaves(path) {
        if is_null(table.chunk(group, *leaf)) {
            continue;
        }
        let values = guarded(|| {
            let values = ParquetMetaDataReader::read_column_dictionary(chunks, table.metadata(), group, *leaf)?;
            Ok(values)
        })?;
        let values = values
            .as_ref()
            .and_then(|values| values.as_binary_opt::<i32>())
            .ok_or_else(|| other_type(path))?;
        if values
            .iter()
            .flatten()
            .any(|value| std::str::from_utf8(value).is_ok_and(&is))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a chunk has nothing but nulls.
pub(crate) fn is_null(chunk: &ColumnChunkMetaData) -> bool {
    let nulls = chunk.statistics().and_then(Statistics::null_count_opt);
    nulls.is_some_and(|nulls| i64::try_from(nulls) == Ok(chunk.num_values()))
}

pub(crate) fn other_type(path: &str) -> Error {
    Error::Damaged(format!("the column {path} has values of another type"))
}

/// Columns of the chosen rows of a row group, in batches.
pub(crate) fn batches(
    table: &Table,
    group: usize,
    paths: &[&str],
    chunks: &Chunks,
    selection: RowSelection,
    batch: usize,
) -> Result<Batches, Error> {
    guarded(|| {
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(table.metadata()), ArrowReaderOptions::new())?;
        reader(table, group, paths, chunks, metadata, Some(selection), batch).map(Batches)
    })
}

/// Batches of rows.
pub(crate) struct Batches(ParquetRecordBatchReader);

impl Iterator for Batches {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let damaged = |error: arrow_schema::ArrowError| Error::Damaged(error.to_string());
        guarded(|| self.0.next().transpose().map_err(damaged)).transpose()
    }
}

fn reader(
    table: &Table,
    group: usize,
    paths: &[&str],
    chunks: &Chunks,
    metadata: ArrowReaderMetadata,
    selection: Option<RowSelection>,
    batch: usize,
) -> Result<ParquetRecordBatchReader, Error> {
    let leaves = paths.iter().flat_map(|path| table.leaves(path)).copied();
    let mask = ProjectionMask::leaves(table.metadata().file_metadata().schema_descr(), leaves);
    let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(chunks.clone(), metadata)
        .with_row_groups(vec![group])
        .with_projection(mask)
        .with_batch_size(batch);
    if let Some(selection) = selection {
        builder = builder.with_row_selection(selection);
    }
    Ok(builder.build()?)
}

/// The file's schema, with dictionaries for the columns of text that are wholly encoded so in this row group. Asked for a
/// dictionary of what is not, the reader hashes every value.
fn hinted(table: &Table, group: usize) -> Arc<Schema> {
    let mut leaf = 0;
    let fields = table.schema().fields().iter();
    let fields: Vec<FieldRef> = fields
        .map(|field| hinted_field(field, table, group, &mut leaf))
        .collect();
    Arc::new(Schema::new(fields))
}

fn hinted_field(field: &FieldRef, table: &Table, group: usize, leaf: &mut usize) -> FieldRef {
    let of = match field.data_type() {
        DataType::List(item) => DataType::List(hinted_field(item, table, group, leaf)),
        DataType::Struct(fields) => DataType::Struct(
            fields
                .iter()
                .map(|field| hinted_field(field, table, group, leaf))
                .collect(),
        ),
        other => {
            let own = *leaf;
            *leaf += 1;
            match other == &DataType::Utf8 && is_dictionary(table.chunk(group, own)) {
                true => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
                false => other.clone(),
            }
        }
    };
    Arc::new(Field::clone(field).with_data_type(of))
}

/// Whether all pages of values are encoded by the dictionary, and there are values: of a chunk of nulls, whose dictionary is empty, the
/// reader makes one by hashing each null.
pub(crate) fn is_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    if is_null(chunk) {
        return false;
    }
    let by_dictionary = |encoding: &Encoding| matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY);
    match (chunk.page_encoding_stats_mask(), chunk.page_encoding_stats()) {
        (Some(mask), _) => mask.encodings().all(|encoding| by_dictionary(&encoding)),
        (None, Some(pages)) => {
            use parquet::basic::PageType;
            let mut data = pages.iter().filter(|page| page.page_type != PageType::DICTIONARY_PAGE);
            data.all(|page| by_dictionary(&page.encoding))
        }
        (None, None) => false,
    }
}
