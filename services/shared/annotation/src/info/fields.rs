//! The values of our keys for one record, put after what INFO has already.

use std::fmt::Display;

use super::{Csq, Key, Names, encode};
use crate::tracks::Known;
use crate::vcf::Record;

/// Values of one record; made once and used for every record.
pub(crate) struct Fields {
    names: Names,
    values: [Vec<u8>; Key::ALL.len()],
    /// Whether a key has a value other than `.`.
    is_set: [bool; Key::ALL.len()],
    alleles: usize,
}

impl Fields {
    /// Values under the given names.
    pub(crate) fn new(names: Names) -> Self {
        Self {
            names,
            values: Default::default(),
            is_set: Default::default(),
            alleles: 0,
        }
    }

    /// Forgets the last record.
    pub(crate) fn clear(&mut self) {
        self.values.iter_mut().for_each(Vec::clear);
        self.is_set = Default::default();
        self.alleles = 0;
    }

    /// Ends an allele: keys with one value per allele that got none get `.`.
    pub(crate) fn end_allele(&mut self) {
        self.alleles += 1;
        for key in Key::ALL
            .into_iter()
            .filter(|key| !matches!(key, Key::Csq | Key::RefMismatch))
        {
            let value = &mut self.values[key as usize];
            let has_one = value.last().is_some_and(|last| *last != b',');
            value.extend_from_slice(if has_one { b"," } else { b".," });
        }
    }

    /// The value of a key for the allele at hand.
    pub(crate) fn set(&mut self, key: Key, value: impl Display) {
        encode::append(&mut self.values[key as usize], value);
        self.is_set[key as usize] = true;
    }

    /// What MITOMAP knows of the allele at hand.
    pub(crate) fn set_known(&mut self, known: &Known) {
        if !known.status.is_empty() {
            self.set(Key::Status, known.status);
        }
        if !known.disease.is_empty() {
            self.set(Key::Disease, known.disease);
        }
        if let Some(frequency) = known.frequency {
            self.set(Key::Frequency, format_args!("{frequency:.6}"));
        }
    }

    /// A flag for the whole record.
    pub(crate) fn flag(&mut self, key: Key) {
        self.is_set[key as usize] = true;
    }

    /// One more entry of CSQ.
    pub(crate) fn add_csq(&mut self, entry: &Csq<'_>) {
        let value = &mut self.values[Key::Csq as usize];
        entry.append(value);
        value.push(b',');
        self.is_set[Key::Csq as usize] = true;
    }

    /// Appends the record with our values; its own bytes stay as they are. Says whether a key had to be left out
    /// because the record has one of that name, which its header does not declare.
    pub(crate) fn splice(&self, record: &Record<'_>, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(record.before_info);
        let own = if record.info == b"." { b"" } else { record.info };
        out.extend_from_slice(own);
        let (mut is_first, mut left_out) = (own.is_empty() || own.ends_with(b";"), false);
        for key in Key::ALL.into_iter().filter(|key| self.is_set[*key as usize]) {
            let name = self.names.of(key).as_bytes();
            if record.has_info(name) {
                left_out = true;
                continue;
            }
            out.extend_from_slice(if is_first { b"" } else { b";" });
            out.extend_from_slice(name);
            if let Some(value) = self.values[key as usize].strip_suffix(b",") {
                out.push(b'=');
                out.extend_from_slice(value);
            }
            is_first = false;
        }
        if own.is_empty() && is_first {
            out.extend_from_slice(record.info);
        }
        out.extend_from_slice(record.after_info);
        left_out
    }
}
