//! What may be wrong with a VCF file as text.

use crate::{Shown, counted, size};

/// What is wrong with an input, in words for the one who sent it. Lines and columns count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VcfError {
    /// There is not one byte.
    #[error(
        "The file is empty. A VCF file has header lines, the last of which starts with #CHROM, and one line per variant."
    )]
    Empty,
    /// The first bytes are those of another kind of file.
    #[error("This is not a VCF file but {what}. {advice}")]
    OtherFormat {
        /// What it looks like.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A line holds bytes that no text has.
    #[error(
        "This is not a VCF file: line {line} holds binary data (at character {column}). Please upload the text file, plain or gzipped."
    )]
    Binary {
        /// The line.
        line: u64,
        /// The character.
        column: usize,
    },
    /// Lines end as on old Macintoshes.
    #[error(
        "Line {line} has old Macintosh line ends (CR). Please save the file with Unix (LF) or Windows (CR LF) line ends."
    )]
    LineEnds {
        /// The line.
        line: u64,
    },
    /// A compressed file ends too early.
    #[error("The compressed file ends in the middle, after line {line}: it was cut off. Please upload the whole file.")]
    GzipCutOff {
        /// The last line that could be read.
        line: u64,
    },
    /// A compressed file is damaged.
    #[error("The compressed file is damaged after line {line}. Please compress it again with gzip or bgzip.")]
    GzipDamaged {
        /// The last line that could be read.
        line: u64,
    },
    /// A BCF file is damaged.
    #[error("{}", bcf_damaged(*record, what))]
    BcfDamaged {
        /// The record, counted from 1; 0 for the header.
        record: u64,
        /// What stands there.
        what: &'static str,
    },
    /// The text of the file is longer than is allowed.
    #[error("The file has more than {} of text, the limit (stopped after line {line}).", size(*limit))]
    TextTooLong {
        /// The last line that was read.
        line: u64,
        /// The limit in bytes, unpacked.
        limit: u64,
    },
    /// A compressed file unpacks to far more than its size.
    #[error(
        "The compressed file unpacks to far more than a VCF file of its size does (stopped after line {line}). Please upload it uncompressed, or in parts."
    )]
    UnpacksTooFar {
        /// The last line that could be read.
        line: u64,
    },
    /// A line is longer than is allowed.
    #[error("Line {line} is longer than {}. A VCF file has one variant per line; this one seems to have lost its line breaks.", size(*limit as u64))]
    LineTooLong {
        /// The line.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// Data comes before the #CHROM line.
    #[error(
        "Line {line} (\"{text}\") comes before any #CHROM line. A VCF file begins with ##fileformat=VCFv4.2, and the line #CHROM POS ID REF ALT QUAL FILTER INFO, separated by tabs, comes before the first variant."
    )]
    NoHeader {
        /// The line.
        line: u64,
        /// How it begins.
        text: Shown,
    },
    /// The file ends before the #CHROM line.
    #[error(
        "The file ends after line {line}, before the line that starts with #CHROM: it has no variants, or was cut off."
    )]
    HeaderCutOff {
        /// The last line.
        line: u64,
    },
    /// The version is unknown.
    #[error(
        "Line {line} says that this is \"{version}\". VCF versions 3.3 to 4.5 can be read; convert the file, for example with bcftools view."
    )]
    Version {
        /// The line.
        line: u64,
        /// What it says.
        version: Shown,
    },
    /// The #CHROM line is not as VCF has it.
    #[error("{}", columns_line(*line, *found, *spaces))]
    ColumnsLine {
        /// The line.
        line: u64,
        /// How many columns it has.
        found: usize,
        /// Whether it has spaces instead of tabs.
        spaces: bool,
    },
    /// A line has more or fewer columns than the #CHROM line.
    #[error("{}", record_columns(*line, *found, *expected, *spaces))]
    RecordColumns {
        /// The line.
        line: u64,
        /// How many columns it has.
        found: usize,
        /// How many the #CHROM line has.
        expected: usize,
        /// Whether it has spaces instead of tabs.
        spaces: bool,
    },
    /// The last line has no line break and too few columns.
    #[error(
        "The file ends in the middle of line {line}, after {found} of {expected} columns: it was cut off. Please upload the whole file."
    )]
    CutOff {
        /// The line.
        line: u64,
        /// How many columns it has.
        found: usize,
        /// How many the #CHROM line has.
        expected: usize,
    },
    /// A column holds what it must not.
    #[error("Line {line}, column {column} ({}) is \"{value}\", but it must be {expected}.", column_name(*column))]
    Field {
        /// The line.
        line: u64,
        /// The column.
        column: usize,
        /// What it holds.
        value: Shown,
        /// What it must be.
        expected: &'static str,
    },
    /// The header is longer than is allowed.
    #[error("The header is longer than {} (line {line}). Please remove what is not needed from it, for example with bcftools annotate.", size(*limit as u64))]
    HeaderTooLong {
        /// The line.
        line: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// The header has more of something than is allowed.
    #[error("The header has more than {} {what}, the limit (line {line}). Please remove what is not needed from it, for example with bcftools annotate.", counted(*limit))]
    HeaderTooMany {
        /// The line.
        line: u64,
        /// Of what, in the plural.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A record has more of something than is allowed.
    #[error("Line {line} has more than {} {what}, the limit.", counted(*limit as u64))]
    RecordTooMany {
        /// The line.
        line: u64,
        /// Of what, in the plural.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A column is longer than is allowed.
    #[error("Line {line}, column {column} ({}) is longer than {}, the limit.", column_name(*column), size(*limit as u64))]
    ColumnTooLong {
        /// The line.
        line: u64,
        /// The column.
        column: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl VcfError {
    /// A column of line number `line` holds what it must not; `expected` completes "it must be".
    pub(crate) fn field(line: u64, column: usize, value: &[u8], expected: &'static str) -> Self {
        Self::Field {
            line,
            column,
            value: Shown::new(value),
            expected,
        }
    }
}

fn bcf_damaged(record: u64, what: &str) -> String {
    let place = match record {
        0 => "Its header".to_owned(),
        record => format!("Record {}", counted(record)),
    };
    format!("The BCF file is damaged. {place} has {what}. Please write it again, for example with bcftools view -O b.")
}

fn column_name(column: usize) -> &'static str {
    ["CHROM", "POS", "ID", "REF", "ALT"]
        .get(column - 1)
        .copied()
        .unwrap_or("a later one")
}

fn columns_line(line: u64, found: usize, spaces: bool) -> String {
    const WANTED: &str = "CHROM POS ID REF ALT QUAL FILTER INFO";
    match (spaces, found) {
        (true, _) => format!(
            "The #CHROM line (line {line}) is separated by spaces. VCF separates columns by tabs; an editor or a copy may have replaced them."
        ),
        (_, 0..8) => format!(
            "The #CHROM line (line {line}) has {found} columns. VCF needs at least 8, separated by tabs: {WANTED}."
        ),
        _ => format!(
            "The #CHROM line (line {line}) names other columns than VCF does. It must begin with {WANTED}, separated by tabs."
        ),
    }
}

fn record_columns(line: u64, found: usize, expected: usize, spaces: bool) -> String {
    match spaces {
        true => format!(
            "Line {line} is separated by spaces. VCF separates columns by tabs; an editor or a copy may have replaced them."
        ),
        false => format!(
            "Line {line} has {found} columns; the #CHROM line has {expected}. Columns are separated by tabs, and every line must have them all."
        ),
    }
}
