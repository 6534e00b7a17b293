//! Output as bgzip with a tabix index, so that `bcftools` and browsers of genomes read parts of it: one way for the
//! service and the command line.
//!
//! Threads that annotate pack what they have annotated ([`packing`]); here their pieces come together, in the order of the
//! input. Where blocks end depends on the text alone, so that the file is the same for any number of threads.

mod blocks;
mod lines;
mod packer;
mod packing;
mod tabix;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use annotation::{Form, Maker, Piece};
use domain::NoIndex;
use noodles_bgzf::VirtualPosition;

pub(crate) use blocks::Level;
use lines::Place;
pub(crate) use packer::Packer;
use packing::{Packed, Packing};
use tabix::Tabix;

/// Writes lines of VCF as bgzip and indexes them.
pub(crate) struct Bgzip<W: Write> {
    inner: W,
    level: Level,
    /// The header, until the first piece; it has blocks of its own, as htslib has it.
    header: Option<Packing>,
    index: Tabix,
    /// Bytes written.
    written: u64,
    unpacked: u64,
}

/// What was written.
pub(crate) struct Written<W> {
    /// Where it was written to.
    pub(crate) inner: W,
    /// Bytes before they were packed.
    pub(crate) unpacked: u64,
    /// The content of the index's file, or why there is none.
    pub(crate) index: Result<Vec<u8>, NoIndex>,
}

impl<W: Write> Bgzip<W> {
    pub(crate) fn new(inner: W, level: Level) -> Self {
        Self {
            inner,
            level,
            header: Some(Packing::new(level)),
            index: Tabix::default(),
            written: 0,
            unpacked: 0,
        }
    }

    /// Ends the file and makes the index.
    pub(crate) fn finish(mut self) -> io::Result<Written<W>> {
        self.end_header()?;
        self.inner.write_all(&blocks::END)?;
        Ok(Written {
            inner: self.inner,
            unpacked: self.unpacked,
            index: self.index.finish(),
        })
    }

    fn end_header(&mut self) -> io::Result<()> {
        match self.header.take() {
            Some(mut header) => self.write(&header.take().bytes),
            None => Ok(()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.inner.write_all(bytes)
    }

    fn add_to_index(&mut self, piece: &Packed) {
        // Files of 256 TB are beyond what a position can say.
        let position = |within: u64| VirtualPosition::from((self.written << 16).saturating_add(within));
        let mut records = piece.records.iter();
        for (name, count) in &piece.names {
            self.index.chromosome(name);
            for record in records.by_ref().take(*count) {
                let lines = (position(record.from), position(record.to));
                self.index.add(record.start, record.end, lines);
            }
        }
    }
}

impl<W: Write> Form for Bgzip<W> {
    fn header(&mut self, text: &[u8]) -> io::Result<()> {
        let Some(header) = &mut self.header else {
            return Ok(());
        };
        self.unpacked += text.len() as u64;
        header.pack(text);
        let bytes = header.take_bytes();
        self.write(&bytes)
    }

    fn maker(&self) -> Box<dyn Maker> {
        Box::new(Packing::new(self.level))
    }

    fn take(&mut self, piece: Piece) -> io::Result<()> {
        let piece: Packed = piece.made()?;
        self.end_header()?;
        self.add_to_index(&piece);
        self.unpacked += piece.text;
        self.write(&piece.bytes)
    }
}

/// The last base of the record that a line is, as the index has it; 0 for other lines.
pub(crate) fn last_base(line: &[u8]) -> u64 {
    Place::of(line).map_or(0, |place| place.end)
}

/// Where the index of a file goes.
pub(crate) fn index_path(output: &Path) -> PathBuf {
    beside(output, ".tbi")
}

/// Where others put an index of the other kind, which readers prefer.
pub(crate) fn other_index_path(output: &Path) -> PathBuf {
    beside(output, ".csi")
}

fn beside(output: &Path, extension: &str) -> PathBuf {
    let mut path = output.as_os_str().to_owned();
    path.push(extension);
    path.into()
}

#[cfg(test)]
mod tests;
