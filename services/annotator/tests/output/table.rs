//! What is asked of the table of variants is answered as the VCF has it.

use std::fs;

use bytes::Bytes;
use variants::{Chunks, Filter, Opening, Query, Table};

use super::formats::annotated;

/// How many rows match.
fn matched(file: &Bytes, pairs: &[(&str, &str)]) -> u64 {
    let Opening::Table(table) = Table::open(file.len() as u64, file).unwrap() else {
        panic!("all of it is there")
    };
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let filter = Filter::from_pairs(&pairs).unwrap();
    let mut scan = table
        .scan(&Query {
            filter,
            ..Query::default()
        })
        .unwrap();
    while let Some(reads) = scan.wants() {
        let mut chunks = Chunks::new();
        for read in &reads {
            chunks.insert(read, file.slice(read.range.start as usize..read.range.end as usize));
        }
        scan.take(&chunks).unwrap();
    }
    scan.finish().matched
}

#[test]
fn filters_find_in_the_table_what_the_vcf_has() {
    let folder = annotated(&["--output", "out.parquet"]);
    let file = Bytes::from(fs::read(folder.path().join("out.parquet")).unwrap());
    for (pairs, expected) in [
        (&[][..], 6),
        (&[("filter", "PASS")], 2),
        (&[("filter", "s50")], 3),
        (&[("quality", "3.5")], 2),
        (&[("region", "chrM:263")], 3),
        (&[("kind", "snv")], 4),
        (&[("change", "A>T")], 1),
        (&[("gene", "mt-tl1")], 1),
        (&[("genotype", "one:het")], 4),
        (&[("genotype", "one:hom_ref")], 1),
        (&[("genotype", "two \"2\":hom_alt")], 1),
        (&[("genotype", "two \"2\":missing")], 4),
        (&[("genotype", "one:het"), ("genotype", "two \"2\":hom_alt")], 1),
        (&[("q", "rs2")], 1),
    ] {
        assert_eq!(matched(&file, pairs), expected, "{pairs:?}");
    }
}
