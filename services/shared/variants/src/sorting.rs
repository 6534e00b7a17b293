//! The rows of one page, in another order than the file's.

use domain::variants as columns;

use crate::decode::Group;
use crate::error::Error;
use crate::filter::Impact;
use crate::query::Sort;

/// Keeps the first rows in an order, as many as one page needs.
#[derive(Debug)]
pub(crate) struct Sorter {
    sort: Sort,
    /// How many rows can be of use: those before the page, and its own.
    wanted: usize,
    /// Key and row number of each, in 32 bits each, so that rows with the same key keep the order of the file.
    rows: Vec<u64>,
}

/// So many rows more than wanted are kept before the last are dropped.
const SLACK: usize = 1 << 16;

impl Sorter {
    /// `None` for the order of the file.
    pub(crate) fn new(sort: Sort, offset: u64, limit: usize) -> Option<Self> {
        let wanted = usize::try_from(offset).unwrap_or(usize::MAX).saturating_add(limit);
        (sort != Sort::Place).then(|| Self {
            sort,
            wanted,
            rows: Vec::new(),
        })
    }

    /// The columns that it reads.
    pub(crate) fn paths(&self) -> &'static [&'static str] {
        match self.sort {
            Sort::Place => &[],
            Sort::Severity => &[columns::IMPACT, columns::CONSEQUENCE],
            Sort::Frequency => &[columns::MAX_FREQUENCY],
        }
    }

    /// Adds the rows `within` a row group that begins with the row `first`.
    pub(crate) fn add(&mut self, group: &Group<'_>, first: u64, within: &[usize]) -> Result<(), Error> {
        let keys = match self.sort {
            Sort::Place => return Ok(()),
            Sort::Severity => severities(group)?,
            Sort::Frequency => frequencies(group)?,
        };
        for row in within {
            let key = keys.get(*row).copied().unwrap_or(u32::MAX);
            self.rows.push(u64::from(key) << 32 | (first + *row as u64));
            if self.rows.len() >= self.wanted.saturating_mul(2).saturating_add(SLACK) {
                self.drop_last();
            }
        }
        Ok(())
    }

    fn drop_last(&mut self) {
        if self.wanted == 0 {
            self.rows.clear();
        } else if self.wanted < self.rows.len() {
            self.rows.select_nth_unstable(self.wanted - 1);
            self.rows.truncate(self.wanted);
        }
    }

    /// The rows of the page.
    pub(crate) fn page(mut self, offset: u64, limit: usize) -> Vec<u64> {
        self.drop_last();
        self.rows.sort_unstable();
        let skip = usize::try_from(offset).unwrap_or(usize::MAX);
        self.rows
            .iter()
            .skip(skip)
            .take(limit)
            .map(|row| row & u64::from(u32::MAX))
            .collect()
    }
}

/// Impact, then the rank of the consequence; what is not known comes last.
fn severities(group: &Group<'_>) -> Result<Vec<u32>, Error> {
    let impacts = group.texts(columns::IMPACT)?.map(u32::MAX >> 8, |name| {
        Impact::named(name).map_or(u32::MAX >> 8, |impact| impact as u32)
    });
    let terms = domain::sequence_ontology::terms();
    let ranks = group.texts(columns::CONSEQUENCE)?.map(u32::from(u8::MAX), |name| {
        let rank = terms.iter().position(|term| term.name == name);
        rank.and_then(|rank| u32::try_from(rank).ok())
            .unwrap_or(u32::from(u8::MAX))
    });
    Ok(impacts
        .into_iter()
        .zip(ranks)
        .map(|(impact, rank)| impact << 8 | rank)
        .collect())
}

/// Frequencies, as numbers of the same order; 0 for none.
fn frequencies(group: &Group<'_>) -> Result<Vec<u32>, Error> {
    let numbers = group.numbers(columns::MAX_FREQUENCY)?;
    // The bits of floats that are not negative are in their order.
    let key = |number: f64| (number.max(0.0) as f32).to_bits() + 1;
    Ok(numbers.iter().map(|number| number.map_or(0, key)).collect())
}
