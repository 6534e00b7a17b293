//! Output as bgzip with a tabix index, so that `bcftools` and browsers of genomes read parts of it: one way for the
//! service and the command line.

mod blocks;
mod lines;
mod tabix;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::NoIndex;
use noodles_bgzf::VirtualPosition;

use blocks::Blocks;
use lines::Line;
use tabix::Tabix;

/// Writes lines of VCF as bgzip and indexes them. What is held in memory does not depend on how long lines are.
pub(crate) struct Bgzip<W: Write> {
    blocks: Blocks<W>,
    index: Tabix,
    line: Line,
    /// Where the line begins.
    begin: VirtualPosition,
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
    pub(crate) fn new(inner: W) -> Self {
        Self {
            blocks: Blocks::new(inner),
            index: Tabix::default(),
            line: Line::default(),
            begin: VirtualPosition::default(),
            unpacked: 0,
        }
    }

    /// Ends the file and makes the index.
    pub(crate) fn finish(mut self) -> io::Result<Written<W>> {
        self.end_line();
        let inner = self.blocks.finish()?;
        Ok(Written {
            inner,
            unpacked: self.unpacked,
            index: self.index.finish(),
        })
    }

    fn write_piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.read(bytes);
        self.blocks.write(bytes)
    }

    fn end_line(&mut self) {
        let end = self.blocks.position();
        if let Some(place) = self.line.place() {
            self.index.add(&place, self.begin, end);
        }
        self.line.clear();
        self.begin = end;
    }
}

impl<W: Write> Write for Bgzip<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = memchr::memchr(b'\n', rest) {
            self.write_piece(&rest[..=at])?;
            self.end_line();
            rest = &rest[at + 1..];
        }
        self.write_piece(rest)?;
        self.unpacked += bytes.len() as u64;
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, Read};

    use noodles_bgzf as bgzf;
    use noodles_core::region::Interval;
    use noodles_csi::BinningIndex;

    use super::*;

    /// Bgzip of a thousand records a kilobyte each, and whatever comes after them.
    fn written(last: &str) -> Written<Vec<u8>> {
        let mut out = Bgzip::new(Vec::new());
        out.write_all(b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
            .unwrap();
        for number in 1..=1000 {
            let record = format!("chr1\t{}\t.\tA\tC\t.\t.\tX={}\n", number * 1000, "x".repeat(1000));
            // Pieces that end anywhere.
            for piece in record.as_bytes().chunks(300) {
                out.write_all(piece).unwrap();
            }
        }
        out.write_all(last.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn the_index_leads_to_the_records_of_a_stretch() {
        let written = written("chr2\t7\t.\tA\tC\t.\t.\t.");
        let index = written.index.unwrap();
        let index = noodles_tabix::io::Reader::new(&index[..]).read_index().unwrap();
        let interval: Interval = "500000-500999".parse().unwrap();
        let chunks = index.query(0, interval).unwrap();
        let mut reader = bgzf::io::Reader::new(io::Cursor::new(&written.inner));
        reader.seek(chunks[0].start()).unwrap();
        let lines = reader.lines().map(Result::unwrap);
        // The index leads near the record: to the first of its 16 KB of positions.
        let found = lines.take(17).find(|line| line.starts_with("chr1\t500000\t"));
        assert!(found.is_some());
        let names = index.header().unwrap().reference_sequence_names();
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn what_was_written_unpacks_to_what_came_in() {
        let written = written("chr2\t7\t.\tA\tC\t.\t.\t.");
        let mut text = String::new();
        bgzf::io::Reader::new(&written.inner[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text.len() as u64, written.unpacked);
        assert!(text.ends_with("\nchr2\t7\t.\tA\tC\t.\t.\t."));
        assert_eq!(text.lines().count(), 1003);
    }

    #[test]
    fn records_that_are_not_sorted_are_packed_and_not_indexed() {
        let written = written("chr1\t7\t.\tA\tC\t.\t.\t.\n");
        assert_eq!(written.index, Err(NoIndex::Unsorted));
        assert!(written.inner.len() > 1000);
    }
}
