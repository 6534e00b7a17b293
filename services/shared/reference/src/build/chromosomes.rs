//! The chromosomes of the assembly that is being built.

use std::collections::HashMap;

use super::source::{BuildError, Source};
use super::{Plan, Told, tables};
use crate::bundle::Chromosome;
use crate::{assembly, ucsc_name};

/// Names, lengths, and the place of each.
#[derive(Default)]
pub(super) struct Chromosomes {
    pub(super) list: Vec<Chromosome>,
    places: HashMap<String, usize>,
}

impl Chromosomes {
    /// Reads `chromInfo.txt.gz` or `chrom.sizes`; without them, the sizes that the program knows, or, if there is a
    /// sequence, none yet.
    pub(super) fn read(plan: &Plan, _told: Told<'_>) -> Result<Self, BuildError> {
        let mut chromosomes = Self::default();
        if let Some(file) = tables::find(plan, &["chromInfo.txt", "chrom.sizes"]) {
            let mut source = Source::open(&file)?;
            while let Some(line) = source.next_line()? {
                let text = String::from_utf8_lossy(line).into_owned();
                let mut columns = text.split('\t');
                match (columns.next(), columns.next().and_then(|length| length.parse().ok())) {
                    (Some(name), Some(length)) => {
                        chromosomes.add(name, length);
                    }
                    _ => return Err(source.error("expected a chromosome's name and length, separated by a tab")),
                }
            }
        } else if let Some(known) = assembly(&plan.assembly) {
            for (name, length) in known.chromosomes() {
                chromosomes.add(name, length);
            }
        } else if plan.sequence.is_none() {
            return Err(BuildError::NoChromosomes {
                assembly: plan.assembly.clone(),
                tables: plan.tables.clone(),
            });
        }
        Ok(chromosomes)
    }

    /// Adds a chromosome, and says its place; one that is known keeps its place and length.
    pub(super) fn add(&mut self, name: &str, length: u32) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.list.push(Chromosome {
            name: name.to_owned(),
            length,
            sequenced: 0,
            md5: None,
        });
        self.places.insert(name.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    /// The place of a chromosome by any of its names.
    pub(super) fn place(&self, name: &[u8]) -> Option<usize> {
        let text = std::str::from_utf8(name).ok()?;
        let known = self.places.get(text);
        known.or_else(|| self.places.get(ucsc_name(text))).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }
}
