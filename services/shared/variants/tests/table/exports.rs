//! Files of what matches.

use bytes::Bytes;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use variants::export::{Export, Format, Place, Places};
use variants::{Columns, Filter, Query, Variant};

use crate::file::{fetch, open, rows, scan, written};
use crate::random;
use crate::random::SAMPLES;

/// A table, always the same.
fn sample() -> Vec<Variant> {
    let mut runner = TestRunner::deterministic();
    let table = random::table().prop_filter("long", |rows| rows.len() > 60);
    table.new_tree(&mut runner).unwrap().current()
}

fn filter() -> Filter {
    Filter::from_pairs(&[("known".to_owned(), "yes".to_owned())]).unwrap()
}

fn exported(file: &Bytes, format: Format) -> (Vec<u64>, Vec<u8>) {
    let table = open(file).unwrap();
    let found = scan(
        file,
        &table,
        &Query {
            filter: filter(),
            ..Query::default()
        },
    )
    .unwrap();
    let rows = found.selected.iter().collect();
    let mut export = Export::new(&table, found.selected, format).unwrap();
    let mut written = Vec::new();
    loop {
        while let Some(piece) = export.piece().unwrap() {
            assert!(!piece.is_empty());
            written.extend(piece);
        }
        match export.wants() {
            Some(reads) => export.take(&fetch(file, &reads)).unwrap(),
            None => return (rows, written),
        }
    }
}

#[test]
fn parquet_has_the_same_rows_in_the_same_columns() {
    let all = sample();
    let file = written(&all, &SAMPLES, 25);
    let (numbers, exported) = exported(&file, Format::Parquet);
    let exported = Bytes::from(exported);
    let table = open(&exported).unwrap();
    assert_eq!(table.samples(), SAMPLES);
    let own: Vec<u64> = (0..table.rows()).collect();
    let own = rows(&exported, &table, &own, Columns::All).unwrap();
    assert!(numbers.len() > 10);
    assert_eq!(own.len(), numbers.len());
    for (own, number) in own.iter().zip(&numbers) {
        let expected = &all[*number as usize];
        assert_eq!(
            &Variant {
                row: *number,
                ..own.clone()
            },
            expected
        );
    }
}

#[test]
fn json_lines_have_an_object_for_each_row() {
    let all = sample();
    let (numbers, exported) = exported(&written(&all, &SAMPLES, 25), Format::JsonLines);
    let lines: Vec<serde_json::Value> = exported
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines.len(), numbers.len());
    for (line, number) in lines.iter().zip(numbers) {
        let expected = &all[number as usize];
        assert_eq!(line["position"], expected.position);
        assert_eq!(line["ids"].as_array().unwrap().len(), expected.ids.len());
        assert_eq!(
            line.get("quality").and_then(serde_json::Value::as_f64),
            expected.quality
        );
        assert_eq!(
            line["consequences"].as_array().unwrap().len(),
            expected.consequences.len()
        );
        let genotype = expected.genotypes.as_ref().map(|own| own[3].as_str());
        assert_eq!(
            line.pointer("/genotypes/a:b").and_then(serde_json::Value::as_str),
            genotype
        );
    }
}

#[test]
fn json_lines_name_the_columns_in_their_order() {
    let all = sample();
    let (numbers, exported) = exported(&written(&all, &SAMPLES, 25), Format::JsonLines);
    let text = String::from_utf8(exported).unwrap();
    let columns = open(&written(&all, &SAMPLES, 25)).unwrap();
    let tsv = exported_header(&columns);
    assert_eq!(text.lines().count(), numbers.len());
    // Entries have fields of the same names.
    for line in text.lines().filter_map(|line| line.split("\"consequences\":").next()) {
        let places: Vec<_> = tsv
            .iter()
            .filter_map(|name| line.find(&format!("\"{name}\":")))
            .collect();
        assert!(places.len() >= 9 && places.is_sorted(), "{line}");
    }
}

/// The names of the columns before those of the samples.
fn exported_header(table: &variants::Table) -> Vec<String> {
    let mut export = Export::new(table, variants::Selected::default(), Format::Tsv).unwrap();
    let header = String::from_utf8(export.piece().unwrap().unwrap()).unwrap();
    header.split('\t').take(21).map(str::to_owned).collect()
}

#[test]
fn tables_have_a_column_for_each_sample() {
    let all = sample();
    let (numbers, exported) = exported(&written(&all, &SAMPLES, 25), Format::Tsv);
    let text = String::from_utf8(exported).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    assert_eq!(names[..3], ["chromosome", "position", "end"]);
    assert_eq!(names[names.len() - 4..], SAMPLES);
    let at = |name: &str| names.iter().position(|own| *own == name).unwrap();
    for number in numbers {
        let (line, expected) = (lines.next().unwrap(), &all[number as usize]);
        assert_eq!(line.len(), names.len());
        assert_eq!(line[at("position")], expected.position.to_string());
        assert_eq!(line[at("ids")], expected.ids.join(","));
        assert_eq!(line[at("gene")], expected.gene.clone().unwrap_or_default());
        assert_eq!(
            line[at("mother")],
            expected.genotypes.as_ref().map_or("", |own| own[1].as_str())
        );
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn places_name_the_records() {
    let all = sample();
    let file = written(&all, &SAMPLES, 25);
    let table = open(&file).unwrap();
    let found = scan(
        &file,
        &table,
        &Query {
            filter: filter(),
            ..Query::default()
        },
    )
    .unwrap();
    let place = |row: usize, before| Place {
        chromosome: all[row].chromosome.clone(),
        position: all[row].position,
        reference: all[row].reference.clone(),
        alternate: all[row].alternate.clone(),
        before,
    };
    let rows = found.selected.iter().map(|row| row as usize);
    let same = |row: usize| (0..row).filter(|other| place(*other, 0) == place(row, 0)).count();
    let expected: Vec<Place> = rows.map(|row| place(row, same(row))).collect();
    let mut places = Places::new(&table, found.selected);
    let mut own = Vec::new();
    while let Some(reads) = places.wants() {
        own.extend(places.take(&fetch(&file, &reads)).unwrap());
    }
    assert_eq!(own, expected);
}

#[test]
fn nothing_that_matches_makes_a_whole_file_all_the_same() {
    let file = written(
        &[Variant {
            chromosome: "1".to_owned(),
            reference: "A".to_owned(),
            ..Variant::default()
        }],
        &SAMPLES,
        25,
    );
    let (_, exported) = exported(&file, Format::Parquet);
    assert_eq!(open(&Bytes::from(exported)).unwrap().rows(), 0);
}
