//! How a child has a variant from its parents.

use std::collections::HashMap;

use domain::variants as columns;

use super::genotypes::Calls;
use super::{keep_where, sample};
use crate::decode::Group;
use crate::error::{Error, Wrong};
use crate::filter::{Inheritance, Model};
use crate::region::canonical;
use crate::selected::Selected;
use crate::table::Table;

/// The places of three samples, and what is asked of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    child: usize,
    mother: usize,
    father: usize,
    model: Model,
}

impl Family {
    pub(super) const PATHS: [&'static str; 3] = [columns::GENOTYPES, columns::ALLELE, columns::CHROMOSOME];

    pub(super) fn new(table: &Table, told: &Inheritance) -> Result<Self, Wrong> {
        Ok(Self {
            child: sample(table, &told.child, "child")?,
            mother: sample(table, &told.mother, "mother")?,
            father: sample(table, &told.father, "father")?,
            model: told.model,
        })
    }

    fn samples(&self) -> [usize; 3] {
        [self.child, self.mother, self.father]
    }

    pub(super) fn is_compound(&self) -> bool {
        self.model == Model::CompoundHeterozygous
    }

    pub(super) fn apply(&self, group: &Group<'_>, left: &mut [bool]) -> Result<(), Error> {
        let calls = Calls::new(group, &self.samples(), left)?;
        let on_x = group
            .texts(columns::CHROMOSOME)?
            .map(false, |name| canonical(name) == "x");
        keep_where(left, |row| {
            let [child, mother, father] = calls.of(row) else {
                return false;
            };
            match self.model {
                Model::DeNovo => child.carries() && mother.lacks() && father.lacks(),
                Model::Recessive => child.is_hom() && mother.is_het() && father.is_het(),
                Model::XLinked => on_x[row] && child.is_hom() && mother.is_het() && father.lacks(),
                Model::CompoundHeterozygous => false,
            }
        });
        Ok(())
    }
}

/// Finds the genes of which a child has two variants or more, at least one from each parent.
#[derive(Debug)]
pub(super) struct Compound {
    family: Family,
    /// The genes seen so far, by number.
    genes: HashMap<String, u32>,
    /// From which parents each gene has a variant: 1 the mother, 2 the father.
    parents: Vec<u8>,
    /// Rows that come from one parent alone, with the gene's number.
    rows: Vec<(u32, u32)>,
}

impl Compound {
    pub(super) const PATHS: [&'static str; 4] = [columns::GENOTYPES, columns::ALLELE, columns::GENE, columns::GENE_ID];

    pub(super) fn new(family: Family) -> Self {
        Self {
            family,
            genes: HashMap::new(),
            parents: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Takes notes of the rows of a row group that are `left`.
    pub(super) fn note(&mut self, group: &Group<'_>, first: u64, left: &[bool]) -> Result<(), Error> {
        let calls = Calls::new(group, &self.family.samples(), left)?;
        let by_id = group.texts(columns::GENE_ID)?.map(None, |id| Some(self.gene(id)));
        let by_symbol = group.texts(columns::GENE)?.map(None, |symbol| Some(self.gene(symbol)));
        for row in (0..left.len()).filter(|row| left[*row]) {
            let Some(gene) = by_id[row].or(by_symbol[row]) else {
                continue;
            };
            let [child, mother, father] = calls.of(row) else {
                continue;
            };
            let parent = match child.is_het() {
                true if mother.carries() && father.lacks() => 1,
                true if father.carries() && mother.lacks() => 2,
                _ => continue,
            };
            self.parents[gene as usize] |= parent;
            self.rows
                .push((u32::try_from(first + row as u64).unwrap_or(u32::MAX), gene));
        }
        Ok(())
    }

    fn gene(&mut self, name: &str) -> u32 {
        if let Some(number) = self.genes.get(name) {
            return *number;
        }
        let number = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        self.genes.insert(name.to_owned(), number);
        self.parents.push(0);
        number
    }

    pub(super) fn finish(&mut self, selected: &mut Selected) {
        let both = self.rows.iter().filter(|(_, gene)| self.parents[*gene as usize] == 3);
        both.for_each(|(row, _)| selected.insert(u64::from(*row)));
    }
}
