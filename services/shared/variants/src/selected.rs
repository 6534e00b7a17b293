//! Which rows of a file match: a bit each.

use parquet::arrow::arrow_reader::{RowSelection, RowSelector};

/// Which rows of a file match. It takes a bit for each row of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    words: Vec<u64>,
    count: u64,
}

impl Selected {
    pub(crate) fn none(rows: u64) -> Self {
        let words = usize::try_from(rows.div_ceil(64)).unwrap_or_default();
        Self {
            words: vec![0; words],
            count: 0,
        }
    }

    pub(crate) fn all(rows: u64) -> Self {
        let mut all = Self::none(rows);
        all.words.fill(u64::MAX);
        if let Some(last) = all.words.last_mut().filter(|_| !rows.is_multiple_of(64)) {
            *last = (1 << (rows % 64)) - 1;
        }
        all.count = rows;
        all
    }

    /// One of so many rows.
    #[must_use]
    pub fn one(row: u64, rows: u64) -> Self {
        let mut one = Self::none(rows);
        one.insert(row);
        one
    }

    /// These rows, and as many as `before` in front of each.
    pub(crate) fn with_before(&self, before: u64) -> Self {
        let mut with = self.clone();
        for row in self.iter() {
            for row in row.saturating_sub(before)..row {
                with.insert(row);
            }
        }
        with
    }

    pub(crate) fn insert(&mut self, row: u64) {
        let Some(word) = usize::try_from(row / 64).ok().and_then(|at| self.words.get_mut(at)) else {
            return;
        };
        let bit = 1 << (row % 64);
        self.count += u64::from(*word & bit == 0);
        *word |= bit;
    }

    /// Whether this row matches.
    #[must_use]
    pub fn contains(&self, row: u64) -> bool {
        let word = usize::try_from(row / 64).ok().and_then(|at| self.words.get(at));
        word.is_some_and(|word| word & (1 << (row % 64)) != 0)
    }

    /// Whether one of these rows matches.
    pub(crate) fn any(&self, rows: std::ops::Range<u64>) -> bool {
        let word = |row: u64| usize::try_from(row / 64).unwrap_or(usize::MAX).min(self.words.len());
        let (first, last) = (word(rows.start), word(rows.end + 63));
        self.words[first..last].iter().any(|word| *word != 0) && rows.into_iter().any(|row| self.contains(row))
    }

    /// How many rows match.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The rows that match, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.since(0)
    }

    /// The rows from the `offset`-th on that match, `limit` at most.
    pub(crate) fn page(&self, offset: u64, limit: usize) -> Vec<u64> {
        let mut before = 0;
        for (at, word) in self.words.iter().enumerate() {
            let ones = u64::from(word.count_ones());
            if before + ones > offset {
                let skip = usize::try_from(offset - before).unwrap_or_default();
                return self.since(at).skip(skip).take(limit).collect();
            }
            before += ones;
        }
        Vec::new()
    }

    /// The rows that match, from this word on.
    fn since(&self, first: usize) -> impl Iterator<Item = u64> + '_ {
        let words = self.words.iter().enumerate().skip(first);
        words.flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| u64::from(rest.trailing_zeros()))?;
                rest &= rest - 1;
                Some(at as u64 * 64 + bit)
            })
        })
    }

    /// Those of `rows` rows from `start` on, as a reader of Parquet takes them; `None` if there are none.
    pub(crate) fn selection(&self, start: u64, rows: u64) -> Option<RowSelection> {
        let mut selectors: Vec<RowSelector> = Vec::new();
        let mut run = (false, 0);
        for row in start..start + rows {
            let is = self.contains(row);
            if is != run.0 && run.1 > 0 {
                selectors.push(selector(run));
                run.1 = 0;
            }
            run = (is, run.1 + 1);
        }
        selectors.push(selector(run));
        let any = selectors.iter().any(|selector| !selector.skip);
        any.then(|| selectors.into())
    }
}

fn selector((is, rows): (bool, usize)) -> RowSelector {
    match is {
        true => RowSelector::select(rows),
        false => RowSelector::skip(rows),
    }
}
