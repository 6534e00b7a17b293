//! Parquet, in the columns of the file that the rows come from.

use std::sync::Arc;

use arrow_array::RecordBatch;
use domain::variants as columns;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::error::Error;
use crate::table::Table;

/// Row groups of an export are smaller than those of the annotator: they are in memory until they are written.
const GROUP_ROWS: usize = 20_000;

/// Writes a file whose bytes are taken away as they come.
pub(super) struct Writer(Option<ArrowWriter<Vec<u8>>>);

impl Writer {
    pub(super) fn new(table: &Table) -> Result<Self, Error> {
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(table.schema()), Some(properties(table)))?;
        Ok(Self(Some(writer)))
    }

    pub(super) fn write(&mut self, batch: &RecordBatch, into: &mut Vec<u8>) -> Result<(), Error> {
        let Some(writer) = &mut self.0 else { return Ok(()) };
        writer.write(batch)?;
        into.append(writer.inner_mut());
        Ok(())
    }

    pub(super) fn finish(&mut self, into: &mut Vec<u8>) -> Result<(), Error> {
        if let Some(writer) = self.0.take() {
            into.append(&mut writer.into_inner()?);
        }
        Ok(())
    }
}

fn properties(table: &Table) -> WriterProperties {
    let samples = serde_json::Value::from(table.samples().to_vec()).to_string();
    let metadata = [
        (columns::VERSION_KEY, columns::VERSION.to_owned()),
        (columns::SAMPLES_KEY, samples),
    ];
    let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value));
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("GAS ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(metadata.to_vec()));
    for column in [columns::POSITION, columns::END] {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(column), false)
            .set_column_encoding(ColumnPath::from(column), Encoding::DELTA_BINARY_PACKED);
    }
    for column in columns::BLOOMED {
        let path = match column == columns::IDS {
            true => ColumnPath::from(vec![column.to_owned(), "list".to_owned(), "element".to_owned()]),
            false => ColumnPath::from(column),
        };
        properties = properties.set_column_bloom_filter_enabled(path, true);
    }
    properties.build()
}
