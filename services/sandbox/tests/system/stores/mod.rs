//! The stores themselves, against the emulator and the database.

mod accounts;

use std::time::Duration;

use backends::accounts::{Action, Actor};
use backends::jobs::{Claim, MailClaim, Outcome, Retry, Submitted, Watched};
use domain::{Job, JobId, JobStatus, Plan, Progress, Timestamp, User};

use crate::reach::{Reach, TURNS, reach, somebody, uploaded};

/// Far in the future, so that the sandbox's own sweep leaves these jobs alone.
const LATER: i64 = 4_000_000_000;

async fn submitted(reach: &Reach, user: &User, at: i64) -> JobId {
    let id = JobId::random();
    let (upload, at) = (uploaded("test.vcf"), Timestamp::from_epoch_seconds(at));
    let submitted = reach.jobs.submit(id, user, &upload, &TURNS, at).await.unwrap();
    assert_ne!(submitted, Submitted::Before);
    id
}

async fn claimed(reach: &Reach, id: JobId, now: i64) -> Job {
    match reach.jobs.claim(id, Timestamp::from_epoch_seconds(now)).await.unwrap() {
        Claim::Granted(job) => *job,
        refused => panic!("{refused:?}"),
    }
}

/// What a look at the running jobs shows of this one.
async fn seen_running(reach: &Reach, id: JobId) -> Option<Watched> {
    let running = reach.jobs.running().await.unwrap();
    running.into_iter().find(|job| job.job_id == id)
}

async fn seen_untold(reach: &Reach, id: JobId) -> Option<Watched> {
    let untold = reach.jobs.untold().await.unwrap();
    untold.into_iter().find(|job| job.job_id == id)
}

/// A job that has failed, and whose owner does not know.
async fn failed(reach: &Reach) -> JobId {
    let id = submitted(reach, &somebody(), LATER).await;
    let job = claimed(reach, id, LATER).await;
    let outcome = Outcome::Failed {
        reason: "no".into(),
        log_key: "log".into(),
        log_size: 3,
    };
    let ended = reach
        .jobs
        .end(&job, &outcome, Timestamp::from_epoch_seconds(LATER))
        .await;
    assert!(ended.unwrap());
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_submitted_once_and_reads_back() {
    let (reach, user) = (reach().await, somebody());
    let id = submitted(&reach, &user, LATER).await;
    let other = uploaded("other.vcf");
    let again = reach.jobs.submit(id, &user, &other, &TURNS, Timestamp::now()).await;
    assert_eq!(again.unwrap(), Submitted::Before);
    let job = reach.jobs.get(id).await.unwrap().unwrap();
    assert_eq!(
        (job.status, job.input_file_name.as_str(), job.user_id),
        (JobStatus::Pending, "test.vcf", user.id)
    );
    assert_eq!((job.plan, job.stored.input), (Plan::Free, Some(1603)));
    assert_eq!(reach.jobs.get(JobId::random()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_newest_first_a_page_at_a_time() {
    let (reach, user) = (reach().await, somebody());
    let mut ids = Vec::new();
    for second in 0..5 {
        ids.push(submitted(&reach, &user, LATER + second).await);
    }
    ids.reverse();
    let first = reach.jobs.list(user.id, 2, None).await.unwrap();
    let second = reach.jobs.list(user.id, 2, first.next).await.unwrap();
    let third = reach.jobs.list(user.id, 2, second.next).await.unwrap();
    let listed: Vec<_> = [first.jobs, second.jobs, third.jobs]
        .concat()
        .iter()
        .map(|job| job.id)
        .collect();
    assert_eq!(listed, ids);
    assert_eq!(third.next, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_its_annotators_for_as_long_as_its_row_moves() {
    let (reach, user, at) = (reach().await, somebody(), Timestamp::from_epoch_seconds);
    let id = submitted(&reach, &user, LATER).await;
    assert_eq!(seen_running(&reach, id).await, None);
    let first = claimed(&reach, id, LATER).await;
    assert_eq!(reach.jobs.claim(id, at(LATER)).await.unwrap(), Claim::HeldByAnother);
    let seen = seen_running(&reach, id).await.unwrap();
    let progress = Progress {
        records: 5,
        percent: 50,
    };
    assert!(reach.jobs.report(&first, progress).await.unwrap());
    assert!(!reach.jobs.take_back(&seen, at(LATER)).await.unwrap(), "it has moved");
    let seen = seen_running(&reach, id).await.unwrap();
    let taken = futures_util::future::join_all((0..4).map(|_| reach.jobs.take_back(&seen, at(LATER)))).await;
    assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
    assert!(!reach.jobs.report(&first, progress).await.unwrap(), "it is fenced off");

    let second = claimed(&reach, id, LATER + 61).await;
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert_eq!(first.start_time, second.start_time);
    assert!(
        !reach.jobs.take_back(&seen, at(LATER)).await.unwrap(),
        "another has it now"
    );
    assert!(
        !reach.jobs.report(&first, progress).await.unwrap(),
        "it is still fenced off"
    );
    let outcome = Outcome::Failed {
        reason: "first".into(),
        log_key: "log".into(),
        log_size: 5,
    };
    assert!(!reach.jobs.end(&first, &outcome, at(LATER + 70)).await.unwrap());
    assert!(reach.jobs.end(&second, &outcome, at(LATER + 70)).await.unwrap());
    assert!(matches!(
        reach.jobs.claim(id, at(LATER + 900)).await.unwrap(),
        Claim::Ended(_)
    ));
    assert_eq!(reach.jobs.claim(JobId::random(), at(0)).await.unwrap(), Claim::Unknown);
    assert_eq!(seen_running(&reach, id).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_version_0_1_has_begun_is_watched_too() {
    let (reach, user, at) = (reach().await, somebody(), Timestamp::from_epoch_seconds);
    let id = submitted(&reach, &user, LATER).await;
    reach.begin_as_version_0_1(id).await;
    assert_eq!(seen_running(&reach, id).await, None);
    reach.jobs.adopt_running().await.unwrap();
    let seen = seen_running(&reach, id).await.unwrap();
    assert!(reach.jobs.take_back(&seen, at(LATER)).await.unwrap());
    assert_eq!(claimed(&reach, id, LATER).await.attempt, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_job_can_be_begun_at_once() {
    let (reach, user) = (reach().await, somebody());
    let id = submitted(&reach, &user, LATER).await;
    let first = claimed(&reach, id, LATER).await;
    let now = Timestamp::from_epoch_seconds(LATER);
    reach.jobs.release(&first, now).await.unwrap();
    assert_eq!(claimed(&reach, id, LATER + 1).await.attempt, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_requested_anew_is_fenced_off_from_its_earlier_attempts() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let (id, at) = (submitted(&reach, &user, LATER).await, Timestamp::from_epoch_seconds);
    let first = claimed(&reach, id, LATER).await;
    reach.jobs.release(&first, at(LATER + 60)).await.unwrap();
    let second = claimed(&reach, id, LATER + 61).await;
    let outcome = Outcome::Failed {
        reason: "second".into(),
        log_key: "log".into(),
        log_size: 5,
    };
    assert!(reach.jobs.end(&second, &outcome, at(LATER + 70)).await.unwrap());
    let MailClaim::Granted(_, stale_mail) = reach.jobs.claim_mail(id).await.unwrap() else {
        panic!("somebody else mails the owner")
    };
    let action = Action::RetryJob { job: id };
    let recorded = reach
        .accounts
        .record_action(&Actor::CommandLine, &action)
        .await
        .unwrap();
    let retries = futures_util::future::join_all((0..4).map(|_| reach.jobs.retry(id, &recorded))).await;
    let waits = retries.iter().filter(|retry| matches!(retry, Ok(Retry::Waits(_))));
    assert_eq!(waits.count(), 1, "{retries:?}");
    let given = reach.jobs.give_turns(user.id, &TURNS, at(LATER + 80)).await;
    assert_eq!(given.unwrap(), [id]);
    let job = reach.jobs.get(id).await.unwrap().unwrap();
    assert_eq!(
        (job.status, job.attempts(), job.notified_at),
        (JobStatus::Pending, 0, None)
    );
    assert_eq!((job.start_time, job.complete_time, job.error), (None, None, None));
    let third = claimed(&reach, id, LATER + 81).await;
    assert_eq!((third.attempt, third.attempts()), (3, 1));
    for stale in [first, second] {
        assert!(!reach.jobs.end(&stale, &outcome, at(LATER + 82)).await.unwrap());
    }
    assert!(!reach.jobs.told(stale_mail, at(LATER + 83)).await.unwrap());
    let unknown = reach.jobs.retry(JobId::random(), &recorded).await;
    assert_eq!(unknown.unwrap(), Retry::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_takes_the_right_to_mail_an_owner_and_keeps_it_until_ses_has_answered() {
    let (reach, at) = (reach().await, Timestamp::from_epoch_seconds);
    let id = failed(&reach).await;
    let claims = futures_util::future::join_all((0..8).map(|_| reach.jobs.claim_mail(id))).await;
    let granted = claims.into_iter().filter_map(|claim| match claim.unwrap() {
        MailClaim::Granted(_, right) => Some(right),
        refused => {
            assert_eq!(refused, MailClaim::HeldByAnother);
            None
        }
    });
    let [first] = granted.collect::<Vec<_>>()[..] else {
        panic!("not one of them")
    };
    let seen = seen_untold(&reach, id).await.unwrap();
    assert!(reach.jobs.keep_mail(first).await.unwrap());
    assert_eq!(
        reach.jobs.take_over_mail(&seen).await.unwrap(),
        MailClaim::HeldByAnother,
        "it lives"
    );
    let seen = seen_untold(&reach, id).await.unwrap();
    let MailClaim::Granted(_, second) = reach.jobs.take_over_mail(&seen).await.unwrap() else {
        panic!("it is dead")
    };
    assert!(!reach.jobs.keep_mail(first).await.unwrap() && !reach.jobs.told(first, at(LATER)).await.unwrap());
    reach.jobs.release_mail(first).await.unwrap();
    assert_eq!(
        reach.jobs.claim_mail(id).await.unwrap(),
        MailClaim::HeldByAnother,
        "not the first's to give back"
    );
    reach.jobs.release_mail(second).await.unwrap();
    let MailClaim::Granted(_, third) = reach.jobs.claim_mail(id).await.unwrap() else {
        panic!("it was given back")
    };
    assert_eq!((first.attempt, second.attempt, third.attempt), (1, 2, 3));
    assert!(reach.jobs.told(third, at(LATER)).await.unwrap());
    assert_eq!(reach.jobs.claim_mail(id).await.unwrap(), MailClaim::Told);
    assert_eq!(seen_untold(&reach, id).await, None);
    assert_eq!(
        reach.jobs.claim_mail(JobId::random()).await.unwrap(),
        MailClaim::Unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_requests_are_found_and_repeated_by_one_sweep_only() {
    let (reach, user) = (reach().await, somebody());
    // Waiting since the far future, so that only a sweep of the far future sees it.
    let id = submitted(&reach, &user, LATER).await;
    let now = Timestamp::from_epoch_seconds(LATER + 61);
    let lost = reach.jobs.lost_requests(now, Duration::from_secs(60)).await.unwrap();
    let ours = *lost.iter().find(|lost| lost.job_id == id).unwrap();
    assert!(reach.jobs.claim_request(ours, now).await.unwrap());
    assert!(!reach.jobs.claim_request(ours, now).await.unwrap());
    let again = reach.jobs.lost_requests(now, Duration::from_secs(60)).await.unwrap();
    assert!(again.iter().all(|lost| lost.job_id != id), "it has just been requested");
}
