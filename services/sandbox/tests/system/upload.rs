//! Uploads as a browser does them: the form's fields, then the file, straight to S3.

use domain::{Job, JobId};
use reqwest::multipart::{Form, Part};

use crate::eventually;
use crate::people::{Answer, Person};
use crate::reach::reach;

/// The form of `/annotate`, filled in but for the file.
pub struct FormFields {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl FormFields {
    /// The form that a page has, with the first of all choices.
    pub fn of(page: &Answer) -> Self {
        let names = page.attributes("form#upload > input[type=hidden]", "name");
        let values = page.attributes("form#upload > input[type=hidden]", "value");
        let chosen = page.attributes("form#upload select", "name").into_iter();
        let first = page.attributes("form#upload select > option:first-child", "value");
        Self {
            action: page.attributes("form#upload", "action").remove(0),
            fields: names.into_iter().zip(values).chain(chosen.zip(first)).collect(),
        }
    }

    /// What a browser sends with a file.
    pub fn with_file(&self, name: &str, content: Vec<u8>) -> Form {
        let fields = self.fields.iter().cloned();
        let form = fields.fold(Form::new(), |form, (name, value)| form.text(name, value));
        form.part("file", Part::bytes(content).file_name(name.to_owned()))
    }
}

/// A form for one upload.
pub async fn filled_form(person: &Person) -> FormFields {
    let page = person.get("/annotate").await;
    assert_eq!(page.status, 200, "{}", page.body);
    FormFields::of(&page)
}

/// Posts a file with a form and gives S3's answer.
pub async fn post_form(person: &Person, form: &FormFields, name: &str, content: Vec<u8>) -> Answer {
    let request = person.browser.client.post(&form.action);
    let sent = request.multipart(form.with_file(name, content)).send().await;
    Answer::of(sent.unwrap()).await
}

/// Posts a file with a form of its own and gives S3's answer.
pub async fn post_to_s3(person: &Person, name: &str, content: Vec<u8>) -> Answer {
    post_form(person, &filled_form(person).await, name, content).await
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

/// A valid mitochondrial VCF of at least `size` bytes, in few records, each of which says its number.
pub fn vcf_of_long_lines(size: usize) -> Vec<u8> {
    let mut vcf = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n".to_vec();
    let padding = "x".repeat(50_000);
    for number in 0.. {
        if vcf.len() >= size {
            break;
        }
        vcf.extend_from_slice(format!("MT\t3243\t.\tA\tG\t.\tPASS\tNUMBER={number};NOTE={padding}\n").as_bytes());
    }
    vcf
}
