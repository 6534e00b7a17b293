//! The variants that match as a file: text with tabs, JSON Lines, Parquet, or the places by which records of a VCF are found.

mod json_lines;
mod parquet;
mod places;
mod tsv;

use self::parquet::Writer;
use crate::chunks::{Chunks, Read};
use crate::decode::{Batches, batches};
use crate::error::Error;
use crate::rows::Columns;
use crate::selected::Selected;
use crate::table::Table;
use crate::variant::variants;
pub use places::{Place, Places};

/// How many rows are made into one piece.
const PIECE_ROWS: usize = 512;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line with the names of the columns, then a line for each variant, tabs between values. Of several values of one variant it
    /// makes one, with commas (ids), or `source=value` with commas (frequencies); each sample has a column of its name. What is not
    /// known is empty. It has not the entries, but for what is told of the picked one.
    Tsv,
    /// An object for each variant, a line each, with the names of the columns; genotypes are an object by sample, entries a list of
    /// objects. What is not known is left out.
    JsonLines,
    /// The file's own columns and metadata, of these rows.
    Parquet,
}

/// Writes the rows that match, in the order of the file, piece by piece.
///
/// ```no_run
/// # use variants::{Chunks, Error, Selected, Table, export::{Export, Format}};
/// # fn fetch(_: &[variants::Read]) -> Chunks { Chunks::new() }
/// # fn send(_: Vec<u8>) {}
/// # fn all(table: &Table, selected: Selected) -> Result<(), Error> {
/// let mut export = Export::new(table, selected, Format::Tsv)?;
/// loop {
///     while let Some(piece) = export.piece()? {
///         send(piece);
///     }
///     match export.wants() {
///         Some(reads) => export.take(&fetch(&reads))?,
///         None => break,
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct Export {
    table: Table,
    selected: Selected,
    form: Form,
    /// What is ready to be sent before anything else.
    ready: Vec<u8>,
    /// The rows of a row group that has been taken.
    batches: Option<Batches>,
    /// The row group that it needs next.
    next: usize,
    ended: bool,
}

enum Form {
    Tsv,
    JsonLines,
    Parquet(Box<Writer>),
}

impl Export {
    /// Begins to write the rows `selected`, which [`Found`](crate::Found) has.
    ///
    /// # Errors
    ///
    /// If the file cannot be written in this form.
    pub fn new(table: &Table, selected: Selected, format: Format) -> Result<Self, Error> {
        let (form, ready) = match format {
            Format::Tsv => (Form::Tsv, tsv::header(table.samples())),
            Format::JsonLines => (Form::JsonLines, Vec::new()),
            Format::Parquet => (Form::Parquet(Box::new(Writer::new(table)?)), Vec::new()),
        };
        let mut export = Self {
            table: table.clone(),
            selected,
            form,
            ready,
            batches: None,
            next: 0,
            ended: false,
        };
        export.skip();
        Ok(export)
    }

    /// The bytes that it needs next; `None` when it has all. [`piece`](Self::piece) comes first.
    #[must_use]
    pub fn wants(&self) -> Option<Vec<Read>> {
        (self.next < self.table.groups()).then(|| self.table.reads(self.next, self.paths()))
    }

    /// Goes on with these bytes, once [`piece`](Self::piece) gives nothing more.
    ///
    /// # Errors
    ///
    /// If they are damaged, or some of [`wants`](Self::wants) are missing.
    pub fn take(&mut self, chunks: &Chunks) -> Result<(), Error> {
        chunks.check(&self.wants().unwrap_or_default())?;
        let rows = self.table.group_rows(self.next);
        if let Some(selection) = self.selected.selection(rows.start, rows.end - rows.start) {
            self.batches = Some(batches(
                &self.table,
                self.next,
                &self.paths(),
                chunks,
                selection,
                PIECE_ROWS,
            )?);
        }
        self.next += 1;
        self.skip();
        Ok(())
    }

    /// The next bytes of the file; `None` if it needs [`take`](Self::take) first, or is at its end.
    ///
    /// # Errors
    ///
    /// If the bytes taken are damaged.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if !self.ready.is_empty() {
                return Ok(Some(std::mem::take(&mut self.ready)));
            }
            match self.batches.as_mut().and_then(Iterator::next) {
                Some(batch) => {
                    let batch = batch?;
                    match &mut self.form {
                        Form::Tsv => tsv::write(&variants(&batch)?, self.table.samples(), &mut self.ready),
                        Form::JsonLines => {
                            json_lines::write(&variants(&batch)?, self.table.samples(), &mut self.ready)?
                        }
                        Form::Parquet(writer) => writer.write(&batch, &mut self.ready)?,
                    }
                }
                None if self.wants().is_some() || self.ended => {
                    self.batches = None;
                    return Ok(None);
                }
                None => {
                    self.ended = true;
                    if let Form::Parquet(writer) = &mut self.form {
                        writer.finish(&mut self.ready)?;
                    }
                }
            }
        }
    }

    fn paths(&self) -> Vec<&'static str> {
        match self.form {
            Form::Tsv => Columns::Shown.paths(),
            Form::JsonLines | Form::Parquet(_) => Columns::All.paths(),
        }
    }

    /// Goes on to the next row group that has rows.
    fn skip(&mut self) {
        while self.next < self.table.groups() && !self.selected.any(self.table.group_rows(self.next)) {
            self.next += 1;
        }
    }
}
