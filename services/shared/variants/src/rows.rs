//! Rows by their numbers: those of a page, or the one that is opened.

use std::collections::BTreeMap;

use crate::chunks::{Chunks, Read};
use crate::decode::batches;
use crate::error::Error;
use crate::selected::Selected;
use crate::table::Table;
use crate::variant::{SHOWN, Variant, variants};

/// The most rows that are read at once.
pub(crate) const MOST_LIMIT: usize = 10_000;

/// Which columns to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// All but the entries.
    Shown,
    /// All.
    All,
}

impl Columns {
    pub(crate) fn paths(self) -> Vec<&'static str> {
        let deeper = (self == Self::All).then_some(domain::variants::CONSEQUENCES);
        SHOWN.into_iter().chain(deeper).collect()
    }
}

/// Reads rows by their numbers, only from the row groups that have them: [`wants`](Self::wants) and [`take`](Self::take) as of a
/// [`Scan`](crate::Scan).
#[derive(Debug)]
pub struct Rows {
    table: Table,
    columns: Columns,
    /// Of each row group that is still to be read, its rows.
    groups: BTreeMap<usize, Vec<u64>>,
    /// Where each row belongs.
    places: BTreeMap<u64, Vec<usize>>,
    found: Vec<Option<Variant>>,
}

impl Rows {
    pub(crate) fn new(table: &Table, rows: &[u64], columns: Columns) -> Result<Self, Error> {
        let mut groups: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        if rows.len() > MOST_LIMIT {
            return Err(Error::Wrong(crate::Wrong::new(
                "limit",
                "At most 10,000 rows are read at once.",
            )));
        }
        for (place, row) in rows.iter().enumerate() {
            if *row >= table.rows() {
                return Err(Error::Wrong(crate::Wrong::new(
                    "row",
                    format!("There is no row {row}."),
                )));
            }
            groups.entry(table.group_of(*row)).or_default().push(*row);
            places.entry(*row).or_default().push(place);
        }
        Ok(Self {
            table: table.clone(),
            columns,
            groups,
            places,
            found: vec![None; rows.len()],
        })
    }

    /// The bytes that it needs next; `None` when it is done.
    #[must_use]
    pub fn wants(&self) -> Option<Vec<Read>> {
        let (group, _) = self.groups.first_key_value()?;
        Some(self.table.reads(*group, self.columns.paths()))
    }

    /// What it needs after [`wants`](Self::wants), of so many row groups: whoever fetches from afar can ask for it meanwhile.
    #[must_use]
    pub fn ahead(&self, groups: usize) -> Vec<Read> {
        let next = self.groups.keys().skip(1).take(groups);
        next.flat_map(|group| self.table.reads(*group, self.columns.paths()))
            .collect()
    }

    /// Goes on with these bytes.
    ///
    /// # Errors
    ///
    /// If they are damaged, or some of [`wants`](Self::wants) are missing.
    pub fn take(&mut self, chunks: &Chunks) -> Result<(), Error> {
        chunks.check(&self.wants().unwrap_or_default())?;
        let Some((group, rows)) = self.groups.pop_first() else {
            return Ok(());
        };
        let of_group = self.table.group_rows(group);
        let mut selected = Selected::none(self.table.rows());
        rows.iter().for_each(|row| selected.insert(*row));
        let Some(selection) = selected.selection(of_group.start, of_group.end - of_group.start) else {
            return Ok(());
        };
        let mut numbers = selected.iter();
        for batch in batches(&self.table, group, &self.columns.paths(), chunks, selection, 256)? {
            for (mut variant, row) in variants(&batch?)?.into_iter().zip(&mut numbers) {
                variant.row = row;
                for place in self.places.get(&row).into_iter().flatten() {
                    self.found[*place] = Some(variant.clone());
                }
            }
        }
        match numbers.next() {
            None => Ok(()),
            Some(row) => Err(Error::Damaged(format!("its row {row} is missing"))),
        }
    }

    /// The rows, in the order in which they were asked for.
    #[must_use]
    pub fn finish(self) -> Vec<Variant> {
        self.found.into_iter().flatten().collect()
    }
}
