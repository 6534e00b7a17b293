//! Where tables are, and what their columns mean.

use std::path::{Path, PathBuf};

use super::Plan;
use crate::bundle::{Kind, build_in_name};
use crate::tracks::REGION_TRACKS;

/// The tables that a build looks for on UCSC's server, without `.txt.gz`.
pub fn tables() -> impl Iterator<Item = &'static str> {
    let regions = REGION_TRACKS.iter().flat_map(|track| track.tables);
    ["chromInfo", "refGene"]
        .iter()
        .chain(regions)
        .chain(&["snp151Common"])
        .copied()
}

/// The first of these files that is in the tables' folder, plain or gzip, in `database/` or beside it.
pub(super) fn find(plan: &Plan, names: &[&str]) -> Option<PathBuf> {
    let folders = [plan.tables.join("database"), plan.tables.clone()];
    let places = names.iter().flat_map(|name| {
        let files = [format!("{name}.gz"), (*name).to_owned()];
        folders
            .iter()
            .flat_map(move |folder| files.clone().map(|file| folder.join(file)))
    });
    places.into_iter().find(|place| place.is_file())
}

/// The newest of UCSC's tables of dbSNP that is in the tables' folder; of common variants, if there is such a one.
pub(super) fn snp_table(plan: &Plan) -> Option<PathBuf> {
    let rank = |file: &PathBuf| {
        let name = file.file_name()?.to_str()?.strip_prefix("snp")?;
        let digits = name.find(|letter: char| !letter.is_ascii_digit())?;
        Some((
            name[digits..].starts_with("Common"),
            name[..digits].parse::<u32>().ok()?,
        ))
    };
    let folders = [plan.tables.join("database"), plan.tables.clone()];
    let entries = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten();
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|file| is_snp_table(file)).max_by_key(rank)
}

/// Whether a file is one of UCSC's tables of dbSNP, `snp151Common.txt.gz`, by its name.
pub(super) fn is_snp_table(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    build_in_name(name).is_some()
}

/// In which form a track's file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// UCSC's table of dbSNP.
    Snp,
    /// VCF.
    Vcf,
    /// A table of alleles with a header: `.tsv`, `.csv`, and dbNSFP's, which has no ending.
    Table,
    /// A table of spans: BED, or one of UCSC's.
    Spans,
    /// Numbers along the genome: bedGraph.
    BedGraph,
}

/// In which form a track's file is, by its name.
pub(super) fn form_of(file: &Path) -> Form {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let plain = name.trim_end_matches(".gz").trim_end_matches(".bgz");
    let ending = plain.rsplit('.').next().map(str::to_ascii_lowercase);
    match ending.as_deref() {
        _ if is_snp_table(file) => Form::Snp,
        Some("vcf") => Form::Vcf,
        Some("tsv" | "csv") => Form::Table,
        // The first is UCSC's, the others are those of bedtools and of genome browsers.
        Some("bedgraph" | "bdg" | "bg") => Form::BedGraph,
        _ if name.starts_with("dbNSFP") => Form::Table,
        _ => Form::Spans,
    }
}

/// What a track's file holds, by its name.
pub(super) fn kind_of(file: &Path) -> Kind {
    match form_of(file) {
        Form::Spans | Form::BedGraph => Kind::Regions,
        Form::Snp | Form::Vcf | Form::Table => Kind::Variants,
    }
}
