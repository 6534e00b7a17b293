//! Limits of the command line: on what a file may be, and on what is made of it.

use annotation::Limits;
use clap::Args;

/// What a file may be; beyond it, it is refused with a reason.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// The most records [default: no limit]
    #[arg(long, value_name = "N")]
    pub max_records: Option<u64>,
    /// The most text, in MB, unpacked where the file is compressed [default: no limit]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=1 << 40))]
    pub max_text: Option<u64>,
    /// The longest line, in MB; a few of that length are held in memory
    #[arg(long, value_name = "MB", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub max_line: u32,
    /// The most alleles in ALT of a record
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub max_alleles: u32,
    /// The longest REF or ALT, in MB
    #[arg(long, value_name = "MB", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub max_allele: u32,
    /// The longest annotation of a record, in MB
    #[arg(long, value_name = "MB", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub max_annotation: u32,
    /// The most transcripts that are listed for an allele
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub max_transcripts: u32,
    /// How many times as long as the file's text the result may be, from 256 MB on
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub max_growth: u64,
    /// How many times its size a compressed file may unpack to, from 64 MB on
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub max_expansion: u64,
}

impl LimitArgs {
    /// The same for the annotation.
    pub(crate) fn limits(&self) -> Limits {
        let bytes = |megabytes: u32| megabytes as usize * (1 << 20);
        Limits {
            reader: vcf::Limits {
                unpacked_bytes: self.max_text.map_or(u64::MAX, |megabytes| megabytes << 20),
                line_bytes: bytes(self.max_line),
                alternates: self.max_alleles as usize,
                allele_bytes: bytes(self.max_allele),
                expansion_ratio: self.max_expansion,
                ..Default::default()
            },
            records: self.max_records.unwrap_or(u64::MAX),
            annotation_bytes: bytes(self.max_annotation),
            transcripts: self.max_transcripts as usize,
            growth_ratio: self.max_growth,
            ..Limits::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        limits: LimitArgs,
    }

    #[test]
    fn without_flags_the_limits_are_those_of_the_annotation() {
        let limits = Cli::parse_from(["annotate"]).limits.limits();
        assert_eq!(format!("{limits:?}"), format!("{:?}", Limits::default()));
    }
}
