//! Files in memory, and whoever fetches their bytes.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int32Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};
use bytes::Bytes;
use domain::variants::{self as columns, CONSEQUENCE_FIELDS, ConsequenceField, Kind};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use variants::{Chunks, Columns, Entry, Error, Found, Opening, Query, Read, Table, Variant};

/// A file with these rows.
pub fn written(rows: &[Variant], samples: &[&str], group_rows: usize) -> Bytes {
    written_as(rows, samples, group_rows, columns::VERSION)
}

/// The same, of which entries have these fields alone.
pub fn written_with(rows: &[Variant], fields: &[ConsequenceField]) -> Bytes {
    packed(&batch(rows, fields), &[], rows.len(), columns::VERSION)
}

/// The same of another version.
pub fn written_as(rows: &[Variant], samples: &[&str], group_rows: usize, version: &str) -> Bytes {
    packed(&batch(rows, &CONSEQUENCE_FIELDS), samples, group_rows, version)
}

fn packed(batch: &RecordBatch, samples: &[&str], group_rows: usize, version: &str) -> Bytes {
    let samples = serde_json::to_string(samples).unwrap();
    let metadata = [
        (columns::VERSION_KEY, version.to_owned()),
        (columns::SAMPLES_KEY, samples),
    ];
    let metadata = metadata
        .map(|(key, value)| KeyValue::new(key.to_owned(), value))
        .to_vec();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(group_rows))
        // So that longer columns begin with a dictionary and go on without.
        .set_dictionary_page_size_limit(400)
        .set_key_value_metadata(Some(metadata))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap().into()
}

fn batch(rows: &[Variant], fields: &[ConsequenceField]) -> RecordBatch {
    let text = |of: fn(&Variant) -> Option<&String>| -> ArrayRef {
        Arc::new(
            rows.iter()
                .map(|row| of(row).map(String::as_str))
                .collect::<StringArray>(),
        )
    };
    let number =
        |of: fn(&Variant) -> Option<f64>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Float64Array>()) };
    let arrays: Vec<(&str, ArrayRef, bool)> = vec![
        (columns::CHROMOSOME, text(|row| Some(&row.chromosome)), false),
        (
            columns::POSITION,
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.position))),
            false,
        ),
        (
            columns::END,
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.end))),
            false,
        ),
        (columns::REFERENCE, text(|row| Some(&row.reference)), false),
        (columns::ALTERNATE, text(|row| row.alternate.as_ref()), true),
        (
            columns::ALLELE,
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.allele as i32))),
            false,
        ),
        (columns::IDS, texts(rows.iter().map(|row| Some(&row.ids))), false),
        (columns::QUALITY, number(|row| row.quality), true),
        (columns::FILTER, text(|row| row.filter.as_ref()), true),
        (columns::CONSEQUENCE, text(|row| row.consequence.as_ref()), true),
        (columns::IMPACT, text(|row| row.impact.as_ref()), true),
        (columns::GENE, text(|row| row.gene.as_ref()), true),
        (columns::GENE_ID, text(|row| row.gene_id.as_ref()), true),
        (columns::TRANSCRIPT, text(|row| row.transcript.as_ref()), true),
        (columns::HGVS_C, text(|row| row.hgvs_c.as_ref()), true),
        (columns::HGVS_P, text(|row| row.hgvs_p.as_ref()), true),
        (columns::MAX_FREQUENCY, number(|row| row.max_frequency), true),
        (columns::FREQUENCIES, frequencies(rows), false),
        (columns::CLINVAR, text(|row| row.clinvar.as_ref()), true),
        (
            columns::CLINVAR_DISEASES,
            text(|row| row.clinvar_diseases.as_ref()),
            true,
        ),
        (columns::CLINVAR_REVIEW, text(|row| row.clinvar_review.as_ref()), true),
        (
            columns::GENOTYPES,
            texts(rows.iter().map(|row| row.genotypes.as_ref())),
            true,
        ),
        (columns::CONSEQUENCES, entries(rows, fields), false),
    ];
    let field = |(name, array, null): &(&str, ArrayRef, bool)| Field::new(*name, array.data_type().clone(), *null);
    let schema = Schema::new(arrays.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(
        Arc::new(schema),
        arrays.into_iter().map(|(_, array, _)| array).collect(),
    )
    .unwrap()
}

fn texts<'r>(lists: impl Iterator<Item = Option<&'r Vec<String>>>) -> ArrayRef {
    let field = Field::new("element", DataType::Utf8, false);
    let mut builder = ListBuilder::new(StringBuilder::new()).with_field(field);
    lists.for_each(|list| builder.append_option(list.map(|list| list.iter().map(Some))));
    Arc::new(builder.finish())
}

fn list(lengths: impl Iterator<Item = usize>, fields: Fields, arrays: Vec<ArrayRef>) -> ArrayRef {
    let offsets = OffsetBuffer::from_lengths(lengths);
    let values = StructArray::new(fields.clone(), arrays, None);
    let item = Field::new("element", DataType::Struct(fields), false);
    Arc::new(ListArray::new(Arc::new(item), offsets, Arc::new(values), None))
}

fn frequencies(rows: &[Variant]) -> ArrayRef {
    let (mut sources, mut numbers) = (StringBuilder::new(), Float64Builder::new());
    for told in rows.iter().flat_map(|row| &row.frequencies) {
        sources.append_value(&told.source);
        numbers.append_value(told.value);
    }
    let fields = [
        Field::new(columns::SOURCE, DataType::Utf8, false),
        Field::new(columns::VALUE, DataType::Float64, false),
    ];
    let lengths = rows.iter().map(|row| row.frequencies.len());
    list(
        lengths,
        fields.to_vec().into(),
        vec![Arc::new(sources.finish()), Arc::new(numbers.finish())],
    )
}

fn entries(rows: &[Variant], fields: &[ConsequenceField]) -> ArrayRef {
    let all: Vec<&Entry> = rows.iter().flat_map(|row| &row.consequences).collect();
    let arrays = fields.iter().map(|field| -> ArrayRef {
        let values = all.iter().map(|entry| entry.get(field.name));
        match field.kind {
            Kind::Text => Arc::new(values.collect::<StringArray>()),
            Kind::Integer => {
                let mut builder = Int32Builder::new();
                values.for_each(|value| builder.append_option(value.map(|value| value.parse().unwrap())));
                Arc::new(builder.finish())
            }
            Kind::Number => {
                let mut builder = Float64Builder::new();
                values.for_each(|value| builder.append_option(value.map(|value| value.parse().unwrap())));
                Arc::new(builder.finish())
            }
            Kind::Flag => {
                let mut builder = BooleanBuilder::new();
                values.for_each(|value| builder.append_option(value.map(|value| value == "true")));
                Arc::new(builder.finish())
            }
        }
    });
    let arrays: Vec<ArrayRef> = arrays.collect();
    let types = arrays.iter().map(|array| array.data_type().clone());
    let fields = fields
        .iter()
        .zip(types)
        .map(|(field, of)| Field::new(field.name, of, true));
    let fields: Fields = fields.collect();
    list(rows.iter().map(|row| row.consequences.len()), fields, arrays)
}

/// Opens a file, at first by too few bytes.
pub fn open(file: &Bytes) -> Result<Table, Error> {
    let size = file.len() as u64;
    let last = |bytes: u64| &file[file.len() - file.len().min(bytes as usize)..];
    match Table::open(size, last(100))? {
        Opening::Table(table) => Ok(table),
        Opening::Needs(bytes) => Table::open(size, last(bytes))?.table(),
    }
}

/// The bytes that are asked for, and no others.
pub fn fetch(file: &Bytes, reads: &[Read]) -> Chunks {
    let mut chunks = Chunks::new();
    for read in reads {
        chunks.insert(read, file.slice(read.range.start as usize..read.range.end as usize));
    }
    chunks
}

pub fn scan(file: &Bytes, table: &Table, query: &Query) -> Result<Found, Error> {
    let mut scan = table.scan(query)?;
    while let Some(reads) = scan.wants() {
        scan.take(&fetch(file, &reads))?;
    }
    Ok(scan.finish())
}

pub fn rows(file: &Bytes, table: &Table, rows: &[u64], columns: Columns) -> Result<Vec<Variant>, Error> {
    let mut rows = table.rows_of(rows, columns)?;
    while let Some(reads) = rows.wants() {
        rows.take(&fetch(file, &reads))?;
    }
    Ok(rows.finish())
}

/// The row numbers that match a filter.
pub fn matching(file: &Bytes, filter: &variants::Filter) -> Vec<u64> {
    let table = open(file).unwrap();
    let query = Query {
        filter: filter.clone(),
        ..Query::default()
    };
    scan(file, &table, &query).unwrap().selected.iter().collect()
}
