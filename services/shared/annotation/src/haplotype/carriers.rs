//! Which alleles each chromosome copy of each sample has.

use std::collections::{BTreeMap, BTreeSet};

use super::piece::Piece;
use vcf::PhaseSet;

/// A chromosome copy: a sample, from 0, and the place of its alleles in GT, from 0.
pub(super) type Copy = (u32, u8);

/// An allele of a sample: which of the pieces, on which copy, and how that is known.
type Own = (u32, u8, PhaseSet);

/// Lists of pieces, by their places, that are together on copies; those with two pieces and more.
pub(super) fn haplotypes(pieces: &[Piece]) -> BTreeMap<Vec<u32>, Vec<Copy>> {
    let mut all: Vec<(u32, Own)> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let carried = piece.allele.carriers.iter();
        all.extend(carried.map(|carried| (carried.sample, (at as u32, carried.copy, carried.set))));
    }
    all.sort_unstable();
    let mut lists: BTreeMap<Vec<u32>, Vec<Copy>> = BTreeMap::new();
    for own in all.chunk_by(|one, other| one.0 == other.0).filter(|own| own.len() > 1) {
        let sample = own[0].0;
        for (copy, list) in of_sample(own) {
            lists.entry(list).or_default().push((sample, copy));
        }
    }
    lists
}

/// The lists of one sample.
fn of_sample(own: &[(u32, Own)]) -> Vec<(u8, Vec<u32>)> {
    let own = || own.iter().map(|(_, own)| *own);
    let mut sets: BTreeMap<PhaseSet, BTreeSet<u8>> = BTreeMap::new();
    for (_, copy, set) in own() {
        let copies = sets.entry(set).or_default();
        if !set.is_copy() || copies.is_empty() {
            copies.insert(copy);
        }
    }
    // What is on all copies alone is told of the copies of which nothing else is known.
    let on_all = sets.remove(&PhaseSet::ALL).unwrap_or_default();
    let known: BTreeSet<u8> = sets.values().flatten().copied().collect();
    let rest = on_all.difference(&known).map(|copy| (PhaseSet::ALL, *copy));
    let named = sets
        .iter()
        .flat_map(|(set, copies)| copies.iter().map(|copy| (*set, *copy)));
    let lists = named.chain(rest).map(|(set, copy)| {
        let is_there = |(_, own_copy, own_set): &Own| match *own_set {
            PhaseSet::ALL => *own_copy == copy,
            own_set => own_set == set && (set.is_copy() || *own_copy == copy),
        };
        let list: Vec<u32> = own().filter(is_there).map(|(piece, ..)| piece).collect();
        (copy, list)
    });
    lists.filter(|(_, list)| list.len() > 1).collect()
}
