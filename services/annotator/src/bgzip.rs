//! Output as bgzip with a tabix index, so that `bcftools` and browsers of genomes read parts of it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use noodles_bgzf as bgzf;
use noodles_core::Position;
use noodles_csi::binning_index::index::header::Builder;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_tabix as tabix;

/// Writes lines of VCF as bgzip and indexes them.
pub(crate) struct Bgzip {
    writer: bgzf::io::Writer<BufWriter<File>>,
    indexer: tabix::index::Indexer,
    /// The beginning of a line whose end is still to come.
    line: Vec<u8>,
    last: (Vec<u8>, usize),
    finished_names: Vec<Vec<u8>>,
    is_sorted: bool,
}

impl Bgzip {
    pub(crate) fn new(file: File) -> Self {
        let mut indexer = tabix::index::Indexer::default();
        indexer.set_header(Builder::vcf().build());
        Self {
            writer: bgzf::io::Writer::new(BufWriter::new(file)),
            indexer,
            line: Vec::new(),
            last: (Vec::new(), 0),
            finished_names: Vec::new(),
            is_sorted: true,
        }
    }

    /// Ends the file and writes the index; `false` if there is none, because the records are not sorted.
    pub(crate) fn finish(mut self, index: &Path) -> io::Result<bool> {
        if !self.line.is_empty() {
            self.write_line()?;
        }
        self.writer.finish()?.flush()?;
        if self.is_sorted {
            tabix::fs::write(index, &self.indexer.build())?;
        }
        Ok(self.is_sorted)
    }

    fn write_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let begin = self.writer.virtual_position();
        self.writer.write_all(&line)?;
        let chunk = Chunk::new(begin, self.writer.virtual_position());
        if !line.starts_with(b"#") && !line.trim_ascii().is_empty() {
            self.index(&line, chunk)?;
        }
        self.line = line;
        self.line.clear();
        Ok(())
    }

    fn index(&mut self, line: &[u8], chunk: Chunk) -> io::Result<()> {
        let mut columns = line.splitn(9, |byte| *byte == b'\t');
        let mut next = || columns.next().unwrap_or_default();
        let (name, position, _, reference) = (next(), next(), next(), next());
        let start = std::str::from_utf8(position)
            .ok()
            .and_then(|position| position.parse::<usize>().ok());
        let name_text = std::str::from_utf8(name).ok();
        let (Some(start), Some(name_text)) = (start.filter(|start| *start > 0), name_text) else {
            self.is_sorted = false;
            return Ok(());
        };
        if name != self.last.0 {
            let before = std::mem::replace(&mut self.last, (name.to_vec(), 0));
            self.finished_names.push(before.0);
            self.is_sorted &= !self.finished_names.iter().any(|finished| finished == name);
        }
        self.is_sorted &= start >= self.last.1;
        self.last.1 = start;
        if !self.is_sorted {
            return Ok(());
        }
        let end = start + reference.len().max(1) - 1;
        let position = |position: usize| Position::try_from(position).map_err(io::Error::other);
        self.indexer
            .add_record(name_text, position(start)?, position(end)?, chunk)
    }
}

impl Write for Bgzip {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.write_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where the index of a file goes.
pub(crate) fn index_path(output: &Path) -> PathBuf {
    let mut path = output.as_os_str().to_owned();
    path.push(".tbi");
    path.into()
}
