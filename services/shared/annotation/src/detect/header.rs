//! What a header says of the genome: lengths and checksums of `##contig` lines.

use super::GenomeTrouble;
use crate::bundle::Bundle;
use crate::reference::{ASSEMBLIES, Assembly, ucsc_name};
use crate::vcf::Header;

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

/// Compares the lengths of `##contig` with those of the assemblies, and of bundles of other ones.
pub(super) fn by_length<'b>(
    header: &Header,
    bundles: &[&'b Bundle],
) -> Result<(Vec<String>, Option<Found<'b>>), GenomeTrouble> {
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
    let reason = |count: usize| vec![format!("the lengths of {count} ##contig lines are its")];
    let fits = |length_of: &dyn Fn(&str) -> Option<u32>| {
        known
            .iter()
            .filter(|(_, name, length)| length_of(name).is_some_and(|own| u64::from(own) == *length))
            .count()
    };
    for assembly in &ASSEMBLIES {
        let count = fits(&|name| assembly.length(name));
        if count > 0 && count == known.len() {
            return Ok((reason(count), Some(Found::Assembly(assembly))));
        }
    }
    for bundle in bundles {
        let chromosomes = &bundle.manifest().chromosomes;
        let length_of = |name: &str| chromosomes.iter().find(|own| own.name == name).map(|own| own.length);
        let count = fits(&length_of);
        if count > 0 && count == known.len() {
            return Ok((reason(count), Some(Found::Bundle(bundle))));
        }
    }
    match known.first() {
        None => Ok((Vec::new(), None)),
        Some((contig, _, length)) => Err(GenomeTrouble::UnknownLengths {
            contig: contig.name.clone(),
            length: *length,
            line: contig.line,
        }),
    }
}
