//! Rows that have a text somewhere.

use std::sync::Arc;

use arrow_array::{Array, StringArray};
use domain::variants as columns;
use memchr::memmem::Finder;

use super::keep;
use super::places::Places;
use crate::decode::Group;
use crate::error::Error;
use crate::region::Region;
use crate::region_set::RegionSet;
use crate::texts::Texts;

/// A text to look for, in any case of ASCII letters.
#[derive(Debug)]
pub(super) struct Search {
    /// In small letters; with underscores for spaces as well, as terms have them.
    needles: Vec<String>,
    /// If it is a place, `chr7:117,559,590`.
    place: Option<Places>,
}

const TEXTS: [&str; 8] = [
    columns::CONSEQUENCE,
    columns::GENE,
    columns::GENE_ID,
    columns::TRANSCRIPT,
    columns::HGVS_C,
    columns::HGVS_P,
    columns::CLINVAR,
    columns::CLINVAR_DISEASES,
];

impl Search {
    pub(super) const PATHS: [&'static str; 12] = [
        columns::CHROMOSOME,
        columns::POSITION,
        columns::END,
        columns::IDS,
        TEXTS[0],
        TEXTS[1],
        TEXTS[2],
        TEXTS[3],
        TEXTS[4],
        TEXTS[5],
        TEXTS[6],
        TEXTS[7],
    ];

    pub(super) fn new(text: &str) -> Self {
        let plain = text.to_ascii_lowercase();
        let joined = plain.replace(' ', "_");
        let region = Region::parse(text)
            .ok()
            .filter(|region| text.contains(':') && region.end < i64::MAX);
        let mut needles = vec![plain];
        needles.extend((joined != needles[0]).then_some(joined));
        Self {
            needles,
            place: region.map(|region| Places(Arc::new(RegionSet::new([region])))),
        }
    }

    pub(super) fn apply(&self, group: &Group<'_>, left: &mut [bool]) -> Result<(), Error> {
        let mut found = match &self.place {
            Some(place) => place.rows(group)?,
            None => vec![false; left.len()],
        };
        for path in TEXTS {
            let has = self.rows(&group.texts(path)?);
            found.iter_mut().zip(has).for_each(|(found, has)| *found |= has);
        }
        let (lists, ids) = group.lists(columns::IDS)?;
        let has = self.rows(&ids);
        for (found, ends) in found.iter_mut().zip(lists.value_offsets().windows(2)) {
            *found |= has
                .get(ends[0] as usize..ends[1] as usize)
                .is_some_and(|own| own.contains(&true));
        }
        keep(left, &found);
        Ok(())
    }

    /// Which values have the text.
    fn rows(&self, texts: &Texts) -> Vec<bool> {
        match texts {
            Texts::Plain(values) => self.values(values),
            Texts::Dictionary(keys, values) => {
                let has = self.values(values);
                let of = |key: Option<i32>| key.is_some_and(|key| has.get(key as usize) == Some(&true));
                keys.iter().map(of).collect()
            }
        }
    }

    /// Which of these values have the text: they lie together, so that one search goes over all of them.
    fn values(&self, values: &StringArray) -> Vec<bool> {
        let offsets = values.value_offsets();
        let bytes = |at: i32| usize::try_from(at).unwrap_or_default();
        let first = bytes(offsets[0]);
        let all = values.value_data()[first..bytes(offsets[values.len()])].to_ascii_lowercase();
        let mut found = vec![false; values.len()];
        for needle in &self.needles {
            let mut row = 0;
            for at in Finder::new(needle.as_bytes()).find_iter(&all).map(|at| at + first) {
                while bytes(offsets[row + 1]) <= at {
                    row += 1;
                }
                found[row] |= at + needle.len() <= bytes(offsets[row + 1]);
            }
        }
        found
    }
}
