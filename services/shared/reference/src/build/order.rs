//! Puts the rows of a track in order, in a memory that does not grow with their number.
//!
//! Most files are sorted by position, and rows only change places where alleles are moved to the left: such files are
//! written as they are read, through a window. Others are read again, and sorted in runs in a temporary file, which are then
//! merged.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::blocks::{BlockWriter, Index};
use crate::bundle::{MOST_ROWS, Row};

/// So many rows wait for others that start before them, or as many as have so many bytes.
const WINDOW_ROWS: usize = 4 * MOST_ROWS;
const WINDOW_BYTES: usize = 8 << 20;

/// So many bytes of rows are sorted at once.
const RUN_BYTES: usize = 24 << 20;

/// What a row takes beside its text.
const ROW_BYTES: usize = 64;

/// What is read of all runs at once while they are merged.
const MERGE_BYTES: usize = 16 << 20;

/// Rows on their way into blocks.
pub(super) struct Order<'w> {
    blocks: BlockWriter<'w>,
    /// Where temporary files go.
    folder: PathBuf,
    way: Way,
}

enum Way {
    Window(Window),
    Runs(Runs),
}

impl<'w> Order<'w> {
    pub(super) fn new(blocks: BlockWriter<'w>, folder: PathBuf) -> Self {
        Self {
            blocks,
            folder,
            way: Way::Window(Window::default()),
        }
    }

    /// Each row has so many texts after its change.
    pub(super) fn set_columns(&mut self, columns: usize) {
        self.blocks.set_columns(columns);
    }

    /// Takes a row; `false` if it should have come before others, which are written already: then [`Self::sort`] begins anew.
    pub(super) fn add(&mut self, chromosome: u32, row: Row) -> io::Result<bool> {
        match &mut self.way {
            Way::Window(window) => window.add(chromosome, row, &mut self.blocks),
            Way::Runs(runs) => runs.add(chromosome, row, &self.folder).map(|()| true),
        }
    }

    /// Forgets everything. What comes next is sorted outside of memory.
    pub(super) fn sort(&mut self) -> io::Result<()> {
        self.way = Way::Runs(Runs::default());
        self.blocks.clear()
    }

    /// Writes what is left.
    pub(super) fn end(mut self) -> io::Result<Index> {
        match self.way {
            Way::Window(mut window) => window.flush(0, &mut self.blocks)?,
            Way::Runs(runs) => runs.merge(&mut self.blocks)?,
        }
        Ok(self.blocks.end())
    }
}

/// The last rows of a sorted file.
#[derive(Default)]
struct Window {
    /// That of the rows; `None` before the first.
    chromosome: Option<u32>,
    rows: Vec<Row>,
    bytes: usize,
    /// No row may start before this.
    least: u32,
    /// Chromosomes that are written.
    done: BTreeSet<u32>,
}

impl Window {
    fn add(&mut self, chromosome: u32, row: Row, blocks: &mut BlockWriter<'_>) -> io::Result<bool> {
        if self.chromosome != Some(chromosome) {
            self.flush(0, blocks)?;
            self.done.extend(self.chromosome);
            (self.chromosome, self.least) = (Some(chromosome), 0);
        }
        if row.start < self.least || self.done.contains(&chromosome) {
            return Ok(false);
        }
        self.bytes += row.text.len() + ROW_BYTES;
        self.rows.push(row);
        if self.rows.len() >= WINDOW_ROWS || self.bytes >= WINDOW_BYTES {
            self.flush(self.rows.len() - self.rows.len() / 4, blocks)?;
        }
        Ok(true)
    }

    /// Writes rows until at most `left` are left.
    fn flush(&mut self, left: usize, blocks: &mut BlockWriter<'_>) -> io::Result<()> {
        let Some(chromosome) = self.chromosome else {
            return Ok(());
        };
        // Of rows that start at one position, the first of the file stays the first.
        self.rows.sort_by_key(|row| row.start);
        let mut written = 0;
        while self.rows.len() - written > left {
            written += blocks.write(chromosome, &self.rows[written..])?;
        }
        if let Some(last) = written.checked_sub(1) {
            self.least = self.rows[last].start;
        }
        let bytes = self.rows.drain(..written).map(|row| row.text.len() + ROW_BYTES);
        self.bytes -= bytes.sum::<usize>();
        Ok(())
    }
}

/// Rows in sorted runs.
#[derive(Default)]
struct Runs {
    rows: Vec<(u32, Row)>,
    bytes: usize,
    file: Option<BufWriter<File>>,
    /// Where each run ends in the file.
    ends: Vec<u64>,
}

impl Runs {
    fn add(&mut self, chromosome: u32, row: Row, folder: &Path) -> io::Result<()> {
        self.bytes += row.text.len() + ROW_BYTES;
        self.rows.push((chromosome, row));
        match self.bytes >= RUN_BYTES {
            true => self.spill(folder),
            false => Ok(()),
        }
    }

    /// Writes a run to the temporary file.
    fn spill(&mut self, folder: &Path) -> io::Result<()> {
        self.order();
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::new(tempfile::tempfile_in(folder)?)),
        };
        let mut end = self.ends.last().copied().unwrap_or_default();
        for (chromosome, row) in self.rows.drain(..) {
            file.write_all(&chromosome.to_le_bytes())?;
            file.write_all(&row.start.to_le_bytes())?;
            file.write_all(&(row.text.len() as u32).to_le_bytes())?;
            file.write_all(&row.text)?;
            end += 12 + row.text.len() as u64;
        }
        self.ends.push(end);
        self.bytes = 0;
        Ok(())
    }

    fn order(&mut self) {
        self.rows.sort_by_key(|(chromosome, row)| (*chromosome, row.start));
    }

    /// Writes the rows of all runs.
    fn merge(mut self, blocks: &mut BlockWriter<'_>) -> io::Result<()> {
        self.order();
        let file = self.file.take().map(BufWriter::into_inner).transpose()?;
        let share = (MERGE_BYTES / (self.ends.len() + 1)).clamp(1 << 12, 1 << 20);
        let mut sources: Vec<Sorted<'_>> = Vec::new();
        let mut at = 0;
        for end in &self.ends {
            let Some(file) = &file else { break };
            let run = BufReader::with_capacity(share, Run { file, at, end: *end });
            sources.push(Box::new(Records(run)));
            at = *end;
        }
        // What is still in memory came last.
        sources.push(Box::new(self.rows.into_iter().map(Ok)));
        merge(sources, blocks)
    }
}

/// Rows with their chromosomes, sorted.
type Sorted<'s> = Box<dyn Iterator<Item = io::Result<(u32, Row)>> + 's>;

/// Writes the rows of sorted sources; of those at one position, those of the earlier source first.
fn merge(mut sources: Vec<Sorted<'_>>, blocks: &mut BlockWriter<'_>) -> io::Result<()> {
    let mut heads: Vec<Option<(u32, Row)>> = Vec::new();
    let mut next = BinaryHeap::new();
    for (index, source) in sources.iter_mut().enumerate() {
        let head = source.next().transpose()?;
        next.extend(
            head.iter()
                .map(|(chromosome, row)| Reverse((*chromosome, row.start, index))),
        );
        heads.push(head);
    }
    let mut window = Window::default();
    while let Some(Reverse((.., index))) = next.pop() {
        let head = sources[index].next().transpose()?;
        next.extend(
            head.iter()
                .map(|(chromosome, row)| Reverse((*chromosome, row.start, index))),
        );
        if let Some((chromosome, row)) = std::mem::replace(&mut heads[index], head) {
            window.add(chromosome, row, blocks)?;
        }
    }
    window.flush(0, blocks)
}

/// A part of a file.
struct Run<'f> {
    file: &'f File,
    at: u64,
    end: u64,
}

impl Read for Run<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min((self.end - self.at) as usize);
        let read = self.file.read_at(&mut into[..most], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// The rows of a run.
struct Records<'f>(BufReader<Run<'f>>);

impl Iterator for Records<'_> {
    type Item = io::Result<(u32, Row)>;

    fn next(&mut self) -> Option<io::Result<(u32, Row)>> {
        let is_end = self.0.buffer().is_empty() && self.0.get_ref().at == self.0.get_ref().end;
        (!is_end).then(|| self.read())
    }
}

impl Records<'_> {
    fn read(&mut self) -> io::Result<(u32, Row)> {
        let mut numbers = [[0; 4]; 3];
        for number in &mut numbers {
            self.0.read_exact(number)?;
        }
        let [chromosome, start, length] = numbers.map(u32::from_le_bytes);
        let mut text = vec![0; length as usize].into_boxed_slice();
        self.0.read_exact(&mut text)?;
        Ok((chromosome, Row { start, text }))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::bundle::Writer;

    /// Whether rows at these places are written as they come.
    fn streams(places: &[(u32, u32)]) -> bool {
        let folder = TempDir::new().unwrap();
        let mut writer = Writer::create(&folder.path().join("x.gasref")).unwrap();
        let mut order = Order::new(BlockWriter::new("x", &mut writer), folder.path().to_owned());
        let row = |start| Row {
            start,
            text: (*b"A>C").into(),
        };
        let all = places
            .iter()
            .all(|(chromosome, start)| order.add(*chromosome, row(*start)).unwrap());
        assert!(!all || order.end().unwrap().rows == places.len() as u64);
        all
    }

    #[test]
    fn sorted_chromosomes_are_written_as_they_come_whatever_their_order() {
        assert!(streams(&[]));
        assert!(streams(&[(3, 1), (3, 1), (0, 7), (5, 2)]));
        assert!(!streams(&[(3, 1), (0, 7), (3, 2)]));
        // A window full of rows that alleles may have been moved before.
        let far: Vec<_> = (0..60_000).map(|start| (0, start)).collect();
        assert!(streams(&[&far[..], &[(0, 50_000)]].concat()));
        assert!(!streams(&[&far[..], &[(0, 10_000)]].concat()));
    }
}
