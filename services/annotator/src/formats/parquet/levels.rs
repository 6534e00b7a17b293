//! Levels: which values of a page belong to one row, and which are missing
//! (<https://parquet.apache.org/docs/file-format/nestedencoding/>).

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use parquet::schema::types::ColumnDescriptor;

use super::lists::Lists;
use super::runs;
use super::strings::NONE;

/// Rows of a column: which values each has, if that is not one each.
pub(super) type Part = (Option<Arc<Lists>>, Range<usize>);

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

    /// Appends the levels of a page, of which each value has a number or none; without numbers all of `count` are missing. Gives
    /// how many levels there are.
    pub(super) fn append(
        &self,
        parts: &[Part],
        (numbers, count): (&[u32], usize),
        shared: &Shared,
        out: &mut Vec<u8>,
    ) -> usize {
        if self.definition == 0 {
            return count;
        }
        if self.repetition > 0 {
            let levels = || sized(&self.repetitions(parts), self.repetition);
            out.extend_from_slice(shared.repetition.get_or_init(levels));
        }
        let missing = match numbers.is_empty() {
            true => count,
            false => numbers.iter().filter(|number| **number == NONE).count(),
        };
        let levels = || sized(&self.definitions(parts, numbers, count), self.definition);
        match missing {
            0 => out.extend_from_slice(shared.whole.get_or_init(levels)),
            all if all == count => out.extend_from_slice(shared.empty.get_or_init(levels)),
            _ => out.extend_from_slice(&levels()),
        }
        match self.repetition {
            0 => count,
            // A row without values has a level, too.
            _ => count + counts(parts).filter(|count| count.unwrap_or_default() == 0).count(),
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
    fn definitions(&self, parts: &[Part], numbers: &[u32], count: usize) -> Vec<u32> {
        let level = |at: usize| self.definition - u32::from(numbers.get(at).is_none_or(|number| *number == NONE));
        if self.repetition == 0 {
            return (0..count).map(level).collect();
        }
        if numbers.len() == count && counts(parts).all(|count| count.is_some_and(|count| count > 0)) {
            return numbers
                .iter()
                .map(|number| self.definition - u32::from(*number == NONE))
                .collect();
        }
        let empty = self.definition - 1 - u32::from(self.may_miss);
        let (mut levels, mut at) = (Vec::with_capacity(count), 0);
        for count in counts(parts) {
            match count {
                None => levels.push(empty.saturating_sub(1)),
                Some(0) => levels.push(empty),
                Some(count) => {
                    levels.extend((at..at + count).map(level));
                    at += count;
                }
            }
        }
        levels
    }
}

/// How many values each row has; nothing for one without a list.
fn counts(parts: &[Part]) -> impl Iterator<Item = Option<usize>> {
    let lists = parts.iter().filter_map(|(lists, rows)| Some((lists.as_ref()?, rows)));
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
