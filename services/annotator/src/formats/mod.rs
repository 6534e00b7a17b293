//! Other formats than VCF, made on the threads that annotate of the lines that VCF has: TSV for tables, JSON Lines for programs, Parquet for
//! both.
//!
//! `annotate_command` chooses by the ending of an output, or by `--format`. What a record is, is read in [`record`] from its
//! annotated line, so that all formats of a run tell the same.

mod entries;
mod header;
mod jsonl;
mod parquet;
mod record;
mod swar;
mod text;
mod tsv;

use std::path::Path;

use clap::ValueEnum;

pub(crate) use parquet::ParquetForm;
pub(crate) use text::TextForm;

/// How an output is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// VCF, as the input
    Vcf,
    /// A table: a line for each allele and transcript, with a line of names above
    Tsv,
    /// JSON Lines: an object for each record
    Jsonl,
    /// Parquet: a row for each allele
    Parquet,
}

impl Format {
    /// What the ending of a name says; nothing if it says nothing of these.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name
            .strip_suffix(".gz")
            .or_else(|| name.strip_suffix(".bgz"))
            .unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "vcf" => Some(Self::Vcf),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The ending of its files.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Vcf => "vcf",
            Self::Tsv => "tsv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}
