//! Uploads as a browser does them: the form's fields, then the file, straight to S3.

use domain::{Job, JobId};
use reqwest::multipart::{Form, Part};

use crate::eventually;
use crate::people::{Answer, Person};
use crate::reach::reach;

/// Posts a file with the form of `/annotate` and gives S3's answer.
pub async fn post_to_s3(person: &Person, name: &str, content: Vec<u8>) -> Answer {
    let page = person.get("/annotate").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let action = page.attributes("form#upload", "action").remove(0);
    let names = page.attributes("form#upload > input[type=hidden]", "name");
    let values = page.attributes("form#upload > input[type=hidden]", "value");
    let chosen = page.attributes("form#upload select", "name").remove(0);
    let fields = names.into_iter().zip(values).chain([(chosen, "auto".to_owned())]);
    let form = fields.fold(Form::new(), |form, (name, value)| form.text(name, value));
    let form = form.part("file", Part::bytes(content).file_name(name.to_owned()));
    Answer::of(person.browser.client.post(action).multipart(form).send().await.unwrap()).await
}

/// Uploads a file and follows S3's redirect: the job is submitted.
pub async fn submit(person: &Person, name: &str, content: impl Into<Vec<u8>>) -> JobId {
    let stored = post_to_s3(person, name, content.into()).await;
    assert_eq!(stored.status, 303, "{}", stored.body);
    let submitted = person.get(stored.location()).await;
    assert_eq!(submitted.status, 303, "{}", submitted.body);
    submitted.location().rsplit('/').next().unwrap().parse().unwrap()
}

/// The job once it has ended.
pub async fn ended(id: JobId) -> Job {
    let jobs = reach().await.jobs;
    eventually("the job to end", || async {
        jobs.get(id).await.unwrap().filter(|job| job.status.is_final())
    })
    .await
}

/// A small VCF of real mitochondrial variants.
pub const SAMPLE: &str = include_str!("../../../web/static/sample.vcf");

/// A valid mitochondrial VCF of at least `size` bytes.
pub fn long_vcf(size: usize) -> Vec<u8> {
    let mut vcf = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n".to_vec();
    let record = b"MT\t3243\t.\tA\tG\t.\tPASS\tDP=100;NOTE=a_record_of_the_usual_length_for_a_file_of_many_records\n";
    while vcf.len() < size {
        vcf.extend_from_slice(record);
    }
    vcf
}
