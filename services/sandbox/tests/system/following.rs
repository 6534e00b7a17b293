//! Pages that follow jobs by server-sent events.

use std::time::Duration;

use backends::jobs::{Claim, Outcome, Submitted};
use domain::{JobId, Timestamp};
use reqwest::Response;
use tokio::time::timeout;

use crate::people::{Answer, Person};
use crate::reach::{Reach, TURNS, reach, uploaded};
use crate::{eventually, sandbox, skipped};

/// Far in the future, so that the sandbox's own sweep leaves these jobs alone.
const LATER: Timestamp = Timestamp::from_epoch_seconds(4_000_000_000);

/// Pages of one person that may follow jobs at once (`GAS_FOLLOWED_JOBS`).
const PLACES: usize = 50;

/// A job that waits, and that no annotator has been asked for.
async fn waiting_job(reach: &Reach, person: &Person) -> JobId {
    let (id, user) = (JobId::random(), reach.user(&person.username).await);
    let submitted = reach
        .jobs
        .submit(id, &user, &uploaded("followed.vcf"), &TURNS, LATER)
        .await;
    assert_eq!(submitted.unwrap(), Submitted::Requested);
    id
}

/// Ends the job as one that cannot be annotated.
async fn fail(reach: &Reach, id: JobId) {
    let Claim::Granted(job) = reach.jobs.claim(id, LATER).await.unwrap() else {
        panic!("the job is another's");
    };
    let outcome = Outcome::Failed {
        reason: "This is no VCF.".into(),
        log_key: "log".into(),
        log_size: 3,
    };
    assert!(reach.jobs.end(&job, &outcome, LATER).await.unwrap());
}

async fn open(person: &Person, id: JobId) -> Response {
    let address = person.browser.address(&format!("/annotations/{id}/events"));
    person.browser.client.get(address).send().await.unwrap()
}

/// Reads a stream until it has said the words.
async fn hears(stream: &mut Response, words: &str) {
    let mut heard = String::new();
    while !heard.contains(words) {
        let more = timeout(Duration::from_secs(20), stream.chunk()).await;
        let more = more.unwrap_or_else(|_| panic!("no {words}, only {heard}")).unwrap();
        heard += std::str::from_utf8(&more.unwrap_or_else(|| panic!("ended after {heard}"))).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_that_follows_a_job_is_told_how_far_it_is_and_when_it_has_ended() {
    let (reach, person) = (reach().await, Person::new("followed").await);
    let id = waiting_job(&reach, &person).await;
    let mut streams = [open(&person, id).await, open(&person, id).await];
    for stream in &mut streams {
        hears(stream, r#""status":"PENDING""#).await;
    }
    fail(&reach, id).await;
    for stream in &mut streams {
        hears(stream, "event:done").await;
    }
    for stream in streams {
        assert!(stream.text().await.is_ok(), "the stream ends by itself");
    }
    let late = Answer::of(open(&person, id).await).await;
    assert!(late.body.contains("event:done"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_too_many_pages_that_follow_is_told_to_close_some() {
    if sandbox().await.is_attached() {
        return skipped("who_has_too_many_pages_that_follow: each replica counts for itself");
    }
    let (reach, person) = (reach().await, Person::new("eager").await);
    let id = waiting_job(&reach, &person).await;
    let mut streams = Vec::new();
    for _ in 0..PLACES {
        streams.push(open(&person, id).await);
    }
    assert!(streams.iter().all(|stream| stream.status() == 200));
    let refused = Answer::of(open(&person, id).await).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "60"));
    assert!(refused.says("Close some of them"), "{}", refused.body);
    let another = Person::new("another").await;
    let theirs = waiting_job(&reach, &another).await;
    assert_eq!(open(&another, theirs).await.status(), 200);
    streams.pop();
    eventually("a free place", || async {
        (open(&person, id).await.status() == 200).then_some(())
    })
    .await;
}
