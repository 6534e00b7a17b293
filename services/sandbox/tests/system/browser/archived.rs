//! A job's page while its results are archived, on their way back, and back.

use std::time::Duration;

use domain::{Archive, Job, Role, Timestamp};

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::people::Person;
use crate::reach::{Reach, reach};
use crate::upload::{SAMPLE, ended, submit};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_tells_where_archived_results_are() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let (person, reach) = (Person::new("archived").await, reach().await);
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    let job = ended(id).await;
    visitor.opens_as(&format!("/annotations/{id}"), &person.username).await;
    visitor.reads("(your time), ").await;
    visitor.reads("min left").await;

    let long_ago = Timestamp::now().minus(Duration::from_secs(3600));
    reach.set_complete_time(id, long_ago).await;
    visitor.open(&format!("/annotations/{id}")).await;
    visitor.reads("Upgrade to Premium for download").await;
    visitor.looks_at("annotation-archived").await;
    visitor.open("/annotations").await;
    visitor.reads("Archived: upgrade").await;
    visitor.looks_at("annotations-archived").await;

    person.becomes(Role::PremiumUser).await;
    let restoring = restoring(&reach, &job).await;
    visitor.open(&format!("/annotations/{id}")).await;
    visitor.reads("usually within 3–5 hours; asked for at").await;
    visitor.looks_at("annotation-restoring").await;

    let key = job.results_key.unwrap();
    reach
        .jobs
        .restored(&restoring, &key, Timestamp::now())
        .await
        .unwrap()
        .unwrap();
    visitor.open(&format!("/annotations/{id}")).await;
    visitor.reads("Restored").await;
    visitor.looks_at("annotation-restored").await;
    visitor.leave().await;
}

/// The row of results on their way back, without a vault.
async fn restoring(reach: &Reach, job: &Job) -> Job {
    let (jobs, later) = (&reach.jobs, Timestamp::now().plus(Duration::from_secs(3600)));
    let archive = Archive {
        id: "no-such-archive".into(),
        size: 1,
        tree_hash: "ab".repeat(32),
    };
    let held = jobs.begin_archive(job, "upload", later).await.unwrap().unwrap();
    let archived = jobs.archived(&held, &archive, later).await.unwrap().unwrap();
    let tidy = jobs.discarded(&archived).await.unwrap().unwrap();
    let restoring = jobs
        .begin_restore(&tidy, "upgrade", Timestamp::now())
        .await
        .unwrap()
        .unwrap();
    jobs.hold(&restoring, later).await.unwrap().unwrap()
}
