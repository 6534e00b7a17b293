use std::io::{BufRead, Read};

use noodles_bgzf as bgzf;
use noodles_core::region::Interval;
use noodles_csi::BinningIndex;

use super::blocks::BLOCK;
use super::*;

const HEADER: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// Bgzip of the header and of pieces, each of which comes in several lots of lines.
fn packed(pieces: &[Vec<String>]) -> Written<Vec<u8>> {
    let mut out = Bgzip::new(Vec::new(), Level::default());
    // Pieces that end anywhere.
    HEADER.as_bytes().chunks(7).for_each(|bytes| out.header(bytes).unwrap());
    let mut maker = out.maker();
    for piece in pieces {
        piece.iter().for_each(|lines| maker.lines(lines.as_bytes()));
        out.take(maker.piece()).unwrap();
    }
    out.finish().unwrap()
}

/// Bgzip of a thousand records a kilobyte each, ten to a lot and a hundred to a piece, and whatever comes after them.
fn written(last: &str) -> Written<Vec<u8>> {
    let lots: Vec<String> = (0..100)
        .map(|lot| (1..=10).map(|number| record(lot * 10 + number)).collect())
        .collect();
    let mut pieces: Vec<Vec<String>> = lots.chunks(10).map(<[_]>::to_vec).collect();
    pieces.push(vec![last.to_owned()]);
    packed(&pieces)
}

fn record(number: usize) -> String {
    format!("chr1\t{}\t.\tA\tC\t.\t.\tX={}\n", number * 1000, "x".repeat(1000))
}

fn text(packed: &[u8]) -> String {
    let mut text = String::new();
    bgzf::io::Reader::new(packed).read_to_string(&mut text).unwrap();
    text
}

/// Bytes of text in each block.
fn blocks(mut packed: &[u8]) -> Vec<usize> {
    let mut lengths = Vec::new();
    while !packed.is_empty() {
        let size = usize::from(u16::from_le_bytes([packed[16], packed[17]])) + 1;
        let length = u32::from_le_bytes(packed[size - 4..size].try_into().unwrap());
        lengths.push(length as usize);
        packed = &packed[size..];
    }
    lengths
}

#[test]
fn the_index_leads_to_the_records_of_a_stretch() {
    let written = written("chr2\t7\t.\tA\tC\t.\t.\t.");
    let index = written.index.unwrap();
    let index = noodles_tabix::io::Reader::new(&index[..]).read_index().unwrap();
    let interval: Interval = "500000-500999".parse().unwrap();
    let chunks = index.query(0, interval).unwrap();
    let mut reader = bgzf::io::Reader::new(io::Cursor::new(&written.inner));
    reader.seek(chunks[0].start()).unwrap();
    let lines = reader.lines().map(Result::unwrap);
    // The index leads near the record: to the first of its 16 KB of positions.
    let found = lines.take(17).find(|line| line.starts_with("chr1\t500000\t"));
    assert!(found.is_some());
    let names = index.header().unwrap().reference_sequence_names();
    assert_eq!(names.len(), 2);
}

#[test]
fn every_place_of_the_index_is_the_beginning_of_a_line() {
    let written = written("chr2\t7\t.\tA\tC\t.\t.\t.\n");
    let index = written.index.unwrap();
    let index = noodles_tabix::io::Reader::new(&index[..]).read_index().unwrap();
    let mut reader = bgzf::io::Reader::new(io::Cursor::new(&written.inner));
    let mut first_letters = |position| {
        let mut letters = String::new();
        reader.seek(position).unwrap();
        (&mut reader).take(4).read_to_string(&mut letters).unwrap();
        letters
    };
    let mut places = 0;
    for chromosome in index.reference_sequences() {
        for chunk in chromosome.bins().values().flat_map(|bin| bin.chunks()) {
            places += 1;
            assert!(first_letters(chunk.start()).starts_with("chr"));
            assert!(["chr1", "chr2", ""].contains(&first_letters(chunk.end()).as_str()));
        }
    }
    assert!(places > 3, "{places}");
}

#[test]
fn what_was_written_unpacks_to_what_came_in() {
    let written = written("chr2\t7\t.\tA\tC\t.\t.\t.");
    let text = text(&written.inner);
    assert_eq!(text.len() as u64, written.unpacked);
    assert!(text.starts_with(HEADER) && text.ends_with("\nchr2\t7\t.\tA\tC\t.\t.\t."));
    assert_eq!(text.lines().count(), 1003);
}

#[test]
fn a_record_longer_than_a_block_and_those_around_it_are_found() {
    let long = format!("chr1\t50000000\t.\tA\tC\t.\t.\tX={}\n", "acgt".repeat(100_000));
    let written = packed(&[vec![record(1), long.clone(), record(60_000)], vec![record(60_001)]]);
    assert_eq!(
        text(&written.inner),
        [HEADER, &record(1), &long, &record(60_000), &record(60_001)].concat()
    );
    let index = written.index.unwrap();
    let index = noodles_tabix::io::Reader::new(&index[..]).read_index().unwrap();
    for (stretch, line) in [("50000000-50000000", &long), ("60000000-60000000", &record(60_000))] {
        let chunks = index.query(0, stretch.parse::<Interval>().unwrap()).unwrap();
        let mut reader = bgzf::io::Reader::new(io::Cursor::new(&written.inner));
        reader.seek(chunks[0].start()).unwrap();
        let mut found = String::new();
        reader.read_line(&mut found).unwrap();
        assert!(found == *line, "{stretch}");
    }
}

#[test]
fn a_file_without_records_is_its_header_and_the_block_that_ends_it() {
    let written = packed(&[]);
    assert_eq!(
        (text(&written.inner).as_str(), blocks(&written.inner)),
        (HEADER, vec![HEADER.len(), 0])
    );
    assert!(written.index.is_ok());
}

#[test]
fn a_piece_that_fits_is_one_block_and_no_block_is_small_where_it_does_not() {
    let lines = |bytes: usize| vec![format!("chr1\t1\t.\tA\tC\t.\t.\t{}\n", "x".repeat(bytes - 18))];
    for (bytes, expected) in [
        (100, vec![100]),
        (BLOCK, vec![BLOCK]),
        (BLOCK + 1, vec![BLOCK / 2 + 1, BLOCK / 2]),
        (2 * BLOCK - 1, vec![BLOCK, BLOCK - 1]),
        (3 * BLOCK, vec![BLOCK; 3]),
        (2 * BLOCK + 10, vec![BLOCK, BLOCK / 2 + 5, BLOCK / 2 + 5]),
    ] {
        let found = blocks(&packed(&[lines(bytes)]).inner);
        assert_eq!((found[0], found[found.len() - 1]), (HEADER.len(), 0));
        let found = &found[1..found.len() - 1];
        assert_eq!(found.iter().sum::<usize>(), bytes);
        assert!(
            found.iter().all(|block| *block >= bytes.min(BLOCK / 2)),
            "{bytes}: {found:?}"
        );
        assert_eq!(found.len(), expected.len(), "{bytes}: {found:?}");
    }
}

#[test]
fn records_that_are_not_sorted_are_packed_and_not_indexed() {
    let written = written("chr1\t7\t.\tA\tC\t.\t.\t.\n");
    assert_eq!(written.index, Err(NoIndex::Unsorted));
    assert!(written.inner.len() > 1000);
}

#[test]
fn what_gets_smaller_and_what_does_not_unpacks_to_what_it_was() {
    let mut noise = 1_u64;
    let noise: String = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from((noise >> 57) as u8)
    })
    .filter(|letter| *letter != '\n')
    .take(200_000)
    .collect();
    for (line, most) in [("x".repeat(200_000), 2_000), (noise, 200_000)] {
        let line = format!("chr1\t1\t.\tA\tC\t.\t.\t{line}\n");
        let written = packed(&[vec![line.clone()]]);
        assert!(written.inner.len() <= most, "{} of {}", written.inner.len(), line.len());
        assert!(text(&written.inner).ends_with(&line));
    }
}

#[test]
fn a_writer_that_fails_in_the_middle_ends_the_file_there() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut out = Bgzip::new(Full(300), Level::default());
    out.header(HEADER.as_bytes()).unwrap();
    let mut maker = out.maker();
    let failed = (1..100).find_map(|number| {
        maker.lines(record(number).as_bytes());
        out.take(maker.piece()).err()
    });
    assert_eq!(failed.unwrap().kind(), io::ErrorKind::StorageFull);
}
