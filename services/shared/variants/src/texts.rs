//! A column of text, whose values are looked at once each where it has a dictionary.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, Int32Array, StringArray};

use crate::error::Error;

/// A column of text.
#[derive(Debug, Clone)]
pub(crate) enum Texts {
    /// Which value of the dictionary each row has.
    Dictionary(Int32Array, Arc<StringArray>),
    /// A value for each row.
    Plain(StringArray),
}

impl Texts {
    pub(crate) fn of(array: &ArrayRef) -> Result<Self, Error> {
        if let Some(texts) = array.as_string_opt::<i32>() {
            return Ok(Self::Plain(texts.clone()));
        }
        let dictionary = array.as_dictionary_opt::<Int32Type>().and_then(|array| {
            let values = array.values().as_string_opt::<i32>()?;
            Some(Self::Dictionary(array.keys().clone(), Arc::new(values.clone())))
        });
        dictionary.ok_or_else(|| Error::Damaged("a column of text has values of another type".to_owned()))
    }

    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Plain(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::Dictionary(keys, values) => {
                let key = keys.is_valid(row).then(|| keys.value(row))?;
                usize::try_from(key)
                    .ok()
                    .filter(|key| *key < values.len())
                    .map(|key| values.value(key))
            }
        }
    }

    /// What `of` makes of each row's value; `null` where there is none.
    pub(crate) fn map<T: Copy>(&self, null: T, mut of: impl FnMut(&str) -> T) -> Vec<T> {
        match self {
            Self::Plain(texts) => (0..texts.len())
                .map(|row| {
                    if texts.is_valid(row) {
                        of(texts.value(row))
                    } else {
                        null
                    }
                })
                .collect(),
            Self::Dictionary(keys, values) => {
                let made: Vec<T> = (0..values.len()).map(|key| of(values.value(key))).collect();
                let of_key = |key: i32| made.get(key as usize).copied().unwrap_or(null);
                match keys.nulls() {
                    None => keys.values().iter().map(|key| of_key(*key)).collect(),
                    Some(nulls) => {
                        let rows = keys.values().iter().zip(nulls.iter());
                        rows.map(|(key, valid)| if valid { of_key(*key) } else { null })
                            .collect()
                    }
                }
            }
        }
    }
}
