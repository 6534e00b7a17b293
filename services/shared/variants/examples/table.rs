//! Asks a file of variants: `cargo run --release -p variants --example table -- FILE.parquet gene=BRCA1 sort=severity`.
//!
//! Prints the first rows, how many match, and how long each step took; `charts=yes` counts for charts, `offset=` and `limit=` choose the
//! page, `format=tsv|jsonl|parquet` exports to nowhere, `open=ROW` opens a row.

use std::error::Error;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use variants::export::{Export, Format};
use variants::{Chunks, Columns, Filter, Opening, Query, Read, Sort, Table};

/// A file, and how much was read of it.
struct Source {
    file: File,
    size: u64,
    read: u64,
}

impl Source {
    fn last(&mut self, bytes: u64) -> std::io::Result<Vec<u8>> {
        let mut tail = vec![0; usize::try_from(bytes.min(self.size)).unwrap_or_default()];
        let start = self.size - tail.len() as u64;
        self.file.read_exact_at(&mut tail, start)?;
        self.read += tail.len() as u64;
        Ok(tail)
    }

    fn fetch(&mut self, reads: &[Read]) -> std::io::Result<Chunks> {
        let mut chunks = Chunks::new();
        for read in reads {
            let mut bytes = vec![0; usize::try_from(read.size()).unwrap_or_default()];
            self.file.read_exact_at(&mut bytes, read.range.start)?;
            self.read += read.size();
            chunks.insert(read, bytes.into());
        }
        Ok(chunks)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = File::open(arguments.next().ok_or("which file?")?)?;
    let pairs: Vec<(String, String)> = arguments
        .filter_map(|pair| {
            pair.split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        })
        .collect();
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    };
    let mut source = Source {
        size: file.metadata()?.len(),
        file,
        read: 0,
    };
    let begun = Instant::now();
    let table = open(&mut source)?;
    println!(
        "{} rows, {} row groups, samples {:?}",
        table.rows(),
        table.groups(),
        table.samples()
    );
    step("open", begun, &mut source);
    let query = Query {
        filter: Filter::from_pairs(&pairs)?,
        sort: Sort::from_pairs(&pairs)?,
        offset: value("offset").map_or(Ok(0), str::parse)?,
        limit: value("limit").map_or(Ok(50), str::parse)?,
        charts: value("charts").is_some(),
    };
    for part in query.filter.describe() {
        println!("  {}", part.words);
    }
    let begun = Instant::now();
    let mut scan = table.scan(&query)?;
    while let Some(reads) = scan.wants() {
        scan.take(&source.fetch(&reads)?)?;
    }
    let found = scan.finish();
    step("scan", begun, &mut source);
    let begun = Instant::now();
    let opened = value("open").map(str::parse).transpose()?;
    let (rows, columns) = match opened {
        Some(row) => (vec![row], Columns::All),
        None => (found.page.clone(), Columns::Shown),
    };
    let mut rows = table.rows_of(&rows, columns)?;
    while let Some(reads) = rows.wants() {
        rows.take(&source.fetch(&reads)?)?;
    }
    let rows = rows.finish();
    step("page", begun, &mut source);
    for variant in rows.iter().take(5) {
        println!("{variant:?}");
    }
    println!("{} match, {} shown", found.matched, rows.len());
    if let Some(charts) = &found.charts {
        println!(
            "{:?}\n{:?}\n{:?}",
            charts.consequences,
            charts.kinds,
            charts.substitutions.ratio()
        );
    }
    let format = value("format").map(|name| match name {
        "tsv" => Format::Tsv,
        "jsonl" => Format::JsonLines,
        _ => Format::Parquet,
    });
    if let Some(format) = format {
        let (begun, mut written) = (Instant::now(), 0);
        let mut export = Export::new(&table, found.selected, format)?;
        loop {
            while let Some(piece) = export.piece()? {
                written += piece.len();
            }
            match export.wants() {
                Some(reads) => export.take(&source.fetch(&reads)?)?,
                None => break,
            }
        }
        step("export", begun, &mut source);
        println!("{written} bytes");
    }
    Ok(())
}

fn open(source: &mut Source) -> Result<Table, Box<dyn Error>> {
    let tail = source.last(1 << 16)?;
    Ok(match Table::open(source.size, &tail)? {
        Opening::Table(table) => table,
        Opening::Needs(bytes) => Table::open(source.size, &source.last(bytes)?)?.table()?,
    })
}

fn step(name: &str, begun: Instant, source: &mut Source) {
    println!(
        "{name}: {:.1} ms, {} KB read",
        begun.elapsed().as_secs_f64() * 1e3,
        std::mem::take(&mut source.read) / 1024
    );
}
