//! The smallest and the largest value of a column in a row group, by which readers skip.

use parquet::basic::Type;
use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

use super::plain::{integer, number};

/// Longer texts are not told: a reader then takes it that every value may be there.
const LONGEST: usize = 64;

/// The values so far.
#[derive(Default)]
pub(super) struct Bounds {
    texts: Option<(Vec<u8>, Vec<u8>)>,
    integers: Option<(i32, i32)>,
    numbers: Option<(f64, f64)>,
    has_flags: bool,
}

impl Bounds {
    /// Adds a value of a column of this type.
    pub(super) fn add(&mut self, of: Type, value: &[u8]) {
        match of {
            Type::INT32 => {
                let value = integer(value);
                let (least, most) = self.integers.get_or_insert((value, value));
                (*least, *most) = (value.min(*least), value.max(*most));
            }
            Type::DOUBLE => {
                let value = number(value);
                let (least, most) = self.numbers.get_or_insert((value, value));
                (*least, *most) = (value.min(*least), value.max(*most));
            }
            Type::BOOLEAN => self.has_flags = true,
            _ => {
                let (least, most) = self.texts.get_or_insert_with(|| (value.to_vec(), value.to_vec()));
                if value < &least[..] {
                    value.clone_into(least);
                } else if value > &most[..] {
                    value.clone_into(most);
                }
            }
        }
    }

    /// What is told of them, and of how many values are missing.
    pub(super) fn statistics(&self, of: Type, missing: u64) -> Statistics {
        match of {
            Type::INT32 => told(self.integers, missing),
            Type::DOUBLE => told(self.numbers.map(signed), missing),
            Type::BOOLEAN => told(self.has_flags.then_some((true, true)), missing),
            _ => {
                let texts = self.texts.as_ref();
                let short = texts.filter(|(least, most)| least.len().max(most.len()) <= LONGEST);
                told(
                    short.map(|(least, most)| (ByteArray::from(&least[..]), ByteArray::from(&most[..]))),
                    missing,
                )
            }
        }
    }
}

/// Bounds that are 0 take in 0 of either sign, as the format asks for.
fn signed((least, most): (f64, f64)) -> (f64, f64) {
    let signed = |bound: f64, zero: f64| if bound == 0.0 { zero } else { bound };
    (signed(least, -0.0), signed(most, 0.0))
}

fn told<T>(bounds: Option<(T, T)>, missing: u64) -> Statistics
where
    ValueStatistics<T>: Into<Statistics>,
{
    let (least, most) = bounds.unzip();
    ValueStatistics::new(least, most, None, Some(missing), false).into()
}
