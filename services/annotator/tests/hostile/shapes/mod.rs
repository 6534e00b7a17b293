//! The files.

mod alleles;
mod headers;
mod packed;
mod records;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::genome::{DENSE, Genome};

/// A file, and what becomes of it.
pub struct Shape<'g> {
    pub name: &'static str,
    /// What is in its refusal; nothing if it is annotated.
    pub refusal: Option<&'static str>,
    pub content: Box<dyn Fn() -> Vec<u8> + Send + Sync + 'g>,
    pub arguments: Vec<&'static str>,
    /// Whether the result is packed and indexed; plain text is thrown away.
    pub packed: bool,
}

const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
const MB: usize = 1 << 20;

/// A record that is annotated in any file.
const GOOD: &str = "chr1\t1\t.\tA\tG\t.\t.\t.\n";

pub fn all(genome: &Genome) -> Vec<Shape<'_>> {
    let mut shapes = headers::all();
    shapes.extend(packed::all());
    shapes.extend(records::all(genome));
    shapes.extend(records::files(genome));
    shapes.extend(alleles::all(genome));
    shapes
}

fn shape<'g>(
    name: &'static str,
    refusal: impl Into<Option<&'static str>>,
    content: impl Fn() -> Vec<u8> + Send + Sync + 'g,
) -> Shape<'g> {
    let (refusal, content) = (refusal.into(), Box::new(content));
    Shape {
        name,
        refusal,
        content,
        arguments: vec!["--reference", "hostile"],
        packed: false,
    }
}

impl Shape<'_> {
    fn with(mut self, arguments: &[&'static str]) -> Self {
        self.arguments.extend(arguments);
        self
    }

    /// Into a file of bgzip, with its index.
    fn packed(mut self) -> Self {
        self.packed = true;
        self
    }

    /// As a file of hg18, which is lifted.
    fn lifted(mut self) -> Self {
        self.arguments = vec!["--reference", "hg18"];
        self
    }
}

/// Gzip of pieces, each so many times.
fn gzip(pieces: &[(&[u8], usize)]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for (piece, times) in pieces {
        // Larger pieces at a time, for speed.
        let together = (MB / piece.len().max(1)).clamp(1, *times.max(&1));
        let block = piece.repeat(together);
        (0..times / together).for_each(|_| encoder.write_all(&block).unwrap());
        encoder.write_all(&piece.repeat(times % together)).unwrap();
    }
    encoder.finish().unwrap()
}

/// A file whose header has these lines.
fn header(lines: &[(&str, usize)]) -> Vec<u8> {
    let end = format!("{COLUMNS}\n{GOOD}");
    let mut pieces: Vec<(&[u8], usize)> = lines.iter().map(|(line, times)| (line.as_bytes(), *times)).collect();
    pieces.push((end.as_bytes(), 1));
    gzip(&pieces)
}

/// A file with one record, of pieces.
fn record(pieces: &[(&str, usize)]) -> Vec<u8> {
    let start = format!("{COLUMNS}\n{GOOD}");
    let mut all: Vec<(&[u8], usize)> = vec![(start.as_bytes(), 1)];
    all.extend(pieces.iter().map(|(piece, times)| (piece.as_bytes(), *times)));
    all.push((b"\n", 1));
    gzip(&all)
}

/// A file with these records.
fn lines(record: impl Fn(usize) -> String, count: usize) -> Vec<u8> {
    let text: String = (0..count).map(record).collect();
    gzip(&[(format!("{COLUMNS}\n{GOOD}").as_bytes(), 1), (text.as_bytes(), 1)])
}

/// The first columns of a record where genes are dense.
fn dense(genome: &Genome) -> String {
    format!("chr1\t{DENSE}\t.\t{}\t", genome.base(DENSE))
}
