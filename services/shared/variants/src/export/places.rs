//! Where the rows that match are, so that a caller can pick the records of a VCF.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use domain::variants as columns;

use crate::chunks::{Chunks, Read};
use crate::decode::{batches, other_type};
use crate::error::Error;
use crate::selected::Selected;
use crate::table::Table;

const PATHS: [&str; 4] = [
    columns::CHROMOSOME,
    columns::POSITION,
    columns::REFERENCE,
    columns::ALTERNATE,
];

/// Where a variant is, and what it is: as CHROM, POS, REF and one allele of ALT have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// CHROM.
    pub chromosome: String,
    /// POS, 1-based.
    pub position: i64,
    /// REF.
    pub reference: String,
    /// The allele of ALT; `None` of a record without one.
    pub alternate: Option<String>,
    /// How many variants that are the same to the letter come before it in the file: some files have one twice.
    pub before: usize,
}

/// Rows before one that matches among which the very same variant is looked for.
const NEAR: u64 = 64;

/// Reads the places of the rows that match, in the order of the file, a row group at a time.
pub struct Places {
    table: Table,
    selected: Selected,
    /// These rows, and those before each of them.
    near: Selected,
    next: usize,
    /// The variants at the position that was read last, and how often each was there.
    last: HashMap<Place, usize>,
}

impl Places {
    /// Begins with the rows `selected`, which [`Found`](crate::Found) has.
    #[must_use]
    pub fn new(table: &Table, selected: Selected) -> Self {
        let mut places = Self {
            table: table.clone(),
            near: selected.with_before(NEAR),
            selected,
            next: 0,
            last: HashMap::new(),
        };
        places.skip();
        places
    }

    /// The bytes that it needs next; `None` when it is done.
    #[must_use]
    pub fn wants(&self) -> Option<Vec<Read>> {
        (self.next < self.table.groups()).then(|| self.table.reads(self.next, PATHS))
    }

    /// The places of one row group, made of these bytes.
    ///
    /// # Errors
    ///
    /// If they are damaged, or some of [`wants`](Self::wants) are missing.
    pub fn take(&mut self, chunks: &Chunks) -> Result<Vec<Place>, Error> {
        chunks.check(&self.wants().unwrap_or_default())?;
        let rows = self.table.group_rows(self.next);
        let mut places = Vec::new();
        if let Some(selection) = self.near.selection(rows.start, rows.end - rows.start) {
            let mut row = rows.start;
            for batch in batches(&self.table, self.next, &PATHS, chunks, selection, 8_192)? {
                for place in places_of(&batch?)? {
                    while !self.near.contains(row) {
                        row += 1;
                    }
                    let place = self.counted(place);
                    if self.selected.contains(row) {
                        places.push(place);
                    }
                    row += 1;
                }
            }
        }
        self.next += 1;
        self.skip();
        Ok(places)
    }

    /// The place, with how many of the same came before.
    fn counted(&mut self, place: Place) -> Place {
        let is_there = |last: &Place| last.position == place.position && last.chromosome == place.chromosome;
        if !self.last.keys().next().is_some_and(is_there) {
            self.last.clear();
        }
        let count = self.last.entry(place.clone()).or_default();
        let before = *count;
        *count += 1;
        Place { before, ..place }
    }

    fn skip(&mut self) {
        while self.next < self.table.groups() && !self.near.any(self.table.group_rows(self.next)) {
            self.next += 1;
        }
    }
}

fn places_of(batch: &RecordBatch) -> Result<Vec<Place>, Error> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| other_type(name));
    let texts = |name: &str| column(name)?.as_string_opt::<i32>().ok_or_else(|| other_type(name));
    let positions = column(columns::POSITION)?;
    let positions = positions
        .as_primitive_opt::<Int64Type>()
        .ok_or_else(|| other_type(columns::POSITION))?;
    let (chromosomes, references) = (texts(columns::CHROMOSOME)?, texts(columns::REFERENCE)?);
    let alternates = texts(columns::ALTERNATE)?;
    let place = |row: usize| Place {
        chromosome: chromosomes.value(row).to_owned(),
        position: positions.value(row),
        reference: references.value(row).to_owned(),
        alternate: alternates.is_valid(row).then(|| alternates.value(row).to_owned()),
        before: 0,
    };
    Ok((0..batch.num_rows()).map(place).collect())
}
