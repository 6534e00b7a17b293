//! The records that variants come from: on a variant's page, with their own INFO and more samples than the table has, and in a
//! VCF of what the table shows, by the index.

use std::fmt::Write;
use std::io::Read;

use domain::JobStatus;
use flate2::read::MultiGzDecoder;

use super::variants;
use crate::people::Person;
use crate::upload::{ended, submit};

/// Seventy samples, of which the last has the allele; the same allele stands there twice.
fn seventy_samples() -> String {
    let mut vcf = String::from(
        "##fileformat=VCFv4.2\n##INFO=<ID=NOTE,Number=1,Type=String,Description=\"What the caller says\">\n\
         ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT",
    );
    for number in 0..70 {
        write!(vcf, "\tS{number}").unwrap();
    }
    for (note, last) in [("first", "0/1:9"), ("second", "1/1:11")] {
        let others = "\t0/0:30".repeat(69);
        write!(
            vcf,
            "\nMT\t14484\t.\tT\tC\t50\tPASS\tNOTE={note}\tGT:DP{others}\t{last}"
        )
        .unwrap();
    }
    vcf.push('\n');
    vcf
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variants_page_shows_its_record_with_all_samples() {
    let person = Person::new("records").await;
    let id = submit(&person, "seventy.vcf", seventy_samples()).await;
    ended(id).await;
    let page = async |row: u32| {
        person
            .browser
            .get(&format!("/annotations/{id}/variants/{row}"))
            .await
            .body
    };
    for (row, note, other, last) in [(0, "first", "second", "0/1"), (1, "second", "first", "1/1")] {
        let page = page(row).await;
        for wanted in [
            "What the caller says",
            note,
            "1 of 70 samples has this allele",
            ">S69<",
            last,
            "title=\"Genotype\"",
        ] {
            assert!(page.contains(wanted), "{wanted} in row {row}: {page}");
        }
        assert!(!page.contains(&format!(">{other}<")), "row {row} is another record");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_index_a_variants_page_says_so() {
    let person = Person::new("unsorted").await;
    let sorted = seventy_samples();
    let unsorted = format!(
        "{sorted}{}\n",
        sorted
            .lines()
            .last()
            .unwrap()
            .replace("14484\t.\tT\tC", "11719\t.\tG\tA")
    );
    let id = submit(&person, "unsorted.vcf", unsorted).await;
    ended(id).await;
    let page = variants(&person, id, "/0").await.body;
    assert!(page.contains("the records are not sorted"), "{page}");
}

/// Forty thousand records with much to keep of each, and one that stands there twice.
fn large() -> String {
    let mut vcf = String::from(
        "##fileformat=VCFv4.2\n##contig=<ID=7,length=159138663>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
    );
    let mut state = 1_u64;
    for number in 1..=40_000 {
        let copies = if number == 20_000 { 2 } else { 1 };
        for _ in 0..copies {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            writeln!(vcf, "7\t{}\t.\tN\tG\t.\tPASS\tX={state:016x}", number * 3_000).unwrap();
        }
    }
    vcf
}

#[tokio::test(flavor = "multi_thread")]
async fn few_records_of_many_are_found_by_the_index() {
    let person = Person::premium("picks").await;
    let id = submit(&person, "large.vcf", large()).await;
    let job = ended(id).await;
    assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
    let get = async |address: &str| {
        let address = person.browser.address(address);
        person.browser.client.get(address).send().await.unwrap()
    };
    let results = get(&format!("/annotations/{id}/results")).await;
    let all = get(results.headers()["location"].to_str().unwrap())
        .await
        .bytes()
        .await
        .unwrap();
    let lines = |packed: &[u8]| {
        let mut text = String::new();
        MultiGzDecoder::new(packed).read_to_string(&mut text).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let is_wanted = |line: &String| {
        let position = line.split('\t').nth(1).and_then(|text| text.parse().ok());
        line.starts_with('#') || position.is_some_and(|at: u64| (59_990_000..=60_010_000).contains(&at))
    };
    let wanted: Vec<String> = lines(&all).into_iter().filter(is_wanted).collect();
    let packed = get(&format!("/annotations/{id}/variants.vcf.gz?region=7:59990000-60010000"))
        .await
        .bytes()
        .await
        .unwrap();
    assert_eq!(lines(&packed), wanted);
    assert_eq!(
        wanted.iter().filter(|line| line.starts_with("7\t60000000\t")).count(),
        2
    );
}
