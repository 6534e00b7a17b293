//! Random sets of alleles on one copy, in every coding transcript of the slice: each name of a protein is what a translation written
//! apart from the engine reads, and what shares a codon is told together.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;

use super::chr1::name;
use super::files::shared_data;
use super::placements::{Random, Slice};
use super::told::hg19;
use super::translation::describes;
use super::*;

/// How many sets are tried, each the only one of a sample.
const SETS: usize = 600;

/// An allele: POS, REF and ALT.
type Allele = (usize, String, String);

/// Alleles near each other in the coding sequence of a gene, none of which overlap, by position.
struct Set {
    gene: usize,
    alleles: Vec<Allele>,
}

impl Set {
    fn random(random: &mut Random, slice: &Slice) -> Option<Self> {
        let gene = random.below(slice.genes.len());
        let (bases, coding) = (&slice.bases, slice.genes[gene].coding());
        let mut at = 3 + random.below(coding.len().checked_sub(6)?);
        let mut alleles = Vec::new();
        for _ in 0..2 + random.below(3) {
            let far = if random.below(3) == 0 { 40 } else { 3 };
            let (place, length) = (*coding.get(at)?, 1 + random.below(4));
            let (deleted, inserted) = match random.below(5) {
                0 => (length, 0),
                1 => (0, length),
                _ => (0, 0),
            };
            let end = place + 1 + deleted;
            let is_in_exon = coding.get(at + deleted) == Some(&(end - 1));
            let reference = String::from_utf8(bases[place..end].to_vec()).ok()?;
            let alternate = match (deleted, inserted) {
                (0, 0) => "ACGT"
                    .chars()
                    .filter(|base| !reference.contains(*base))
                    .nth(random.below(3))?
                    .to_string(),
                _ => (0..inserted).fold(reference[..1].to_owned(), |text, _| {
                    text + &"ACGT"[random.below(4)..][..1]
                }),
            };
            if reference.contains('N') || !is_in_exon || at + deleted + 3 > coding.len() {
                return None;
            }
            alleles.push((place + 1, reference, alternate));
            at += deleted + 1 + random.below(far);
        }
        Some(Self { gene, alleles })
    }
}

/// What an allele replaces, 0-based and half-open, and what it puts in.
fn edit((position, reference, alternate): &Allele) -> (Range<usize>, Vec<u8>) {
    let same = usize::from(reference.len() != alternate.len());
    let (start, end) = (position - 1 + same, position - 1 + reference.len());
    (start..end, alternate.as_bytes()[same..].to_vec())
}

/// The alleles of Variants.
fn listed(variants: &str) -> Vec<Allele> {
    let one = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (reference, alternate) = text[digits..].split_once('>').unwrap();
        (
            text[..digits].parse().unwrap(),
            reference.to_owned(),
            alternate.to_owned(),
        )
    };
    variants.split('&').map(one).collect()
}

#[test]
fn proteins_of_haplotypes_are_those_that_a_plain_translation_reads() {
    let Some((data, options)) = shared_data().zip(hg19()) else {
        return;
    };
    let slice = Slice::read(&data);
    let mut random = Random(20_261_128);
    let sets: Vec<Set> = std::iter::repeat_with(|| Set::random(&mut random, &slice))
        .flatten()
        .take(SETS)
        .collect();
    let mut records: Vec<(usize, usize, String)> = Vec::new();
    for (sample, set) in sets.iter().enumerate() {
        let genotypes = [vec!["0"; sample], vec!["1"], vec!["0"; SETS - sample - 1]]
            .concat()
            .join("\t");
        for (position, reference, alternate) in &set.alleles {
            let text = format!("chr1\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\tGT\t{genotypes}\n");
            records.push((*position, sample, text));
        }
    }
    records.sort();
    let mut input = HEADER
        .replace("#CHROM", "##contig=<ID=chr1,length=249250621>\n#CHROM")
        .trim_end()
        .to_owned()
        + "\tFORMAT";
    (0..SETS).for_each(|sample| write!(input, "\t{sample}").unwrap());
    input.push('\n');
    records.iter().for_each(|(.., text)| input.push_str(text));
    let options = Options {
        phased: true,
        ..options
    };
    let mut output = Vec::new();
    annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    let output = String::from_utf8(output).unwrap();
    // By sample, the sets that are told of its gene.
    let mut told: HashMap<usize, HashSet<Vec<Allele>>> = HashMap::new();
    let mut proteins = 0;
    for line in output.lines().filter(|line| !line.starts_with('#')) {
        let info = line.split('\t').nth(7).unwrap();
        let Some(entries) = info.split(';').find_map(|field| field.strip_prefix("HAPLOTYPE_CSQ=")) else {
            continue;
        };
        for fields in entries.split(',').map(|entry| entry.split('|').collect::<Vec<_>>()) {
            let sample: usize = fields[14].split(':').next().unwrap().parse().unwrap();
            let gene = &slice.genes[sets[sample].gene];
            if gene.name != fields[5] || fields[13] != "1" {
                continue;
            }
            let alleles = listed(fields[12]);
            let edits: Vec<_> = alleles.iter().map(edit).collect();
            let (before, after) = (gene.protein(&slice.bases), gene.protein_with(&slice.bases, &edits));
            let protein = name(fields[7]);
            assert!(
                describes(&protein, &before, &after),
                "{} {protein} {before} {after}",
                fields[12]
            );
            proteins += 1;
            told.entry(sample).or_default().insert(alleles);
        }
    }
    for (sample, set) in sets.iter().enumerate() {
        let gene = &slice.genes[set.gene];
        for pair in set.alleles.windows(2) {
            let codons = [&pair[0], &pair[1]].map(|allele| gene.codons(&edit(allele).0));
            let is_one = codons[0].iter().any(|codon| codons[1].contains(codon));
            let has = |told: &Vec<Allele>| pair.iter().all(|allele| told.contains(allele));
            let is_told = told.get(&sample).is_some_and(|told| told.iter().any(has));
            assert!(is_told || !is_one, "{:?} in {}", pair, gene.name);
        }
    }
    println!("{proteins} proteins, {} samples", told.len());
    assert!(proteins > SETS, "{proteins}");
}
