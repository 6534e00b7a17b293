//! The stores themselves, against the emulator and the database.

use std::time::Duration;

use backends::accounts::{Action, Actor, Confirmation, Registration};
use backends::jobs::{Claim, Outcome, Retry};
use domain::{
    EmailAddress, FullName, Job, JobId, JobStatus, Plan, Progress, Role, Timestamp, User, UserId, Username,
};

use crate::reach::{Reach, reach, uploaded};

/// Far in the future, so that the sandbox's own sweep leaves these jobs alone.
const LATER: i64 = 4_000_000_000;

fn somebody() -> User {
    User {
        id: UserId::random(),
        username: Username::parse("somebody").unwrap(),
        email: EmailAddress::parse("somebody@example.org").unwrap(),
        name: FullName::parse("Some Body").unwrap(),
        role: Role::FreeUser,
        premium_ended: None,
    }
}

async fn submitted(reach: &Reach, user: &User, at: i64) -> JobId {
    let id = JobId::random();
    let (upload, at) = (uploaded("test.vcf"), Timestamp::from_epoch_seconds(at));
    assert!(reach.jobs.submit(id, user, &upload, at).await.unwrap());
    id
}

async fn claimed(reach: &Reach, id: JobId, now: i64) -> Job {
    let (now, until) = (
        Timestamp::from_epoch_seconds(now),
        Timestamp::from_epoch_seconds(now + 60),
    );
    match reach.jobs.claim(id, now, until).await.unwrap() {
        Claim::Granted(job) => *job,
        refused => panic!("{refused:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_submitted_once_and_reads_back() {
    let (reach, user) = (reach().await, somebody());
    let id = submitted(&reach, &user, LATER).await;
    let other = uploaded("other.vcf");
    assert!(!reach.jobs.submit(id, &user, &other, Timestamp::now()).await.unwrap());
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
async fn a_lease_keeps_others_away_until_it_ends() {
    let (reach, user) = (reach().await, somebody());
    let id = submitted(&reach, &user, LATER).await;
    let first = claimed(&reach, id, LATER).await;
    let at = Timestamp::from_epoch_seconds;
    assert_eq!(
        reach.jobs.claim(id, at(LATER + 59), at(LATER + 99)).await.unwrap(),
        Claim::HeldByAnother
    );
    let second = claimed(&reach, id, LATER + 61).await;
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert_eq!(first.start_time, second.start_time);
    let progress = Progress {
        records: 5,
        percent: 50,
    };
    assert!(
        !reach.jobs.report(&first, progress, at(LATER + 200)).await.unwrap(),
        "the first attempt is fenced off"
    );
    assert!(reach.jobs.report(&second, progress, at(LATER + 200)).await.unwrap());
    let outcome = Outcome::Failed {
        reason: "first".into(),
        log_key: "log".into(),
        log_size: 5,
    };
    assert!(!reach.jobs.end(&first, &outcome, at(LATER + 70)).await.unwrap());
    assert!(reach.jobs.end(&second, &outcome, at(LATER + 70)).await.unwrap());
    assert!(matches!(
        reach.jobs.claim(id, at(LATER + 900), at(LATER + 999)).await.unwrap(),
        Claim::Ended(_)
    ));
    assert_eq!(
        reach.jobs.claim(JobId::random(), at(0), at(9)).await.unwrap(),
        Claim::Unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_job_can_be_begun_at_once() {
    let (reach, user) = (reach().await, somebody());
    let id = submitted(&reach, &user, LATER).await;
    let first = claimed(&reach, id, LATER).await;
    reach.jobs.release(&first).await.unwrap();
    assert_eq!(claimed(&reach, id, LATER + 1).await.attempt, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_requested_anew_is_fenced_off_from_its_earlier_attempts() {
    let (reach, user) = (reach().await, somebody());
    let (id, at) = (submitted(&reach, &user, LATER).await, Timestamp::from_epoch_seconds);
    let first = claimed(&reach, id, LATER).await;
    let second = claimed(&reach, id, LATER + 61).await;
    let outcome = Outcome::Failed {
        reason: "second".into(),
        log_key: "log".into(),
        log_size: 5,
    };
    assert!(reach.jobs.end(&second, &outcome, at(LATER + 70)).await.unwrap());
    assert!(reach.jobs.claim_notification(id, at(LATER + 71)).await.unwrap());
    let action = Action::RetryJob { job: id };
    let recorded = reach
        .accounts
        .record_action(&Actor::CommandLine, &action)
        .await
        .unwrap();
    let retries = futures_util::future::join_all((0..4).map(|_| reach.jobs.retry(id, at(LATER + 80), &recorded))).await;
    let waits = retries.iter().filter(|retry| matches!(retry, Ok(Retry::Waits)));
    assert_eq!(waits.count(), 1, "{retries:?}");
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
    let unknown = reach.jobs.retry(JobId::random(), at(LATER), &recorded).await;
    assert_eq!(unknown.unwrap(), Retry::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_takes_the_right_to_notify() {
    let (reach, user) = (reach().await, somebody());
    let id = submitted(&reach, &user, LATER).await;
    let claims =
        futures_util::future::join_all((0..8).map(|_| reach.jobs.claim_notification(id, Timestamp::now()))).await;
    assert_eq!(claims.into_iter().filter(|claim| *claim.as_ref().unwrap()).count(), 1);
    reach.jobs.release_notification(id).await.unwrap();
    assert!(reach.jobs.claim_notification(id, Timestamp::now()).await.unwrap());
    assert!(
        !reach
            .jobs
            .claim_notification(JobId::random(), Timestamp::now())
            .await
            .unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_becomes_one_account() {
    let reach = reach().await;
    let unique = uuid::Uuid::new_v4().simple().to_string();
    let registration = |name: &str, email: &str| Registration {
        username: Username::parse(name).unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        name: FullName::parse("Ada").unwrap(),
        password_hash: "$argon2id$".into(),
    };
    let (name, email) = (format!("reg-{}", &unique[..8]), format!("{unique}@example.org"));
    let first = reach.accounts.register(&registration(&name, &email)).await.unwrap();
    let rival = reach
        .accounts
        .register(&registration(&name.to_uppercase(), "rival@example.org"))
        .await
        .unwrap();
    assert_eq!(reach.accounts.confirm(&first).await.unwrap(), Confirmation::Confirmed);
    assert_eq!(reach.accounts.confirm(&first).await.unwrap(), Confirmation::Already);
    assert_eq!(
        reach.accounts.confirm(&rival).await.unwrap(),
        Confirmation::Taken,
        "names differ by more than case"
    );
    let (user, _) = reach
        .accounts
        .credentials(&Username::parse(&name).unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.role, Role::FreeUser);
    let session = reach.accounts.begin_session(user.id).await.unwrap();
    assert_eq!(reach.accounts.session(&session).await.unwrap(), Some(user));
    reach.accounts.end_session(&session).await.unwrap();
    assert_eq!(reach.accounts.session(&session).await.unwrap(), None);
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

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_takes_the_right_to_send_a_notice() {
    let reach = reach().await;
    let person = crate::people::Person::new("notice").await;
    let user = reach.user(&person.username).await;
    let key = format!("results-restored/{}/once", user.id);
    let claims = futures_util::future::join_all((0..8).map(|_| reach.accounts.claim_notice(&key, user.id))).await;
    assert_eq!(claims.into_iter().filter(|claim| *claim.as_ref().unwrap()).count(), 1);
    reach.accounts.release_notice(&key).await.unwrap();
    assert!(reach.accounts.claim_notice(&key, user.id).await.unwrap());
}
