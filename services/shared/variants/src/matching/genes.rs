//! Rows that touch one of some genes.

use std::collections::HashSet;

use super::keep_where;
use crate::decode::Group;
use crate::error::Error;

/// The symbols of all genes that the entries of an allele tell of, and their ids.
const SYMBOLS: &str = "consequences.symbol";
const IDS: &str = "consequences.gene_id";

/// Symbols or ids, in small letters.
#[derive(Debug)]
pub(super) struct Genes(HashSet<String>);

impl Genes {
    pub(super) const PATHS: [&'static str; 2] = [SYMBOLS, IDS];

    pub(super) fn new(genes: &[String]) -> Self {
        Self(genes.iter().map(|gene| gene.to_lowercase()).collect())
    }

    pub(super) fn apply(&self, group: &Group<'_>, left: &mut [bool]) -> Result<(), Error> {
        let mut found = vec![false; left.len()];
        for path in Self::PATHS {
            let (lists, texts) = group.lists(path)?;
            let matching = texts.map(false, |gene| self.0.contains(&gene.to_lowercase()));
            // A gene is in one row group or two; in all others there is nothing to look for.
            if !matching.contains(&true) {
                continue;
            }
            for (found, ends) in found.iter_mut().zip(lists.value_offsets().windows(2)) {
                let own = matching.get(ends[0] as usize..ends[1] as usize);
                *found |= own.is_some_and(|own| own.contains(&true));
            }
        }
        keep_where(left, |row| found[row]);
        Ok(())
    }
}
