//! What a file says of its genome: lengths and checksums of `##contig` lines, accessions, and the text of `##reference`.

use vcf::{Header, Shown};

use super::{GenomeTrouble, Sample};
use crate::bundle::Bundle;
use crate::{ASSEMBLIES, Accession, Assembly, ucsc_name};

/// Whose lengths the header gives.
pub(super) enum Found<'b> {
    Assembly(&'static Assembly),
    Bundle(&'b Bundle),
}

/// Whether the header gives the MD5 of a chromosome that the bundle has whole.
pub(super) fn has_checksums_of(header: &Header, bundle: &Bundle) -> bool {
    let of_bundle = |md5: &String| {
        bundle
            .manifest()
            .chromosomes
            .iter()
            .any(|chromosome| chromosome.md5.as_ref() == Some(md5))
    };
    header
        .contigs
        .iter()
        .filter_map(|contig| contig.md5.as_ref())
        .any(of_bundle)
}

/// Compares the lengths of `##contig` with those of the assemblies, and of bundles of other ones. Says, too, how many
/// they were.
pub(super) fn by_length<'b>(
    header: &Header,
    bundles: &[&'b Bundle],
) -> Result<(usize, Option<Found<'b>>), GenomeTrouble> {
    let mut lengths = Vec::new();
    for contig in &header.contigs {
        let name = String::from_utf8_lossy(contig.name.bytes()).into_owned();
        if let Some(length) = contig.length {
            lengths.push((contig, ucsc_name(&name).to_owned(), length));
        }
    }
    let known: Vec<_> = lengths
        .iter()
        .filter(|(_, name, _)| ASSEMBLIES[0].length(name).is_some())
        .collect();
    let fits = |length_of: &dyn Fn(&str) -> Option<u32>| {
        known
            .iter()
            .filter(|(_, name, length)| length_of(name).is_some_and(|own| u64::from(own) == *length))
            .count()
    };
    for assembly in &ASSEMBLIES {
        let count = fits(&|name| assembly.length(name));
        if count > 0 && count == known.len() {
            return Ok((count, Some(Found::Assembly(assembly))));
        }
    }
    for bundle in bundles {
        let chromosomes = &bundle.manifest().chromosomes;
        let length_of = |name: &str| chromosomes.iter().find(|own| own.name == name).map(|own| own.length);
        let count = fits(&length_of);
        if count > 0 && count == known.len() {
            return Ok((count, Some(Found::Bundle(bundle))));
        }
    }
    match known.first() {
        None => Ok((0, None)),
        Some((contig, _, length)) => Err(GenomeTrouble::UnknownLengths {
            contig: contig.name.clone(),
            length: *length,
            line: contig.line,
        }),
    }
}

/// The assembly whose accessions the file has for its chromosomes, and the first of them; `None` if it has none, or those
/// of several assemblies.
pub(super) fn by_accession(header: &Header, sample: &Sample<'_>) -> Option<(Shown, &'static Assembly)> {
    let contigs = header.contigs.iter().map(|contig| contig.name.bytes());
    let mut found = None;
    for name in contigs.chain(sample.names()) {
        let accession = std::str::from_utf8(name).ok().and_then(Accession::parse);
        match (accession.and_then(|accession| accession.assembly()), &found) {
            (Some(assembly), None) => found = Some((Shown::new(name), assembly)),
            (Some(assembly), Some((_, first))) if assembly != *first => return None,
            _ => {}
        }
    }
    found
}

/// The assembly that `##reference` and the like name, if it is one.
pub(super) fn by_text(header: &Header) -> Option<&'static Assembly> {
    let mut named = ASSEMBLIES.iter().filter(|assembly| assembly.is_named_in(&header.hints));
    named.next().filter(|_| named.next().is_none())
}

/// What the file says that does not fit the assembly that was decided on, a clause each.
pub(super) fn contradictions(header: &Header, sample: &Sample<'_>, decided: Option<&Assembly>) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut add = |clause: &str, claimed: Option<&Assembly>| {
        if let Some(claimed) = claimed.filter(|claimed| Some(*claimed) != decided) {
            clauses.push(format!("{clause} {}", claimed.names()));
        }
    };
    let lengths = by_length(header, &[]).ok().and_then(|(count, found)| match found {
        Some(Found::Assembly(assembly)) => Some((count, assembly)),
        _ => None,
    });
    if let Some((count, assembly)) = lengths {
        let clause = match count {
            1 => "the length of 1 ##contig line is that of".to_owned(),
            more => format!("the lengths of {more} ##contig lines are those of"),
        };
        add(&clause, Some(assembly));
    }
    if let Some((name, assembly)) = by_accession(header, sample) {
        add(&format!("{name} is a chromosome of"), Some(assembly));
    }
    add("the header names", by_text(header));
    clauses
}
