//! The column of all entries: lists of structs, made field by field.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Int32Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_schema::DataType;
use domain::variants::{CONSEQUENCE_FIELDS, Kind};
use vcf::encode::decoded;

use super::columns::{Lists, text};
use super::schema::{consequence_fields, item};

/// The entries of the rows so far.
pub(super) struct Entries {
    fields: Vec<Values>,
    /// For each field, where CSQ has it.
    places: Vec<Option<usize>>,
    lists: Lists,
}

enum Values {
    Text(StringBuilder),
    Integer(Int32Builder),
    Flag(BooleanBuilder),
}

impl Entries {
    /// `csq` are the fields of CSQ.
    pub(super) fn new(csq: &[String]) -> Self {
        let place = |name: &str| csq.iter().position(|own| own == name);
        Self {
            fields: CONSEQUENCE_FIELDS.iter().map(|field| Values::new(field.kind)).collect(),
            places: CONSEQUENCE_FIELDS.iter().map(|field| place(field.csq)).collect(),
            lists: Lists::default(),
        }
    }

    /// Appends the entries of a row.
    pub(super) fn append<'e>(&mut self, entries: impl Iterator<Item = &'e [&'e [u8]]>) {
        let mut count = 0;
        for entry in entries {
            count += 1;
            for (values, place) in self.fields.iter_mut().zip(&self.places) {
                let value = place.and_then(|place| entry.get(place)).copied().unwrap_or_default();
                values.append(value);
            }
        }
        self.lists.push(count);
    }

    pub(super) fn finish(&mut self) -> ArrayRef {
        let arrays = self.fields.iter_mut().map(Values::finish).collect();
        let values = StructArray::new(consequence_fields(), arrays, None);
        let of = item(DataType::Struct(consequence_fields()));
        Arc::new(ListArray::new(of, self.lists.finish(), Arc::new(values), None))
    }
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int32Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    fn append(&mut self, value: &[u8]) {
        match self {
            Self::Text(builder) if value.is_empty() => builder.append_null(),
            Self::Text(builder) => builder.append_value(text(&decoded(value))),
            Self::Integer(builder) => builder.append_option(text(value).parse().ok()),
            Self::Flag(builder) => builder.append_option((!value.is_empty()).then_some(true)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
        }
    }
}
