//! Tracks of numbers that are written and looked up.

use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::bundle::small;

/// Spans of chr2: start, end, number.
type Spans = Vec<(u32, u32, String)>;

fn text(spans: &Spans) -> String {
    let lines = spans
        .iter()
        .map(|(start, end, value)| format!("chr2\t{start}\t{end}\t{value}\n"));
    lines.collect()
}

/// A bundle of nothing but the track `depth`.
fn built(text: &str, folder: &Path) -> Bundle {
    small::built("depth", "depth.bedGraph", text, &[], folder)
}

fn bundle(text: &str) -> Bundle {
    built(text, TempDir::new().unwrap().path())
}

/// What is told of a span of chr2, and what overlaps it.
fn found<'b>(bundle: &'b Bundle, span: Range<u32>, most: usize, cursor: &mut GraphCursor<'b>) -> (Spans, Overlap) {
    let mut told = Vec::new();
    let overlap = Graph::new(bundle, "depth").overlapping(1, &span, most, cursor, |region| {
        let value = String::from_utf8(region.value.to_vec()).unwrap();
        told.push((region.start, region.end, value));
    });
    (told, overlap)
}

/// The same of sorted spans, one by one.
fn expected(spans: &Spans, span: &Range<u32>, most: usize) -> (Spans, Overlap) {
    let all = spans
        .iter()
        .filter(|(start, end, _)| *start < span.end && *end > span.start);
    let next = spans.iter().map(|(start, ..)| *start).find(|start| *start >= span.end);
    let overlap = Overlap {
        count: all.clone().count(),
        first_end: all.clone().map(|(_, end, _)| *end).min().unwrap_or(u32::MAX),
        next_start: next.unwrap_or(u32::MAX),
    };
    (all.take(most).cloned().collect(), overlap)
}

/// A number for each of so many bases, from 1000 on, with a gap in the middle.
fn by_base(count: u32) -> Spans {
    let bases = (1000..1000 + count).filter(|at| !(1000 + count / 2..1010 + count / 2).contains(at));
    bases
        .map(|at| (at, at + 1, format!("{}.{:03}", at % 7, at % 1000)))
        .collect()
}

fn spans() -> impl Strategy<Value = Spans> {
    let value = prop_oneof!["-?[0-9]\\.[0-9]{1,4}", "[0-9]{1,4}", "[1-9]e-[1-9]"];
    let apart = prop::collection::vec((0_u32..3, 1_u32..6, value.clone()), 1..300).prop_map(|steps| {
        let mut at = 100;
        let step = |(gap, length, value)| {
            at += gap + length;
            (at - length, at, value)
        };
        steps.into_iter().map(step).collect()
    });
    let any = prop::collection::vec((0_u32..2000, 1_u32..90, value), 1..300).prop_map(|spans| {
        spans
            .into_iter()
            .map(|(start, length, value)| (start, start + length, value))
            .collect()
    });
    prop_oneof![apart, any]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_row_that_overlaps_is_found(spans in spans(), asked in prop::collection::vec((0_u32..2200, 1_u32..200), 30), most in 0_usize..60) {
        let bundle = bundle(&text(&spans));
        let mut sorted = spans;
        sorted.sort_by_key(|(start, ..)| *start);
        let mut cursor = GraphCursor::default();
        for (start, length) in asked {
            let span = start..start + length;
            prop_assert_eq!(found(&bundle, span.clone(), most, &mut cursor), expected(&sorted, &span, most));
        }
    }
}

#[test]
fn a_number_for_each_base_takes_many_blocks_and_a_long_span_reaches_over_them() {
    let spans = by_base(20_000);
    let long: Spans = [vec![(10, 90_000_000, "7".to_owned())], spans.clone()].concat();
    for spans in [spans, long] {
        let bundle = bundle(&text(&spans));
        let mut cursor = GraphCursor::default();
        for span in [
            0..1,
            11..12,
            1000..1001,
            5095..5098,
            10_999..11_012,
            11_003..11_004,
            500..30_000,
            20_999..21_000,
            21_000..21_001,
        ] {
            assert_eq!(
                found(&bundle, span.clone(), 5, &mut cursor),
                expected(&spans, &span, 5),
                "{span:?}"
            );
        }
        assert_eq!(
            Graph::new(&bundle, "depth")
                .overlapping(0, &(0..9), 5, &mut cursor, |_| {})
                .count,
            0
        );
    }
}

#[test]
fn unsorted_rows_are_sorted_outside_of_memory() {
    let spans = by_base(30_000);
    let turned: Spans = spans.iter().rev().cloned().collect();
    let (bundle, turned) = (bundle(&text(&spans)), bundle(&text(&turned)));
    let section = |bundle: &Bundle| bundle.section("depth.blocks").to_vec();
    assert!(section(&bundle) == section(&turned));
}

#[test]
fn damaged_blocks_are_told() {
    let folder = TempDir::new().unwrap();
    let whole = built(&text(&by_base(9000)), folder.path());
    let path = folder.path().join("small.gasref");
    let bytes = std::fs::read(&path).unwrap();
    let blocks = &whole.manifest().sections["depth.blocks"];
    let mut told = 0;
    for at in (blocks.offset..blocks.offset + blocks.length).step_by(23) {
        let mut bytes = bytes.clone();
        bytes[at as usize] ^= 1 << (at % 8);
        std::fs::write(&path, bytes).unwrap();
        let bundle = Bundle::open(&path).unwrap();
        let mut cursor = GraphCursor::default();
        for start in (900..10_100).step_by(450) {
            drop(found(&bundle, start..start + 500, 40, &mut cursor));
        }
        told += usize::from(bundle.damage().is_err());
    }
    assert!(told > 0);
}
