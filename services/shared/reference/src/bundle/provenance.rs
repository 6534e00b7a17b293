//! What a part of a bundle was made from: what it is, which file, which release.

use serde::{Deserialize, Serialize};

use crate::tracks::REGION_TRACKS;

/// Where a table, a track, the sequence or a chain comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// What it is, in words: `dbSNP, common`.
    #[serde(default)]
    pub label: String,
    /// The file or address it was made from.
    pub source: String,
    /// The release as its makers name it: `build 151`, `2026-11-15`. `None` if neither the source nor whoever built the
    /// bundle says; never the day on which it was fetched.
    #[serde(default)]
    pub release: Option<String>,
    /// The size of the file in bytes; 0 if it is not known.
    #[serde(default)]
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
}

impl Provenance {
    /// Label and release: `dbSNP, common, build 151`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.release {
            Some(release) => format!("{}, {release}", self.label),
            None => format!("{}, release not known", self.label),
        }
    }

    /// What bundles of format 01 did not say, as far as key and name of the file tell it.
    pub(super) fn complete(&mut self, key: &str) {
        if self.label.is_empty() {
            self.label = label(key, &self.source);
            self.release = build_in_name(&self.source);
        }
    }
}

/// What the sources beside the region tracks are called.
const LABELS: [(&str, &str); 2] = [("sequence", "Sequence"), ("refGene", "RefSeq genes")];

/// What a track is, by its key and the name of its file. Lists of common variants say so in their names, as
/// `snp151Common.txt.gz` and `common_all_20180418.vcf.gz` do.
pub fn label(key: &str, file: &str) -> String {
    let regions = REGION_TRACKS.iter().map(|track| (track.key, track.label));
    let known = LABELS.into_iter().chain(regions).find(|(known, _)| *known == key);
    match key {
        "dbSNP" if file.to_ascii_lowercase().contains("common") => "dbSNP, common".to_owned(),
        _ if file.contains(".chain") => format!("Liftover chain {key}"),
        _ => known.map_or(key, |(_, label)| label).to_owned(),
    }
}

/// dbSNP's build in the name of UCSC's table: `build 151` of `snp151Common.txt.gz`.
pub(crate) fn build_in_name(file: &str) -> Option<String> {
    let rest = file.strip_prefix("snp")?;
    let digits = rest
        .find(|letter: char| !letter.is_ascii_digit())
        .filter(|end| *end > 0)?;
    let is_table = [".txt", ".txt.gz", "Common.txt", "Common.txt.gz"].contains(&&rest[digits..]);
    is_table.then(|| format!("build {}", &rest[..digits]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_track_is_and_its_build_are_read_from_names() {
        assert_eq!(label("dbSNP", "snp151Common.txt.gz"), "dbSNP, common");
        assert_eq!(label("dbSNP", "00-All.vcf.gz"), "dbSNP");
        assert_eq!(label("gnomAD", "sites.vcf.gz"), "gnomAD");
        assert_eq!(build_in_name("snp151Common.txt.gz").as_deref(), Some("build 151"));
        for other in ["snps.vcf", "snp.txt", "snp151.vcf.gz", "refGene.txt.gz"] {
            assert_eq!(build_in_name(other), None, "{other}");
        }
    }
}
