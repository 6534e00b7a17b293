//! Recipes: from which public files the reference of an assembly is made, and on which terms they may be used.
//!
//! They are data, `recipes/*.toml`, and part of the program; whoever wants another names a file.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::download::Wanted;

/// The recipes that the program brings, by assembly.
const RECIPES: [(&str, &str); 2] = [
    ("hg19", include_str!("../recipes/hg19.toml")),
    ("hg38", include_str!("../recipes/hg38.toml")),
];

/// From what the reference of an assembly is made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// UCSC's name of the assembly: `hg38`.
    pub assembly: String,
    /// UCSC's tables: `address` has `database/` in it.
    pub tables: Source,
    /// The sequence: FASTA, plain or gzip, or `.2bit`.
    pub sequence: Option<Source>,
    /// Transcripts that take the place of the table refGene, for those who ask for them.
    #[serde(default)]
    pub transcripts: Vec<Transcripts>,
    /// NCBI's summary of MANE, for those who ask for it.
    pub mane: Option<Source>,
    /// More tracks.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// Liftover chains into the assembly.
    #[serde(default)]
    pub chains: Vec<Source>,
}

/// A file, or a folder of tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its address.
    pub address: String,
    /// Where its MD5 is published, as `md5sum` writes it.
    pub checksums: Option<String>,
    /// On which terms it may be used.
    pub terms: String,
}

/// Transcripts: GFF3, GTF, or one of UCSC's tables of genes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcripts {
    /// What CSQ calls them in SOURCE, and who wants them asks for.
    pub source: String,
    /// The address of the file.
    pub address: String,
    /// The addresses of UCSC's tables that say more of them.
    #[serde(default)]
    pub beside: Vec<String>,
    /// On which terms they may be used.
    pub terms: String,
}

/// A track beside the tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Its key in INFO; `dbSNP` and `ClinVar` are known by name.
    pub key: String,
    /// INFO fields of a VCF file to carry; empty for those that are known to matter.
    #[serde(default)]
    pub fields: Vec<String>,
    /// What it is, in words, if its key says too little.
    pub label: Option<String>,
    /// Its address.
    pub address: String,
    /// Where its MD5 is published.
    pub checksums: Option<String>,
    /// On which terms it may be used.
    pub terms: String,
}

impl Source {
    /// What to fetch.
    #[must_use]
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted {
            address: &self.address,
            checksums: self.checksums.as_deref(),
        }
    }
}

impl Track {
    /// What to fetch.
    #[must_use]
    pub fn wanted(&self) -> Wanted<'_> {
        Wanted {
            address: &self.address,
            checksums: self.checksums.as_deref(),
        }
    }
}

impl Transcripts {
    /// The addresses of all of their files.
    pub fn addresses(&self) -> impl Iterator<Item = &String> {
        self.beside.iter().chain(std::iter::once(&self.address))
    }
}

/// The file's name in an address.
#[must_use]
pub fn file_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or_default()
}

/// The text of the recipe that the program brings for an assembly.
///
/// # Errors
/// If there is none.
pub fn text(assembly: &str) -> Result<&'static str> {
    match RECIPES.iter().find(|(name, _)| *name == assembly) {
        Some((_, text)) => Ok(text),
        None => bail!(
            "there is no recipe for {assembly}; there are {}, and --recipe FILE takes one of yours",
            RECIPES.map(|(name, _)| name).join(" and ")
        ),
    }
}

/// The recipe of an assembly: that of the file, or the one that the program brings.
///
/// # Errors
/// If there is none, or if the file is no recipe, or one of another assembly.
pub fn load(assembly: &str, file: Option<&Path>) -> Result<Recipe> {
    let Some(file) = file else {
        return parse(text(assembly)?).with_context(|| format!("read the recipe of {assembly}"));
    };
    let text = std::fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    let recipe = parse(&text).with_context(|| format!("{} is no recipe", file.display()))?;
    if recipe.assembly != assembly {
        bail!(
            "{} is the recipe of {}, not of {assembly}",
            file.display(),
            recipe.assembly
        );
    }
    Ok(recipe)
}

fn parse(text: &str) -> Result<Recipe> {
    let recipe: Recipe = toml::from_str(text)?;
    let addresses = recipe.tracks.iter().map(|track| &track.address);
    let files = addresses.chain(
        recipe
            .chains
            .iter()
            .chain(&recipe.sequence)
            .chain(&recipe.mane)
            .map(|source| &source.address),
    );
    for address in files.chain(recipe.transcripts.iter().flat_map(Transcripts::addresses)) {
        // It becomes the name of a file here.
        let name = file_name(address);
        if name.is_empty() || name.starts_with('.') || name.contains(['\\', '?', '#']) {
            bail!("{address} does not end with the name of a file");
        }
    }
    Ok(recipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipes_of_the_program_have_tables_sequence_clinvar_and_dbsnp() {
        for (assembly, build) in [("hg19", "GRCh37"), ("hg38", "GRCh38")] {
            let recipe = load(assembly, None).unwrap();
            let ucsc = format!("https://hgdownload.soe.ucsc.edu/goldenPath/{assembly}");
            assert_eq!(recipe.tables.address, ucsc);
            let sequence = recipe.sequence.unwrap();
            assert_eq!(sequence.address, format!("{ucsc}/bigZips/{assembly}.2bit"));
            assert_eq!(sequence.checksums.unwrap(), format!("{ucsc}/bigZips/md5sum.txt"));
            let tracks: Vec<_> = recipe
                .tracks
                .iter()
                .map(|track| (&track.key[..], &track.address[..]))
                .collect();
            let clinvar = format!("https://ftp.ncbi.nlm.nih.gov/pub/clinvar/vcf_{build}/clinvar.vcf.gz");
            let dbsnp = format!("{ucsc}/database/snp151Common.txt.gz");
            assert_eq!(tracks, [("ClinVar", &clinvar[..]), ("dbSNP", &dbsnp[..])]);
            assert!(
                recipe
                    .chains
                    .iter()
                    .all(|chain| chain.terms.contains("UCSC Chain Files"))
            );
        }
    }

    #[test]
    fn what_is_no_recipe_is_refused_with_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |text: &str| {
            let file = folder.path().join("recipe.toml");
            std::fs::write(&file, text).unwrap();
            format!("{:#}", load("hg38", Some(&file)).unwrap_err())
        };
        let other = refused("assembly = 'hg19'\n[tables]\naddress = 'https://x/'\nterms = ''\n");
        assert!(other.ends_with("is the recipe of hg19, not of hg38"), "{other}");
        let typo = refused("assembly = 'hg38'\n[tables]\nadress = 'https://x/'\nterms = ''\n");
        assert!(typo.contains("is no recipe") && typo.contains("adress"), "{typo}");
        let folder = "assembly = 'hg38'\n[tables]\naddress = 'https://x/'\nterms = ''\n[sequence]\naddress = 'https://x/y/'\nterms = ''\n";
        assert!(refused(folder).ends_with("https://x/y/ does not end with the name of a file"));
        let unknown = load("mm39", None).unwrap_err().to_string();
        assert_eq!(
            unknown,
            "there is no recipe for mm39; there are hg19 and hg38, and --recipe FILE takes one of yours"
        );
    }
}
