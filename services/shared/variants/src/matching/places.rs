//! Rows in regions.

use std::collections::HashMap;

use domain::variants as columns;
use parquet::file::statistics::Statistics;

use super::keep_where;
use crate::decode::Group;
use crate::error::Error;
use crate::region::{Region, canonical};
use crate::table::Table;

/// First and last base of each.
type Stretches = [(i64, i64)];

/// Regions, of each chromosome those that do not overlap, from the left.
#[derive(Debug)]
pub(super) struct Places {
    chromosomes: HashMap<String, Vec<(i64, i64)>>,
}

impl Places {
    pub(super) const PATHS: [&'static str; 3] = [columns::CHROMOSOME, columns::POSITION, columns::END];

    pub(super) fn new(regions: &[Region]) -> Self {
        let mut chromosomes: HashMap<String, Vec<(i64, i64)>> = HashMap::new();
        for region in regions {
            chromosomes
                .entry(canonical(&region.chromosome))
                .or_default()
                .push((region.start, region.end));
        }
        for own in chromosomes.values_mut() {
            own.sort_unstable();
            own.dedup_by(|next, before| {
                let joins = next.0 <= before.1;
                before.1 = if joins { before.1.max(next.1) } else { before.1 };
                joins
            });
        }
        Self { chromosomes }
    }

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
        let of = |name: &str| self.chromosomes.get(&canonical(name)).map(Vec::as_slice);
        Ok(group.texts(columns::CHROMOSOME)?.map(None, of))
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
        let Some(regions) = self.chromosomes.get(&canonical(name)) else {
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
