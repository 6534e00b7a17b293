//! bedGraph: numbers along the genome, as `bedtools genomecov -bg` and `bigWigToBedGraph` write them.
//! <https://genome.ucsc.edu/goldenPath/help/bedgraph.html>: `chrom chromStart chromEnd dataValue`, 0-based and half-open,
//! between lines that begin with `track`, `browser` or `#`.

use super::chromosomes::Chromosomes;
use super::regions::{Span, number};

/// What a row must be.
const EXPECTED: &str = "a row of bedGraph has four columns: chromosome, 0-based start, end after that, and a number. BED files end with \
     .bed, and wiggle files become bedGraph with bigWigToBedGraph";

/// Reads a row and puts its value, as it is written, into `text`; nothing if its chromosome is not known. Columns may be separated
/// by tabs or spaces: UCSC takes both.
///
/// # Errors
/// What was expected, if it is no row of bedGraph: programs write these files, and one odd row is a sign of another format.
pub(super) fn parse(line: &[u8], chromosomes: &Chromosomes, text: &mut Vec<u8>) -> Result<Option<Span>, String> {
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
