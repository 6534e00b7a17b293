//! Files that are damaged, or not ours.

use bytes::Bytes;
use variants::{Columns, Error, Filter, Query, Sort, Table, Variant};

use domain::variants::{ADDED_FIELDS, CONSEQUENCE_FIELDS};

use crate::file::{open, rows, scan, written, written_as, written_with};

fn small() -> Bytes {
    let row = |position: i64| Variant {
        chromosome: "chr1".to_owned(),
        position,
        end: position,
        reference: "A".to_owned(),
        alternate: Some("G".to_owned()),
        allele: 1,
        ids: vec![format!("rs{position}")],
        gene: Some("BRCA1".to_owned()),
        hgvs_c: Some(format!("c.{position}A>G")),
        max_frequency: Some(0.1),
        genotypes: Some(vec!["0/1".to_owned()]),
        consequences: vec![variants::Entry {
            values: domain::variants::CONSEQUENCE_FIELDS
                .iter()
                .map(|field| (field.name == "symbol").then(|| "BRCA1".to_owned()))
                .collect(),
        }],
        ..Variant::default()
    };
    written(&(1..6).map(row).collect::<Vec<_>>(), &["one"], 10)
}

/// Asks for all there is.
fn ask(file: &Bytes) -> Result<usize, Error> {
    let table = open(file)?;
    let pairs = [
        ("q", "c.1"),
        ("gene", "BRCA1"),
        ("genotype", "one:het"),
        ("region", "1"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let query = Query {
        filter: Filter::from_pairs(&pairs)?,
        sort: Sort::Frequency,
        charts: true,
        ..Query::default()
    };
    if scan(file, &table, &query)?.matched == 0 {
        return Ok(0);
    }
    let all: Vec<u64> = (0..table.rows().min(100)).collect();
    Ok(rows(file, &table, &all, Columns::All)?.len())
}

#[test]
fn a_file_that_ends_anywhere_is_an_error() {
    let file = small();
    assert_eq!(ask(&file).unwrap(), 5);
    for end in 0..file.len() {
        assert!(ask(&file.slice(..end)).is_err(), "{end} bytes");
    }
}

#[test]
fn a_wrong_byte_anywhere_is_an_error_or_a_wrong_value_never_a_panic() {
    let file = small();
    for at in 0..file.len() {
        let mut bytes = file.to_vec();
        bytes[at] ^= 1 << (at % 8);
        // Values may be others then; that they are read at all is enough.
        drop(ask(&bytes.into()));
    }
}

#[test]
fn bytes_that_are_not_handed_over_are_told() {
    let file = small();
    let query = Query {
        sort: Sort::Severity,
        ..Query::default()
    };
    let mut scan = open(&file).unwrap().scan(&query).unwrap();
    let error = scan.take(&variants::Chunks::new()).unwrap_err();
    assert!(matches!(error, Error::Missing { .. }), "{error}");
}

#[test]
fn a_file_that_was_made_before_fields_were_added_is_read_and_others_without_fields_are_not() {
    let entry = |values: [Option<&str>; 2]| variants::Entry {
        values: CONSEQUENCE_FIELDS
            .iter()
            .map(|field| match field.name {
                "symbol" => values[0].map(str::to_owned),
                "pli" => values[1].map(str::to_owned),
                _ => None,
            })
            .collect(),
    };
    let row = Variant {
        consequences: vec![entry([Some("BRCA1"), Some("1.2e-17")])],
        ..Variant::default()
    };
    let read = |count: usize| {
        let file = written_with(std::slice::from_ref(&row), &CONSEQUENCE_FIELDS[..count]);
        let table = open(&file)?;
        Ok::<_, Error>(rows(&file, &table, &[0], Columns::All)?.remove(0).consequences)
    };
    let all = CONSEQUENCE_FIELDS.len();
    assert_eq!(read(all).unwrap(), row.consequences);
    assert_eq!(read(all - ADDED_FIELDS).unwrap(), [entry([Some("BRCA1"), None])]);
    assert!(matches!(read(all - ADDED_FIELDS - 1), Err(Error::NotOurs(_))));
}

#[test]
fn other_files_and_versions_are_refused() {
    let said = |file: &[u8]| Table::open(file.len() as u64, file).unwrap_err().to_string();
    assert_eq!(said(b""), "the file of variants is empty, or cut off");
    assert_eq!(said(&[b'x'; 100]), "the file of variants is no Parquet, or cut off");
    assert_eq!(
        said(&written_as(&[], &[], 10, "2")),
        "the file of variants has version 2, not 1"
    );
    assert_eq!(
        said(b"PAR1\0\0\0\x7fPAR1"),
        "the file of variants is damaged: its footer has an impossible length"
    );
}

#[test]
fn what_answers_may_go_to_another_thread() {
    fn sent<T: Send + 'static>() {}
    sent::<Table>();
    sent::<variants::Scan>();
    sent::<variants::Rows>();
    sent::<variants::export::Export>();
    sent::<variants::export::Places>();
}
