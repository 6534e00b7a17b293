//! Rows that touch one of some genes.

use std::collections::HashSet;

use super::keep_where;
use crate::chunks::{Chunks, Read};
use crate::decode::{Group, dictionary_may_have, is_dictionary, is_null};
use crate::error::Error;
use crate::table::Table;

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

    /// The bytes of the dictionaries of a row group, which tell whether a gene is in it; `None` if they do not.
    pub(super) fn peek_at(table: &Table, group: usize) -> Option<Vec<Read>> {
        let leaves = || {
            Self::PATHS
                .into_iter()
                .flat_map(|path| table.leaves(path))
                .map(|leaf| table.chunk(group, *leaf))
        };
        let tells =
            leaves().all(|chunk| is_null(chunk) || is_dictionary(chunk) && chunk.dictionary_page_offset().is_some());
        let reads = table
            .reads(group, Self::PATHS)
            .into_iter()
            .filter(|read| read.key.part == 0);
        tells.then(|| reads.collect())
    }

    /// Whether one of the genes may be in a row group, by these bytes.
    pub(super) fn may_be_in(&self, table: &Table, group: usize, chunks: &Chunks) -> Result<bool, Error> {
        for path in Self::PATHS {
            if dictionary_may_have(table, group, path, chunks, |gene| self.0.contains(&gene.to_lowercase()))? {
                return Ok(true);
            }
        }
        Ok(false)
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
