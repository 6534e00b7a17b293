//! Jobs that are cancelled: while they wait, while they run, and while they end.

use std::io::Write;
use std::time::{Duration, Instant};

use backends::jobs::{Cancelled, Claim, MailClaim, Outcome};
use domain::events::JobRequested;
use domain::{JobId, JobStatus, Progress, Timestamp, User};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::time::sleep;

use super::{at, press, waiting};
use crate::deletions::everywhere::traces;
use crate::people::Person;
use crate::reach::{A_WHILE, Reach, TURNS, reach, somebody, uploaded};
use crate::upload::submit;
use crate::{eventually, eventually_within};

async fn submitted(reach: &Reach, user: &User, seconds: i64) -> JobId {
    let id = JobId::random();
    let upload = uploaded("sample.vcf");
    reach.jobs.submit(id, user, &upload, &TURNS, at(seconds)).await.unwrap();
    id
}

fn failed() -> Outcome {
    Outcome::Failed {
        reason: "no".into(),
        log_key: "log".into(),
        log_size: 3,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_at_work_on_a_cancelled_job_writes_nothing_more_and_its_turn_goes_on() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let mut jobs = Vec::new();
    for seconds in 0..4 {
        jobs.push(submitted(&reach, &user, seconds).await);
    }
    let Claim::Granted(running) = reach.jobs.claim(jobs[0], at(10)).await.unwrap() else {
        panic!("somebody else has claimed the job")
    };
    let cancel = async |id| reach.jobs.cancel(user.id, id, at(20)).await.unwrap();
    assert_eq!(cancel(jobs[0]).await, Cancelled::Now);
    assert_eq!(cancel(jobs[0]).await, Cancelled::Before);
    let progress = Progress {
        records: 1,
        percent: 10,
    };
    assert!(!reach.jobs.report(&running, progress).await.unwrap());
    assert!(!reach.jobs.end(&running, &failed(), at(21)).await.unwrap());
    let job = reach.jobs.get(jobs[0]).await.unwrap().unwrap();
    assert_eq!((job.status, job.complete_time), (JobStatus::Cancelled, Some(at(20))));
    assert_eq!(
        reach.jobs.claim(jobs[0], at(22)).await.unwrap(),
        Claim::Ended(Box::new(job))
    );
    assert_eq!(reach.jobs.claim_mail(jobs[0]).await.unwrap(), MailClaim::Told);
    assert!(
        !reach
            .jobs
            .running()
            .await
            .unwrap()
            .iter()
            .any(|job| job.job_id == jobs[0])
    );
    assert!(
        !reach
            .jobs
            .untold()
            .await
            .unwrap()
            .iter()
            .any(|job| job.job_id == jobs[0])
    );
    // One that waits for its turn gives its place up.
    assert_eq!(cancel(jobs[2]).await, Cancelled::Now);
    let given = reach.jobs.give_turns(user.id, &TURNS, at(23)).await.unwrap();
    assert_eq!(given, [jobs[3]]);
    let stranger = reach.jobs.cancel(somebody().id, jobs[3], at(24)).await.unwrap();
    assert_eq!(stranger, Cancelled::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_cancellation_and_an_end_one_wins_and_the_other_is_told() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    for seconds in 0..8 {
        let id = submitted(&reach, &user, seconds).await;
        let Claim::Granted(job) = reach.jobs.claim(id, at(10)).await.unwrap() else {
            panic!("somebody else has claimed the job")
        };
        let outcome = failed();
        let (ended, cancelled) = tokio::join!(
            reach.jobs.end(&job, &outcome, at(11)),
            reach.jobs.cancel(user.id, id, at(11))
        );
        let status = reach.jobs.get(id).await.unwrap().unwrap().status;
        let expected = match ended.unwrap() {
            true => (Cancelled::Ended(JobStatus::Failed), JobStatus::Failed),
            false => (Cancelled::Now, JobStatus::Cancelled),
        };
        assert_eq!((cancelled.unwrap(), status), expected);
        assert_eq!(reach.jobs.give_turns(user.id, &TURNS, at(12)).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_ends_by_its_button_and_a_message_that_comes_later_does_nothing() {
    let (reach, person) = (reach().await, Person::new("cancels").await);
    let id = waiting(&reach, &person, "waiting.vcf", 0).await;
    let page = format!("/annotations/{id}");
    assert_eq!(press(&person, id, "cancel", &[]).await.location(), page);
    assert_eq!(person.get(&page).await.texts("#cancel-job"), Vec::<String>::new());
    assert!(
        person
            .get(&page)
            .await
            .says("You cancelled this job. There are no results.")
    );
    let list = person.get("/annotations").await;
    assert!(
        list.texts("#jobs tbody .state").contains(&"Cancelled".to_owned()),
        "{}",
        list.body
    );
    reach.job_requests.publish(&JobRequested::new(id)).await.unwrap();
    sleep(A_WHILE).await;
    let job = reach.jobs.get(id).await.unwrap().unwrap();
    assert_eq!((job.status, job.attempt), (JobStatus::Cancelled, 0));
    assert!(person.mails("waiting.vcf").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_had_ended_is_not_cancelled_and_the_page_says_so() {
    let (reach, person) = (reach().await, Person::new("late").await);
    let id = waiting(&reach, &person, "late.vcf", 0).await;
    let page = person.get(&format!("/annotations/{id}")).await;
    let Claim::Granted(job) = reach.jobs.claim(id, at(1)).await.unwrap() else {
        panic!("somebody else has claimed the job")
    };
    assert!(reach.jobs.end(&job, &failed(), at(2)).await.unwrap());
    let token = page.csrf_token();
    let cancel = format!("/annotations/{id}/cancel");
    let answer = person.browser.post(&cancel, &[("csrf_token", &token)]).await;
    assert_eq!(answer.status, 409);
    assert!(answer.says("It had failed before you cancelled it"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_stops_and_leaves_nothing_behind() {
    let person = Person::premium("stops").await;
    let id = submit(&person, "long.vcf.gz", large_vcf(4_000_000)).await;
    let results = |found: &String| found.contains("gas-results/");
    let made = async || -> Vec<String> { traces(&[id.to_string()]).await.into_iter().filter(results).collect() };
    let patience = Duration::from_secs(240);
    eventually_within(patience, "parts of the results", || async {
        (!made().await.is_empty()).then_some(())
    })
    .await;
    let pressed = Instant::now();
    assert_eq!(press(&person, id, "cancel", &[]).await.status, 303);
    eventually("nothing to be left", || async { made().await.is_empty().then_some(()) }).await;
    let took = pressed.elapsed();
    sleep(A_WHILE).await;
    assert_eq!(made().await, Vec::<String>::new(), "nothing comes later");
    let job = reach().await.jobs.get(id).await.unwrap().unwrap();
    assert_eq!(job.status, JobStatus::Cancelled);
    assert!(job.complete_time.unwrap() <= Timestamp::now() && job.results_key.is_none());
    assert!(person.mails("long.vcf").await.is_empty());
    println!("nothing was left {took:?} after the button");
}

/// Records of which no two are alike, packed.
fn large_vcf(records: u32) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let head = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    packed.write_all(head.as_bytes()).unwrap();
    let mut number = 1u32;
    for _ in 0..records {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        writeln!(
            packed,
            "MT\t3243\t.\tA\tG\t.\tPASS\tDP={};X={}",
            number >> 16,
            number & 0xffff
        )
        .unwrap();
    }
    packed.finish().unwrap()
}
