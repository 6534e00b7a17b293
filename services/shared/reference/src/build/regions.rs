//! Tracks of spans: UCSC's tables and BED files.

use std::io;
use std::path::Path;

use super::chromosomes::Chromosomes;
use super::source::{BuildError, Source};
use super::{BuildProgress, ExtraTrack, Plan, Told, first_rows, max_of_each, release, tables, too_many, track};
use crate::bundle::{Kind, Manifest, PoolBuilder, Track, Writer};
use crate::tracks::REGION_TRACKS;

/// One row: its chromosome's place, span (0-based, half-open), value, and place in the table.
type Row = (usize, u32, u32, u32, u32);

/// A span of a chromosome, by its place: 0-based, half-open.
pub(super) type Span = (usize, u32, u32);

/// Compiles every table of spans that is there.
pub(super) fn build(
    plan: &Plan,
    chromosomes: &Chromosomes,
    writer: &mut Writer,
    manifest: &mut Manifest,
    told: Told<'_>,
) -> Result<(), BuildError> {
    for known in &REGION_TRACKS {
        let names = std::iter::once(&known.key).chain(known.tables);
        let names: Vec<String> = names.map(|table| format!("{table}.txt")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match tables::find(plan, &names) {
            Some(file) => {
                let (source, rows) = compile(known.key, &file, known.columns, chromosomes, writer, told)?;
                let provenance = release::of_table(known.key, &source, &plan.notes);
                let skipped = source.skipped();
                manifest
                    .tracks
                    .push(track(known.key, Kind::Regions, provenance, rows, skipped));
            }
            None => manifest.missing.push(known.key.to_owned()),
        }
    }
    Ok(())
}

/// Compiles a BED file, or another table whose value is the column after the span.
pub(super) fn build_extra(
    plan: &Plan,
    extra: &ExtraTrack,
    chromosomes: &Chromosomes,
    writer: &mut Writer,
    told: Told<'_>,
) -> Result<Track, BuildError> {
    let (source, rows) = compile(&extra.key, &extra.file, &[3], chromosomes, writer, told)?;
    let provenance = release::provenance(&extra.key, &source, &plan.notes, None);
    Ok(track(&extra.key, Kind::Regions, provenance, rows, source.skipped()))
}

/// Whether a line of a file is for genome browsers, or for people, and no row.
pub(super) fn is_no_row(line: &[u8]) -> bool {
    let starts: [&[u8]; 3] = [b"#", b"track", b"browser"];
    line.is_empty() || starts.iter().any(|start| line.starts_with(start))
}

/// Compiles a file of spans, whose values are in these columns, counted from that of the chromosome. Gives the file, read to its
/// end, and how many rows it has.
fn compile(
    key: &str,
    file: &Path,
    value: &[usize],
    chromosomes: &Chromosomes,
    writer: &mut Writer,
    told: Told<'_>,
) -> Result<(Source, u64), BuildError> {
    let mut source = Source::open(file)?;
    let (mut rows, mut pool, mut text) = (Vec::new(), PoolBuilder::default(), Vec::new());
    while let Some(line) = source.next_line()? {
        if is_no_row(line) {
            continue;
        }
        match parse(line, value, chromosomes, &mut text) {
            Some((chromosome, start, end)) => {
                let value = pool.add(&text).map_err(BuildError::reading(file))?;
                rows.push((chromosome, start, end, value, rows.len() as u32));
            }
            None => source.skip(),
        }
        source.tell(key, told);
    }
    rows.sort_by_key(|(chromosome, start, end, ..)| (*chromosome, *start, *end));
    write(key, &rows, &pool, chromosomes.len(), writer).map_err(BuildError::writing(file))?;
    let rows = rows.len() as u64;
    told(BuildProgress {
        what: key,
        rows,
        done: true,
    });
    Ok((source, rows))
}

/// Reads a row and puts the columns of its value, separated by tabs, into `text`. The chromosome is in the first or,
/// after a bin, in the second column.
fn parse(line: &[u8], value: &[usize], chromosomes: &Chromosomes, text: &mut Vec<u8>) -> Option<Span> {
    let columns: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    let at = |column: usize| columns.get(column).map_or(b"".as_slice(), |value| value.trim_ascii());
    let (first, chromosome, start, end) = (0..2).find_map(|first| {
        Some((
            first,
            chromosomes.place(at(first))?,
            number(at(first + 1))?,
            number(at(first + 2))?,
        ))
    })?;
    text.clear();
    for (index, column) in value.iter().enumerate() {
        if index > 0 {
            text.push(b'\t');
        }
        text.extend_from_slice(at(first + column));
    }
    // AnnTools' tables have regions of no bases; they are where an insertion would be.
    (start <= end).then_some((chromosome, start, end))
}

pub(super) fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn write(key: &str, rows: &[Row], pool: &PoolBuilder, chromosomes: usize, writer: &mut Writer) -> io::Result<()> {
    u32::try_from(rows.len()).map_err(|_| too_many())?;
    let first = first_rows(chromosomes, rows.iter().map(|row| row.0));
    let ends: Vec<u32> = rows.iter().map(|row| row.2).collect();
    writer.column(format!("{key}.max"), max_of_each(&first, &ends))?;
    writer.column(format!("{key}.rows"), first.iter().copied())?;
    writer.column(format!("{key}.start"), rows.iter().map(|row| row.1))?;
    writer.column(format!("{key}.end"), ends.iter().copied())?;
    writer.column(format!("{key}.value"), rows.iter().map(|row| row.3))?;
    writer.column(format!("{key}.order"), rows.iter().map(|row| row.4))?;
    writer.section(format!("{key}.pool"), pool.bytes())
}
