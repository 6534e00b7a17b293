//! One tenant never sees another's data.

use domain::{JobId, keys};

use crate::people::{Browser, Person};
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, post_to_s3, submit};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_a_job_or_its_files() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let id = submit(&owner, "sample.vcf", SAMPLE).await;
    ended(id).await;
    for page in [
        "",
        "/input",
        "/results",
        "/plain",
        "/index",
        "/log",
        "/log?download=1",
        "/events",
        "/variants",
        "/variants/charts",
        "/variants/0",
        "/variants.tsv",
        "/variants.jsonl",
        "/variants.parquet",
        "/variants.vcf.gz",
    ] {
        let foreign = stranger.get(&format!("/annotations/{id}{page}")).await;
        let absent = stranger.get(&format!("/annotations/{}{page}", JobId::random())).await;
        assert_eq!((foreign.status.as_u16(), absent.status.as_u16()), (403, 403), "{page}");
        assert!(foreign.says("Not authorized to view this job"), "{page}");
    }
    assert!(!stranger.get("/annotations").await.says(&id.to_string()));
    let visitor = Browser::new().await.get(&format!("/annotations/{id}")).await;
    assert_eq!(
        (visitor.status.as_u16(), visitor.location()),
        (
            303,
            &*format!(
                "/login?redirect_url=%2Fannotations%2F{}",
                id.to_string().replace('-', "%2D")
            )
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_can_be_submitted_by_its_owner_only() {
    let (owner, thief) = (Person::new("owner").await, Person::new("thief").await);
    let stored = post_to_s3(&owner, "sample.vcf", SAMPLE.into()).await;
    let address = stored.location().to_owned();
    assert_eq!(thief.get(&address).await.status, 403);
    assert_eq!(
        owner.get(&address.replace("gas-inputs", "gas-results")).await.status,
        400
    );
    assert_eq!(owner.get(&address).await.status, 303);
    let again = owner.get(&address).await;
    assert_eq!(again.status, 303, "a reload is harmless");
    let id: JobId = again.location().rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(ended(id).await.attempt, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_an_upload_is_not_submitted() {
    let person = Person::new("ghost").await;
    let user = reach().await.user(&person.username).await;
    let key = keys::input(user.id, JobId::random());
    let answer = person
        .get(&format!("/annotate/job?bucket=gas-inputs&key={key}&etag=x"))
        .await;
    assert_eq!(answer.status, 404);
    assert!(answer.says("Upload the file again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_page_of_jobs_shows_ones_own_jobs_only() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let id = submit(&owner, "sample.vcf", SAMPLE).await;
    let submitted = ended(id).await.submit_time.epoch_seconds() + 1;
    let forged = stranger
        .get(&format!("/annotations?after={submitted}.{}", JobId::random()))
        .await;
    assert_eq!(forged.status, 200);
    assert!(!forged.says(&id.to_string()));
}
