//! Parquet: a row for each allele, in the columns of [`domain::variants`].
//!
//! Threads make columns of their lines; the calling thread encodes them, in the order of the input, into row groups.

mod columns;
mod entries;
mod schema;

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use annotation::{Consequence, Form, Maker, Piece, Told};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use memchr::memchr_iter;
use parquet::arrow::ArrowWriter;

use super::header::Header;
use super::record::Record;
use columns::Columns;

/// An output in Parquet.
pub(crate) struct ParquetForm<W: Write + Send> {
    /// Where it goes, until the header is there.
    inner: Option<W>,
    writer: Option<ArrowWriter<W>>,
    /// The text of VCF's header until the first record is near.
    text: Vec<u8>,
    header: Arc<Header>,
    schema: SchemaRef,
}

impl<W: Write + Send> ParquetForm<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner: Some(inner),
            writer: None,
            text: Vec::new(),
            header: Arc::default(),
            schema: schema::schema(),
        }
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> io::Result<W> {
        let writer = self.writer.ok_or_else(|| io::Error::other("the file has not begun"))?;
        Ok(writer.into_inner()?)
    }
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
            self.writer = Some(ArrowWriter::try_new(inner, Arc::clone(&self.schema), Some(properties))?);
        }
        Ok(())
    }

    fn maker(&self) -> Box<dyn Maker> {
        let ranks = Consequence::ALL.iter().enumerate();
        Box::new(ParquetMaker {
            columns: Columns::new(&self.header),
            header: Arc::clone(&self.header),
            schema: Arc::clone(&self.schema),
            ranks: ranks
                .map(|(rank, consequence)| (consequence.term().as_bytes(), rank))
                .collect(),
        })
    }

    fn take(&mut self, piece: Piece) -> io::Result<()> {
        let batch: io::Result<RecordBatch> = piece.made()?;
        let writer = self.writer.as_mut();
        let writer = writer.ok_or_else(|| io::Error::other("the file has not begun"))?;
        Ok(writer.write(&batch?)?)
    }
}

/// The half on a thread.
struct ParquetMaker {
    header: Arc<Header>,
    schema: SchemaRef,
    columns: Columns,
    /// How severe each term is, 0 the most.
    ranks: HashMap<&'static [u8], usize>,
}

impl Maker for ParquetMaker {
    fn lines(&mut self, text: &[u8]) {
        let mut at = 0;
        for end in memchr_iter(b'\n', text).map(|end| end + 1).chain([text.len()]) {
            let line = &text[at..end];
            if let Some(record) = Record::read(line, &self.header) {
                self.columns.append(&record, line, &self.header, &self.ranks);
            }
            at = end;
        }
    }

    fn piece(&mut self) -> Piece {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), self.columns.finish());
        let bytes = batch.as_ref().map_or(0, RecordBatch::get_array_memory_size);
        Piece::new(batch.map_err(io::Error::other), bytes)
    }
}
