//! Jobs as people handle them: several files at once, the list searched, a job named, shared, run again and cancelled.

use backends::jobs::Claim;
use domain::{JobId, Timestamp};

use super::CHROMIUM;
use super::visitor::{Visitor, file};
use crate::people::Person;
use crate::reach::{TURNS, reach, uploaded};
use crate::upload::SAMPLE;

const LATER: Timestamp = Timestamp::from_epoch_seconds(4_190_000_000);

#[tokio::test(flavor = "multi_thread")]
async fn several_files_become_jobs_that_are_searched_named_shared_and_run_again() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::new("several").await;
    signs_in(&visitor, &person).await;
    send_three(&visitor).await;
    search(&visitor).await;
    name_and_share(&visitor).await;
    run_again(&visitor).await;
    visitor.open("/status").await;
    visitor.reads("GAS is up.").await;
    visitor.looks_at("status").await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_is_cancelled_on_its_page() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let (reach, person) = (reach().await, Person::new("stops").await);
    let (id, user) = (JobId::random(), reach.user(&person.username).await);
    reach
        .jobs
        .submit(id, &user, &uploaded("long.vcf"), &TURNS, LATER)
        .await
        .unwrap();
    signs_in(&visitor, &person).await;
    visitor.open(&format!("/annotations/{id}")).await;
    visitor.reads("It ends without results.").await;
    visitor.looks_at("annotation-waiting").await;
    assert!(matches!(reach.jobs.claim(id, LATER).await.unwrap(), Claim::Granted(_)));
    visitor.reads("Annotating: 0 records done.").await;
    visitor.press("#cancel-job").await;
    visitor.reads("You cancelled this job. There are no results.").await;
    visitor.looks_at("annotation-cancelled").await;
    visitor.leave().await;
}

async fn signs_in(visitor: &Visitor, person: &Person) {
    visitor.opens_as("/annotate", &person.username).await;
    visitor.reads("Annotate a VCF file").await;
}

async fn send_three(visitor: &Visitor) {
    let files = [
        file("first of three.vcf", SAMPLE),
        file("second of three.vcf", SAMPLE),
        file("no table.vcf", "Dear colleague"),
    ];
    // The script takes several once it can send them.
    visitor.sees("#file[multiple]").await;
    visitor.choose_all(&files).await;
    visitor.reads("2 of 3 files can be annotated").await;
    visitor.press("#settings summary").await;
    visitor.looks_at("annotate-several").await;
    visitor.press("#upload-button").await;
    visitor.reads("2 of 2 files were submitted.").await;
    visitor.looks_at("annotate-several-sent").await;
    visitor.press(".notice a[href='/annotations']").await;
    visitor.reads("first of three.vcf").await;
    visitor.reads("second of three.vcf").await;
}

async fn search(visitor: &Visitor) {
    visitor.fill(&[("q", "SECOND")]).await;
    visitor.press(".list-search button").await;
    visitor.reads("those that you look for").await;
    assert!(visitor.is_at("/annotations").await);
    assert_eq!(visitor.texts("#jobs td.name a").await, ["second of three.vcf"]);
    visitor.looks_at("annotations-searched").await;
    visitor.fits("annotations-searched", &[400, 600, 880, 961]).await;
}

async fn name_and_share(visitor: &Visitor) {
    visitor.press("#jobs td.name a").await;
    visitor.reads("Complete Time").await;
    visitor.press("#describe summary").await;
    visitor
        .fill(&[("name", "Family 7"), ("notes", "The second of three.")])
        .await;
    visitor.press("#describe-job").await;
    visitor.reads("Change name and notes").await;
    assert_eq!(visitor.texts("h1").await, ["Family 7"]);
    for part in ["#describe", "#again", "#share"] {
        visitor.press(&format!("{part} summary")).await;
    }
    visitor.looks_at("annotation-handled").await;
    visitor.press("#share-job").await;
    visitor.reads("It is shown this once.").await;
    visitor.looks_at("share").await;
    let link = visitor.texts("#link").await.remove(0);
    let path = link[link.find("/shared/").unwrap()..].to_owned();
    visitor.press(".crumb a").await;
    visitor.reads("Family 7").await;
    let job = visitor.path().await;
    visitor.open(&path).await;
    visitor.reads("shares its results with you").await;
    visitor.looks_at("shared").await;
    visitor.open(&job).await;
}

async fn run_again(visitor: &Visitor) {
    visitor.press("#again summary").await;
    visitor.press("#again select[name=form] option[value=anntools]").await;
    visitor.press("#run-again").await;
    visitor.reads("As AnnTools wrote them").await;
    visitor.reads("Complete Time").await;
    assert_eq!(visitor.texts("h1").await, ["Family 7"]);
}
