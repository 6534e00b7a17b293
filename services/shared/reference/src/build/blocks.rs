//! Writes a track of variants block by block, of rows that come sorted.

use std::io;

use super::first_rows;
use crate::bundle::{BlockPacker, MOST_ROWS, Row, SectionWriter, Writer};

/// A block ends before its texts are longer than this.
const MOST_BYTES: usize = 1 << 20;

/// The blocks of a track in the making. Chromosomes may come in any order, each of them in one piece.
pub(super) struct BlockWriter<'w> {
    section: SectionWriter<'w>,
    packer: BlockPacker,
    /// How many texts each row has after its change.
    columns: usize,
    written: Vec<Written>,
    rows: u64,
}

/// A block that was written.
#[derive(Debug, Clone, Copy)]
struct Written {
    chromosome: u32,
    first: u32,
    offset: u64,
    length: u32,
}

impl<'w> BlockWriter<'w> {
    /// Begins the track `key`.
    pub(super) fn new(key: &str, writer: &'w mut Writer) -> Self {
        Self {
            section: writer.begin(format!("{key}.blocks")),
            packer: BlockPacker::default(),
            columns: 0,
            written: Vec::new(),
            rows: 0,
        }
    }

    /// Each row has so many texts after its change.
    pub(super) fn set_columns(&mut self, columns: usize) {
        self.columns = columns;
    }

    /// Writes sorted rows of a chromosome, the first ones of those that are given, and says how many: as many as make a block.
    pub(super) fn write(&mut self, chromosome: u32, rows: &[Row]) -> io::Result<usize> {
        let mut bytes = 0;
        let fits = rows.iter().take(MOST_ROWS).take_while(|row| {
            bytes += row.text.len();
            bytes <= MOST_BYTES
        });
        // A row that is longer than a block is one by itself.
        let count = fits.count().max(1).min(rows.len());
        let Some(first) = rows.first() else { return Ok(0) };
        let block = self.packer.pack(&rows[..count], self.columns);
        self.written.push(Written {
            chromosome,
            first: first.start,
            offset: self.section.len(),
            length: block.len() as u32,
        });
        self.section.write(&block)?;
        self.rows += count as u64;
        Ok(count)
    }

    /// Takes back what was written.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.written.clear();
        self.rows = 0;
        self.section.clear()
    }

    /// Ends the section of the blocks.
    pub(super) fn end(self) -> Index {
        self.section.end();
        Index {
            written: self.written,
            rows: self.rows,
        }
    }
}

/// Which blocks there are.
pub(super) struct Index {
    written: Vec<Written>,
    /// Rows of all blocks.
    pub(super) rows: u64,
}

impl Index {
    /// Writes the columns by which blocks are found.
    pub(super) fn write(mut self, key: &str, chromosomes: usize, writer: &mut Writer) -> io::Result<()> {
        self.written.sort_by_key(|block| block.chromosome);
        let blocks = || self.written.iter();
        let first = first_rows(chromosomes, blocks().map(|block| block.chromosome as usize));
        writer.column(format!("{key}.rows"), first.into_iter())?;
        writer.column(format!("{key}.first"), blocks().map(|block| block.first))?;
        writer.wide_column(format!("{key}.offset"), blocks().map(|block| block.offset))?;
        writer.column(format!("{key}.length"), blocks().map(|block| block.length))
    }
}
