//! Accessions of chromosomes, which say of which assembly they are.
//!
//! RefSeq's versions of GRCh38, GRCh37 and NCBI36 follow one another for every chromosome; GenBank has the chromosomes of
//! GRCh37 and GRCh38 as versions 1 and 2. Source: NCBI's assembly reports of GCF_000001405.12, .13 and .26.

use super::assembly::index;
use super::{Assembly, assembly};

/// RefSeq's versions of chromosomes 1 to 22, X and Y of GRCh38.
const GRCH38: [u8; 24] = [
    11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9, 11, 11, 10,
];

/// The number that GenBank gives chromosome 1.
const GENBANK_FIRST: usize = 663;

/// A chromosome's accession.
#[derive(Debug, PartialEq, Eq)]
pub struct Accession {
    /// 0 for chromosome 1, 22 for X, 23 for Y.
    pub(crate) index: usize,
    version: Option<u8>,
    pub(super) is_genbank: bool,
}

impl Accession {
    /// Reads `NC_000001.11` or `CM000663.2`, the version of which may be missing.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (number, version) = match name.split_once('.') {
            Some((number, version)) => (number, Some(version.parse().ok()?)),
            None => (name, None),
        };
        let digits = |digits: &str| {
            let is_number = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
            digits.parse::<usize>().ok().filter(|_| is_number)
        };
        let refseq = number.strip_prefix("NC_").and_then(digits);
        let genbank = number.strip_prefix("CM").and_then(digits);
        let index = match (refseq, genbank) {
            (Some(refseq), _) => refseq.checked_sub(1)?,
            (_, genbank) => genbank?.checked_sub(GENBANK_FIRST)?,
        };
        (index < GRCH38.len()).then_some(Self {
            index,
            version,
            is_genbank: genbank.is_some(),
        })
    }

    /// The assembly whose chromosome this is; `None` without a version, or if the version is none of those that are known.
    pub(crate) fn assembly(&self) -> Option<&'static Assembly> {
        let version = self.version?;
        let name = match (self.is_genbank, GRCH38[self.index].checked_sub(version)) {
            (true, _) => ["hg19", "hg38"].get(usize::from(version).checked_sub(1)?)?,
            (false, older) => ["hg38", "hg19", "hg18"].get(usize::from(older?))?,
        };
        assembly(name)
    }

    /// Whether it says its version.
    pub(super) fn has_version(&self) -> bool {
        self.version.is_some()
    }

    /// The accession of another chromosome, by the same authority and of the same assembly; without a version, if this one
    /// has none.
    pub(crate) fn of(&self, index: usize) -> Option<String> {
        let Some(version) = self.version else {
            return Some(match self.is_genbank {
                true => format!("CM{:06}", GENBANK_FIRST + index),
                false => format!("NC_{:06}", index + 1),
            });
        };
        Some(match self.is_genbank {
            true => format!("CM{:06}.{version}", GENBANK_FIRST + index),
            false => {
                let older = GRCH38[self.index].checked_sub(version)?;
                format!("NC_{:06}.{}", index + 1, GRCH38.get(index)?.checked_sub(older)?)
            }
        })
    }
}

/// RefSeq's accession of a chromosome of an assembly, by UCSC's name or another one that is known: `NC_000001.10` of
/// `chr1` of hg19. `None` for other sequences than chromosomes 1 to 22, X and Y, and for other assemblies.
pub fn refseq_accession(name: &str, chromosome: &str) -> Option<String> {
    let older = ["hg38", "hg19", "hg18"]
        .iter()
        .position(|own| *own == assembly(name).map_or("", |found| found.name))?;
    let index = index(chromosome)?;
    Some(format!(
        "NC_{:06}.{}",
        index + 1,
        GRCH38[index].checked_sub(older as u8)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromosomes_of_assemblies_have_accessions() {
        for (assembly, chromosome, expected) in [
            ("hg38", "chr1", Some("NC_000001.11")),
            ("hg19", "chr1", Some("NC_000001.10")),
            ("GRCh37", "chr7", Some("NC_000007.13")),
            ("hg18", "chrX", Some("NC_000023.9")),
            ("hg38", "chrY", Some("NC_000024.10")),
            ("hg38", "chr22", Some("NC_000022.11")),
            ("hg38", "chr23", None),
            ("hg38", "chrM", None),
            ("hg38", "chr1_KI270706v1_random", None),
            ("small", "chr1", None),
        ] {
            assert_eq!(
                refseq_accession(assembly, chromosome).as_deref(),
                expected,
                "{assembly} {chromosome}"
            );
        }
    }

    #[test]
    fn accessions_say_their_assembly() {
        for (name, index, expected) in [
            ("NC_000001.11", 0, Some("hg38")),
            ("NC_000001.10", 0, Some("hg19")),
            ("NC_000001.9", 0, Some("hg18")),
            ("NC_000001.12", 0, None),
            ("NC_000007.13", 6, Some("hg19")),
            ("NC_000024.10", 23, Some("hg38")),
            ("NC_000024", 23, None),
            ("CM000663.2", 0, Some("hg38")),
            ("CM000686.1", 23, Some("hg19")),
        ] {
            let accession = Accession::parse(name).unwrap();
            assert_eq!(
                (accession.index, accession.assembly().map(|found| found.name)),
                (index, expected),
                "{name}"
            );
        }
        for other in [
            "NC_012920.1",
            "NC_000025.1",
            "NC_1.1",
            "CM000662.1",
            "NT_187361.1",
            "NC_000001.x",
            "1",
        ] {
            assert_eq!(Accession::parse(other), None, "{other}");
        }
    }

    #[test]
    fn one_accession_tells_those_of_the_other_chromosomes() {
        let of = |name: &str, index| Accession::parse(name).unwrap().of(index);
        assert_eq!(of("NC_000001.10", 6).as_deref(), Some("NC_000007.13"));
        assert_eq!(of("CM000663.2", 23).as_deref(), Some("CM000686.2"));
        assert_eq!(of("NC_000001", 6).as_deref(), Some("NC_000007"));
        assert_eq!(of("CM000664", 0).as_deref(), Some("CM000663"));
        assert_eq!(of("NC_000001.12", 6), None);
    }
}
