//! Which release a source is: what whoever builds the bundle says, or else the source itself.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::source::{BuildError, Source};
use super::tables::tables;
use crate::bundle::{Manifest, Provenance, build_in_name, hex, label};
use crate::{ASSEMBLIES, assembly};

/// What whoever builds a bundle knows of one of its sources. What is `None` is told by the source, if at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// What it is, in words: `dbSNP, common`.
    pub label: Option<String>,
    /// Its release as its makers name it: `build 151`, `2026-11-15`.
    pub release: Option<String>,
    /// Where it comes from, if the file's own name does not say: an address.
    pub source: Option<String>,
}

/// Notes by the key of what they are about: a track's key (`dbSNP`), a table's (`refGene`), `sequence`, the name of a
/// chain (`hg18ToHg19`), the file of one of [`tables`] (`gwasCatalog.txt.gz`), or `tables` for all tables that have no note of
/// their own.
pub type Notes = BTreeMap<String, Note>;

/// The note key for all tables.
const ALL_TABLES: &str = "tables";

/// Where a source that was read to its end comes from. `own_release` is what it says of itself.
pub(super) fn provenance(key: &str, source: &Source, notes: &Notes, own_release: Option<String>) -> Provenance {
    let name = source.name();
    let note = notes.get(key).or_else(|| notes.get(name)).cloned().unwrap_or_default();
    Provenance {
        label: note.label.unwrap_or_else(|| label(key, name)),
        source: note.source.unwrap_or_else(|| name.to_owned()),
        release: note.release.or(own_release),
        bytes: source.bytes(),
        sha256: source.sha256(),
    }
}

/// Where a track of several files comes from: the first is named, and the checksum is that of a list of theirs, a line each.
pub(super) fn of_files(files: Vec<Provenance>) -> Option<Provenance> {
    let (sum, more) = (files.iter().map(|file| file.bytes).sum(), files.len().checked_sub(1)?);
    let list: String = files.iter().map(|file| format!("{}\n", file.sha256)).collect();
    let first = files.into_iter().next()?;
    Some(match more {
        0 => first,
        _ => Provenance {
            source: format!("{} and {more} more", first.source),
            bytes: sum,
            sha256: hex(&Sha256::digest(list)),
            ..first
        },
    })
}

/// As [`provenance`], for one of UCSC's tables. Their release is the day of UCSC's dump, which gzip has written into the
/// file; dbSNP's is in the table's name.
pub(super) fn of_table(key: &str, source: &Source, notes: &Notes) -> Provenance {
    let shared = || notes.get(ALL_TABLES).and_then(|note| note.release.clone());
    let own = shared()
        .or_else(|| build_in_name(source.name()))
        .or_else(|| source.day());
    provenance(key, source, notes, own)
}

/// What the header of a VCF file says of its release: <https://www.ncbi.nlm.nih.gov/variation/docs/human_variation_vcf/>.
#[derive(Default)]
pub(super) struct HeaderRelease {
    build: Option<String>,
    date: Option<String>,
}

impl HeaderRelease {
    /// Reads a line of the header.
    ///
    /// # Errors
    /// If `##reference` names another assembly than `name`.
    pub(super) fn line(&mut self, line: &[u8], name: &str) -> Result<(), String> {
        let text = String::from_utf8_lossy(line);
        let Some((field, value)) = text.strip_prefix("##").and_then(|text| text.split_once('=')) else {
            return Ok(());
        };
        let value = value.trim();
        match field {
            "dbSNP_BUILD_ID" if !value.is_empty() => self.build = Some(format!("build {value}")),
            "fileDate" | "filedate" if !value.is_empty() => self.date = Some(dashed(value)),
            "reference" => return fits(value, name, &format!("##reference={value}")),
            _ => {}
        }
        Ok(())
    }

    /// dbSNP's build, or the day on which the makers wrote the file.
    pub(super) fn release(self) -> Option<String> {
        self.build.or(self.date)
    }
}

/// `2018-04-18` for `20180418`; other texts as they are.
fn dashed(date: &str) -> String {
    match date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        false => date.chars().take(40).collect(),
    }
}

/// Refuses a file whose header names one known assembly, and that is not the bundle's. `line` is where it does.
pub(super) fn fits(reference: &str, name: &str, line: &str) -> Result<(), String> {
    let named: Vec<_> = ASSEMBLIES.iter().filter(|known| known.is_named_in(reference)).collect();
    match (named[..].first(), assembly(name)) {
        (Some(other), Some(own)) if named.len() == 1 && *other != own => Err(format!(
            "the header says {line}, which is {}; this bundle is of {}",
            other.names(),
            own.names()
        )),
        _ => Ok(()),
    }
}

/// Refuses a note about something that the build knows nothing of: a misspelt key would be lost silently.
pub(super) fn check(notes: &Notes, manifest: &Manifest) -> Result<(), BuildError> {
    let tracks = manifest.tracks.iter().map(|track| track.key.clone());
    let chains = manifest.chains.iter().map(|chain| chain.key.clone());
    let others = [ALL_TABLES, "sequence"].map(str::to_owned);
    let known: Vec<String> = tracks.chain(chains).chain(others).collect();
    let is_table = |key: &str| {
        key.strip_suffix(".txt.gz")
            .is_some_and(|table| tables().any(|known| known == table))
    };
    let is_known = |key: &String| known.contains(key) || manifest.missing.contains(key) || is_table(key);
    match notes.keys().find(|key| !is_known(key)) {
        Some(key) => Err(BuildError::NoSuchSource {
            key: key.clone(),
            known,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_its_build_or_else_its_day() {
        let release = |lines: &[&str]| {
            let mut header = HeaderRelease::default();
            for line in lines {
                header.line(line.as_bytes(), "hg19").unwrap();
            }
            header.release()
        };
        let dbsnp = [
            "##fileDate=20180418",
            "##source=dbSNP",
            "##dbSNP_BUILD_ID=151",
            "##reference=GRCh37.p13",
        ];
        assert_eq!(release(&dbsnp).as_deref(), Some("build 151"));
        let clinvar = ["##fileDate=2026-11-15", "##source=ClinVar", "##reference=GRCh37"];
        assert_eq!(release(&clinvar).as_deref(), Some("2026-11-15"));
        assert_eq!(release(&["##fileDate=20180418"]).as_deref(), Some("2018-04-18"));
        assert_eq!(release(&["##source=dbSNP", "##fileDate="]), None);
    }

    #[test]
    fn a_track_of_another_assembly_is_refused() {
        let refused = HeaderRelease::default().line(b"##reference=GRCh38", "hg19");
        assert_eq!(
            refused.unwrap_err(),
            "the header says ##reference=GRCh38, which is GRCh38 (hg38); this bundle is of GRCh37 (hg19)"
        );
        assert!(HeaderRelease::default().line(b"##reference=ucsc.fa", "hg19").is_ok());
    }
}
