//! What [`lanes`](super::lanes) encode columns with: texts, and what comes as text, by [`LeafWriter`], all others by the `parquet` crate.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field};
use domain::variants::{self, CONSEQUENCES, ROW_GROUP_ROWS};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::bloom_filter::Sbbf;
use parquet::errors::Result;
use parquet::file::properties::DEFAULT_BLOOM_FILTER_FPP;
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::SchemaDescriptor;

use super::leaf::{Chunk, LeafWriter};
use super::levels::Shared;
use super::strings::Texts;

/// How many distinct values a filter of Bloom of a row group has room for: a row seldom has two ids.
const MOST_DISTINCT: u64 = 2 * ROW_GROUP_ROWS as u64;

/// A column as a thread has made it.
pub(super) enum Column {
    Array(ArrayRef),
    Texts(Arc<Texts>),
}

/// Rows of a column.
pub(super) enum Rows {
    Array(ArrayRef),
    Texts(Arc<Texts>, Range<usize>),
}

/// What encodes a column of a row group.
pub(super) enum Writer {
    /// A writer for each leaf.
    Arrow(Vec<ArrowColumnWriter>),
    Texts(Box<LeafWriter>),
}

/// A column of a row group that is encoded.
pub(super) enum Chunks {
    /// One for each leaf.
    Arrow(Vec<ArrowColumnChunk>),
    Texts(Box<Chunk>),
}

impl Column {
    pub(super) fn texts(texts: Texts) -> Self {
        Self::Texts(Arc::new(texts))
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Array(array) => array.len(),
            Self::Texts(texts) => texts.rows(),
        }
    }

    pub(super) fn slice(&self, from: usize, count: usize) -> Rows {
        match self {
            Self::Array(array) => Rows::Array(array.slice(from, count)),
            Self::Texts(texts) => Rows::Texts(Arc::clone(texts), from..from + count),
        }
    }

    /// About how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Array(array) => array.get_array_memory_size(),
            Self::Texts(texts) => texts.bytes(),
        }
    }

    /// How many of these depend on the rows alone.
    pub(super) fn bytes_of_texts(&self) -> usize {
        match self {
            Self::Array(_) => 0,
            Self::Texts(texts) => texts.bytes(),
        }
    }
}

impl Rows {
    /// About how many bytes of memory they keep.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Array(array) => array.get_array_memory_size(),
            Self::Texts(texts, _) => texts.bytes(),
        }
    }
}

impl Writer {
    /// What encodes these fields in the row group of this number.
    pub(super) fn all<'f>(
        fields: impl Iterator<Item = &'f Field>,
        schema: &SchemaDescriptor,
        factory: &ArrowRowGroupWriterFactory,
        group: usize,
    ) -> Result<Vec<Self>> {
        let mut writers = factory.create_column_writers(group)?.into_iter();
        let mut leaf = 0;
        let writers = fields.map(|field| {
            let own: Vec<_> = writers.by_ref().take(leaves(field.data_type())).collect();
            let at = leaf;
            leaf += own.len();
            if !comes_as_text(field) {
                return Ok(Self::Arrow(own));
            }
            let bloom = variants::BLOOMED.contains(&field.name().as_str());
            let bloom = bloom.then(|| Sbbf::new_with_ndv_fpp(MOST_DISTINCT, DEFAULT_BLOOM_FILTER_FPP));
            Ok(Self::Texts(Box::new(LeafWriter::new(
                schema.column(at),
                bloom.transpose()?,
            ))))
        });
        writers.collect()
    }

    pub(super) fn write(&mut self, field: &Field, rows: Rows) -> Result<()> {
        match (self, rows) {
            (Self::Arrow(writers), Rows::Array(array)) => {
                let leaves = compute_leaves(field, &array)?;
                let mut each = writers.iter_mut().zip(leaves);
                each.try_for_each(|(writer, leaf)| writer.write(&leaf))
            }
            (Self::Texts(writer), Rows::Texts(texts, rows)) => {
                writer.add(&texts, rows);
                Ok(())
            }
            _ => Err(parquet::errors::ParquetError::General(format!(
                "rows of another kind than {}",
                field.name()
            ))),
        }
    }

    pub(super) fn end_page(&mut self, shared: &Shared) -> Result<()> {
        match self {
            // These end their pages by themselves.
            Self::Arrow(_) => Ok(()),
            Self::Texts(writer) => writer.end_page(shared),
        }
    }

    pub(super) fn close(self) -> Result<Chunks> {
        Ok(match self {
            Self::Arrow(writers) => {
                let chunks: Result<_> = writers.into_iter().map(ArrowColumnWriter::close).collect();
                Chunks::Arrow(chunks?)
            }
            Self::Texts(writer) => Chunks::Texts(Box::new(writer.close()?)),
        })
    }
}

impl Chunks {
    pub(super) fn append_to<W: Write + Send>(self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<()> {
        match self {
            Self::Arrow(chunks) => chunks
                .into_iter()
                .try_for_each(|chunk| chunk.append_to_row_group(group)),
            Self::Texts(chunk) => chunk.append_to(group),
        }
    }
}

/// Whether a thread makes texts of a column.
fn comes_as_text(field: &Field) -> bool {
    match field.data_type() {
        DataType::Utf8 => true,
        DataType::List(item) => field.name() == CONSEQUENCES || *item.data_type() == DataType::Utf8,
        _ => false,
    }
}

/// How many leaves a column has.
fn leaves(of: &DataType) -> usize {
    match of {
        DataType::List(item) => leaves(item.data_type()),
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        _ => 1,
    }
}
