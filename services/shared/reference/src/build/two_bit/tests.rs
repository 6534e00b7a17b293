use std::fs;

use super::*;
use crate::build::{Plan, build};
use crate::bundle::{Bundle, Packed};

/// A file of version 0 with one masked run in each sequence; N is written as T, as UCSC's tools do.
fn two_bit(sequences: &[(&str, &str)]) -> Vec<u8> {
    let records: Vec<Vec<u8>> = sequences.iter().map(|(_, bases)| record(bases.as_bytes())).collect();
    let index: usize = sequences.iter().map(|(name, _)| 1 + name.len() + 4).sum();
    let mut offset = 16 + index as u32;
    let mut file: Vec<u8> = [SIGNATURE, 0, sequences.len() as u32, 0]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    for ((name, _), record) in sequences.iter().zip(&records) {
        file.push(name.len() as u8);
        file.extend_from_slice(name.as_bytes());
        file.extend_from_slice(&offset.to_le_bytes());
        offset += record.len() as u32;
    }
    file.extend(records.concat());
    file
}

fn record(bases: &[u8]) -> Vec<u8> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (at, _) in bases.iter().enumerate().filter(|(_, base)| **base == b'N') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at as u32 => *length += 1,
            _ => runs.push((at as u32, 1)),
        }
    }
    let starts = runs.iter().map(|run| run.0);
    let lengths = runs.iter().map(|run| run.1);
    let words = [bases.len() as u32, runs.len() as u32].into_iter();
    let words = words.chain(starts).chain(lengths).chain([1, 0, 2, 0]);
    let bits = |base: &u8| b"TCAG".iter().position(|known| known == base).unwrap_or(0) as u8;
    let byte = |four: &[u8]| (0..4).fold(0, |byte, at| byte << 2 | four.get(at).map_or(0, bits));
    words
        .flat_map(u32::to_le_bytes)
        .chain(bases.chunks(4).map(byte))
        .collect()
}

fn built(sequence: &str, bytes: &[u8]) -> Result<Vec<(String, String, Option<String>)>, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(sequence);
    fs::write(&file, bytes).unwrap();
    fs::write(folder.path().join("chrom.sizes"), "chr1\t11\nchr2\t4\nchr3\t9\n").unwrap();
    let plan = Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.path().to_owned(),
        transcripts: Default::default(),
        sequence: Some(file),
        tracks: Vec::new(),
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.path().join("small.gasref");
    let chain = |error: &dyn std::error::Error| {
        format!(
            "{error}: {}",
            error.source().map(ToString::to_string).unwrap_or_default()
        )
    };
    build(&plan, &path, &mut |_| {}).map_err(|error| chain(&error))?;
    let bundle = Bundle::open(&path).unwrap();
    bundle.verify(&mut |_| {}).unwrap();
    let bases = |at: usize| {
        let mut bases = Vec::new();
        if let Some(packed) = Packed::new(&bundle, at) {
            assert!(packed.append(0..packed.len(), &mut bases));
        }
        String::from_utf8(bases).unwrap()
    };
    let chromosomes = bundle.manifest().chromosomes.iter().enumerate();
    Ok(chromosomes
        .map(|(at, known)| (known.name.clone(), bases(at), known.md5.clone()))
        .collect())
}

#[test]
fn two_bit_and_fasta_make_the_same_sequence() {
    let two_bit = built(
        "small.2bit",
        &two_bit(&[("chr1", "NNACGTTGCAN"), ("chr3", "TTTTGGGGC")]),
    )
    .unwrap();
    let fasta = built("small.fa", b">chr1 one\nNNACgt\nTGCAN\n>chr3\nTTTTGGGGC\n").unwrap();
    let expected = [
        ("chr1", "NNACGTTGCAN", Some("60af65129b3c68999b632753b60b7074")),
        ("chr2", "", None),
        ("chr3", "TTTTGGGGC", Some("7159b02b7b0f928c44f49e3df3ae610c")),
    ];
    assert_eq!(two_bit, fasta);
    for ((name, bases, md5), (expected, expected_bases, expected_md5)) in two_bit.iter().zip(expected) {
        assert_eq!(
            (&name[..], &bases[..], md5.as_deref()),
            (expected, expected_bases, expected_md5)
        );
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    let whole = two_bit(&[("chr1", "NNACGTTGCAN"), ("chr3", "TTTTGGGGC")]);
    for length in 0..whole.len() {
        let refused = built("small.2bit", &whole[..length]).unwrap_err();
        assert!(
            refused.ends_with("this is not a .2bit file of version 0 or 1, or it was cut off"),
            "{length}: {refused}"
        );
    }
}

#[test]
fn runs_beyond_the_end_and_counts_beyond_the_file_are_refused() {
    let whole = two_bit(&[("chr1", "NNACGTTGCAN")]);
    // Signature, version, count, reserved, name, offset; then the size, the number of runs, and their starts.
    let record = 16 + 1 + 4 + 4;
    for (at, number) in [
        (record + 4, u32::MAX),
        (record + 8, u32::MAX),
        (record, u32::MAX),
        (8, u32::MAX),
    ] {
        let mut broken = whole.clone();
        broken[at..at + 4].copy_from_slice(&number.to_le_bytes());
        assert!(built("small.2bit", &broken).is_err(), "{at}");
    }
}
