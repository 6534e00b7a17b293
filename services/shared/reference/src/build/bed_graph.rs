//! bedGraph: numbers along the genome, as `bedtools genomecov -bg` and `bigWigToBedGraph` write them.
//! <https://genome.ucsc.edu/goldenPath/help/bedgraph.html>: `chrom chromStart chromEnd dataValue`, 0-based and half-open,
//! between lines that begin with `track`, `browser` or `#`.

use std::path::Path;

use super::blocks::BlockWriter;
use super::chromosomes::Chromosomes;
use super::fields::with_terms;
use super::order::Order;
use super::regions::{Span, is_no_row, number};
use super::source::{BuildError, Source};
use super::{BuildProgress, ExtraTrack, Plan, Told, release, track};
use crate::bundle::{Field, Kind, Row, Track, Writer};
use crate::tracks::REGION_TRACKS;

/// What a row must be.
const EXPECTED: &str = "a row of bedGraph has four columns: chromosome, 0-based start, end after that, and a number. BED files end with \
     .bed, and wiggle files become bedGraph with bigWigToBedGraph";

/// Compiles a file into one track of the bundle whose file is `path`, as it is read: there may be a row for each base of a genome.
pub(super) fn build(
    plan: &Plan,
    extra: &ExtraTrack,
    path: &Path,
    chromosomes: &Chromosomes,
    writer: &mut Writer,
    told: Told<'_>,
) -> Result<Track, BuildError> {
    let key = extra.key.as_str();
    if REGION_TRACKS.iter().any(|known| known.key == key) {
        return Err(BuildError::TableName(extra.key.clone()));
    }
    let mut source = Source::open(&extra.file)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let blocks = BlockWriter::of_spans(key, writer);
    let mut order = Order::new(blocks, folder.unwrap_or(Path::new(".")).to_owned());
    let writing = BuildError::writing(path);
    if !read(&mut source, extra, path, chromosomes, &mut order, told)? {
        order.sort().map_err(&writing)?;
        source = Source::open(&extra.file)?;
        read(&mut source, extra, path, chromosomes, &mut order, told)?;
    }
    let index = order.end().map_err(&writing)?;
    let rows = index.rows;
    index.write(key, chromosomes.len(), writer).map_err(&writing)?;
    told(BuildProgress {
        what: key,
        rows,
        done: true,
    });
    let provenance = release::provenance(key, &source, &plan.notes, None);
    let mut track = track(key, Kind::Regions, provenance, rows, source.skipped());
    track.fields.push(Field {
        source: "dataValue".to_owned(),
        key: key.to_owned(),
        kind: "Float".to_owned(),
        description: with_terms(&format!("Values of {key} here, each once, by position"), key),
        per_allele: false,
    });
    Ok(track)
}

/// Reads a file into the bundle `path`, to its end, or to the first row that is not where a sorted file would have it: `false` then.
fn read(
    source: &mut Source,
    extra: &ExtraTrack,
    path: &Path,
    chromosomes: &Chromosomes,
    order: &mut Order<'_>,
    told: Told<'_>,
) -> Result<bool, BuildError> {
    let mut value = Vec::new();
    while let Some(line) = source.next_line()? {
        if is_no_row(line) {
            continue;
        }
        let row = parse(line, chromosomes, &mut value);
        match row.map_err(|reason| source.error(reason))? {
            Some((place, start, end)) => {
                let bases = (end - start).to_string();
                let text = [b"\t", bases.as_bytes(), b"\t", &value].concat().into();
                let is_sorted = order.add(place as u32, Row { start, text });
                if !is_sorted.map_err(BuildError::writing(path))? {
                    return Ok(false);
                }
            }
            None => source.skip(),
        }
        source.tell(&extra.key, told);
    }
    Ok(true)
}

/// Reads a row and puts its value, as it is written, into `text`; nothing if its chromosome is not known. Columns may be separated
/// by tabs or spaces: UCSC takes both.
///
/// # Errors
/// What was expected, if it is no row of bedGraph: programs write these files, and one odd row is a sign of another format.
fn parse(line: &[u8], chromosomes: &Chromosomes, text: &mut Vec<u8>) -> Result<Option<Span>, String> {
    let mut columns = line
        .split(|byte| byte.is_ascii_whitespace())
        .filter(|column| !column.is_empty());
    let (Some(name), Some(start), Some(end), Some(value), None) = (
        columns.next(),
        columns.next().and_then(number),
        columns.next().and_then(number),
        columns.next().filter(|value| is_number(value)),
        columns.next(),
    ) else {
        return Err(EXPECTED.to_owned());
    };
    if end <= start {
        return Err(EXPECTED.to_owned());
    }
    text.clear();
    text.extend_from_slice(value);
    Ok(chromosomes.place(name).map(|place| (place, start, end)))
}

/// Whether VCF takes a text for a number of type Float.
fn is_number(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<f64>().is_ok())
}
