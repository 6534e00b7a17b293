//! An upload's form works for an hour and as often as somebody likes: what was submitted stays what it was.

use domain::JobStatus;
use reqwest::Url;

use crate::people::{Answer, Person};
use crate::reach::reach;
use crate::sandbox;
use crate::upload::{SAMPLE, ended, filled_form, post_form};

const OTHER: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t73\t.\tA\tG\t.\t.\t.\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_submitted_is_annotated_and_downloaded_whatever_is_uploaded_later() {
    let person = Person::new("pinned").await;
    let form = filled_form(&person).await;
    let stored = post_form(&person, &form, "mine.vcf", SAMPLE.into()).await;
    assert_eq!(stored.status, 303, "{}", stored.body);
    let key = key_of(&stored);
    // Another upload with the same form, just before the job is submitted and just after.
    let jobs = reach().await.jobs;
    let submitted = person.get(stored.location()).await;
    assert_eq!(submitted.status, 303, "{}", submitted.body);
    let again = post_form(&person, &form, "other.vcf", OTHER.into()).await;
    assert_eq!((again.status.as_u16(), key_of(&again)), (303, key));

    let id = submitted.location().rsplit('/').next().unwrap().parse().unwrap();
    let job = ended(id).await;
    assert_eq!((job.status, job.progress.unwrap().records), (JobStatus::Completed, 19));
    assert!(job.input_version.is_some());
    let address = format!("/annotations/{id}/input");
    assert_eq!(content_of(&person, &address).await, SAMPLE);

    // A reload finds the job that there is.
    assert_eq!(person.get(again.location()).await.status, 303);
    assert_eq!(but_mail(jobs.get(id).await.unwrap().unwrap()), but_mail(job));
    assert_eq!(content_of(&person, &address).await, SAMPLE);
}

/// The row without what the notifier writes, whenever it does.
fn but_mail(job: domain::Job) -> domain::Job {
    domain::Job {
        notified_at: None,
        ..job
    }
}

fn key_of(stored: &Answer) -> String {
    let address = Url::parse(stored.location()).unwrap();
    let (_, key) = address.query_pairs().find(|(name, _)| name == "key").unwrap();
    key.into_owned()
}

async fn content_of(person: &Person, address: &str) -> String {
    let redirect = person.get(address).await;
    assert_eq!(redirect.status, 302, "{}", redirect.body);
    person.get(redirect.location()).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_marked_as_nobodys_input_until_it_is_submitted() {
    let person = Person::new("tagged").await;
    let form = filled_form(&person).await;
    // S3 makes this field the object's tags; the emulator (ministack 1.5.33) takes no notice of it.
    let tags = form.fields.iter().find(|(name, _)| name == "tagging");
    assert!(tags.is_some_and(|(_, tags)| tags.contains("<Key>job</Key><Value>none</Value>")));
    let stored = post_form(&person, &form, "mine.vcf", SAMPLE.into()).await;
    let key = key_of(&stored);
    let submitted = person.get(stored.location()).await;
    let id = submitted.location().rsplit('/').next().unwrap();
    assert_eq!(tag_of(&key).await, id);
}

/// What the rule of the bucket for uploads without a job goes by.
async fn tag_of(key: &str) -> String {
    let s3 = aws_sdk_s3::config::Builder::from(&sandbox().await.aws_config().await).force_path_style(true);
    let s3 = aws_sdk_s3::Client::from_conf(s3.build());
    let tagging = s3
        .get_object_tagging()
        .bucket("gas-inputs")
        .key(key)
        .send()
        .await
        .unwrap();
    let tags: Vec<_> = tagging.tag_set().iter().map(|tag| (tag.key(), tag.value())).collect();
    let [("job", value)] = tags[..] else { panic!("{tags:?}") };
    value.to_owned()
}
