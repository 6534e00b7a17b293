//! Records as they are found by the index of results, and what is told of them.

use std::io::Write;

use noodles_bgzf as bgzf;
use noodles_core::Position;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_tabix as tabix;

use super::*;
use crate::export::Place;

/// Results with their index, both packed.
struct Results {
    packed: Vec<u8>,
    index: RecordIndex,
}

/// Packs records, each with the last of its positions (1-based).
fn results(header: &str, records: impl IntoIterator<Item = (String, usize)>) -> Results {
    let mut writer = bgzf::io::Writer::new(Vec::new());
    let mut indexer = tabix::index::Indexer::default();
    indexer.set_header(noodles_csi::binning_index::index::header::Builder::vcf().build());
    writer.write_all(header.as_bytes()).unwrap();
    for (line, end) in records {
        let from = writer.virtual_position();
        writeln!(writer, "{line}").unwrap();
        let chunk = Chunk::new(from, writer.virtual_position());
        let mut columns = line.split('\t');
        let chromosome = columns.next().unwrap();
        let start = Position::new(columns.next().unwrap().parse().unwrap()).unwrap();
        indexer
            .add_record(chromosome, start, Position::new(end).unwrap(), chunk)
            .unwrap();
    }
    let mut packed_index = tabix::io::Writer::new(Vec::new());
    packed_index.write_index(&indexer.build()).unwrap();
    let packed_index = packed_index.into_inner().finish().unwrap();
    Results {
        packed: writer.finish().unwrap(),
        index: RecordIndex::read(&packed_index).unwrap(),
    }
}

impl Results {
    fn part(&self, range: std::ops::Range<u64>) -> &[u8] {
        &self.packed[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()]
    }

    /// The record's line, and how many bytes were read for it.
    fn find(
        &self,
        (chromosome, position): (&str, i64),
        change: (&str, Option<&str>),
        before: usize,
    ) -> (Option<String>, u64) {
        let place = Place {
            chromosome: chromosome.to_owned(),
            position,
            reference: change.0.to_owned(),
            alternate: change.1.map(str::to_owned),
            before,
        };
        let mut search = RecordSearch::new(&self.index, place, self.packed.len() as u64).unwrap();
        let mut read = 0;
        while let Some(range) = search.wants() {
            read += range.end - range.start;
            search.take(self.part(range)).unwrap();
        }
        (search.finish().map(|line| String::from_utf8(line).unwrap()), read)
    }
}

/// Text that bgzip makes little shorter.
fn noise(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let letters = (0..300).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'!' + u8::try_from(state % 26).unwrap())
    });
    letters.collect()
}

const HEADER: &str = "##fileformat=VCFv4.3\n##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Allele count\">\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tmother\tchild\n";

#[test]
fn every_record_is_found_by_a_few_of_the_results_bytes() {
    let line = |chromosome: &str, position: u64| {
        let noise = noise(position);
        format!("{chromosome}\t{position}\t.\tA\tC,<DEL>\t.\tPASS\tX={noise}")
    };
    let records = ["1", "2"].into_iter().flat_map(|chromosome| {
        // The first one reaches over all others.
        (1..20_000_u64).map(move |number| {
            let position = number * 100;
            let end = if number == 1 { 3_000_000 } else { position };
            (line(chromosome, position), usize::try_from(end).unwrap())
        })
    });
    let results = results(HEADER, records);
    assert!(results.packed.len() > 6_000_000);
    for number in [1, 2, 163, 164, 165, 9_999, 19_998, 19_999] {
        let position = number * 100;
        for change in ["C", "<DEL>"] {
            let (found, read) = results.find(("2", position), ("A", Some(change)), 0);
            assert_eq!(found.unwrap(), line("2", position.unsigned_abs()));
            assert!(read < 600_000, "{read} bytes at {position}");
        }
    }
    for (place, change) in [
        (("2", 101), "C"),
        (("2", 100), "G"),
        (("3", 100), "C"),
        (("2", 9_000_000), "C"),
    ] {
        assert_eq!(results.find(place, ("A", Some(change)), 0).0, None, "{place:?}");
    }
}

#[test]
fn records_are_picked_by_a_few_of_the_results_bytes_with_the_header() {
    let line =
        |position: u64, copy: u64| format!("1\t{position}\t{copy}\tA\tC,G\t.\tPASS\tX={}", noise(position + copy));
    // Each record is there twice, to the letter of its alleles.
    let records = (1..10_000_u64).flat_map(|number| [0, 1].map(|copy| (number * 100, copy)));
    let records = records.map(|(position, copy)| (line(position, copy), usize::try_from(position).unwrap()));
    let results = results(HEADER, records);
    let place = |number: u64, alternate: &str, before| Place {
        chromosome: "1".to_owned(),
        position: i64::try_from(number * 100).unwrap(),
        reference: "A".to_owned(),
        alternate: Some(alternate.to_owned()),
        before,
    };
    let places = vec![
        place(1, "C", 1),
        place(5_000, "C", 0),
        place(5_000, "G", 0),
        place(5_001, "G", 0),
        place(5_001, "C", 1),
        place(9_999, "C", 0),
    ];
    let mut picked = PickedRecords::new(&results.index, places, results.packed.len() as u64).unwrap();
    assert!(picked.bytes() < 1_000_000, "{}", picked.bytes());
    let (mut lines, mut read) = (Vec::new(), 0);
    while let Some(range) = picked.wants() {
        read += range.end - range.start;
        picked.take(results.part(range), &mut lines).unwrap();
    }
    let wanted = [(100, 1), (500_000, 0), (500_100, 0), (500_100, 1), (999_900, 0)];
    let wanted: Vec<String> = wanted.map(|(position, copy)| line(position, copy) + "\n").into();
    assert_eq!(String::from_utf8(lines).unwrap(), HEADER.to_owned() + &wanted.concat());
    assert_eq!(picked.found(), 6);
    assert!(
        results.packed.len() > 3_000_000 && read < 1_200_000,
        "{read} bytes were read"
    );
}

#[test]
fn records_of_the_same_place_are_told_apart_by_their_order() {
    let lines = [
        "1\t5\tfirst\tA\tC\t.\t.\t.",
        "1\t5\tother\tA\tG\t.\t.\t.",
        "1\t5\tsecond\tA\tT,C\t.\t.\t.",
        "1\t5\tnone\tA\t.\t.\t.\t.",
    ];
    let results = results(HEADER, lines.map(|line| (line.to_owned(), 5)));
    let id = |change, before| {
        let found = results.find(("1", 5), ("A", change), before).0?;
        found.split('\t').nth(2).map(str::to_owned)
    };
    assert_eq!(id(Some("C"), 0).unwrap(), "first");
    assert_eq!(id(Some("C"), 1).unwrap(), "second");
    assert_eq!(id(Some("C"), 2), None);
    assert_eq!(id(None, 0).unwrap(), "none");
}

#[test]
fn a_record_is_read_with_what_the_header_says() {
    let long = format!("{}{HEADER}", "##comment=long\n".repeat(40_000));
    let line = "1\t5\trs1\tA\tC,G\t9.5\tPASS\tDB;AC=3,0;X=a=b\tGT:DP\t0|1:7\t1/2";
    let results = results(&long, [(line.to_owned(), 5)]);
    let mut search = HeaderSearch::new(results.packed.len() as u64);
    while let Some(range) = search.wants() {
        search.take(results.part(range)).unwrap();
    }
    let record = Record::read(line.as_bytes(), &search.finish());
    let key = |name: &str, value: Option<&str>, meaning: Option<&str>| Key {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        meaning: meaning.map(str::to_owned),
    };
    assert_eq!((record.quality.as_str(), record.filter.as_str()), ("9.5", "PASS"));
    let info = [
        key("DB", None, None),
        key("AC", Some("3,0"), Some("Allele count")),
        key("X", Some("a=b"), None),
    ];
    assert_eq!(record.info, info);
    assert_eq!(
        record.format,
        [key("GT", None, Some("Genotype")), key("DP", None, None)]
    );
    let [mother, child] = &record.samples[..] else {
        panic!("{:?}", record.samples)
    };
    assert_eq!(
        (mother.name.as_str(), &mother.values[..]),
        ("mother", &["0|1".to_owned(), "7".to_owned()][..])
    );
    assert_eq!(
        (child.name.as_str(), &child.values[..]),
        ("child", &["1/2".to_owned(), ".".to_owned()][..])
    );
    assert_eq!(
        [mother.copies(1), mother.copies(2), child.copies(2), child.copies(3)],
        [1, 0, 1, 0]
    );
}

#[test]
fn damaged_bytes_are_an_error() {
    assert!(RecordIndex::read(b"no index").is_err());
    let mut search = HeaderSearch::new(100);
    assert!(search.take(&[7; 100]).is_err());
    let mut results = results(HEADER, [("1\t5\t.\tA\tC\t.\t.\t.".to_owned(), 5)]);
    results.packed[0] = 0;
    let place = Place {
        chromosome: "1".to_owned(),
        position: 5,
        reference: "A".to_owned(),
        alternate: None,
        before: 0,
    };
    let mut search = RecordSearch::new(&results.index, place, results.packed.len() as u64).unwrap();
    let range = search.wants().unwrap();
    assert!(search.take(results.part(range)).is_err());
}
