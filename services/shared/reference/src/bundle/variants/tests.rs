//! Tracks that are written and looked up.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::{Cursor, Variants};
use crate::Bundle;
use crate::bundle::small;

const HEADER: &str = "##INFO=<ID=NOTE,Number=1,Type=String,Description=\"Note\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// A bundle of nothing but the track `freq`, made of a VCF of these records.
fn built(records: &str, folder: &Path) -> Bundle {
    small::built("freq", "freq.vcf", &format!("{HEADER}{records}"), &["NOTE"], folder)
}

fn bundle(records: &str) -> Bundle {
    let folder = TempDir::new().unwrap();
    built(records, folder.path())
}

/// A variant of chr2, which has no sequence: where it starts (0-based), alleles without common bases, and its note.
type Variant = (u32, String, String, String);

/// A record of each.
fn records<'v>(variants: impl IntoIterator<Item = &'v Variant>) -> String {
    let lines = variants.into_iter().map(|(start, reference, alternate, note)| {
        let base = if reference.is_empty() || alternate.is_empty() {
            "N"
        } else {
            ""
        };
        let position = *start as usize + 1 - base.len();
        format!("chr2\t{position}\t.\t{base}{reference}\t{base}{alternate}\t.\t.\tNOTE={note}\n")
    });
    lines.collect()
}

fn variants() -> impl Strategy<Value = Vec<Variant>> {
    let alleles = prop_oneof![
        6 => ("[ACGT]", "[ACGT]"),
        1 => ("[ACGTN]{1,30}", ""),
        1 => ("", "[ACGTN]{1,30}"),
        1 => ("A[ACGT]{1,3}A", "C[ACGT]{1,5}C"),
    ];
    let note = prop_oneof!["[0-9]\\.[0-9]{1,5}e-0[1-9]", "[0-9]{1,6}", "[!-:<-~]{1,9}", "\\."];
    let variant = (1_u32..4000, alleles, note)
        .prop_filter("changes nothing", |(_, (reference, alternate), _)| {
            reference != alternate
        })
        .prop_map(|(start, (reference, alternate), note)| (start, reference, alternate, note));
    prop::collection::vec(variant, 1..400)
}

/// The track's rows of chr2, looked up in this order of starts.
fn looked_up(bundle: &Bundle, starts: impl Iterator<Item = u32>) -> BTreeMap<u32, Vec<Variant>> {
    let view = Variants::new(bundle, "freq", false);
    let mut cursor = Cursor::default();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let of_start = |start| {
        let rows = view.at(1, start, &mut cursor).map(|row| {
            let mut note = Vec::new();
            row.append_value(0, &mut note);
            (start, text(row.reference), text(row.inserted), text(&note))
        });
        (start, rows.collect::<Vec<_>>())
    };
    let rows = starts.map(of_start);
    rows.filter(|(_, rows)| !rows.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn look_ups_find_what_the_source_has_byte_for_byte(variants in variants(), is_sorted in any::<bool>(), factor in 1_u32..1999) {
        let mut variants = variants;
        let mut naive: BTreeMap<u32, Vec<Variant>> = BTreeMap::new();
        if is_sorted {
            variants.sort_by_key(|variant| variant.0);
        }
        for variant in &variants {
            naive.entry(variant.0).or_default().push(variant.clone());
        }
        let bundle = bundle(&records(&variants));
        prop_assert_eq!(bundle.manifest().track("freq").unwrap().rows, variants.len() as u64);
        // Forward, and in an order that jumps: 4001 is a prime.
        prop_assert_eq!(&looked_up(&bundle, 0..4001), &naive);
        prop_assert_eq!(&looked_up(&bundle, (1..4001).map(|start| start * factor % 4001)), &naive);
        prop_assert!(bundle.damage().is_ok());
    }
}

/// Some thousand variants, several of them at most positions, and so several blocks.
fn many() -> Vec<Variant> {
    let base = |number: u32| "ACGT"[number as usize % 4..][..1].to_owned();
    let variant = |row: u32| (100 + row / 5, base(row), base(row + 1), format!("{}.{row:05}", row % 7));
    (0..20_000).map(variant).collect()
}

#[test]
fn a_source_in_any_order_makes_the_same_track() {
    let sorted = many();
    let mut shuffled: Vec<_> = (0..997)
        .flat_map(|first| sorted.iter().skip(first).step_by(997))
        .collect();
    // Among those at one position the order of the source stays.
    let expected = looked_up(&bundle(&records(&sorted)), 0..5000);
    assert_eq!(expected.values().map(Vec::len).sum::<usize>(), 20_000);
    shuffled.sort_by_key(|variant| variant.0 % 997);
    let bundle = bundle(&records(shuffled));
    let mut found = looked_up(&bundle, 0..5000);
    found
        .values_mut()
        .for_each(|rows| rows.sort_by_key(|row| row.3[2..].to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn more_than_is_sorted_in_memory_is_sorted_in_a_file() {
    // Each note is 20 kB long, and all of them are more than two runs.
    let long = |row: u32| {
        (
            row * 7919 % 3001 + 1,
            "A".to_owned(),
            "C".to_owned(),
            format!("{row}x").repeat(4000),
        )
    };
    let variants: Vec<Variant> = (0..3001).map(long).collect();
    let folder = TempDir::new().unwrap();
    let bundle = built(&records(&variants), folder.path());
    let found = looked_up(&bundle, 0..4000);
    assert_eq!(found.len(), 3001);
    assert!(variants.iter().all(|variant| found[&variant.0] == [variant.clone()]));
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert!(
        names
            .into_iter()
            .all(|entry| !entry.unwrap().file_name().to_string_lossy().starts_with('.'))
    );
}

/// A bundle's file with some bytes of a section changed.
fn damaged(bundle: &Bundle, section: &str, change: impl FnOnce(&mut [u8])) -> (TempDir, Bundle) {
    let folder = TempDir::new().unwrap();
    let mut bytes = std::fs::read(bundle.path()).unwrap();
    let own = bundle.section(section);
    let begin = bytes.windows(own.len()).position(|window| window == own).unwrap();
    change(&mut bytes[begin..][..own.len()]);
    let path = folder.path().join("damaged.gasref");
    std::fs::write(&path, bytes).unwrap();
    let bundle = Bundle::open(&path).unwrap();
    (folder, bundle)
}

#[test]
fn a_block_that_cannot_be_read_is_told() {
    let folder = TempDir::new().unwrap();
    let whole = built(&records(&many()), folder.path());
    for section in ["freq.blocks", "freq.offset", "freq.length"] {
        let (_folder, bundle) = damaged(&whole, section, |bytes| bytes.fill(0xff));
        looked_up(&bundle, 100..110);
        let error = bundle.damage().unwrap_err().to_string();
        assert!(
            error.ends_with("is damaged in section freq.blocks; build it again, or copy it again"),
            "{error}"
        );
    }
}

#[test]
fn no_damage_of_a_track_is_more_than_an_error() {
    let folder = TempDir::new().unwrap();
    let whole = built(&records(&many()[..6000]), folder.path());
    let mut chance = 88_172_645_463_325_252_u64;
    let mut next = |end: usize| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        chance as usize % end
    };
    let mut noticed = 0;
    for round in 0..600 {
        let section = [
            "freq.blocks",
            "freq.blocks",
            "freq.rows",
            "freq.first",
            "freq.offset",
            "freq.length",
        ][round % 6];
        let (_folder, bundle) = damaged(&whole, section, |bytes| {
            // Many of the bytes that say how long something is are at the beginning.
            let most = if round % 12 < 6 {
                bytes.len().min(200)
            } else {
                bytes.len()
            };
            for _ in 0..=round % 3 {
                bytes[next(most)] ^= 1 << next(8);
            }
        });
        let _ = looked_up(&bundle, (0..1400).step_by(3));
        noticed += u32::from(bundle.damage().is_err());
    }
    assert!(noticed > 60, "{noticed}");
}
