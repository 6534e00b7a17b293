//! The column of all entries: lists of structs, made field by field.

use std::sync::Arc;

use domain::variants::{CONSEQUENCE_FIELDS, Kind};
use vcf::encode::decoded;

use super::super::entries::Entry;
use super::lists::Lists;
use super::strings::{Strings, Texts, text};
use super::writers::Column;

/// The entries of the rows so far.
pub(super) struct Entries {
    /// The values at each place of CSQ; nothing where a place has no column.
    fields: Vec<Option<Field>>,
    /// The place of each column; nothing if CSQ does not have it.
    places: [Option<usize>; CONSEQUENCE_FIELDS.len()],
    lists: Lists,
    /// How many entries there are.
    count: usize,
}

struct Field {
    kind: Kind,
    values: Strings,
}

impl Entries {
    /// `csq` are the fields of CSQ.
    pub(super) fn new(csq: &[String]) -> Self {
        let fields = csq.iter().map(|name| {
            let field = CONSEQUENCE_FIELDS.iter().find(|field| field.csq == name)?;
            let values = match field.csq {
                // Names hardly repeat: a dictionary of them would be as long as they are.
                "HGVSc" | "HGVSp" => Strings::plain(),
                _ => Strings::default(),
            };
            let kind = field.kind;
            Some(Field { kind, values })
        });
        Self {
            fields: fields.collect(),
            places: CONSEQUENCE_FIELDS.map(|field| csq.iter().position(|own| own == field.csq)),
            lists: Lists::default(),
            count: 0,
        }
    }

    /// Appends the entries of a row; `has_codes` says whether some values may be encoded.
    pub(super) fn append<'e>(&mut self, entries: impl Iterator<Item = Entry<'e, 'e>>, has_codes: bool) {
        let mut count = 0;
        for entry in entries {
            for (place, value) in entry.fields() {
                if let Some(field) = &mut self.fields[place] {
                    field.values.miss_until(self.count + count);
                    field.append(count, value, has_codes);
                }
            }
            count += 1;
        }
        self.count += count;
        self.lists.push(count);
    }

    /// For each field the values of all entries, as [`lanes`](super::lanes) want them.
    pub(super) fn finish(&mut self) -> impl Iterator<Item = Column> {
        let lists = Arc::new(std::mem::take(&mut self.lists));
        let count = std::mem::take(&mut self.count);
        let fields = &mut self.fields;
        self.places.iter().map(move |place| {
            let values = place.and_then(|place| fields[place].as_mut()).map(|field| {
                field.values.miss_until(count);
                field.values.finish()
            });
            let lists = Some(Arc::clone(&lists));
            Column::texts(Texts { values, lists })
        })
    }
}

impl Field {
    /// Appends the value of the entry that is at this place of its row, and is not empty.
    #[inline]
    fn append(&mut self, place: usize, value: &[u8], has_codes: bool) {
        match self.kind {
            _ if !has_codes && self.values.repeat_at(place, value) => {}
            Kind::Text if has_codes => self.values.append_at(place, &decoded(value)),
            Kind::Text => self.values.append_at(place, value),
            Kind::Integer if text(value).parse::<i32>().is_err() => {}
            Kind::Number if !text(value).parse().is_ok_and(f64::is_finite) => {}
            Kind::Integer | Kind::Number => self.values.append_at(place, value),
            Kind::Flag => self.values.append_at(place, b"1"),
        }
    }
}
