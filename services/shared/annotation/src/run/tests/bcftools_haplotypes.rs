//! Haplotypes against the expected answers of bcftools' own tests of its command csq. Skipped aloud where they are not here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::bcftools::{files, in_their_words, is_change, reference};
use super::chr1::name;
use super::files::shared_data;
use super::*;
use reference::Bundle;
use reference::detect::Choice;

/// Where ours differ, by transcript and alleles, and why:
/// - *behind a stop*: bcftools joins all that follows a shift, and its own change of the protein ends at codon 7; ours end the set
///   where reading ends, so that nothing is joined here.
const DIFFERENCES: [(&str, &str); 1] = [(
    "gtrV 1T>TTAACTACCATTCAACAT&175T>C&198C>G&202C>G&213G>A&274C>T&313A>C&471G>A&472C>T&544A>T&554A>G&607C>A&643G>T&706C>T&718G>A&\
     872G>A&946T>C&1090C>G&1124G>C&1149C>T&1189T>C&1205C>G",
    "behind a stop",
)];

/// Terms and the change of the protein, by transcript and alleles.
type Sets = BTreeMap<(String, String), (String, String)>;

/// What bcftools tells of alleles together: those that it joins by `+`.
fn expected(text: &str) -> Sets {
    let mut sets = Sets::new();
    for entry in text.split_whitespace().flat_map(|word| word.split(',')) {
        let fields: Vec<&str> = entry.split('|').collect();
        if let [terms, _, transcript, _, _, change, alleles] = fields[..]
            && alleles.contains('+')
        {
            let place = (without_version(transcript), alleles.replace('+', "&"));
            sets.insert(place, (terms.trim_start_matches('*').to_owned(), change.to_owned()));
        }
    }
    sets
}

/// Ours. A file without samples is one haplotype, as bcftools takes it.
fn ours(bundle: &Arc<Bundle>, vcf: &str) -> Sets {
    let has_samples = vcf
        .lines()
        .any(|line| line.starts_with("#CHROM") && line.contains("FORMAT"));
    let line = |line: &str| match line {
        _ if has_samples || line.starts_with("##") => format!("{line}\n"),
        _ if line.starts_with('#') => format!("{line}\tFORMAT\tS\n"),
        _ => format!("{line}\tGT\t1\n"),
    };
    let options = Options {
        references: vec![Arc::clone(bundle)],
        choice: Choice::Named("part".to_owned()),
        phased: true,
        ..Options::default()
    };
    let mut output = Vec::new();
    let input: String = vcf.lines().filter(|line| !line.is_empty()).map(line).collect();
    if let Err(refused) = annotate(input.as_bytes(), &mut output, &options, &mut |_| {}) {
        println!("REFUSED {refused}");
    }
    let output = String::from_utf8(output).unwrap();
    let mut sets = Sets::new();
    for line in output.lines().filter(|line| !line.starts_with('#')) {
        let info = line.split('\t').nth(7).unwrap();
        let told = info.split(';').find_map(|field| field.strip_prefix("HAPLOTYPE_CSQ="));
        for fields in told
            .into_iter()
            .flat_map(|told| told.split(','))
            .map(|entry| entry.split('|').collect::<Vec<_>>())
        {
            let place = (without_version(fields[5]), fields[12].to_owned());
            sets.insert(place, (fields[1].to_owned(), name(fields[7])));
        }
    }
    sets
}

#[test]
fn what_differs_from_bcftools_haplotypes_is_explained() {
    let Some(data) = shared_data() else { return };
    let (mut compared, mut differ) = (0, BTreeSet::new());
    for folder in files(&data.join("bcftools-csq"), "")
        .iter()
        .filter(|path| path.is_dir())
    {
        let Some((_built, bundle)) = reference(folder) else {
            continue;
        };
        for vcf in files(folder, ".vcf") {
            let stem = vcf.file_stem().unwrap().to_string_lossy().into_owned();
            let is_answer = |path: &&std::path::PathBuf| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name == format!("{stem}.txt") || name == format!("{stem}.cmd.out")
            };
            let all = files(folder, "");
            let Some(answer) = all.iter().find(is_answer) else {
                continue;
            };
            let expected = expected(&fs::read_to_string(answer).unwrap());
            let ours = ours(&bundle, &fs::read_to_string(&vcf).unwrap());
            let places: BTreeSet<_> = expected.keys().chain(ours.keys()).cloned().collect();
            for place in places {
                compared += 1;
                let (theirs, own) = (expected.get(&place), ours.get(&place));
                let is_same = theirs.zip(own).is_some_and(|((terms, change), (own, protein))| {
                    in_their_words(own).join("&") == *terms && is_change(protein, change)
                });
                if !is_same {
                    println!("{}: {place:?}: theirs {theirs:?}, ours {own:?}", short(&vcf));
                    differ.insert(format!("{} {}", place.0, place.1));
                }
            }
        }
    }
    let known: BTreeSet<String> = DIFFERENCES.iter().map(|(place, _)| (*place).to_owned()).collect();
    assert_eq!(differ, known);
    assert!(compared >= 5, "{compared}");
}

fn short(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// bcftools leaves versions away, but for names that are no accession of Ensembl.
fn without_version(transcript: &str) -> String {
    let is_ensembl = transcript.starts_with("ENS");
    let name = transcript.split('.').next().filter(|_| is_ensembl);
    name.unwrap_or(transcript).to_owned()
}
