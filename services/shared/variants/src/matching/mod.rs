//! A filter, made ready to be tried on row groups.

mod condition;
mod genes;
mod genotypes;
mod inheritance;
mod places;
mod search;

use std::collections::HashSet;
use std::sync::Arc;

use crate::chunks::{Chunks, Read};
use crate::decode::Group;
use crate::error::{Error, Wrong};
use crate::filter::Filter;
use crate::region_set::RegionSet;
use crate::selected::Selected;
use crate::table::Table;
use condition::{Condition, words};
use genes::Genes;
use inheritance::{Compound, Family};
use places::Places;
use search::Search;

/// A filter, made ready.
#[derive(Debug)]
pub(crate) struct Matcher {
    /// Those that cost little come first: what they leave out is not looked at by others.
    conditions: Vec<Condition>,
    compound: Option<Compound>,
    /// Row groups that a look at dictionaries has ruled out.
    without: HashSet<usize>,
}

impl Matcher {
    /// # Errors
    ///
    /// If the filter names a sample that the table does not have.
    pub(crate) fn new(table: &Table, filter: &Filter) -> Result<Self, Error> {
        let mut conditions = Vec::new();
        if !filter.regions.is_empty() {
            let regions = RegionSet::new(filter.regions.iter().cloned());
            conditions.push(Condition::Places(Places(Arc::new(regions))));
        }
        if let Some(named) = &filter.region_set {
            conditions.push(Condition::Places(Places(named.regions()?)));
        }
        if !filter.impacts.is_empty() {
            conditions.push(Condition::Impacts(filter.impacts.clone()));
        }
        if !filter.consequences.is_empty() {
            conditions.push(Condition::Consequences(filter.consequences.clone()));
        }
        conditions.extend(filter.filter.clone().map(Condition::Filter));
        conditions.extend(filter.frequency.map(Condition::Frequency));
        conditions.extend(filter.min_quality.map(Condition::Quality));
        if !filter.kinds.is_empty() || !filter.changes.is_empty() || filter.length.is_some() {
            let (kinds, changes, length) = (filter.kinds.clone(), filter.changes.clone(), filter.length);
            conditions.push(Condition::Shape { kinds, changes, length });
        }
        conditions.extend(filter.clinvar.as_deref().map(words).map(Condition::Clinvar));
        conditions.extend(filter.known.map(Condition::Known));
        let genotypes = filter
            .genotypes
            .iter()
            .map(|(name, is)| Ok((sample(table, name, "genotype")?, *is)));
        let genotypes = genotypes.collect::<Result<Vec<_>, Wrong>>()?;
        if !genotypes.is_empty() {
            conditions.push(Condition::Genotypes(genotypes));
        }
        let family = filter
            .inheritance
            .as_ref()
            .map(|told| Family::new(table, told))
            .transpose()?;
        let compound = family.filter(Family::is_compound).map(Compound::new);
        conditions.extend(family.filter(|family| !family.is_compound()).map(Condition::Family));
        if !filter.genes.is_empty() {
            conditions.push(Condition::Genes(Genes::new(&filter.genes)));
        }
        conditions.extend(filter.text.as_deref().map(Search::new).map(Condition::Search));
        Ok(Self {
            conditions,
            compound,
            without: HashSet::new(),
        })
    }

    /// Whether all rows match.
    pub(crate) fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.compound.is_none()
    }

    /// The columns that it reads.
    pub(crate) fn paths(&self) -> Vec<&'static str> {
        let own = self.conditions.iter().flat_map(Condition::paths).copied();
        own.chain(self.compound.iter().flat_map(|_| Compound::PATHS)).collect()
    }

    /// Whether a row of this row group can match, by what the footer says of it.
    pub(crate) fn may_match(&self, table: &Table, group: usize) -> bool {
        let ruled_out = self.without.contains(&group);
        !ruled_out
            && self.conditions.iter().all(|condition| match condition {
                Condition::Places(places) => places.may_match(table, group),
                _ => true,
            })
    }

    /// What a look at the dictionaries of this row group needs, by which genes that are not in it are known before its columns are
    /// read; `None` if that would tell nothing.
    pub(crate) fn peek_at(&self, table: &Table, group: usize) -> Option<Vec<Read>> {
        let genes = self
            .conditions
            .iter()
            .any(|condition| matches!(condition, Condition::Genes(_)));
        (genes && self.may_match(table, group))
            .then(|| Genes::peek_at(table, group))
            .flatten()
    }

    /// Takes that look.
    pub(crate) fn peek(&mut self, table: &Table, group: usize, chunks: &Chunks) -> Result<(), Error> {
        for condition in &self.conditions {
            if let Condition::Genes(genes) = condition
                && !genes.may_be_in(table, group, chunks)?
            {
                self.without.insert(group);
            }
        }
        Ok(())
    }

    /// Adds the rows of a row group that match, which begins with the row `first`. Of compound heterozygous ones it only takes notes.
    pub(crate) fn apply(&mut self, group: &Group<'_>, first: u64, selected: &mut Selected) -> Result<(), Error> {
        let mut left = vec![true; group.rows()];
        for condition in &self.conditions {
            condition.apply(group, &mut left)?;
            if !left.contains(&true) {
                return Ok(());
            }
        }
        match &mut self.compound {
            Some(compound) => compound.note(group, first, &left),
            None => {
                let rows = (first..).zip(&left).filter(|(_, left)| **left);
                rows.for_each(|(row, _)| selected.insert(row));
                Ok(())
            }
        }
    }

    /// Adds the rows that only all row groups together can tell of.
    pub(crate) fn finish(&mut self, selected: &mut Selected) {
        if let Some(compound) = &mut self.compound {
            compound.finish(selected);
        }
    }
}

/// The place of a sample among those of the file.
fn sample(table: &Table, name: &str, field: &'static str) -> Result<usize, Wrong> {
    let place = table.samples().iter().position(|own| own == name);
    place.ok_or_else(|| match table.samples().is_empty() {
        true => Wrong::new(field, "This file has no samples."),
        false => Wrong::new(
            field,
            format!("This file has no sample “{}”.", crate::region::shown(name)),
        ),
    })
}

/// Keeps the rows that match, too.
fn keep(left: &mut [bool], matching: &[bool]) {
    left.iter_mut()
        .zip(matching)
        .for_each(|(left, matching)| *left &= matching);
}

/// Keeps the rows of which this holds; it is only asked of those that are left.
fn keep_where(left: &mut [bool], holds: impl Fn(usize) -> bool) {
    left.iter_mut()
        .enumerate()
        .filter(|(_, left)| **left)
        .for_each(|(row, left)| *left = holds(row));
}
