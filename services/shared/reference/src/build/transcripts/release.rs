//! Which release a source of transcripts is, and who made it.

use super::super::release::{self, Notes};
use super::super::source::Source;
use super::accession::is_refseq;
use crate::bundle::Provenance;

/// What a source says of itself beside its transcripts.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Its release.
    release: Option<String>,
    /// When its genes were changed last, which Ensembl's header says instead of the release.
    updated: Option<String>,
    /// Who made it, if its header says so: `GENCODE`.
    provider: Option<String>,
    /// Whether it is one of UCSC's tables, in which gzip has written the day of UCSC's dump.
    pub(super) is_table: bool,
    /// Whether it says where coding sequences are cut off.
    pub(super) states_ends: bool,
}

impl Said {
    /// Reads a line of a header: of GENCODE (`##description: …, version 48 (Ensembl 114)`), Ensembl (`#!genome-build
    /// GRCh38.p14`) or NCBI (`#!annotation-source NCBI RefSeq GCF_000001405.40-RS_2024_08`).
    ///
    /// # Errors
    /// If it names another assembly than `assembly`.
    pub(super) fn header(&mut self, line: &str, assembly: &str) -> Result<(), String> {
        let text = line.trim_start_matches(['#', '!']).trim();
        let Some((key, value)) = text.split_once([' ', '\t']) else {
            return Ok(());
        };
        let value = value.trim();
        match key.trim_end_matches(':') {
            "genome-build" | "genome-version" => return release::fits(value, assembly, line),
            "description" => {
                self.release = value
                    .split_once("version ")
                    .map(|(_, version)| format!("version {version}"));
                return release::fits(value, assembly, line);
            }
            "provider" => self.provider = Some(value.to_owned()),
            "annotation-source" => self.release = Some(value.trim_start_matches("NCBI ").to_owned()),
            "genebuild-last-updated" => self.updated = Some(value.to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// Its release, by its header and the name of its file.
    fn release(&self, file: &str) -> Option<String> {
        let own = self.release.clone();
        own.or_else(|| release_in_name(file)).or_else(|| self.updated.clone())
    }

    /// What to call it, by its header, the name of its file and one of its accessions.
    pub(super) fn label(&self, file: &str, accession: &str) -> String {
        let provider = self.provider.as_deref().unwrap_or_default();
        let lower = file.to_ascii_lowercase();
        let is_ensembl = accession.starts_with("ENS");
        if is_refseq(accession) {
            return "RefSeq".to_owned();
        }
        // UCSC's knownGene of GRCh38 is GENCODE's.
        if provider == "GENCODE" || is_ensembl && (lower.contains("gencode") || lower.starts_with("knowngene")) {
            return "GENCODE".to_owned();
        }
        match is_ensembl {
            true => "Ensembl".to_owned(),
            false => stem(file),
        }
    }
}

/// The name of a file up to its first full stop.
fn stem(file: &str) -> String {
    file.split('.').next().unwrap_or_default().to_owned()
}

/// Where a source that was read to its end comes from.
pub(super) fn provenance(key: &str, label: &str, source: &Source, notes: &Notes, said: Said) -> Provenance {
    let own = said.release(source.name());
    let mut provenance = match own {
        None if said.is_table => release::of_table(key, source, notes),
        own => release::provenance(key, source, notes, own),
    };
    if provenance.label == key {
        provenance.label = format!("{label} transcripts");
    }
    provenance
}

/// The release in a file's name: `release 114` of Ensembl's `Homo_sapiens.GRCh38.114.chr.gff3.gz`, `V48` of UCSC's
/// `wgEncodeGencodeBasicV48.txt.gz`, `v1.4` of NCBI's `MANE.GRCh38.v1.4.summary.txt.gz`.
pub(super) fn release_in_name(file: &str) -> Option<String> {
    if let Some(table) = file.strip_prefix("wgEncodeGencode") {
        let stem = table.split('.').next()?;
        let version = &stem[stem.rfind('V')?..];
        return Some(version.to_owned());
    }
    let mut parts = file.split('.').skip_while(|part| !part.starts_with("GRCh")).skip(1);
    let first = parts.next()?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match first.strip_prefix('v').filter(|major| is_number(major)) {
        Some(major) => {
            let minor = parts.next().filter(|minor| is_number(minor));
            Some(minor.map_or_else(|| format!("v{major}"), |minor| format!("v{major}.{minor}")))
        }
        None => is_number(first).then(|| format!("release {first}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_from_headers_and_names() {
        let of_file = |lines: &[&str], file: &str| {
            let mut said = Said::default();
            for line in lines {
                said.header(line, "hg38").unwrap();
            }
            said.release(file)
        };
        let release = |lines: &[&str]| of_file(lines, "a.gtf");
        let gencode = "##description: evidence-based annotation of the human genome (GRCh38), version 48 (Ensembl 114)";
        assert_eq!(release(&[gencode]).as_deref(), Some("version 48 (Ensembl 114)"));
        let ncbi = "#!annotation-source NCBI RefSeq GCF_000001405.40-RS_2024_08";
        assert_eq!(
            release(&["#!genome-build GRCh38.p14", ncbi]).as_deref(),
            Some("RefSeq GCF_000001405.40-RS_2024_08")
        );
        assert_eq!(
            release(&["#!genebuild-last-updated 2025-05", "###"]).as_deref(),
            Some("2025-05")
        );
        let ensembl = of_file(&["#!genebuild-last-updated 2025-05"], "Homo_sapiens.GRCh38.115.gtf");
        assert_eq!(ensembl.as_deref(), Some("release 115"));
        for (file, expected) in [
            ("Homo_sapiens.GRCh38.114.chr.gff3.gz", Some("release 114")),
            ("Homo_sapiens.GRCh38.114.gtf", Some("release 114")),
            ("MANE.GRCh38.v1.4.summary.txt.gz", Some("v1.4")),
            ("wgEncodeGencodeBasicV48.txt.gz", Some("V48")),
            ("wgEncodeGencodeCompV48lift37.txt.gz", Some("V48lift37")),
            ("GCF_000001405.40_GRCh38.p14_genomic.gff.gz", None),
            ("ncbiRefSeq.txt.gz", None),
        ] {
            assert_eq!(release_in_name(file).as_deref(), expected, "{file}");
        }
    }

    #[test]
    fn transcripts_of_another_assembly_are_refused() {
        let refused = Said::default().header("#!genome-build GRCh37.p13", "hg38");
        assert_eq!(
            refused.unwrap_err(),
            "the header says #!genome-build GRCh37.p13, which is GRCh37 (hg19); this bundle is of GRCh38 (hg38)"
        );
    }

    #[test]
    fn a_source_is_called_by_who_made_it() {
        let mut gencode = Said::default();
        gencode.header("##provider: GENCODE", "hg38").unwrap();
        assert_eq!(gencode.label("a.gtf", "ENST00000641515.2"), "GENCODE");
        let label = |file: &str, accession: &str| Said::default().label(file, accession);
        assert_eq!(label("a.gtf", "ENST00000641515.2"), "Ensembl");
        assert_eq!(label("wgEncodeGencodeBasicV48.txt.gz", "ENST00000641515.2"), "GENCODE");
        assert_eq!(
            label("GCF_000001405.40_GRCh38.p14_genomic.gff.gz", "NM_152486.4"),
            "RefSeq"
        );
        assert_eq!(label("mine.gff3", "gene1.t1"), "mine");
    }
}
