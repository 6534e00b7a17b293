//! The column of all entries: lists of structs, made field by field.

use std::sync::Arc;

use domain::variants::{CONSEQUENCE_FIELDS, Kind};
use vcf::encode::decoded;

use super::strings::{Lists, Strings, Texts, text};
use super::writers::Column;

/// The entries of the rows so far.
pub(super) struct Entries {
    /// The values of each field that CSQ has, and where; nothing for others.
    fields: Vec<Option<Field>>,
    lists: Lists,
}

struct Field {
    place: usize,
    kind: Kind,
    values: Strings,
}

impl Entries {
    /// `csq` are the fields of CSQ.
    pub(super) fn new(csq: &[String]) -> Self {
        let fields = CONSEQUENCE_FIELDS.iter().map(|field| {
            let place = csq.iter().position(|own| own == field.csq)?;
            let values = match field.csq {
                // Names hardly repeat: a dictionary of them would be as long as they are.
                "HGVSc" | "HGVSp" => Strings::plain(),
                _ => Strings::default(),
            };
            let kind = field.kind;
            Some(Field { place, kind, values })
        });
        Self {
            fields: fields.collect(),
            lists: Lists::default(),
        }
    }

    /// Appends the entries of a row; `has_codes` says whether some values may be encoded.
    pub(super) fn append<'e>(&mut self, entries: impl Iterator<Item = &'e [&'e [u8]]>, has_codes: bool) {
        let mut count = 0;
        for entry in entries {
            for field in self.fields.iter_mut().flatten() {
                field.append(count, entry.get(field.place).copied().unwrap_or_default(), has_codes);
            }
            count += 1;
        }
        self.lists.push(count);
    }

    /// For each field the values of all entries, as [`lanes`](super::lanes) want them.
    pub(super) fn finish(&mut self) -> impl Iterator<Item = Column> {
        let lists = Arc::new(std::mem::take(&mut self.lists));
        self.fields.iter_mut().map(move |field| {
            let values = field.as_mut().map(|field| field.values.finish());
            let lists = Some(Arc::clone(&lists));
            Column::texts(Texts { values, lists })
        })
    }
}

impl Field {
    /// Appends the value of the entry that is at this place of its row.
    #[inline]
    fn append(&mut self, place: usize, value: &[u8], has_codes: bool) {
        match self.kind {
            _ if value.is_empty() => self.values.append_null(),
            Kind::Text if has_codes => self.values.append_at(place, &decoded(value)),
            Kind::Text => self.values.append_at(place, value),
            Kind::Integer if text(value).parse::<i32>().is_err() => self.values.append_null(),
            Kind::Integer => self.values.append_at(place, value),
            Kind::Flag => self.values.append_at(place, b"1"),
        }
    }
}
