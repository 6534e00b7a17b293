//! A column of texts on its way into a row group.
//!
//! The writer of the `parquet` crate looks each value up in a dictionary by its bytes, and makes the levels of each field of the
//! entries anew; that took longer than annotating. Here a value comes with its number among those of its piece, and only what is new
//! in a piece is looked up. Numbers that are written as text, and flags, which are few, come so, too.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, OffsetIndexBuilder};
use parquet::file::properties::DEFAULT_BLOOM_FILTER_FPP;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::bounds::Bounds;
use super::levels::{Levels, Part, Shared};
use super::plain;
use super::pool::Pool;
use super::runs;
use super::strings::{NONE, Texts, Values};
use super::totals::Totals;

/// A dictionary that takes more bytes is not added to: values are written one by one from there on.
const LARGEST_DICTIONARY: usize = 1 << 20;

/// A column of a row group.
pub(super) struct LeafWriter {
    leaf: ColumnDescPtr,
    levels: Levels,
    dictionary: Pool,
    /// Whether values have numbers in the dictionary.
    is_keyed: bool,
    /// The rows of this page, the number of each of their values, or [`NONE`], and values that have no number in the dictionary.
    parts: Vec<Part>,
    numbers: Vec<u32>,
    plain: Vec<u8>,
    /// How many values are missing of a column that has none at all, and no numbers.
    missing: usize,
    bounds: Bounds,
    bloom: Option<Sbbf>,
    packer: snap::raw::Encoder,
    pages: TrackedWrite<Vec<u8>>,
    offsets: OffsetIndexBuilder,
    totals: Totals,
}

/// A column that is whole.
pub(super) struct Chunk {
    bytes: Bytes,
    close: ColumnCloseResult,
}

impl Chunk {
    pub(super) fn append_to<W: Write + Send>(self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<()> {
        group.append_column(&self.bytes, self.close)
    }
}

impl LeafWriter {
    /// Of a column of texts, or of integers or flags that come as texts.
    pub(super) fn new(leaf: ColumnDescPtr, bloom: Option<Sbbf>) -> Self {
        Self {
            levels: Levels::new(&leaf),
            dictionary: Pool::default(),
            is_keyed: true,
            parts: Vec::new(),
            numbers: Vec::new(),
            plain: Vec::new(),
            missing: 0,
            bounds: Bounds::default(),
            bloom,
            packer: snap::raw::Encoder::new(),
            pages: TrackedWrite::new(Vec::new()),
            offsets: OffsetIndexBuilder::new(),
            totals: Totals::default(),
            leaf,
        }
    }

    /// Adds rows to this page.
    pub(super) fn add(&mut self, texts: &Texts, rows: Range<usize>) {
        let own = texts.values_of(&rows);
        match &texts.values {
            None => self.missing += own.len(),
            Some(Values::Plain(lengths, bytes)) => {
                let before = lengths[..own.start].iter().filter(|length| **length != NONE);
                let mut at = before.map(|length| *length as usize).sum();
                self.is_keyed = false;
                for length in &lengths[own] {
                    self.numbers.push(if *length == NONE { NONE } else { 0 });
                    if *length != NONE {
                        let value = &bytes[at..at + *length as usize];
                        at += value.len();
                        self.add_plain(value);
                    }
                }
            }
            Some(Values::Numbers(numbers, pool)) if self.is_keyed => self.add_numbers(&numbers[own], pool),
            Some(Values::Numbers(numbers, pool)) => {
                for number in &numbers[own] {
                    self.numbers.push(if *number == NONE { NONE } else { 0 });
                    if *number != NONE {
                        self.add_plain(pool.get(*number));
                    }
                }
            }
        }
        self.parts.push((texts.lists.clone(), rows));
    }

    /// Adds values by their numbers in a pool, of which some may not be there.
    fn add_numbers(&mut self, numbers: &[u32], pool: &Pool) {
        let mut known = vec![NONE; pool.len() as usize];
        for number in numbers {
            let Some(known) = known.get_mut(*number as usize) else {
                self.numbers.push(NONE);
                continue;
            };
            if *known == NONE {
                *known = self.key(pool.get(*number));
            }
            self.numbers.push(*known);
        }
    }

    /// The number of a value in the dictionary.
    fn key(&mut self, value: &[u8]) -> u32 {
        let before = self.dictionary.len();
        let key = self.dictionary.number(value);
        if key == before {
            self.meet(value);
        }
        key
    }

    fn add_plain(&mut self, value: &[u8]) {
        self.meet(value);
        plain::append(&self.leaf, value, &mut self.plain);
    }

    /// Counts a value for what readers are told to skip by.
    fn meet(&mut self, value: &[u8]) {
        self.bounds.add(self.leaf.physical_type(), value);
        if let Some(bloom) = &mut self.bloom {
            bloom.insert(value);
        }
    }

    /// Ends this page.
    pub(super) fn end_page(&mut self, shared: &Shared) -> Result<()> {
        let mut page = Vec::new();
        let count = self.numbers.len() + std::mem::take(&mut self.missing);
        let levels = self
            .levels
            .append(&self.parts, (&self.numbers, count), shared, &mut page);
        let rows: usize = self.parts.drain(..).map(|(_, rows)| rows.len()).sum();
        let mut numbers = std::mem::take(&mut self.numbers);
        if numbers.contains(&NONE) {
            numbers.retain(|number| *number != NONE);
        }
        self.totals.rows += rows;
        self.totals.levels += levels;
        self.totals.values += numbers.len();
        let encoding = match self.is_keyed {
            true if self.leaf.physical_type() != Type::BOOLEAN => {
                self.totals.keyed += 1;
                let width = runs::width(self.dictionary.len().saturating_sub(1));
                page.push(width);
                runs::append(&numbers, width, &mut page);
                Encoding::RLE_DICTIONARY
            }
            true => {
                self.totals.plain += 1;
                plain::append_flags(numbers.len(), &mut page);
                Encoding::PLAIN
            }
            false => {
                self.totals.plain += 1;
                page.append(&mut self.plain);
                Encoding::PLAIN
            }
        };
        self.is_keyed &= self.dictionary.bytes() < LARGEST_DICTIONARY;
        numbers.clear();
        self.numbers = numbers;
        let (buf, unpacked) = self.packed(&page)?;
        let page = Page::DataPage {
            buf,
            num_values: u32::try_from(levels).map_err(too_large)?,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let written = SerializedPageWriter::new(&mut self.pages).write_page(CompressedPage::new(page, unpacked))?;
        let size = i32::try_from(written.compressed_size).map_err(too_large)?;
        self.offsets.append_row_count(rows as i64);
        self.offsets.append_offset_and_size(written.offset as i64, size);
        self.totals.unpacked += written.uncompressed_size;
        Ok(())
    }

    /// Ends the column, whose pages are ended.
    pub(super) fn close(mut self) -> Result<Chunk> {
        let mut bytes = match self.totals.keyed {
            0 => Vec::new(),
            _ => self.dictionary_page()?,
        };
        let dictionary = bytes.len() as i64;
        let mut pages = std::mem::replace(&mut self.pages, TrackedWrite::new(Vec::new())).into_inner()?;
        bytes.append(&mut pages);
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        encodings.extend((self.totals.keyed > 0).then_some(Encoding::RLE_DICTIONARY));
        let nulls = (self.totals.levels - self.totals.values) as u64;
        let mut bloom = self.bloom;
        if let Some(bloom) = &mut bloom {
            bloom.fold_to_target_fpp(DEFAULT_BLOOM_FILTER_FPP);
        }
        let metadata = ColumnChunkMetaData::builder(Arc::clone(&self.leaf))
            .set_compression(Compression::SNAPPY)
            .set_encodings(encodings)
            .set_page_encoding_stats(self.totals.pages())
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(self.totals.unpacked as i64)
            .set_num_values(self.totals.levels as i64)
            .set_data_page_offset(0)
            .set_statistics(self.bounds.statistics(self.leaf.physical_type(), nulls))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: self.totals.rows as u64,
            metadata,
            bloom_filter: bloom,
            column_index: None,
            offset_index: Some(self.offsets.build()),
        };
        Ok(Chunk {
            bytes: bytes.into(),
            close: close.update_dictionary_location(dictionary as usize)?,
        })
    }

    fn dictionary_page(&mut self) -> Result<Vec<u8>> {
        let mut values = Vec::with_capacity(self.dictionary.bytes());
        for value in self.dictionary.iter() {
            plain::append(&self.leaf, value, &mut values);
        }
        let (buf, unpacked) = self.packed(&values)?;
        let page = Page::DictionaryPage {
            buf,
            num_values: self.dictionary.len(),
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        let mut bytes = TrackedWrite::new(Vec::new());
        let written = SerializedPageWriter::new(&mut bytes).write_page(CompressedPage::new(page, unpacked))?;
        self.totals.unpacked += written.uncompressed_size;
        bytes.into_inner()
    }

    fn packed(&mut self, bytes: &[u8]) -> Result<(Bytes, usize)> {
        let packed = self.packer.compress_vec(bytes);
        let packed = packed.map_err(|error| ParquetError::External(Box::new(error)))?;
        Ok((packed.into(), bytes.len()))
    }
}

fn too_large(_: std::num::TryFromIntError) -> ParquetError {
    ParquetError::General("a page is too large".to_owned())
}
