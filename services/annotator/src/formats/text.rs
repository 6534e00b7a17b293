//! Formats of text, plain or packed: each line of VCF becomes lines of the format on the thread that has annotated it.

use std::io::{self, Write};
use std::sync::Arc;

use annotation::{Form, Maker, Piece, Told};

use super::header::Header;
use super::{Format, jsonl, record, tsv};
use crate::bgzip::{Level, Packer};

/// An output of text.
pub(crate) struct TextForm<W: Write> {
    inner: W,
    format: Format,
    /// How hard it is packed, if it is.
    level: Option<Level>,
    /// The text of VCF's header until the first record is near.
    text: Vec<u8>,
    told: Told,
    header: Option<Arc<Header>>,
    /// Whether the number of the allele was asked for, or is only there to find it by.
    shows_number: bool,
}

impl<W: Write> TextForm<W> {
    pub(crate) fn new(inner: W, format: Format, level: Option<Level>, shows_number: bool) -> Self {
        Self {
            inner,
            format,
            level,
            text: Vec::new(),
            told: Told::default(),
            header: None,
            shows_number,
        }
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        if self.level.is_some() {
            self.inner.write_all(Packer::END)?;
        }
        Ok(self.inner)
    }

    /// Writes what comes before the first record.
    fn begin(&mut self) -> io::Result<()> {
        let Some(header) = &self.header else { return Ok(()) };
        let names = match self.format {
            Format::Tsv => tsv::names(header, self.shows_number),
            _ => return Ok(()),
        };
        let packed = self.level.map(|level| Packer::new(level).packed(&names));
        self.inner.write_all(packed.as_ref().unwrap_or(&names))
    }
}

impl<W: Write> Form for TextForm<W> {
    fn header(&mut self, text: &[u8]) -> io::Result<()> {
        self.text.extend_from_slice(text);
        Ok(())
    }

    fn told(&mut self, told: &Told) -> io::Result<()> {
        self.told = told.clone();
        let text = std::mem::take(&mut self.text);
        self.header = Some(Arc::new(Header::read(&text, std::mem::take(&mut self.told))));
        self.begin()
    }

    fn maker(&self) -> Box<dyn Maker> {
        Box::new(TextMaker {
            format: self.format,
            header: self.header.clone().unwrap_or_default(),
            packer: self.level.map(Packer::new),
            shows_number: self.shows_number,
            text: Vec::new(),
        })
    }

    fn take(&mut self, piece: Piece) -> io::Result<()> {
        self.inner.write_all(&piece.made::<Vec<u8>>()?)
    }
}

/// The half on a thread.
struct TextMaker {
    format: Format,
    header: Arc<Header>,
    packer: Option<Packer>,
    shows_number: bool,
    /// Text that is not packed yet.
    text: Vec<u8>,
}

impl Maker for TextMaker {
    fn lines(&mut self, text: &[u8]) {
        record::each(text, &self.header, |record, _| match self.format {
            Format::Jsonl => jsonl::append(record, &self.header, &mut self.text),
            _ => tsv::append(record, &self.header, self.shows_number, &mut self.text),
        });
        if let Some(packer) = &mut self.packer {
            packer.pack(&self.text);
            self.text.clear();
        }
    }

    fn piece(&mut self) -> Piece {
        let text = match &mut self.packer {
            Some(packer) => packer.take(),
            None => std::mem::take(&mut self.text),
        };
        let bytes = text.len();
        Piece::new(text, bytes)
    }
}
