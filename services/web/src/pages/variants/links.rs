//! Where others tell more of an allele: dbSNP, ClinVar, gnomAD, UCSC's and Ensembl's browsers, each asked about that place in
//! that assembly.
//!
//! How their addresses are made: <https://www.ncbi.nlm.nih.gov/clinvar/docs/help/>,
//! <https://gnomad.broadinstitute.org/help>, <https://genome.ucsc.edu/FAQ/FAQlink.html>,
//! <https://www.ensembl.org/info/website/links.html>.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// What may stand in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
/// Bases on either side that a browser of genomes shows.
const AROUND: u64 = 20;
/// gnomAD has short variants only; longer alleles make addresses that lead nowhere.
const LONGEST_ALLELE: usize = 100;

/// A page of others.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Elsewhere {
    /// Whose it is.
    pub name: &'static str,
    /// Its address.
    pub url: String,
}

/// An allele and where it lies. Positions are 1-based, both ends included.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// UCSC's name of the assembly, or the accession of the mitochondrial reference.
    pub assembly: &'a str,
    /// As the VCF has it.
    pub chromosome: &'a str,
    pub position: u64,
    pub end: u64,
    pub reference: &'a str,
    pub alternate: Option<&'a str>,
}

/// The page of dbSNP about a variant with this id; `None` if the id is not one of dbSNP's.
#[must_use]
pub fn of_id(id: &str) -> Option<String> {
    let digits = id.strip_prefix("rs")?;
    let is_number = (1..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("https://www.ncbi.nlm.nih.gov/snp/{id}"))
}

/// Everybody's pages about the place and the allele, as far as they know the assembly.
#[must_use]
pub fn of_place(place: Place<'_>) -> Vec<Elsewhere> {
    let Some(known) = Known::of(place) else {
        return Vec::new();
    };
    let pages = [
        ("ClinVar", known.clinvar()),
        ("gnomAD", known.gnomad()),
        ("UCSC", known.ucsc()),
        ("Ensembl", known.ensembl()),
    ];
    let pages = pages.into_iter();
    pages
        .filter_map(|(name, url)| Some(Elsewhere { name, url: url? }))
        .collect()
}

/// A place on a chromosome that everybody names alike.
struct Known<'a> {
    place: Place<'a>,
    assembly: Assembly,
    /// `1` to `22`, `X`, `Y`, or `M`.
    name: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Assembly {
    Hg18,
    Hg19,
    Hg38,
}

impl<'a> Known<'a> {
    fn of(place: Place<'a>) -> Option<Self> {
        let bare = place.chromosome.strip_prefix("chr").unwrap_or(place.chromosome);
        let is_mitochondrial = matches!(bare, "M" | "MT");
        let assembly = match place.assembly {
            // The rCRS is chrM of hg38; chrM of UCSC's hg18 and hg19 is another sequence (NC_001807).
            "rCRS" | "NC_012920.1" => Assembly::Hg38,
            "hg19" if place.chromosome == "MT" => Assembly::Hg38,
            "hg18" | "hg19" if is_mitochondrial => return None,
            "hg18" => Assembly::Hg18,
            "hg19" => Assembly::Hg19,
            "hg38" => Assembly::Hg38,
            _ => return None,
        };
        let is_numbered =
            bare.parse().is_ok_and(|number: u8| (1..=22).contains(&number)) && !bare.starts_with(['0', '+']);
        let name = match bare {
            "M" | "MT" => "M",
            "X" | "Y" => bare,
            _ if is_numbered => bare,
            _ => return None,
        };
        Some(Self { place, assembly, name })
    }

    fn clinvar(&self) -> Option<String> {
        let field = match self.assembly {
            Assembly::Hg18 => return None,
            Assembly::Hg19 => "chrpos37",
            Assembly::Hg38 => "chrpos38",
        };
        let chromosome = if self.name == "M" { "MT" } else { self.name };
        let (from, to) = (self.place.position, self.place.end);
        let asked = encoded(&format!("{chromosome}[chr] AND {from}:{to}[{field}]"));
        Some(format!("https://www.ncbi.nlm.nih.gov/clinvar/?term={asked}"))
    }

    fn gnomad(&self) -> Option<String> {
        let dataset = match (self.assembly, self.name) {
            (Assembly::Hg18, _) => return None,
            (Assembly::Hg19, _) => "gnomad_r2_1",
            // Mitochondrial variants are those of version 3.1.
            (Assembly::Hg38, "M") => "gnomad_r3",
            (Assembly::Hg38, _) => "gnomad_r4",
        };
        let (reference, alternate) = (self.place.reference, self.place.alternate?);
        let are_bases = [reference, alternate].iter().all(|allele| is_sequence(allele));
        let (name, position) = (self.name, self.place.position);
        are_bases.then(|| {
            format!(
                "https://gnomad.broadinstitute.org/variant/{name}-{position}-{reference}-{alternate}?dataset={dataset}"
            )
        })
    }

    fn ucsc(&self) -> Option<String> {
        let database = match self.assembly {
            Assembly::Hg18 => "hg18",
            Assembly::Hg19 => "hg19",
            Assembly::Hg38 => "hg38",
        };
        let (from, to) = self.around();
        let shown = encoded(&format!("chr{}:{from}-{to}", self.name));
        Some(format!(
            "https://genome.ucsc.edu/cgi-bin/hgTracks?db={database}&position={shown}"
        ))
    }

    fn ensembl(&self) -> Option<String> {
        let server = match self.assembly {
            Assembly::Hg18 => return None,
            Assembly::Hg19 => "grch37.ensembl.org",
            Assembly::Hg38 => "www.ensembl.org",
        };
        let chromosome = if self.name == "M" { "MT" } else { self.name };
        let (from, to) = self.around();
        let shown = encoded(&format!("{chromosome}:{from}-{to}"));
        Some(format!("https://{server}/Homo_sapiens/Location/View?r={shown}"))
    }

    fn around(&self) -> (u64, u64) {
        let (from, to) = (self.place.position, self.place.end);
        (from.saturating_sub(AROUND).max(1), to.saturating_add(AROUND))
    }
}

fn is_sequence(allele: &str) -> bool {
    (1..=LONGEST_ALLELE).contains(&allele.len()) && allele.bytes().all(|base| b"ACGT".contains(&base))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(assembly: &'a str, chromosome: &'a str, alleles: (&'a str, &'a str), position: u64) -> Place<'a> {
        Place {
            assembly,
            chromosome,
            position,
            end: position + alleles.0.len() as u64 - 1,
            reference: alleles.0,
            alternate: Some(alleles.1),
        }
    }

    fn told(place: Place<'_>) -> Vec<String> {
        of_place(place).into_iter().map(|page| page.url).collect()
    }

    #[test]
    fn each_page_is_about_that_allele_of_that_assembly() {
        assert_eq!(
            told(at("hg19", "chr7", ("A", "T"), 140_453_136)),
            [
                "https://www.ncbi.nlm.nih.gov/clinvar/?term=7%5Bchr%5D%20AND%20140453136%3A140453136%5Bchrpos37%5D",
                "https://gnomad.broadinstitute.org/variant/7-140453136-A-T?dataset=gnomad_r2_1",
                "https://genome.ucsc.edu/cgi-bin/hgTracks?db=hg19&position=chr7%3A140453116-140453156",
                "https://grch37.ensembl.org/Homo_sapiens/Location/View?r=7%3A140453116-140453156",
            ]
        );
        let of_hg38 = told(at("hg38", "17", ("ACT", "A"), 43_124_027));
        assert!(of_hg38[0].ends_with("43124027%3A43124029%5Bchrpos38%5D"), "{of_hg38:?}");
        assert!(
            of_hg38[1].ends_with("/17-43124027-ACT-A?dataset=gnomad_r4"),
            "{of_hg38:?}"
        );
        assert_eq!(
            told(at("hg18", "X", ("A", "T"), 5)),
            ["https://genome.ucsc.edu/cgi-bin/hgTracks?db=hg18&position=chrX%3A1-25"]
        );
    }

    #[test]
    fn the_rcrs_is_looked_for_where_it_is_and_ucscs_older_sequence_nowhere() {
        let melas = told(at("NC_012920.1", "MT", ("A", "G"), 3243));
        assert!(melas[1].ends_with("/M-3243-A-G?dataset=gnomad_r3"), "{melas:?}");
        assert!(melas[2].contains("db=hg38&position=chrM%3A3223-3263"), "{melas:?}");
        assert!(told(at("hg19", "chrM", ("A", "G"), 3243)).is_empty());
    }

    #[test]
    fn what_others_do_not_have_is_not_looked_for() {
        assert!(told(at("hg38", "GL000192.1", ("A", "G"), 1)).is_empty());
        assert!(told(at("NC_000001.11", "1", ("A", "G"), 1)).is_empty());
        let structural = told(at("hg38", "1", ("A", "<DEL>"), 100));
        assert!(structural.iter().all(|url| !url.contains("gnomad")), "{structural:?}");
        assert_eq!(
            of_id("rs199474657").as_deref(),
            Some("https://www.ncbi.nlm.nih.gov/snp/rs199474657")
        );
        assert_eq!((of_id("rs1/../x"), of_id("COSM1"), of_id("rs")), (None, None, None));
    }
}
