//! Which values of a column belong to which row.

use std::ops::Range;

/// Which values each row has.
pub(super) struct Lists {
    /// Where those of a row begin, and where those of the last end.
    ends: Vec<u32>,
    /// Rows without a list, if there are some.
    missing: Vec<bool>,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            ends: vec![0],
            missing: Vec::new(),
        }
    }
}

impl Lists {
    /// About how many bytes of memory they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.ends[..])
    }

    /// Appends a row with so many values.
    #[inline]
    pub(super) fn push(&mut self, count: usize) {
        let last = self.ends.last().copied().unwrap_or_default();
        self.ends.push(last + u32::try_from(count).unwrap_or_default());
        if !self.missing.is_empty() {
            self.missing.push(false);
        }
    }

    /// Appends a row that has no list.
    pub(super) fn push_missing(&mut self) {
        self.missing.resize(self.rows(), false);
        self.missing.push(true);
        self.ends.push(self.ends.last().copied().unwrap_or_default());
    }

    pub(super) fn rows(&self) -> usize {
        self.ends.len() - 1
    }

    pub(super) fn end_of(&self, row: usize) -> usize {
        self.ends[row] as usize
    }

    /// How many values each of some rows has; nothing for a row that has no list.
    pub(super) fn counts(&self, rows: &Range<usize>) -> impl Iterator<Item = Option<usize>> {
        rows.clone().map(|row| {
            let is_missing = self.missing.get(row).is_some_and(|missing| *missing);
            (!is_missing).then(|| self.end_of(row + 1) - self.end_of(row))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_list_of_its_values_or_none() {
        let mut lists = Lists::default();
        lists.push(2);
        lists.push_missing();
        lists.push(0);
        lists.push(1);
        assert_eq!(
            lists.counts(&(0..4)).collect::<Vec<_>>(),
            [Some(2), None, Some(0), Some(1)]
        );
    }
}
