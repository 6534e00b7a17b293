//! The column of all entries: lists of structs, made field by field.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Int32Builder};
use arrow_array::{Array, ArrayRef, ListArray, StructArray, new_null_array};
use arrow_schema::Fields;
use domain::variants::{CONSEQUENCE_FIELDS, Kind};
use vcf::encode::decoded;

use super::columns::Lists;
use super::schema::{consequence_fields, item};
use super::strings::{Strings, text};

/// The entries of the rows so far.
pub(super) struct Entries {
    /// The values of each field, and where CSQ has it. Of one that it does not have nothing is kept.
    fields: Vec<(Values, Option<usize>)>,
    lists: Lists,
    /// How many entries there are.
    count: usize,
    /// The fields as Arrow has them.
    columns: Fields,
}

enum Values {
    Text(Strings),
    Integer(Int32Builder),
    Flag(BooleanBuilder),
}

impl Entries {
    /// `csq` are the fields of CSQ.
    pub(super) fn new(csq: &[String]) -> Self {
        let place = |name: &str| csq.iter().position(|own| own == name);
        let fields = CONSEQUENCE_FIELDS.iter();
        Self {
            fields: fields
                .map(|field| (Values::new(field.kind), place(field.csq)))
                .collect(),
            lists: Lists::default(),
            count: 0,
            columns: consequence_fields(),
        }
    }

    /// Appends the entries of a row; `has_codes` says whether some values may be encoded.
    pub(super) fn append<'e>(&mut self, entries: impl Iterator<Item = &'e [&'e [u8]]>, has_codes: bool) {
        let mut count = 0;
        for entry in entries {
            count += 1;
            for (values, place) in &mut self.fields {
                if let Some(place) = *place {
                    values.append(entry.get(place).copied().unwrap_or_default(), has_codes);
                }
            }
        }
        self.count += count;
        self.lists.push(count);
    }

    /// For each field a list of structs that have it alone, as [`lanes`](super::lanes) want them.
    pub(super) fn finish(&mut self) -> impl Iterator<Item = ArrayRef> {
        let (lists, count) = (self.lists.finish(), std::mem::take(&mut self.count));
        self.fields
            .iter_mut()
            .zip(&*self.columns)
            .map(move |((values, place), of)| {
                let values = match place {
                    Some(_) => values.finish(),
                    None => new_null_array(of.data_type(), count),
                };
                let values = StructArray::new(Fields::from(vec![Arc::clone(of)]), vec![values], None);
                let of = item(values.data_type().clone());
                Arc::new(ListArray::new(of, lists.clone(), Arc::new(values), None)) as ArrayRef
            })
    }
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Strings::default()),
            Kind::Integer => Self::Integer(Int32Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    fn append(&mut self, value: &[u8], has_codes: bool) {
        match self {
            Self::Text(builder) if value.is_empty() => builder.append_null(),
            Self::Text(builder) if has_codes => builder.append(&decoded(value)),
            Self::Text(builder) => builder.append(value),
            Self::Integer(builder) if value.is_empty() => builder.append_null(),
            Self::Integer(builder) => builder.append_option(text(value).parse().ok()),
            Self::Flag(builder) => builder.append_option((!value.is_empty()).then_some(true)),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => builder.finish(),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
        }
    }
}
