//! A filter, made ready to be tried on row groups.

mod genes;
mod genotypes;
mod inheritance;
mod places;
mod search;

use domain::variants as columns;

use crate::decode::Group;
use crate::error::{Error, Wrong};
use crate::filter::{Filter, FilterIs, FrequencyIs, GenotypeIs, Impact, Kind, LengthIs};
use crate::selected::Selected;
use crate::shape::shape;
use crate::table::Table;
use arrow_array::Array;
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
}

#[derive(Debug)]
enum Condition {
    Places(Places),
    Impacts(Vec<Impact>),
    Consequences(Vec<String>),
    Filter(FilterIs),
    Frequency(FrequencyIs),
    Quality(f64),
    Shape {
        kinds: Vec<Kind>,
        changes: Vec<(u8, u8)>,
        length: Option<LengthIs>,
    },
    Clinvar(Vec<String>),
    Known(bool),
    Genotypes(Vec<(usize, GenotypeIs)>),
    Family(Family),
    Genes(Genes),
    Search(Search),
}

impl Matcher {
    /// # Errors
    ///
    /// If the filter names a sample that the table does not have.
    pub(crate) fn new(table: &Table, filter: &Filter) -> Result<Self, Error> {
        let mut conditions = Vec::new();
        if !filter.regions.is_empty() {
            conditions.push(Condition::Places(Places::new(&filter.regions)));
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
        Ok(Self { conditions, compound })
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
        self.conditions.iter().all(|condition| match condition {
            Condition::Places(places) => places.may_match(table, group),
            _ => true,
        })
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

/// The words of a text, in small letters.
fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

impl Condition {
    fn paths(&self) -> &'static [&'static str] {
        match self {
            Self::Places(_) => &Places::PATHS,
            Self::Impacts(_) => &[columns::IMPACT],
            Self::Consequences(_) => &[columns::CONSEQUENCE],
            Self::Filter(_) => &[columns::FILTER],
            Self::Frequency(_) => &[columns::MAX_FREQUENCY],
            Self::Quality(_) => &[columns::QUALITY],
            Self::Shape { .. } => &[columns::REFERENCE, columns::ALTERNATE, columns::POSITION, columns::END],
            Self::Clinvar(_) => &[columns::CLINVAR],
            Self::Known(_) => &[columns::IDS],
            Self::Genotypes(_) => &genotypes::PATHS,
            Self::Family(_) => &Family::PATHS,
            Self::Genes(_) => &Genes::PATHS,
            Self::Search(_) => &Search::PATHS,
        }
    }

    /// Takes the rows that do not match from those that are `left`.
    fn apply(&self, group: &Group<'_>, left: &mut [bool]) -> Result<(), Error> {
        match self {
            Self::Places(places) => places.apply(group, left)?,
            Self::Impacts(impacts) => {
                let is = |name: &str| Impact::named(name).is_some_and(|impact| impacts.contains(&impact));
                keep(left, &group.texts(columns::IMPACT)?.map(false, is));
            }
            Self::Consequences(terms) => {
                let is = |name: &str| terms.iter().any(|term| term == name);
                keep(left, &group.texts(columns::CONSEQUENCE)?.map(false, is));
            }
            Self::Filter(is) => keep(
                left,
                &group.texts(columns::FILTER)?.map(false, |text| filter_is(is, text)),
            ),
            Self::Frequency(is) => {
                let numbers = group.numbers(columns::MAX_FREQUENCY)?;
                let frequency = |row| numbers.is_valid(row).then(|| numbers.value(row));
                keep_where(left, |row| frequency_is(*is, frequency(row)));
            }
            Self::Quality(least) => {
                let numbers = group.numbers(columns::QUALITY)?;
                keep_where(left, |row| numbers.is_valid(row) && numbers.value(row) >= *least);
            }
            Self::Shape { kinds, changes, length } => {
                let (references, alternates) = (group.texts(columns::REFERENCE)?, group.texts(columns::ALTERNATE)?);
                let (positions, ends) = (group.integers(columns::POSITION)?, group.integers(columns::END)?);
                keep_where(left, |row| {
                    let span = ends.value(row).saturating_sub(positions.value(row));
                    let shape = shape(references.get(row).unwrap_or_default(), alternates.get(row), span);
                    let kind = kinds.is_empty() || kinds.contains(&shape.kind);
                    let change = changes.is_empty() || shape.change.is_some_and(|change| changes.contains(&change));
                    kind && change && length.is_none_or(|length| length_is(length, shape.length))
                });
            }
            Self::Clinvar(wanted) => {
                let has = |text: &str| {
                    let own = words(text);
                    own.windows(wanted.len().max(1)).any(|words| words == wanted)
                };
                keep(left, &group.texts(columns::CLINVAR)?.map(false, has));
            }
            Self::Known(known) => {
                let (lists, _) = group.lists(columns::IDS)?;
                let offsets = lists.value_offsets();
                keep_where(left, |row| (offsets[row] < offsets[row + 1]) == *known);
            }
            Self::Genotypes(wanted) => {
                let samples: Vec<usize> = wanted.iter().map(|(sample, _)| *sample).collect();
                let calls = genotypes::Calls::new(group, &samples, left)?;
                keep_where(left, |row| {
                    calls.of(row).iter().zip(wanted).all(|(call, (_, is))| call.is(*is))
                });
            }
            Self::Family(family) => family.apply(group, left)?,
            Self::Genes(genes) => genes.apply(group, left)?,
            Self::Search(search) => search.apply(group, left)?,
        }
        Ok(())
    }
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

fn filter_is(is: &FilterIs, text: &str) -> bool {
    match is {
        FilterIs::Pass => text == "PASS",
        FilterIs::Has(entry) => text.split(';').any(|own| own.eq_ignore_ascii_case(entry)),
    }
}

fn frequency_is(is: FrequencyIs, frequency: Option<f64>) -> bool {
    match (is, frequency) {
        (FrequencyIs::AtMost(most), Some(frequency)) => frequency <= most,
        (FrequencyIs::Between(from, to), Some(frequency)) => from <= frequency && (frequency < to || to >= 1.0),
        (FrequencyIs::AtMost(_) | FrequencyIs::Unknown, None) => true,
        (FrequencyIs::Unknown, Some(_)) | (FrequencyIs::Between(..), None) => false,
    }
}

/// 0 is no known length.
fn length_is(LengthIs { from, to }: LengthIs, length: i64) -> bool {
    length > 0 && from <= length && length <= to
}
