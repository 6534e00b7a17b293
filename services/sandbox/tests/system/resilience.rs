//! Messages come twice or never, processes die: every job is annotated once and its owner told once.

use std::time::{Duration, Instant};

use backends::jobs::Submitted;
use backends::object_store::BINARY;
use domain::events::{JobCompleted, JobRequested};
use domain::{JobId, JobStatus, Timestamp, keys};

use crate::people::Person;
use crate::reach::{A_WHILE, TURNS, objects, reach, uploaded};
use crate::upload::{SAMPLE, ended, long_vcf, submit};
use crate::{DEAD_LETTERS, eventually, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_again_changes_nothing() {
    let person = Person::new("again").await;
    let id = submit(&person, "again.vcf", SAMPLE).await;
    let before = ended(id).await;
    eventually("the mail", || async { person.mails("again.vcf").await.pop() }).await;
    let reach = reach().await;
    reach.job_requests.publish(&JobRequested::new(id)).await.unwrap();
    reach.job_results.publish(&JobCompleted::new(id)).await.unwrap();
    // The messages of a later job stand behind these in the same queues.
    let later = submit(&person, "later.vcf", SAMPLE).await;
    ended(later).await;
    eventually("the later mail", || async { person.mails("later.vcf").await.pop() }).await;
    tokio::time::sleep(A_WHILE).await;
    let after = reach.jobs.get(id).await.unwrap().unwrap();
    assert_eq!(
        (after.attempt, after.complete_time),
        (before.attempt, before.complete_time)
    );
    assert_eq!(person.mails("again.vcf").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_annotator_is_killed_completes_once() {
    let person = Person::premium("killed").await;
    let content = long_vcf(60 * 1024 * 1024);
    let id = submit(&person, "killed.vcf", content).await;
    let jobs = reach().await.jobs;
    let running = || async {
        jobs.get(id)
            .await
            .unwrap()
            .filter(|job| job.status == JobStatus::Running)
    };
    eventually("the job to run", running).await;
    // Results of the attempt that dies, as they would be if it had come so far.
    let objects = objects().await;
    let first = jobs.get(id).await.unwrap().unwrap();
    let left = keys::attempt(first.user_id, id, 1, &first.input_file_name).results;
    objects.put_result(&left, "half".into(), BINARY).await.unwrap();
    // Only one of several annotators has the job; which one, nobody outside knows.
    let killed = sandbox().await.pids("annotator").unwrap();
    killed.iter().copied().for_each(kill);
    let death = Instant::now();
    let restarted = || async {
        let now = sandbox().await.pids("annotator").ok()?;
        (now.len() == killed.len() && now.iter().all(|pid| !killed.contains(pid))).then_some(())
    };
    eventually("other annotators", restarted).await;
    let again = || async { jobs.get(id).await.unwrap().filter(|job| job.attempt == 2) };
    eventually("another attempt", again).await;
    assert!(death.elapsed() < Duration::from_secs(20), "after {:?}", death.elapsed());
    println!("Another annotator went on after {:.1} s", death.elapsed().as_secs_f64());
    let job = ended(id).await;
    assert_eq!((job.status, job.attempt), (JobStatus::Completed, 2), "{:?}", job.error);
    let gone = || async { objects.open_result(&left).await.is_err().then_some(()) };
    eventually("what the first attempt has left to be deleted", gone).await;
    assert!(objects.open_result(&job.results_key.unwrap()).await.is_ok());
    eventually("the mail", || async { person.mails("killed.vcf").await.pop() }).await;
    assert_eq!(person.mails("killed.vcf").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_message_was_lost_is_swept_up() {
    let person = Person::new("lost").await;
    let stored = crate::upload::post_to_s3(&person, "lost.vcf", SAMPLE.into()).await;
    let key = reqwest::Url::parse(stored.location()).unwrap();
    let key = key
        .query_pairs()
        .find(|(name, _)| name == "key")
        .unwrap()
        .1
        .into_owned();
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    let id = domain::keys::job_of_input(user.id, &key).unwrap();
    // The row is written as the web writes it, and then the web is gone before it publishes.
    let upload = uploaded("lost.vcf");
    let submitted = reach.jobs.submit(id, &user, &upload, &TURNS, Timestamp::now()).await;
    assert_eq!(submitted.unwrap(), Submitted::Requested);
    assert_eq!(ended(id).await.status, JobStatus::Completed);
    eventually("the mail", || async { person.mails("lost.vcf").await.pop() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_input_is_gone_is_given_up_and_its_owner_told() {
    let person = Person::new("gone").await;
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    let (id, upload) = (JobId::random(), uploaded("gone.vcf"));
    let submitted = reach.jobs.submit(id, &user, &upload, &TURNS, Timestamp::now()).await;
    assert_eq!(submitted.unwrap(), Submitted::Requested);
    let job = ended(id).await;
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.error.unwrap().contains("fault of ours"));
    eventually("the mail", || async { person.mails("gone.vcf").await.pop() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_can_read_ends_in_the_dead_letter_queue() {
    let _alone = DEAD_LETTERS.lock().await;
    let body = serde_json::json!({ "version": 99, "job_id": JobId::random() });
    let reach = reach().await;
    let before = reach.depth("job_requests_dlq").await;
    reach.job_requests.publish(&body).await.unwrap();
    eventually("the dead letter", || async {
        (reach.depth("job_requests_dlq").await > before).then_some(())
    })
    .await;
}

pub fn kill(pid: u32) {
    let killed = std::process::Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
}
