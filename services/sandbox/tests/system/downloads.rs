//! What a person gets of a job: results packed and plain, their index, and how many bytes all that is.

use std::io::Read;

use domain::{Index, JobId, JobStatus, NoIndex, keys};
use flate2::read::MultiGzDecoder;
use reqwest::Response;
use tokio::io::AsyncReadExt;

use crate::eventually;
use crate::people::Person;
use crate::reach::objects;
use crate::sandbox;
use crate::upload::{SAMPLE, ended, long_vcf, submit};

/// The empty block at the end of every whole bgzip file (SAM specification, 4.1.2).
const BGZIP_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

async fn ask(person: &Person, path: &str) -> Response {
    let address = person.browser.address(path);
    person.browser.client.get(address).send().await.unwrap()
}

/// Name and bytes of a download, wherever it leads.
async fn download(person: &Person, id: JobId, file: &str) -> (String, Vec<u8>) {
    let mut answer = ask(person, &format!("/annotations/{id}/{file}")).await;
    if answer.status() == 302 {
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        answer = ask(person, &location).await;
    }
    assert_eq!(answer.status(), 200, "{file}");
    let disposition = answer.headers()["content-disposition"].to_str().unwrap();
    let name = disposition.rsplit("''").next().unwrap().to_owned();
    (name, answer.bytes().await.unwrap().to_vec())
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    MultiGzDecoder::new(packed).read_to_end(&mut text).unwrap();
    text
}

/// A size as pages show it where there is room: a KB has 1,024 bytes, and the exact bytes stand beside it.
fn exactly(bytes: u64) -> String {
    let exact = format!("{} bytes", domain::with_commas(bytes));
    match bytes {
        0..1024 => exact,
        _ => format!("{} ({exact})", domain::size(bytes)),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn results_come_as_bgzip_with_an_index_and_as_plain_text() {
    let person = Person::new("formats").await;
    let id = submit(&person, "my sample.vcf.gz", SAMPLE).await;
    let stored = ended(id).await.stored;
    let (packed_name, packed) = download(&person, id, "results").await;
    let (index_name, index) = download(&person, id, "index").await;
    let (plain_name, plain) = download(&person, id, "plain").await;
    assert_eq!(packed_name, "my%20sample.annot.vcf.gz");
    assert_eq!(index_name, "my%20sample.annot.vcf.gz.tbi");
    assert_eq!(plain_name, "my%20sample.annot.vcf");
    assert!(packed.ends_with(&BGZIP_END) && unpacked(&packed) == plain);
    assert!(plain.starts_with(b"##fileformat=VCFv4.3\n") && unpacked(&index).starts_with(b"TBI\x01"));

    let job = ended(id).await;
    let variants = keys::attempt(job.user_id, id, job.attempt, &job.input_file_name).variants;
    let mut stored_there = objects().await.open_result(&variants).await.unwrap();
    let mut variants = Vec::new();
    stored_there.reader.read_to_end(&mut variants).await.unwrap();
    assert!(variants.starts_with(b"PAR1") && variants.ends_with(b"PAR1"));
    let sizes = |bytes: &[u8]| Some(bytes.len() as u64);
    assert_eq!(stored.variants, sizes(&variants));
    assert_eq!((stored.input, stored.results), (Some(1603), sizes(&packed)));
    assert_eq!((stored.unpacked, stored.index.size()), (sizes(&plain), sizes(&index)));
    let page = person.get(&format!("/annotations/{id}")).await;
    for words in ["Download .vcf.gz", "Download .vcf ", "Download .tbi"] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    let shown = page.texts(".facts .bytes");
    for size in [1603, packed.len(), plain.len(), index.len()] {
        let exact = exactly(size as u64);
        assert!(shown.contains(&exact), "{exact}: {shown:?}");
    }
    // What the person came for stands before what is only for the record.
    let headings = page.texts("main h2");
    assert_eq!(headings, ["Results", "What was found", "Details"]);
    let list = person.get("/annotations").await.attributes("table [title]", "title");
    assert_eq!(list[0], "1,603 bytes");
}

/// The sample as bcftools 1.16 writes it: `bcftools view -O b --no-version`.
pub const BCF: &[u8] = include_bytes!("sample.bcf");

#[tokio::test(flavor = "multi_thread")]
async fn a_bcf_file_has_the_results_of_its_vcf() {
    let person = Person::new("binary").await;
    let records = |text: &[u8]| {
        let text = String::from_utf8(text.to_vec()).unwrap();
        let records = text.lines().filter(|line| !line.starts_with("##"));
        records.map(str::to_owned).collect::<Vec<_>>()
    };
    // A float of BCF does not know how many zeros it had.
    let vcf = SAMPLE.replace("0\n", "\n");
    let mut results = Vec::new();
    for (name, content) in [("my sample.bcf", BCF), ("my sample.vcf", vcf.as_bytes())] {
        let id = submit(&person, name, content).await;
        assert_eq!(ended(id).await.status, JobStatus::Completed, "{name}");
        let (plain_name, plain) = download(&person, id, "plain").await;
        assert_eq!(plain_name, "my%20sample.annot.vcf");
        results.push(records(&plain));
    }
    assert_eq!(results[0], results[1]);
    assert_eq!(results[0].len(), records(SAMPLE.as_bytes()).len());
}

#[tokio::test(flavor = "multi_thread")]
async fn results_that_are_not_sorted_say_why_they_have_no_index() {
    let person = Person::new("unsorted").await;
    let (header, records): (Vec<&str>, Vec<&str>) = SAMPLE.lines().partition(|line| line.starts_with('#'));
    let reversed: Vec<&str> = header.into_iter().chain(records.into_iter().rev()).collect();
    let id = submit(&person, "reversed.vcf", reversed.join("\n") + "\n").await;
    assert_eq!(ended(id).await.stored.index, Index::Absent(NoIndex::Unsorted));
    let page = person.get(&format!("/annotations/{id}")).await;
    assert_eq!(
        page.texts("#no-index"),
        [
            "There is no index (.tbi), because the records are not sorted by chromosome and position; bcftools sort does that."
        ]
    );
    let missing = person.get(&format!("/annotations/{id}/index")).await;
    assert_eq!(missing.status, 404);
    assert!(missing.says("the records are not sorted"), "{}", missing.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_unpacks_two_results_at_once_and_a_browser_that_leaves_makes_room() {
    if sandbox().await.is_attached() {
        return crate::skipped(
            "a_person_unpacks_two_results_at_once: each replica counts for itself, and a proxy buffers",
        );
    }
    let person = Person::premium("unpacks").await;
    let id = submit(&person, "large.vcf", long_vcf(8 << 20)).await;
    let size = ended(id).await.stored.unpacked.unwrap();
    let path = format!("/annotations/{id}/plain");
    // Answers whose bytes nobody takes hold their places: they are larger than what the network buffers.
    let mut held = Vec::new();
    let refused = loop {
        let answer = ask(&person, &path).await;
        if answer.status() != 200 {
            break answer;
        }
        held.push(answer);
        assert!(held.len() <= 2);
    };
    assert_eq!(held.len(), 2);
    assert_eq!(held[0].content_length(), Some(size));
    assert_eq!(
        (refused.status().as_u16(), refused.headers()["retry-after"].as_bytes()),
        (503, &b"60"[..])
    );
    assert!(refused.text().await.unwrap().contains("two for each person"));
    drop(held.pop());
    let whole = eventually("a place", || async {
        Some(ask(&person, &path).await).filter(|answer| answer.status() == 200)
    });
    assert_eq!(whole.await.bytes().await.unwrap().len() as u64, size);
    assert_eq!(held.remove(0).bytes().await.unwrap().len() as u64, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_shows_the_bytes_that_are_kept_as_the_rows_have_them() {
    let person = Person::new("keeps").await;
    let empty = person.get("/profile").await;
    assert_eq!(empty.texts("#kept .bytes"), vec!["0 bytes"; 5]);
    let mut jobs = Vec::new();
    for (name, content) in [("one.vcf", SAMPLE), ("bad.vcf", "no VCF\n")] {
        jobs.push(ended(submit(&person, name, content).await).await.stored);
    }
    let sum = |size: fn(&domain::Stored) -> u64| exactly(jobs.iter().map(size).sum());
    let expected = [
        sum(domain::Stored::total),
        sum(|stored| stored.input.unwrap()),
        sum(domain::Stored::results_and_beside),
        "0 bytes".to_owned(),
        sum(|stored| stored.log.unwrap()),
    ];
    assert_eq!(expected[1], "1.6 KB (1,610 bytes)");
    let account = person.get("/profile").await;
    assert_eq!(account.texts("#kept .bytes"), expected);
    assert!(account.says("in 2 jobs"), "{}", account.body);
}
