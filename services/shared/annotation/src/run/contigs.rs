//! The `##contig` lines that a file lacks.
//!
//! Records follow the header, and only the first of them are read before it is written. Where these have a name that the
//! header does not declare, all chromosomes are declared as that name is spelled: names that come later are then declared,
//! too, and pieces of one file have one header.

use std::collections::BTreeSet;
use std::fmt::Write;

use memchr::memchr;
use reference::bundle::{Chromosome, Manifest};
use reference::{MITOCHONDRIAL_LENGTH, Spelling, is_mitochondrial};
use vcf::{Contig, Header, Shown};

use super::context::Context;
use super::place::Place;

/// The most names that are looked at; GRCh38 with its HLA sequences has 3,366.
const MOST_NAMES: usize = 4000;

/// The most spellings of which all chromosomes are declared.
const MOST_SPELLINGS: usize = 8;

/// Names of the first records that the header does not declare.
pub(super) struct Contigs {
    names: Vec<String>,
    /// How these are spelled, each way once.
    spellings: Vec<Spelling>,
}

impl Contigs {
    /// Reads the names of records from lines.
    pub(super) fn of(lines: &[u8], header: &Header) -> Self {
        let declared: BTreeSet<&[u8]> = header.contigs.iter().map(|contig| contig.name.bytes()).collect();
        let (mut names, mut last, mut seen) = (Vec::new(), &b""[..], BTreeSet::new());
        let mut rest = lines;
        while !rest.is_empty() && seen.len() < MOST_NAMES {
            let line = rest;
            rest = &rest[memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)..];
            // Most records are on the chromosome of the one before.
            if line.starts_with(last) && line.get(last.len()) == Some(&b'\t') {
                continue;
            }
            let line = &line[..line.len() - rest.len()];
            let name = &line[..memchr(b'\t', line).unwrap_or(0)];
            if name.starts_with(b"#") {
                continue;
            }
            last = name;
            if seen.insert(name) && can_be_declared(name) && !declared.contains(Shown::new(name).bytes()) {
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
        let mut spellings: Vec<Spelling> = Vec::new();
        for spelling in names.iter().filter_map(|name| Spelling::of(name)) {
            if spellings.len() < MOST_SPELLINGS && !spellings.iter().any(|own| own.is_that_of(&spelling)) {
                spellings.push(spelling);
            }
        }
        // Nothing says how a file without records and ##contig lines would spell them.
        if header.contigs.is_empty() && names.is_empty() {
            spellings.push(Spelling::Prefix(String::new()));
        }
        Self { names, spellings }
    }

    /// The lines, each with its ending.
    pub(super) fn lines(&self, context: &Context<'_, '_>, ending: &str) -> String {
        let mut lines = String::new();
        let manifest = context.genome.as_ref().map(|genome| genome.bundle.manifest());
        let is_lifted = context.lifted_from.is_some();
        let place = |name| (name, context.place(str::as_bytes(name)));
        let places: Vec<(&str, Place)> = self.names.iter().map(|name| place(name)).collect();
        if let Some(manifest) = manifest {
            if is_lifted || context.header.contigs.is_empty() {
                add(
                    &mut lines,
                    format_args!("##GAS_reference={}{ending}", manifest.assembly),
                );
            }
            self.nuclear(context, manifest, &places, ending, &mut lines);
        }
        self.mitochondrial(context, ending, &mut lines);
        for (name, _) in places.iter().filter(|(_, place)| *place == Place::Unknown) {
            add(&mut lines, format_args!("##contig=<ID={name}>{ending}"));
        }
        lines
    }

    /// Lines for the chromosomes of the reference. Others than 1 to 22, X and Y have none unless they were seen.
    fn nuclear(
        &self,
        context: &Context<'_, '_>,
        manifest: &Manifest,
        places: &[(&str, Place)],
        ending: &str,
        lines: &mut String,
    ) {
        for (place, chromosome) in manifest.chromosomes.iter().enumerate() {
            let names = match context.lifted_from {
                Some(_) => lifted_name(chromosome, context.has_prefix).into_iter().collect(),
                None => {
                    let seen = places.iter().filter(|(_, own)| *own == Place::Nuclear(place));
                    let seen = seen.map(|(name, _)| (*name).to_owned()).collect();
                    self.with_spelled(seen, chromosome, context.header)
                }
            };
            let (length, assembly) = (chromosome.length, &manifest.assembly);
            for name in names {
                add(
                    lines,
                    format_args!("##contig=<ID={name},length={length},assembly={assembly}>{ending}"),
                );
            }
        }
    }

    /// The names that the file has for a chromosome, and would have as others are spelled, without those that it declares.
    fn with_spelled(&self, seen: Vec<String>, chromosome: &Chromosome, header: &Header) -> Vec<String> {
        let mut names = seen;
        for spelling in self.spellings.iter().filter(|_| chromosome.is_main()) {
            let name = spelling.name(&chromosome.name);
            let name = name.unwrap_or_else(|| chromosome.name.clone());
            let name_shown = Shown::new(name.as_bytes());
            if !names.contains(&name) && !header.contigs.iter().any(|contig| contig.name == name_shown) {
                names.push(name);
            }
        }
        names
    }

    /// Lines for the mitochondrial genome: for the names that were seen, and, if the header has none at all, as the other
    /// chromosomes are spelled.
    fn mitochondrial(&self, context: &Context<'_, '_>, ending: &str, lines: &mut String) {
        let header = context.header;
        let mut names: Vec<String> = self
            .names
            .iter()
            .filter(|name| is_mitochondrial(name.as_bytes()))
            .cloned()
            .collect();
        let is_ours = |contig: &Contig| is_mitochondrial(contig.name.bytes());
        if context.genome.is_some() && context.lifted_from.is_none() && !header.contigs.iter().any(is_ours) {
            let spelled = self.spellings.iter().filter_map(|spelling| spelling.name("chrM"));
            let new: Vec<_> = spelled.filter(|name| !names.contains(name)).collect();
            names.extend(new);
        }
        for name in names {
            let line = match context.has_foreign_mitochondrion {
                true => format!("##contig=<ID={name}>{ending}"),
                false => {
                    format!("##contig=<ID={name},length={MITOCHONDRIAL_LENGTH},assembly=NC_012920.1>{ending}")
                }
            };
            lines.push_str(&line);
        }
    }
}

fn add(lines: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = lines.write_fmt(line);
}

/// How lifted records name a chromosome.
fn lifted_name(chromosome: &Chromosome, has_prefix: bool) -> Option<String> {
    let name = chromosome.is_main().then_some(chromosome.name.as_str())?;
    Some(match has_prefix {
        true => name.to_owned(),
        false => name.trim_start_matches("chr").to_owned(),
    })
}

/// Whether a `##contig` line may have a name (VCF 4.3, 1.4.7).
fn can_be_declared(name: &[u8]) -> bool {
    let may_stand = |byte: &u8| byte.is_ascii_graphic() && !b"\\,\"'`()[]{}<>".contains(byte);
    !name.is_empty() && name.iter().all(may_stand) && !matches!(name[0], b'*' | b'=')
}
