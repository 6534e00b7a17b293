//! The search: which rows match, in which order, and how many of which kind.

use crate::charts::{Charts, Counter};
use crate::chunks::{Chunks, Read};
use crate::decode::Group;
use crate::error::Error;
use crate::matching::Matcher;
use crate::query::Query;
use crate::rows::MOST_LIMIT;
use crate::selected::Selected;
use crate::sorting::Sorter;
use crate::table::Table;

/// In how many row groups dictionaries are looked at at once. They have some ten kilobytes each.
const MOST_PEEKS: usize = 64;

/// A search that goes from row group to row group. [`wants`](Self::wants) says what it reads next, [`take`](Self::take) goes on with
/// that, until it wants nothing more; then [`finish`](Self::finish) tells what was found.
///
/// It first looks at the columns of the filter alone, then, of the row groups in which something matches, at those of order and charts.
/// Row groups in which nothing can match, by what the footer says, or the dictionaries of genes, are left out.
#[derive(Debug)]
pub struct Scan {
    table: Table,
    matcher: Matcher,
    offset: u64,
    limit: usize,
    selected: Selected,
    sorter: Option<Sorter>,
    counter: Option<Counter>,
    stage: Stage,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// How many rows match.
    pub matched: u64,
    /// The numbers of the rows to show, in the order of the query.
    pub page: Vec<u64>,
    /// How many of which kind match, if that was asked.
    pub charts: Option<Charts>,
    /// All rows that match, for an export.
    pub selected: Selected,
}

/// What is done next, with which row group.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// A look at the dictionaries of so many row groups from this one on.
    Peek(usize, usize),
    Filter(usize),
    Look(usize),
}

impl Scan {
    pub(crate) fn new(table: &Table, query: &Query) -> Result<Self, Error> {
        let matcher = Matcher::new(table, &query.filter)?;
        let all = matcher.is_empty();
        let limit = query.limit.min(MOST_LIMIT);
        let mut scan = Self {
            table: table.clone(),
            matcher,
            offset: query.offset,
            limit,
            selected: if all {
                Selected::all(table.rows())
            } else {
                Selected::none(table.rows())
            },
            sorter: Sorter::new(query.sort, query.offset, limit),
            counter: query.charts.then(Counter::default),
            stage: if all { Stage::Look(0) } else { Stage::Peek(0, 0) },
        };
        scan.skip();
        Ok(scan)
    }

    /// The bytes that it needs next; `None` when it is done.
    #[must_use]
    pub fn wants(&self) -> Option<Vec<Read>> {
        match self.stage {
            Stage::Peek(first, count) => {
                let groups = first..first + count;
                Some(
                    groups
                        .filter_map(|group| self.matcher.peek_at(&self.table, group))
                        .flatten()
                        .collect(),
                )
            }
            Stage::Filter(group) => Some(self.table.reads(group, self.matcher.paths())),
            Stage::Look(group) if group < self.table.groups() => Some(self.table.reads(group, self.look_at())),
            Stage::Look(_) => None,
        }
    }

    /// What it probably needs after [`wants`](Self::wants), of so many row groups: whoever fetches from afar can ask for it meanwhile.
    #[must_use]
    pub fn ahead(&self, groups: usize) -> Vec<Read> {
        let next = |group: usize| group + 1..self.table.groups();
        match self.stage {
            Stage::Peek(..) => Vec::new(),
            Stage::Filter(group) => {
                let next = next(group)
                    .filter(|group| self.matcher.may_match(&self.table, *group))
                    .take(groups);
                next.flat_map(|group| self.table.reads(group, self.matcher.paths()))
                    .collect()
            }
            Stage::Look(group) => {
                let next = next(group)
                    .filter(|group| self.selected.any(self.table.group_rows(*group)))
                    .take(groups);
                next.flat_map(|group| self.table.reads(group, self.look_at())).collect()
            }
        }
    }

    /// Goes on with these bytes.
    ///
    /// # Errors
    ///
    /// If they are damaged, or some of [`wants`](Self::wants) are missing. The scan cannot go on after that.
    pub fn take(&mut self, chunks: &Chunks) -> Result<(), Error> {
        chunks.check(&self.wants().unwrap_or_default())?;
        match self.stage {
            Stage::Peek(first, count) => {
                for group in first..first + count {
                    if self.matcher.peek_at(&self.table, group).is_some() {
                        self.matcher.peek(&self.table, group, chunks)?;
                    }
                }
                self.stage = Stage::Peek(first + count, 0);
            }
            Stage::Filter(index) => {
                let group = Group::new(&self.table, index, chunks)?;
                let first = self.table.group_rows(index).start;
                self.matcher.apply(&group, first, &mut self.selected)?;
                self.stage = Stage::Filter(index + 1);
            }
            Stage::Look(index) => {
                self.look(index, chunks)?;
                self.stage = Stage::Look(index + 1);
            }
        }
        self.skip();
        Ok(())
    }

    /// What was found, once it wants nothing more.
    #[must_use]
    pub fn finish(self) -> Found {
        let page = match self.sorter {
            Some(sorter) => sorter.page(self.offset, self.limit),
            None => self.selected.page(self.offset, self.limit),
        };
        Found {
            matched: self.selected.count(),
            page,
            charts: self.counter.map(Counter::finish),
            selected: self.selected,
        }
    }

    fn look(&mut self, index: usize, chunks: &Chunks) -> Result<(), Error> {
        let group = Group::new(&self.table, index, chunks)?;
        let rows = self.table.group_rows(index);
        let within: Vec<usize> = rows
            .clone()
            .zip(0..)
            .filter(|(row, _)| self.selected.contains(*row))
            .map(|(_, at)| at)
            .collect();
        if let Some(sorter) = &mut self.sorter {
            sorter.add(&group, rows.start, &within)?;
        }
        if let Some(counter) = &mut self.counter {
            counter.add(&group, &within)?;
        }
        Ok(())
    }

    /// The columns of order and charts.
    fn look_at(&self) -> Vec<&'static str> {
        let sorter = self.sorter.iter().flat_map(Sorter::paths).copied();
        sorter.chain(self.counter.iter().flat_map(|_| Counter::PATHS)).collect()
    }

    /// Goes on to the next row group that has to be looked at.
    fn skip(&mut self) {
        let groups = self.table.groups();
        while let Stage::Peek(first, 0) = self.stage {
            let some = (first + MOST_PEEKS).min(groups) - first;
            let tells = (first..first + some).any(|group| self.matcher.peek_at(&self.table, group).is_some());
            self.stage = match (some, tells) {
                (0, _) => Stage::Filter(0),
                (some, true) => {
                    self.stage = Stage::Peek(first, some);
                    return;
                }
                (some, false) => Stage::Peek(first + some, 0),
            };
        }
        while let Stage::Filter(group) = self.stage {
            if group == groups {
                self.matcher.finish(&mut self.selected);
                self.stage = Stage::Look(0);
            } else if self.matcher.may_match(&self.table, group) {
                return;
            } else {
                self.stage = Stage::Filter(group + 1);
            }
        }
        if self.look_at().is_empty() {
            self.stage = Stage::Look(groups);
        }
        while let Stage::Look(group) = self.stage {
            if group == groups || self.selected.any(self.table.group_rows(group)) {
                return;
            }
            self.stage = Stage::Look(group + 1);
        }
    }
}
