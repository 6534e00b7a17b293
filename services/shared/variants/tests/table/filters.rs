//! Which rows match.

use std::sync::Arc;

use proptest::prelude::*;
use variants::{Error, Filter, NamedRegions, Query, RegionSet, Variant};

use crate::file::{matching, open, written};
use crate::random::SAMPLES;
use crate::{naive, random};

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_finds_what_looking_at_every_row_finds(
        rows in random::table(), filters in proptest::collection::vec(random::filter(), 1..8), group in 10usize..150,
    ) {
        let file = written(&rows, &SAMPLES, group);
        for filter in filters {
            prop_assert_eq!(matching(&file, &filter), naive::matching(&rows, &filter, &SAMPLES), "{:?}", filter);
        }
    }

    #[test]
    fn a_set_of_regions_finds_what_a_list_of_them_finds_and_narrows_what_else_is_asked(
        rows in random::table(), regions in proptest::collection::vec(random::region(), 1..9), filter in random::filter(),
    ) {
        let file = written(&rows, &SAMPLES, 40);
        let set = RegionSet::new(regions.iter().cloned());
        let named = NamedRegions { name: "0".repeat(32), regions: Some(Arc::new(set)) };
        let filter = Filter { inheritance: None, ..filter };
        let by_list = matching(&file, &Filter { regions, ..Filter::default() });
        let mut expected = matching(&file, &filter);
        expected.retain(|row| by_list.contains(row));
        prop_assert_eq!(matching(&file, &Filter { region_set: Some(named), ..filter }), expected);
    }

    #[test]
    fn an_address_carries_a_filter(filter in random::filter()) {
        let read = Filter::from_pairs(&filter.to_pairs()).unwrap();
        prop_assert_eq!(&read, &filter);
        prop_assert_eq!(filter.describe().is_empty(), filter.is_empty());
        for part in filter.describe() {
            let without = Filter::from_pairs(&part.without).unwrap();
            prop_assert_eq!(without.describe().len() + 1, filter.describe().len());
        }
    }
}

#[test]
fn pairs_are_read_as_forms_send_them() {
    let filter = Filter::from_pairs(&pairs(&[
        ("gene", "BRCA1, TP53\r\nbrca2"),
        ("region", "chr7:117,120,000-117,130,000 8; X,"),
        ("impact", "HIGH,moderate"),
        ("consequence", ""),
        ("frequency", "1%"),
        ("genotype", "a:b:het"),
        ("child", "kid"),
        ("unknown", "field"),
    ]));
    let filter = filter.unwrap();
    assert_eq!(filter.genes, ["BRCA1", "TP53", "brca2"]);
    assert_eq!(filter.regions.len(), 3);
    assert_eq!(filter.regions[0].to_string(), "chr7:117,120,000-117,130,000");
    assert_eq!(filter.impacts.len(), 2);
    assert_eq!(filter.frequency, Some(variants::FrequencyIs::AtMost(0.01)));
    assert_eq!(filter.genotypes[0].0, "a:b");
    assert_eq!(filter.inheritance, None);
    let parts: Vec<String> = filter.describe().into_iter().map(|part| part.words).collect();
    assert_eq!(parts[3], "region chr7:117,120,000-117,130,000");
    assert_eq!(parts.last().unwrap(), "a:b is heterozygous");
}

#[test]
fn what_cannot_be_read_is_told_by_field_and_in_a_sentence() {
    for (given, field, why) in [
        (
            [("impact", "big")].as_slice(),
            "impact",
            "An impact is high, moderate, low or modifier, not “big”.",
        ),
        (
            &[("frequency", "2")],
            "frequency",
            "A frequency is a number from 0 to 1, or a percentage, not “2”.",
        ),
        (
            &[("frequency", "NaN")],
            "frequency",
            "A frequency is a number from 0 to 1, or a percentage, not “NaN”.",
        ),
        (
            &[("consequence", "bad")],
            "consequence",
            "“bad” is no consequence of the Sequence Ontology, such as missense_variant.",
        ),
        (
            &[("region", "7:9-1")],
            "region",
            "The region “7:9-1” ends before it starts.",
        ),
        (
            &[("child", "a"), ("mother", "b"), ("model", "denovo")],
            "father",
            "Choose the father’s sample: inheritance is told from all three.",
        ),
        (
            &[("child", "a"), ("mother", "b"), ("father", "b"), ("model", "denovo")],
            "father",
            "Child, mother and father are three samples.",
        ),
        (
            &[("change", "C>C")],
            "change",
            "A substitution is written C>T, not “C>C”.",
        ),
    ] {
        let wrong = Filter::from_pairs(&pairs(given)).unwrap_err();
        assert_eq!((wrong.field, wrong.why.as_str()), (field, why));
    }
}

#[test]
fn a_sample_that_is_not_there_is_told() {
    let file = written(
        &[Variant {
            chromosome: "1".to_owned(),
            ..Variant::default()
        }],
        &["one"],
        10,
    );
    let filter = Filter::from_pairs(&pairs(&[("genotype", "two:het")])).unwrap();
    let query = Query {
        filter,
        ..Query::default()
    };
    let Err(Error::Wrong(wrong)) = open(&file).unwrap().scan(&query) else {
        panic!("it scans")
    };
    assert_eq!(
        (wrong.field, wrong.why.as_str()),
        ("genotype", "This file has no sample “two”.")
    );
}

#[test]
fn row_groups_of_other_chromosomes_are_not_read() {
    let row = |chromosome: &str, position| Variant {
        chromosome: chromosome.to_owned(),
        position,
        end: position,
        reference: "A".to_owned(),
        ..Variant::default()
    };
    let mut rows: Vec<Variant> = (1..=20).map(|place| row("chr1", place)).collect();
    rows.extend((1..=20).map(|place| row("chr2", place)));
    let file = written(&rows, &[], 10);
    let asks = |region: &str| {
        let query = Query {
            filter: Filter::from_pairs(&pairs(&[("region", region)])).unwrap(),
            ..Query::default()
        };
        let mut scan = open(&file).unwrap().scan(&query).unwrap();
        let (mut groups, mut ahead) = (Vec::new(), Vec::new());
        while let Some(reads) = scan.wants() {
            groups.push(reads[0].key.group);
            ahead.extend(scan.ahead(1).first().map(|read| read.key.group));
            scan.take(&crate::file::fetch(&file, &reads)).unwrap();
        }
        assert_eq!(ahead, groups.get(1..).unwrap_or_default());
        (groups, scan.finish().matched)
    };
    assert_eq!(asks("2:11-12"), (vec![3], 2));
    assert_eq!(asks("1"), (vec![0, 1], 20));
    assert_eq!(asks("3"), (vec![], 0));
}

#[test]
fn a_gene_is_sought_in_dictionaries_before_any_column_is_read() {
    let row = |place: i64, symbol: &str| Variant {
        chromosome: "1".to_owned(),
        position: place,
        end: place,
        reference: "A".to_owned(),
        consequences: vec![variants::Entry {
            values: domain::variants::CONSEQUENCE_FIELDS
                .iter()
                .map(|field| (field.name == "symbol").then(|| symbol.to_owned()))
                .collect(),
        }],
        ..Variant::default()
    };
    let rows: Vec<Variant> = (0..40)
        .map(|place| row(place + 1, if place == 25 { "BRCA1" } else { "NBR2" }))
        .collect();
    let file = written(&rows, &[], 10);
    let query = Query {
        filter: Filter::from_pairs(&pairs(&[("gene", "brca1")])).unwrap(),
        ..Query::default()
    };
    let mut scan = open(&file).unwrap().scan(&query).unwrap();
    let mut parts = Vec::new();
    while let Some(reads) = scan.wants() {
        parts.push(
            reads
                .iter()
                .map(|read| (read.key.group, read.key.part))
                .collect::<Vec<_>>(),
        );
        scan.take(&crate::file::fetch(&file, &reads)).unwrap();
    }
    assert_eq!(scan.finish().page, [25]);
    // Of symbols and ids: a dictionary each, then dictionary and pages of one row group.
    let dictionaries = (0..4).flat_map(|group| [(group, 0); 2]).collect::<Vec<_>>();
    assert_eq!(parts, [dictionaries, vec![(2, 0), (2, 1), (2, 0), (2, 1)]]);
}

#[test]
fn regions_that_nobody_has_found_are_told_at_their_field() {
    let file = written(&[], &SAMPLES, 10);
    let filter = Filter::from_pairs(&pairs(&[("regions", "0123456789abcdef0123456789abcdef")])).unwrap();
    assert_eq!(filter.describe()[0].words, "regions of a BED file");
    let query = Query {
        filter,
        ..Query::default()
    };
    let wrong = match open(&file).unwrap().scan(&query) {
        Err(Error::Wrong(wrong)) => wrong,
        other => panic!("{other:?}"),
    };
    assert!(
        wrong.field == "regions" && wrong.why.ends_with("Send the BED file again."),
        "{wrong}"
    );
}
