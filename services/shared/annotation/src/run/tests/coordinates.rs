//! Places in transcripts and in other assemblies, against the slowest way to find them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use reference::build::{Plan, build};
use reference::bundle::Chain;
use reference::{Bundle, Genome};
use tempfile::TempDir;

use crate::transcript::Transcript;

const LENGTH: usize = 400;

/// A bundle of one chromosome of [`LENGTH`] bases with these files beside it.
fn bundle(files: &[(&str, &str)], chain: Option<&str>) -> (TempDir, Bundle) {
    let folder = TempDir::new().unwrap();
    let sizes = ("chrom.sizes", format!("chr1\t{LENGTH}\n"));
    for (name, text) in files.iter().copied().chain([(sizes.0, sizes.1.as_str())]) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let plan = Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.path().to_owned(),
        transcripts: Default::default(),
        sequence: None,
        tracks: Vec::new(),
        chains: chain.map(|name| folder.path().join(name)).into_iter().collect(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.path().join("small.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    let bundle = Bundle::open(&path).unwrap();
    (folder, bundle)
}

/// Spans one after the other: each some bases after the end of the one before.
fn spans(steps: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut at = 0;
    let next = |(gap, length): &(u32, u32)| {
        let start = at + gap;
        at = start + length;
        (start, at)
    };
    steps.iter().map(next).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_transcripts_messenger_is_its_exons_in_its_direction(
        steps in prop::collection::vec((1_u32..20, 1_u32..20), 1..8), reverse: bool,
    ) {
        let exons = spans(&steps);
        let list = |of: fn(&(u32, u32)) -> u32| exons.iter().map(|exon| format!("{},", of(exon))).collect::<String>();
        let (start, end) = (exons[0].0, exons[exons.len() - 1].1);
        let row = format!(
            "0\tNR_1\tchr1\t{}\t{start}\t{end}\t{end}\t{end}\t{}\t{}\t{}\t0\tG\tunk\tunk\t{}\n",
            if reverse { '-' } else { '+' }, exons.len(), list(|exon| exon.0), list(|exon| exon.1), "-1,".repeat(exons.len()),
        );
        let (_folder, bundle) = bundle(&[("refGene.txt", &row)], None);
        let genome = Genome::new(&bundle);
        let transcript = Transcript::new(genome.genes.unwrap().row(0), None);
        let mut bases: Vec<u32> = exons.iter().flat_map(|exon| exon.0..exon.1).collect();
        if reverse {
            bases.reverse();
        }
        let places: BTreeMap<u32, u32> = bases.iter().copied().zip(0..).collect();
        // Forward and backward, so that what is remembered of the last search is wrong half of the time.
        for position in (0..LENGTH as u32).chain((0..LENGTH as u32).rev()) {
            prop_assert_eq!(transcript.messenger(position), places.get(&position).copied(), "{}", position);
        }
        for first in start..end {
            for last in first..(first + 6).min(end) {
                let own: Option<Vec<u32>> = (first..=last).map(|position| places.get(&position).copied()).collect();
                // A span across an intron is none of the messenger's, even where all of its bases are.
                let is_one = exons.iter().any(|exon| exon.0 <= first && last < exon.1);
                let expected = own.filter(|_| is_one).map(|own| own[0].min(own[own.len() - 1])..own[0].max(own[own.len() - 1]) + 1);
                prop_assert_eq!(transcript.messenger_span(&(first..last + 1)), expected);
            }
        }
    }

    #[test]
    fn a_chain_lifts_each_base_to_its_counterpart(
        blocks in prop::collection::vec((1_u32..12, 0_u32..6, 0_u32..6), 1..8), reverse: bool,
    ) {
        let length = LENGTH as u32;
        let (mut source, mut target, mut text) = (7, 11, String::new());
        let mut places = BTreeMap::new();
        for (index, (size, gap, other_gap)) in blocks.iter().enumerate() {
            for base in 0..*size {
                let own = target + base;
                places.insert(source + base, if reverse { length - 1 - own } else { own });
            }
            let is_last = index + 1 == blocks.len();
            text += &if is_last { format!("{size}\n\n") } else { format!("{size}\t{gap}\t{other_gap}\n") };
            source += size + if is_last { 0 } else { *gap };
            target += size + if is_last { 0 } else { *other_gap };
        }
        let strand = if reverse { '-' } else { '+' };
        let chain = format!("chain 1 chr1 {length} + 7 {source} chr1 {length} {strand} 11 {target} 1\n{text}");
        let (_folder, bundle) = bundle(&[("oldToSmall.chain", &chain)], Some("oldToSmall.chain"));
        let chain = Chain::new(&bundle, "old").unwrap();
        for position in 0..length {
            let lifted = chain.block(0, position).and_then(|block| block.lift(position, position + 1));
            prop_assert_eq!(lifted.map(|(start, _)| start), places.get(&position).copied(), "{}", position);
        }
    }
}
