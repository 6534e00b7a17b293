//! Files that cannot be taken or cannot be annotated: a clear reason, in the mail, on the page and in the log.

use backends::object_store::PART_SIZE;
use domain::JobStatus;

use crate::eventually;
use crate::people::Person;
use crate::upload::{SAMPLE, ended, post_to_s3, submit};

#[tokio::test(flavor = "multi_thread")]
async fn s3_itself_refuses_an_upload_over_the_limit_of_the_plan() {
    let person = Person::new("oversize").await;
    let mut exact = SAMPLE.as_bytes().to_vec();
    exact.resize(153_600, b'\n');
    assert_eq!(post_to_s3(&person, "exact.vcf", exact.clone()).await.status, 303);
    exact.push(b'\n');
    let refused = post_to_s3(&person, "over.vcf", exact.clone()).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("EntityTooLarge"), "{}", refused.body);
    assert_eq!(post_to_s3(&person, "empty.vcf", Vec::new()).await.status, 400);
    let subscriber = Person::premium("subscriber").await;
    assert_eq!(post_to_s3(&subscriber, "over.vcf", exact).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_vcf_fails_with_its_reason_in_the_mail_on_the_page_and_in_the_log() {
    // While references are being prepared, a file whose genome cannot be told would wait for them.
    crate::references().await;
    let person = Person::new("unusable").await;
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    for (name, content, reason) in [
        ("binary.vcf", b"\x7fELF\x02\x01\x01\0\0\0\0\xff\xfe\xfd".to_vec(), ""),
        ("blank.vcf", b"\n\n\n".to_vec(), ""),
        ("no-header.vcf", b"MT\t73\t.\tA\tG\t.\t.\t.\n".to_vec(), "Line 1"),
        (
            "three-columns.vcf",
            format!("{header}MT\t73\t.\n").into_bytes(),
            "Line 3",
        ),
        (
            "truncated.vcf",
            format!("{header}MT\t73\t.\tA\tG\t.\t.\t.\nMT\t1438\t.\tA").into_bytes(),
            "line 4",
        ),
        (
            "exome.vcf",
            format!("{header}1\t69511\t.\tA\tG\t.\t.\t.\n").into_bytes(),
            "Please choose the genome",
        ),
        (
            "hg19.vcf",
            format!("{header}MT\t73\t.\tC\tG\t.\t.\t.\nMT\t150\t.\tA\tT\t.\t.\t.\n").into_bytes(),
            "REF",
        ),
    ] {
        let id = submit(&person, name, content).await;
        let job = ended(id).await;
        assert_eq!(job.status, JobStatus::Failed, "{name}");
        let why = job.error.unwrap();
        assert!(why.contains(reason) && why.len() > 20, "{name}: {why}");
        let page = person.get(&format!("/annotations/{id}")).await;
        let folded = why.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.says(&folded), "{name}: {why}\n{}", page.body);
        let log = person.get(&format!("/annotations/{id}/log")).await;
        assert_eq!(log.status, 200, "{name}");
        let mail = eventually("the mail", || async { person.mails(name).await.pop() }).await;
        assert!(
            mail.text
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(&folded),
            "{name}: {}",
            mail.text
        );
        assert_eq!(
            person.get(&format!("/annotations/{id}/results")).await.status,
            404,
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_but_readable_files_are_annotated() {
    let person = Person::premium("odd").await;
    let crlf = SAMPLE.replace('\n', "\r\n").into_bytes();
    let old = b"##fileformat=VCFv3.3\n##INFO=DP,1,Integer,\"Total Depth\"\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t73\t.\tA\tG\t-1\t0\tDP=9\n".to_vec();
    let mut wide =
        b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t73\t.\tA\tG\t.\t.\tX=".to_vec();
    wide.resize(10 * 1024 * 1024, b'x');
    for (name, content) in [
        ("crlf.vcf", crlf),
        ("old.vcf", old),
        ("wide.vcf", wide),
        ("гены.vcf", SAMPLE.into()),
    ] {
        let id = submit(&person, name, content).await;
        let job = ended(id).await;
        assert_eq!(job.status, JobStatus::Completed, "{name}: {:?}", job.error);
        assert_eq!(
            person.get(&format!("/annotations/{id}/results")).await.status,
            302,
            "{name}"
        );
    }
}

/// A valid mitochondrial VCF of at least `size` bytes that hardly gets smaller: its ids are noise.
fn incompressible_vcf(size: usize) -> Vec<u8> {
    let mut vcf = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n".to_vec();
    let mut noise = 1_u64;
    let mut letter = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_."[(noise >> 58) as usize]
    };
    while vcf.len() < size {
        vcf.extend_from_slice(b"MT\t3243\t");
        vcf.extend((0..4000).map(|_| letter()));
        vcf.extend_from_slice(b"\tA\tG\t.\tPASS\t.\n");
    }
    vcf
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_of_many_parts_arrives_whole() {
    let person = Person::premium("parts").await;
    let content = incompressible_vcf(16 * 1024 * 1024);
    let records = content.iter().filter(|byte| **byte == b'\n').count() - 2;
    let id = submit(&person, "long.vcf", content).await;
    let job = ended(id).await;
    assert_eq!(job.progress.unwrap().records, records as u64);
    assert!(job.stored.results.unwrap() > PART_SIZE as u64, "{:?}", job.stored);
    let file = person.get(&format!("/annotations/{id}/plain")).await;
    assert_eq!(file.body.len() as u64, job.stored.unpacked.unwrap());
    assert_eq!(
        file.body.lines().filter(|line| line.starts_with("MT\t")).count(),
        records
    );
}
