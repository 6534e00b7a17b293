//! Parquet: a row for each allele, in the columns of [`domain::variants`].
//!
//! Threads make columns of their lines ([`columns`]), and encode them into row groups ([`lanes`]); the calling thread says in which
//! order, and writes.

mod bounds;
mod columns;
mod entries;
mod lanes;
mod leaf;
mod levels;
mod lists;
mod plain;
mod pool;
mod ranks;
mod runs;
mod schema;
mod strings;
mod totals;
mod writers;

use std::io::{self, Write};
use std::sync::Arc;

use annotation::{Form, Maker, Piece, Told};
use domain::variants::ROW_GROUP_ROWS;
use memchr::memchr;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowRowGroupWriterFactory;
use parquet::file::writer::SerializedFileWriter;

use super::header::Header;
use super::record;
use columns::Columns;
use lanes::Lanes;
use ranks::Ranks;
use writers::{Column, Writer};

/// A page ends after so many rows, or so many bytes of texts, whichever come first.
const PAGE_ROWS: usize = 20_000;
const PAGE_BYTES: usize = 16 << 20;

/// An output in Parquet.
pub(crate) struct ParquetForm<W: Write + Send> {
    /// Where it goes, until the header is there.
    inner: Option<W>,
    file: Option<File<W>>,
    /// The text of VCF's header until the first record is near.
    text: Vec<u8>,
    header: Arc<Header>,
    lanes: Arc<Lanes>,
}

/// The file once it has begun.
struct File<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    /// What makes writers of columns.
    factory: ArrowRowGroupWriterFactory,
    lanes: Arc<Lanes>,
    /// How many row groups have begun.
    groups: usize,
    /// How many rows the last of them has.
    rows: usize,
    /// How many rows, and bytes of texts, its last page has.
    page: (usize, usize),
}

impl<W: Write + Send> ParquetForm<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner: Some(inner),
            file: None,
            text: Vec::new(),
            header: Arc::default(),
            lanes: Arc::new(Lanes::new(schema::lanes(&schema::schema()))),
        }
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> io::Result<W> {
        let mut file = self.file.ok_or_else(not_begun)?;
        file.end_page();
        if file.rows > 0 {
            file.lanes.end();
        }
        file.lanes.finish()?;
        file.write()?;
        Ok(file.writer.into_inner()?)
    }
}

impl<W: Write + Send> File<W> {
    /// Adds rows to this row group, and to those that follow.
    fn add(&mut self, columns: &[Column]) -> io::Result<()> {
        let (mut from, count) = (0, columns.first().map_or(0, Column::rows));
        let bytes: usize = columns.iter().map(Column::bytes_of_texts).sum();
        while from < count {
            if self.rows == 0 {
                self.begin()?;
            }
            let taken = (ROW_GROUP_ROWS - self.rows).min(count - from);
            self.lanes.add(columns.iter().map(|column| column.slice(from, taken)));
            (from, self.rows) = (from + taken, self.rows + taken);
            self.page = (self.page.0 + taken, self.page.1 + bytes);
            if self.page.0 >= PAGE_ROWS || self.page.1 >= PAGE_BYTES || self.rows == ROW_GROUP_ROWS {
                self.end_page();
            }
            if self.rows == ROW_GROUP_ROWS {
                self.lanes.end();
                self.rows = 0;
            }
        }
        self.lanes.make_room()?;
        self.write()
    }

    /// Begins a row group.
    fn begin(&mut self) -> io::Result<()> {
        let fields = self.lanes.fields().iter().map(AsRef::as_ref);
        let writers = Writer::all(fields, self.writer.schema_descr(), &self.factory, self.groups)?;
        self.lanes.begin(writers);
        self.groups += 1;
        Ok(())
    }

    fn end_page(&mut self) {
        if std::mem::take(&mut self.page).0 > 0 {
            self.lanes.end_page();
        }
    }

    /// Writes the row groups that are whole.
    fn write(&mut self) -> io::Result<()> {
        while let Some(chunks) = self.lanes.take_group() {
            let mut group = self.writer.next_row_group()?;
            for chunk in chunks {
                chunk.append_to(&mut group)?;
            }
            group.close()?;
        }
        Ok(())
    }
}

fn not_begun() -> io::Error {
    io::Error::other("the file has not begun")
}

impl<W: Write + Send> Form for ParquetForm<W> {
    fn header(&mut self, text: &[u8]) -> io::Result<()> {
        self.text.extend_from_slice(text);
        Ok(())
    }

    fn told(&mut self, told: &Told) -> io::Result<()> {
        self.header = Arc::new(Header::read(&std::mem::take(&mut self.text), told.clone()));
        if let Some(inner) = self.inner.take() {
            let properties = schema::properties(&self.header);
            let writer = ArrowWriter::try_new(inner, schema::schema(), Some(properties))?;
            let (writer, factory) = writer.into_serialized_writer()?;
            self.file = Some(File {
                writer,
                factory,
                lanes: Arc::clone(&self.lanes),
                groups: 0,
                rows: 0,
                page: (0, 0),
            });
        }
        Ok(())
    }

    fn maker(&self) -> Box<dyn Maker> {
        Box::new(ParquetMaker {
            columns: Columns::new(&self.header),
            header: Arc::clone(&self.header),
            lanes: Arc::clone(&self.lanes),
            ranks: Ranks::new(),
        })
    }

    fn take(&mut self, piece: Piece) -> io::Result<()> {
        let columns: Vec<Column> = piece.made()?;
        self.file.as_mut().ok_or_else(not_begun)?.add(&columns)
    }
}

/// The half on a thread.
struct ParquetMaker {
    header: Arc<Header>,
    lanes: Arc<Lanes>,
    columns: Columns,
    ranks: Ranks,
}

impl Maker for ParquetMaker {
    fn lines(&mut self, text: &[u8]) {
        let has_codes = memchr(b'%', text).is_some();
        record::each(text, &self.header, |record, line| {
            let has_codes = has_codes && memchr(b'%', record.csq).is_some();
            self.columns
                .append(record, line, has_codes, &self.header, &mut self.ranks);
        });
    }

    fn piece(&mut self) -> Piece {
        self.lanes.help();
        let columns = self.columns.finish();
        let bytes = columns.iter().map(Column::bytes).sum();
        Piece::new(columns, bytes)
    }
}
