//! Rows in regions.

use std::sync::Arc;

use domain::variants as columns;
use parquet::file::statistics::Statistics;

use super::keep_where;
use crate::decode::Group;
use crate::error::Error;
use crate::region_set::{RegionSet, Stretches};
use crate::table::Table;

/// Regions in which rows may lie.
#[derive(Debug)]
pub(super) struct Places(pub(super) Arc<RegionSet>);

impl Places {
    pub(super) const PATHS: [&'static str; 3] = [columns::CHROMOSOME, columns::POSITION, columns::END];

    /// Whether one of the regions overlaps a stretch, both ends included.
    fn overlap(regions: &Stretches, start: i64, end: i64) -> bool {
        let next = regions.partition_point(|region| region.1 < start);
        regions.get(next).is_some_and(|region| region.0 <= end)
    }

    pub(super) fn apply(&self, group: &Group<'_>, left: &mut [bool]) -> Result<(), Error> {
        let regions = self.of_rows(group)?;
        let (positions, ends) = (group.integers(columns::POSITION)?, group.integers(columns::END)?);
        keep_where(left, |row| {
            regions[row].is_some_and(|regions| Self::overlap(regions, positions.value(row), ends.value(row)))
        });
        Ok(())
    }

    /// The regions on the chromosome of each row.
    fn of_rows(&self, group: &Group<'_>) -> Result<Vec<Option<&Stretches>>, Error> {
        Ok(group.texts(columns::CHROMOSOME)?.map(None, |name| self.0.on(name)))
    }

    /// Which rows that are left lie in a region, as a list: for a search of several places at once.
    pub(super) fn rows(&self, group: &Group<'_>) -> Result<Vec<bool>, Error> {
        let mut all = vec![true; group.rows()];
        self.apply(group, &mut all)?;
        Ok(all)
    }

    /// Whether a row group that is on one chromosome as a whole reaches a region.
    pub(super) fn may_match(&self, table: &Table, group: usize) -> bool {
        let statistics = |path: &str| {
            let leaf = table.leaves(path).first()?;
            table.chunk(group, *leaf).statistics()
        };
        let Some(Statistics::ByteArray(names)) = statistics(columns::CHROMOSOME) else {
            return true;
        };
        let exact = names.min_is_exact() && names.max_is_exact();
        let (first, last) = (names.min_opt(), names.max_opt());
        let name = first
            .filter(|first| exact && Some(*first) == last)
            .and_then(|name| name.as_utf8().ok());
        let Some(name) = name else { return true };
        let Some(regions) = self.0.on(name) else {
            return false;
        };
        match (statistics(columns::POSITION), statistics(columns::END)) {
            (Some(Statistics::Int64(positions)), Some(Statistics::Int64(ends))) => {
                match (positions.min_opt(), ends.max_opt()) {
                    (Some(start), Some(end)) => Self::overlap(regions, *start, *end),
                    _ => true,
                }
            }
            _ => true,
        }
    }
}
