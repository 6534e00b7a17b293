//! Levels: which values of a page belong to one row, and which are missing
//! (<https://parquet.apache.org/docs/file-format/nestedencoding/>).

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use parquet::schema::types::ColumnDescriptor;

use super::runs;
use super::strings::{NONE, Texts};

/// Rows of a column.
pub(super) type Part = (Arc<Texts>, Range<usize>);

/// Levels of a page that are the same for all fields of the entries, as a page has them: made by whichever column comes first.
#[derive(Default)]
pub(super) struct Shared {
    repetition: OnceLock<Vec<u8>>,
    /// Where no value is missing, and where all are.
    whole: OnceLock<Vec<u8>>,
    empty: OnceLock<Vec<u8>>,
}

/// What the levels of a column can be.
#[derive(Clone, Copy)]
pub(super) struct Levels {
    repetition: u32,
    definition: u32,
    /// Whether values of a list, or of the column, may be missing.
    may_miss: bool,
}

impl Levels {
    pub(super) fn new(leaf: &ColumnDescriptor) -> Self {
        Self {
            repetition: u32::try_from(leaf.max_rep_level()).unwrap_or_default(),
            definition: u32::try_from(leaf.max_def_level()).unwrap_or_default(),
            may_miss: leaf.self_type().is_optional(),
        }
    }

    /// Appends the levels of a page, of which each value has a number or none. Gives how many levels there are.
    pub(super) fn append(&self, parts: &[Part], numbers: &[u32], shared: &Shared, out: &mut Vec<u8>) -> usize {
        if self.definition == 0 {
            return numbers.len();
        }
        if self.repetition > 0 {
            let levels = || sized(&self.repetitions(parts), self.repetition);
            out.extend_from_slice(shared.repetition.get_or_init(levels));
        }
        let missing = numbers.iter().filter(|number| **number == NONE).count();
        let levels = || sized(&self.definitions(parts, numbers), self.definition);
        match missing {
            0 => out.extend_from_slice(shared.whole.get_or_init(levels)),
            all if all == numbers.len() => out.extend_from_slice(shared.empty.get_or_init(levels)),
            _ => out.extend_from_slice(&levels()),
        }
        match self.repetition {
            0 => numbers.len(),
            // A row without values has a level, too.
            _ => numbers.len() + counts(parts).filter(|count| count.unwrap_or_default() == 0).count(),
        }
    }

    /// 0 where a row begins, 1 for further values of it.
    fn repetitions(&self, parts: &[Part]) -> Vec<u32> {
        let mut levels = Vec::new();
        for count in counts(parts) {
            levels.push(0);
            levels.extend((1..count.unwrap_or_default()).map(|_| self.repetition));
        }
        levels
    }

    /// How much of the way to a value is there.
    fn definitions(&self, parts: &[Part], numbers: &[u32]) -> Vec<u32> {
        let level = |number: &u32| self.definition - u32::from(*number == NONE);
        if self.repetition == 0 {
            return numbers.iter().map(level).collect();
        }
        let empty = self.definition - 1 - u32::from(self.may_miss);
        let (mut levels, mut at) = (Vec::with_capacity(numbers.len()), 0);
        for count in counts(parts) {
            match count {
                None => levels.push(empty.saturating_sub(1)),
                Some(0) => levels.push(empty),
                Some(count) => {
                    levels.extend(numbers[at..at + count].iter().map(level));
                    at += count;
                }
            }
        }
        levels
    }
}

/// How many values each row has; nothing for one without a list.
fn counts(parts: &[Part]) -> impl Iterator<Item = Option<usize>> {
    let lists = parts.iter().filter_map(|(texts, rows)| Some((texts.lists.as_ref()?, rows)));
    lists.flat_map(|(lists, rows)| lists.counts(rows))
}

/// Levels with how many bytes they take before them.
fn sized(levels: &[u32], most: u32) -> Vec<u8> {
    let mut out = vec![0; size_of::<u32>()];
    runs::append(levels, runs::width(most), &mut out);
    let bytes = (out.len() - size_of::<u32>()) as u32;
    out[..size_of::<u32>()].copy_from_slice(&bytes.to_le_bytes());
    out
}
