//! Writes a track block by block, of rows that come sorted.

use std::io;

use super::{first_rows, max_of_each};
use crate::bundle::{BlockPacker, MOST_ROWS, Row, SectionWriter, Writer};

/// A block ends before its texts are longer than this.
const MOST_BYTES: usize = 1 << 20;

/// The blocks of a track in the making. Chromosomes may come in any order, each of them in one piece.
pub(super) struct BlockWriter<'w> {
    section: SectionWriter<'w>,
    packer: BlockPacker,
    /// How many texts each row has after its change.
    columns: usize,
    /// Whether rows are spans, whose first text is how many bases they have.
    are_spans: bool,
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
    spans: Spans,
}

/// The spans of a block: their greatest end, and whether none begins before the one before it ends.
#[derive(Debug, Clone, Copy)]
struct Spans {
    last: u32,
    are_apart: bool,
}

impl<'w> BlockWriter<'w> {
    /// Begins the track `key`.
    pub(super) fn new(key: &str, writer: &'w mut Writer) -> Self {
        Self {
            section: writer.begin(format!("{key}.blocks")),
            packer: BlockPacker::default(),
            columns: 0,
            are_spans: false,
            written: Vec::new(),
            rows: 0,
        }
    }

    /// Each row has so many texts after its change.
    pub(super) fn set_columns(&mut self, columns: usize) {
        self.columns = columns;
    }

    /// Each row is a span and has two texts: how many bases that has, and a value.
    pub(super) fn of_spans(key: &str, writer: &'w mut Writer) -> Self {
        Self {
            columns: 2,
            are_spans: true,
            ..Self::new(key, writer)
        }
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
            spans: Spans::of(if self.are_spans { &rows[..count] } else { &[] }),
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
            are_spans: self.are_spans,
        }
    }
}

/// Which blocks there are.
pub(super) struct Index {
    written: Vec<Written>,
    /// Rows of all blocks.
    pub(super) rows: u64,
    are_spans: bool,
}

impl Spans {
    fn of(rows: &[Row]) -> Self {
        let (mut last, mut are_apart) = (0, true);
        for row in rows {
            are_apart &= last <= row.start;
            last = last.max(row.start.saturating_add(bases(row)));
        }
        Self { last, are_apart }
    }
}

/// How many bases the span of a row has; 0 if it is no span.
fn bases(row: &Row) -> u32 {
    let text = row.text.split(|byte| *byte == b'\t').nth(1);
    text.and_then(super::regions::number).unwrap_or_default()
}

impl Index {
    /// Writes the columns by which blocks are found.
    pub(super) fn write(mut self, key: &str, chromosomes: usize, writer: &mut Writer) -> io::Result<()> {
        self.written.sort_by_key(|block| block.chromosome);
        let blocks = || self.written.iter();
        let first = first_rows(chromosomes, blocks().map(|block| block.chromosome as usize));
        if self.are_spans {
            let ends: Vec<u32> = blocks().map(|block| block.spans.last).collect();
            writer.column(format!("{key}.max"), max_of_each(&first, &ends))?;
            writer.column(format!("{key}.last"), ends.iter().copied())?;
            writer.column(
                format!("{key}.apart"),
                blocks().map(|block| u32::from(block.spans.are_apart)),
            )?;
        }
        writer.column(format!("{key}.rows"), first.into_iter())?;
        writer.column(format!("{key}.first"), blocks().map(|block| block.first))?;
        writer.wide_column(format!("{key}.offset"), blocks().map(|block| block.offset))?;
        writer.column(format!("{key}.length"), blocks().map(|block| block.length))
    }
}
