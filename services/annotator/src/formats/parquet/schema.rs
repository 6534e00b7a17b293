//! The columns as Arrow and Parquet have them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use domain::variants::{self, Kind};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::super::header::Header;

pub(super) fn schema() -> SchemaRef {
    let known = |name: &str, of: DataType| Field::new(name, of, false);
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    Arc::new(Schema::new(vec![
        known(variants::CHROMOSOME, DataType::Utf8),
        known(variants::POSITION, DataType::Int64),
        known(variants::END, DataType::Int64),
        known(variants::REFERENCE, DataType::Utf8),
        text(variants::ALTERNATE),
        known(variants::ALLELE, DataType::Int32),
        list(variants::IDS, texts(), false),
        Field::new(variants::QUALITY, DataType::Float64, true),
        text(variants::FILTER),
        text(variants::CONSEQUENCE),
        text(variants::IMPACT),
        text(variants::GENE),
        text(variants::GENE_ID),
        text(variants::TRANSCRIPT),
        text(variants::HGVS_C),
        text(variants::HGVS_P),
        Field::new(variants::MAX_FREQUENCY, DataType::Float64, true),
        list(variants::FREQUENCIES, item(DataType::Struct(frequency_fields())), false),
        text(variants::CLINVAR),
        text(variants::CLINVAR_DISEASES),
        text(variants::CLINVAR_REVIEW),
        list(variants::GENOTYPES, texts(), true),
        list(
            variants::CONSEQUENCES,
            item(DataType::Struct(consequence_fields())),
            false,
        ),
    ]))
}

/// The columns, and each field of the entries as a list of its own: the leaves are the same, one after the other.
pub(super) fn lanes(schema: &Schema) -> Vec<FieldRef> {
    let (mut lanes, of_entries) = (schema.fields().to_vec(), consequence_fields());
    lanes.retain(|field| field.name() != variants::CONSEQUENCES);
    lanes.extend(of_entries.iter().map(|field| {
        let of = DataType::Struct(Fields::from(vec![Arc::clone(field)]));
        Arc::new(list(variants::CONSEQUENCES, item(of), false))
    }));
    lanes
}

fn list(name: &str, item: Arc<Field>, may_be_null: bool) -> Field {
    Field::new(name, DataType::List(item), may_be_null)
}

/// What a list has; the name is that which readers of Parquet expect.
pub(super) fn item(of: DataType) -> Arc<Field> {
    Arc::new(Field::new("element", of, false))
}

/// What a list of texts has.
pub(super) fn texts() -> Arc<Field> {
    item(DataType::Utf8)
}

pub(super) fn frequency_fields() -> Fields {
    Fields::from(vec![
        Field::new(variants::SOURCE, DataType::Utf8, false),
        Field::new(variants::VALUE, DataType::Float64, false),
    ])
}

pub(super) fn consequence_fields() -> Fields {
    let fields = variants::CONSEQUENCE_FIELDS.iter().map(|field| {
        let of = match field.kind {
            Kind::Text => DataType::Utf8,
            Kind::Integer => DataType::Int32,
            Kind::Number => DataType::Float64,
            Kind::Flag => DataType::Boolean,
        };
        Field::new(field.name, of, true)
    });
    fields.collect()
}

pub(super) fn properties(header: &Header) -> WriterProperties {
    let samples = serde_json::Value::from(header.samples.clone()).to_string();
    let metadata = [
        (variants::VERSION_KEY, variants::VERSION.to_owned()),
        (variants::SAMPLES_KEY, samples),
    ];
    let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value));
    // Those of texts are encoded by `leaf`.
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("GAS ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(variants::ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_key_value_metadata(Some(metadata.to_vec()));
    for column in [variants::POSITION, variants::END] {
        // Positions hardly repeat.
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(column), false)
            .set_column_encoding(ColumnPath::from(column), parquet::basic::Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}
