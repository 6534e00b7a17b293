//! One condition of a filter, tried on a row group.

use arrow_array::Array;
use domain::variants as columns;

use super::genes::Genes;
use super::genotypes::{self, Calls};
use super::inheritance::Family;
use super::places::Places;
use super::search::Search;
use super::{keep, keep_where};
use crate::decode::Group;
use crate::error::Error;
use crate::filter::{FilterIs, FrequencyIs, GenotypeIs, Impact, Kind, LengthIs};
use crate::shape::shape;

/// One condition.
#[derive(Debug)]
pub(super) enum Condition {
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

impl Condition {
    pub(super) fn paths(&self) -> &'static [&'static str] {
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
    pub(super) fn apply(&self, group: &Group<'_>, left: &mut [bool]) -> Result<(), Error> {
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
                let calls = Calls::new(group, &samples, left)?;
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

/// The words of a text, in small letters.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
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
