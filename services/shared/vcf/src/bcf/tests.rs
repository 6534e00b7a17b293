//! BCF as bcftools 1.16 writes it (`data/every.bcf`, of `data/every.vcf` by `bcftools view -O b --no-version`), and what is none.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::{Limits, Lines, ReadError, Source};

const EVERY: &[u8] = include_bytes!("data/every.bcf");
const TEXT: &str = include_str!("data/every.vcf");

/// The bytes that are packed.
fn unpacked() -> Vec<u8> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(EVERY).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The text, up to what is wrong.
fn read_within(bytes: &[u8], limits: &Limits) -> (String, Result<(), String>) {
    let mut lines = Lines::new(Source::open(bytes, limits).unwrap(), limits);
    let mut text = Vec::new();
    let error = loop {
        let number = lines.number();
        match lines.append_next(&mut text) {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(error) => {
                break Err(error
                    .at(number, limits)
                    .map_or_else(|error| error.to_string(), |error| error.to_string()));
            }
        }
    };
    (String::from_utf8_lossy(&text).into_owned(), error)
}

fn read(bytes: &[u8]) -> (String, Result<(), String>) {
    read_within(bytes, &Limits::default())
}

/// What is said of bytes that are no BCF.
fn refused(bytes: &[u8]) -> String {
    read(bytes).1.unwrap_err()
}

/// A BCF file of this header and these records, each of a shared part and one of the samples.
fn file(minor: u8, header: &str, records: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut bytes = [b"BCF\x02", &[minor][..]].concat();
    let mut block = |parts: &[&[u8]]| {
        for part in parts {
            bytes.extend((part.len() as u32).to_le_bytes());
        }
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
    };
    block(&[format!("{header}\0").as_bytes()]);
    records.iter().for_each(|(shared, samples)| block(&[shared, samples]));
    bytes
}

/// The shared part of a record at the first base of the first contig: A>C, of so many samples with so many fields, and what follows
/// ALT.
fn shared(samples: u8, fields: u8, info: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 8];
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(0x7f80_0001_u32.to_le_bytes());
    bytes.extend([info, 0, 2, 0, samples, 0, 0, fields, 0x07, 0x17, b'A', 0x17, b'C']);
    bytes.extend_from_slice(rest);
    bytes
}

/// A header without IDX, as version 2.1 has it.
const HEADER: &str = "##fileformat=VCFv4.1\n##FILTER=<ID=q10,Description=\"x\">\n##INFO=<ID=DP,Number=1,Type=Integer,Description=\"x\">\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">\n##FORMAT=<ID=AD,Number=.,Type=Integer,Description=\"x\">\n##contig=<ID=7>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n";

#[test]
fn bcf_is_the_text_that_bcftools_prints_of_it() {
    assert_eq!(read(EVERY), (TEXT.to_owned(), Ok(())));
    assert_eq!(read(&unpacked()), (TEXT.to_owned(), Ok(())));
    // Whoever packs it by gzip has packed it, too.
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&unpacked()).unwrap();
    assert_eq!(read(&gzip.finish().unwrap()), (TEXT.to_owned(), Ok(())));
}

#[test]
fn version_2_1_has_no_idx_and_ends_vectors_by_missing_values() {
    // q10;DP=7; GT 0/1 and 1, AD 1,2 and missing.
    let record = shared(2, 2, 1, &[0x11, 1, 0x11, 2, 0x11, 7]);
    let samples = [0x11, 3, 0x21, 2, 4, 4, 0x80, 0x11, 4, 0x21, 1, 2, 0x80, 0x80];
    let (text, error) = read(&file(1, HEADER, &[(&record, &samples)]));
    assert_eq!(error, Ok(()));
    assert_eq!(
        text,
        format!("{HEADER}7\t1\t.\tA\tC\t.\tq10\tDP=7\tGT:AD\t0/1:1,2\t1:.\n")
    );
    // Of version 2.2 they are values that are missing.
    let (text, _) = read(&file(2, HEADER, &[(&record, &samples)]));
    assert!(text.ends_with("\tGT:AD\t0/1:1,2\t1/.:.,.\n"), "{text}");
}

#[test]
fn a_first_allele_that_is_phased_alone_is_said_to_be_from_vcf_4_4_on() {
    let record = shared(2, 1, 0, &[0x00]);
    let samples = [0x11, 3, 0x21, 3, 4, 3, 5];
    let of = |version: &str| {
        let header = HEADER.replace("VCFv4.1", version);
        let (text, error) = read(&file(2, &header, &[(&record, &samples)]));
        assert_eq!(error, Ok(()));
        text.split("\tGT\t").nth(1).unwrap().trim_end().to_owned()
    };
    assert_eq!(of("VCFv4.3"), "0/1\t0|1");
    assert_eq!(of("VCFv4.4"), "|0/1\t0|1");
}

#[test]
fn what_is_no_bcf_is_told_by_record_and_what_stands_there() {
    let of = |record: &[u8], samples: &[u8]| refused(&file(2, HEADER, &[(record, samples)]));
    let told = |what: &str| {
        format!("The BCF file is damaged. {what}. Please write it again, for example with bcftools view -O b.")
    };
    let good = shared(2, 0, 0, &[0x00]);
    assert_eq!(read(&file(2, HEADER, &[(&good, &[])])).1, Ok(()));
    let mut contig = good.clone();
    contig[0] = 9;
    assert_eq!(
        of(&contig, &[]),
        told("Record 1 has a contig that the header does not have")
    );
    let mut position = good.clone();
    position[4..8].fill(0xfe);
    assert_eq!(of(&position, &[]), told("Record 1 has a position before the telomere"));
    assert_eq!(
        of(&shared(3, 0, 0, &[0x00]), &[]),
        told("Record 1 has another number of samples than the header has")
    );
    assert_eq!(
        of(&shared(2, 0, 0, &[0x11, 9]), &[]),
        told("Record 1 has a filter that the header does not have")
    );
    assert_eq!(
        of(&shared(2, 0, 1, &[0x00, 0x11, 2, 0x14, 7]), &[]),
        told("Record 1 has a value of a type that BCF does not have")
    );
    assert_eq!(
        of(
            &shared(2, 0, 1, &[0x00, 0x11, 2, 0xf3, 0x13, 0xff, 0xff, 0xff, 0x7f]),
            &[]
        ),
        told("Record 1 has fewer bytes than its values need")
    );
    assert_eq!(
        of(&shared(2, 0, 1, &[0x00, 0x11, 2, 0x27, b'a', b'\n']), &[]),
        told("Record 1 has a text with a line break in it")
    );
    let header = HEADER.replace("<ID=7>", "<ID=7,IDX=4000000000>");
    assert_eq!(
        refused(&file(2, &header, &[])),
        told("Its header has an IDX that is too great a number")
    );
    let whole = file(2, HEADER, &[(&good, &[])]);
    assert_eq!(
        refused(&whole[..whole.len() - 1]),
        "The compressed file ends in the middle, after line 7: it was cut off. Please upload the whole file."
    );
}

#[test]
fn a_record_is_held_within_the_limit_of_a_line_however_much_it_claims_to_be() {
    let limits = Limits {
        line_bytes: 1000,
        ..Limits::default()
    };
    let refused = |bytes: &[u8]| read_within(bytes, &limits).1.unwrap_err();
    let too_long = "Line 8 is longer than 1,000 bytes. A VCF file has one variant per line; this one seems to have lost its line breaks.";
    let mut claims = file(2, HEADER, &[]);
    claims.extend(u32::MAX.to_le_bytes());
    claims.extend(u32::MAX.to_le_bytes());
    assert_eq!(refused(&claims), too_long);
    // Three bytes each stand for a key with a long name.
    let name = "K".repeat(100);
    let header = HEADER.replace("ID=DP", &format!("ID={name}"));
    let many = [&[0x00][..], &[0x11, 2, 0x00].repeat(200)].concat();
    assert_eq!(
        refused(&file(2, &header, &[(&shared(2, 0, 200, &many), &[])])),
        too_long
    );
}

#[test]
fn bytes_that_are_in_no_line_count_as_text_does() {
    // A vector that ends at its first number: four bytes each of which nothing is printed.
    let mut info = vec![0x00, 0x11, 2, 0xf3, 0x13];
    info.extend((6_u32 << 20).to_le_bytes());
    info.extend([1, 0, 0, 0x80].repeat(6 << 20));
    let record = shared(2, 0, 1, &info);
    let bytes = file(2, HEADER, &[(&record[..], &[][..]); 4]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let packed = gzip.finish().unwrap();
    let far = Limits {
        expansion_ratio: 50,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&packed, &far).1.unwrap_err(),
        "The compressed file unpacks to far more than a VCF file of its size does (stopped after line 10). Please upload it uncompressed, \
         or in parts."
    );
    let limits = Limits {
        unpacked_bytes: 40 << 20,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&packed, &limits).1.unwrap_err(),
        "The file has more than 40 MB of text, the limit (stopped after line 9)."
    );
    let text = read(&packed).0;
    assert!(
        text.ends_with("7\t1\t.\tA\tC\t.\t.\tDP=\t.\t.\t.\n"),
        "{}",
        &text[text.len() - 60..]
    );
}

#[test]
fn no_byte_changed_or_cut_off_makes_a_reader_panic() {
    let bytes = unpacked();
    for end in 0..bytes.len() {
        let (text, _) = read(&bytes[..end]);
        // Less than the beginning is no BCF yet.
        assert!(TEXT.starts_with(&text) || end < 5, "{end}");
    }
    let mut refused = 0;
    for at in 5..bytes.len() {
        for value in [0, 0x11, 0x7f, 0xf3, 0xff] {
            let mut changed = bytes.clone();
            changed[at] = value;
            refused += u32::from(read(&changed).1.is_err());
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[test]
fn another_version_is_told_by_name() {
    let limits = Limits::default();
    let mut lines = Lines::new(Source::open(&b"BCF\x04\x05\0\0\0\0\n"[..], &limits).unwrap(), &limits);
    let mut line = Vec::new();
    assert!(!matches!(lines.append_next(&mut line), Err(ReadError::BcfDamaged(..))));
    let error = crate::Header::default().read_line(&line, 1).unwrap_err().to_string();
    assert_eq!(
        error,
        "This is not a VCF file but a BCF file of another version than 2.1 and 2.2. Convert it to VCF with the program that wrote it."
    );
}
