//! Where the rows that match are, so that a caller can pick the records of a VCF.

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
}

/// Reads the places of the rows that match, in the order of the file, a row group at a time.
pub struct Places {
    table: Table,
    selected: Selected,
    next: usize,
}

impl Places {
    /// Begins with the rows `selected`, which [`Found`](crate::Found) has.
    #[must_use]
    pub fn new(table: &Table, selected: Selected) -> Self {
        let mut places = Self {
            table: table.clone(),
            selected,
            next: 0,
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
        if let Some(selection) = self.selected.selection(rows.start, rows.end - rows.start) {
            for batch in batches(&self.table, self.next, &PATHS, chunks, selection, 8_192)? {
                add(&batch?, &mut places)?;
            }
        }
        self.next += 1;
        self.skip();
        Ok(places)
    }

    fn skip(&mut self) {
        while self.next < self.table.groups() && !self.selected.any(self.table.group_rows(self.next)) {
            self.next += 1;
        }
    }
}

fn add(batch: &RecordBatch, places: &mut Vec<Place>) -> Result<(), Error> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| other_type(name));
    let texts = |name: &str| column(name)?.as_string_opt::<i32>().ok_or_else(|| other_type(name));
    let positions = column(columns::POSITION)?;
    let positions = positions
        .as_primitive_opt::<Int64Type>()
        .ok_or_else(|| other_type(columns::POSITION))?;
    let (chromosomes, references) = (texts(columns::CHROMOSOME)?, texts(columns::REFERENCE)?);
    let alternates = texts(columns::ALTERNATE)?;
    places.extend((0..batch.num_rows()).map(|row| Place {
        chromosome: chromosomes.value(row).to_owned(),
        position: positions.value(row),
        reference: references.value(row).to_owned(),
        alternate: alternates.is_valid(row).then(|| alternates.value(row).to_owned()),
    }));
    Ok(())
}
