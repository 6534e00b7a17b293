//! What a plan takes: bytes, bytes once they are unpacked, and records.

use std::io::Write;

use domain::{Job, JobStatus};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::people::Person;
use crate::upload::{ended, submit};

/// A packed mitochondrial VCF of so many records, each with `padding` bytes of INFO.
fn packed(records: usize, padding: usize) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let header = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    packed.write_all(header).unwrap();
    let record = format!("MT\t3243\t.\tA\tG\t.\tPASS\tX={}\n", "x".repeat(padding));
    for _ in 0..records {
        packed.write_all(record.as_bytes()).unwrap();
    }
    packed.finish().unwrap()
}

async fn outcome(person: &Person, name: &str, content: Vec<u8>) -> Job {
    assert!(content.len() < 153_600, "{name} has {} bytes", content.len());
    ended(submit(person, name, content).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_file_may_have_a_hundred_thousand_records_and_premium_takes_more() {
    let (free, premium) = (Person::new("records").await, Person::premium("more-records").await);
    let most = outcome(&free, "most.vcf.gz", packed(100_000, 1)).await;
    assert_eq!(most.status, JobStatus::Completed, "{:?}", most.error);
    let over = outcome(&free, "over.vcf.gz", packed(100_001, 1)).await;
    assert_eq!(
        over.error.unwrap(),
        "The file has more than 100,000 records, the limit. That is what the Free plan takes; Premium takes up to \
         20,000,000 records."
    );
    let same = outcome(&premium, "over.vcf.gz", packed(100_001, 1)).await;
    assert_eq!(same.status, JobStatus::Completed, "{:?}", same.error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_file_may_unpack_to_fifty_megabytes() {
    let person = Person::new("unpacks").await;
    let over = outcome(&person, "over.vcf.gz", packed(52_000, 1000)).await;
    let reason = over.error.unwrap();
    assert!(
        reason.starts_with("The file has more than 50 MB of text, the limit"),
        "{reason}"
    );
    assert!(reason.ends_with("Premium takes up to 100 GB, unpacked."), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_state_the_limits_before_a_file_is_chosen() {
    let (free, premium) = (Person::new("reads").await, Person::premium("reads-too").await);
    for (person, words) in [
        (
            &free,
            "up to 150 KB (153,600 bytes), 50 MB once it is unpacked, and 100,000 records. With Premium: 5 GB, 100 GB once",
        ),
        (
            &premium,
            "up to 5 GB (5,368,709,120 bytes), 100 GB once it is unpacked, and 20,000,000 records.",
        ),
    ] {
        let page = person.get("/annotate").await;
        assert!(page.says(words), "{words}: {}", page.body);
    }
    let plans = free.get("/").await.texts(".plans td");
    for limit in [
        "150 KB (153,600 bytes)",
        "5 GB (5,368,709,120 bytes)",
        "50 MB (52,428,800 bytes)",
        "100 GB (107,374,182,400 bytes)",
        "100,000",
        "20,000,000",
    ] {
        assert!(plans.contains(&limit.to_owned()), "{limit}: {plans:?}");
    }
}
