//! Tables of alleles with a line that names their columns, separated by tabs or commas: scores such as those of CADD, AlphaMissense,
//! REVEL and dbNSFP. Positions are 1-based, and alleles are on the forward strand, as in VCF.
//!
//! - CADD: <https://cadd.gs.washington.edu/download>, `#Chrom Pos Ref Alt RawScore PHRED`
//! - AlphaMissense: <https://github.com/google-deepmind/alphamissense>, `#CHROM POS REF ALT genome … am_pathogenicity am_class`
//! - REVEL: <https://sites.google.com/site/revelgenomics>, `chr,hg19_pos,grch38_pos,ref,alt,aaref,aaalt,REVEL,…`
//! - dbNSFP: <https://www.dbnsfp.org>, `#chr pos(1-based) ref alt … hg19_chr hg19_pos(1-based) …`, of which positions are GRCh38's

use std::io;

use super::ExtraTrack;
use super::carried::{Carried, Number};
use super::fields::with_terms;
use super::found::Found;
use super::regions::number;
use super::release::fits;
use crate::bundle::{Field, NON_COMMERCIAL_ONLY};

/// What a table must have.
pub(super) const EXPECTED: &str = "a table of alleles has a line that names its columns, separated by tabs or commas: chromosome \
     (chrom, chr), 1-based position (pos, or of an assembly: hg19_pos, grch38_pos), ref and alt";

/// Columns that tracks of these keys carry unless others are asked for, and their types.
const KNOWN: [(&str, &str, &str); 5] = [
    ("CADD", "RawScore", "Float"),
    ("CADD", "PHRED", "Float"),
    ("AlphaMissense", "am_pathogenicity", "Float"),
    ("AlphaMissense", "am_class", "String"),
    ("REVEL", "REVEL", "Float"),
];

/// What the lines before the columns' names say.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// The release, as CADD has it: `v1.7` of `## CADD GRCh38-v1.7 (c) …`.
    pub(super) release: Option<String>,
    is_non_commercial: bool,
}

impl Comments {
    fn add(&mut self, text: &str, assembly: &str) -> Result<(), String> {
        fits(text, assembly, text)?;
        let versions = text.split_whitespace().filter_map(|word| word.split_once("-v"));
        let version = versions
            .map(|(_, version)| version)
            .find(|version| version.starts_with(|first: char| first.is_ascii_digit()));
        if let Some(version) = version {
            self.release = Some(format!("v{version}"));
        }
        // Licences of Creative Commons say so by these letters.
        self.is_non_commercial |= text.contains("BY-NC");
        Ok(())
    }
}

/// Where everything is in a row.
#[derive(Debug)]
pub(super) struct Columns {
    separator: u8,
    chromosome: usize,
    position: usize,
    reference: usize,
    alternate: usize,
    /// The column that says which assembly the row is of, and its name.
    genome: Option<(usize, String)>,
    values: Vec<(usize, Carried)>,
}

impl Columns {
    /// Reads a line before the first row; `None` if it names no columns.
    ///
    /// # Errors
    /// If the file is one of another assembly, has not the columns that it must have, or not those that were asked for.
    pub(super) fn read(
        line: &[u8],
        extra: &ExtraTrack,
        assembly: &str,
        comments: &mut Comments,
    ) -> Result<Option<Self>, String> {
        let text = String::from_utf8_lossy(line);
        let title = text.trim_start_matches('#').trim_start();
        let separator = if title.contains('\t') { '\t' } else { ',' };
        let names: Vec<&str> = title.split(separator).map(str::trim).collect();
        let find = |wanted: &[&str]| {
            let is_name = |name: &&str| wanted.iter().any(|wanted| name.eq_ignore_ascii_case(wanted));
            names.iter().position(is_name)
        };
        let place = |of: &str| [format!("{of}_pos"), format!("{of}_pos(1-based)")];
        let own = match assembly {
            "hg19" => [place("hg19"), place("grch37")].concat(),
            "hg38" => [place("hg38"), place("grch38")].concat(),
            _ => Vec::new(),
        };
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let is_hg38 = assembly != "hg19" || find(&["hg19_pos(1-based)"]).is_none();
        let chromosome = match is_hg38 {
            true => find(&["chrom", "chr", "chromosome", "contig"]),
            false => find(&["hg19_chr"]),
        };
        let position = find(&own).or_else(|| find(&["pos", "position", "pos(1-based)"]));
        let (Some(chromosome), Some(position), Some(reference), Some(alternate)) = (
            chromosome,
            position,
            find(&["ref", "reference"]),
            find(&["alt", "alternate"]),
        ) else {
            return match text.starts_with('#') {
                true => comments.add(&text, assembly).map(|()| None),
                false => Err(format!("{EXPECTED}; here there are {}", names.join(", "))),
            };
        };
        Ok(Some(Self {
            separator: separator as u8,
            chromosome,
            position,
            reference,
            alternate,
            genome: find(&["genome"]).map(|column| (column, assembly.to_owned())),
            values: values(&names, extra, comments)?,
        }))
    }

    /// The columns that are carried.
    pub(super) fn carried(&self) -> Vec<Carried> {
        self.values.iter().map(|(_, carried)| carried.clone()).collect()
    }

    /// Adds the allele of a row.
    pub(super) fn add(&self, line: &[u8], found: &mut Found<'_, '_>) -> io::Result<()> {
        let cells: Vec<&[u8]> = line.split(|byte| *byte == self.separator).collect();
        let cell = |column: usize| cells.get(column).map_or(&b""[..], |cell| cell.trim_ascii());
        let place = found.chromosomes.place(cell(self.chromosome));
        let start = number(cell(self.position)).and_then(|position| position.checked_sub(1));
        let is_other = |(column, name): &(usize, String)| !cell(*column).eq_ignore_ascii_case(name.as_bytes());
        let (Some(place), Some(start), false) = (place, start, self.genome.as_ref().is_some_and(is_other)) else {
            return Ok(());
        };
        let mut texts = Vec::new();
        for (column, _) in &self.values {
            texts.push(b'\t');
            let own = cell(*column);
            texts.extend_from_slice(if own.is_empty() { b"." } else { own });
        }
        found.add(place, start, cell(self.reference), cell(self.alternate), b".", &texts)
    }
}

/// The columns to carry, in the order in which they are asked for.
fn values(names: &[&str], extra: &ExtraTrack, comments: &Comments) -> Result<Vec<(usize, Carried)>, String> {
    let known = KNOWN.iter().filter(|(key, ..)| *key == extra.key);
    let kind = |name: &str| {
        known
            .clone()
            .find(|(_, own, _)| *own == name)
            .map_or("String", |(_, _, kind)| *kind)
    };
    let wanted: Vec<&str> = match extra.fields.is_empty() {
        true => known.clone().map(|(_, name, _)| *name).collect(),
        false => extra.fields.iter().map(String::as_str).collect(),
    };
    let all = names.join(", ");
    if wanted.is_empty() {
        return Err(format!(
            "say after a colon which columns {} shall have; there are {all}",
            extra.key
        ));
    }
    let value = |name: &&str| {
        let column = names.iter().position(|own| own == name);
        let column = column.ok_or_else(|| format!("there is no column {name}; there are {all}"))?;
        let description = with_terms(&format!("{name} of {}", extra.key), &extra.key);
        let description = match comments.is_non_commercial {
            true => format!("{description}; {NON_COMMERCIAL_ONLY}, as its file says"),
            false => description,
        };
        let field = Field {
            source: (*name).to_owned(),
            key: if *name == extra.key {
                extra.key.clone()
            } else {
                format!("{}_{name}", extra.key)
            },
            kind: kind(name).to_owned(),
            description,
            per_allele: false,
        };
        let number = Number::Record;
        Ok((column, Carried { field, number }))
    };
    wanted.iter().map(value).collect()
}
