//! The rows of jobs that are to be deleted: who may still write, and who still finds them.
//!
//! Everything happens in the far future, so that the sandbox's own archiver leaves these rows alone.

use backends::jobs::{Claim, MailClaim, Marked, Outcome, Submitted};
use domain::{DeletionId, JobId, Progress, Timestamp, User};

use crate::reach::{Reach, TURNS, reach, somebody, uploaded};

const LATER: i64 = 4_300_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(LATER + seconds)
}

async fn submitted(reach: &Reach, user: &User, seconds: i64) -> (JobId, Submitted) {
    let (id, upload) = (JobId::random(), uploaded("sample.vcf"));
    let submitted = reach.jobs.submit(id, user, &upload, &TURNS, at(seconds)).await;
    (id, submitted.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_at_work_on_a_job_that_is_deleted_writes_nothing_more() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let (id, _) = submitted(&reach, &user, 0).await;
    let Claim::Granted(running) = reach.jobs.claim(id, at(1)).await.unwrap() else {
        panic!("somebody else has claimed the job")
    };
    let deletion = DeletionId::random();
    let marked = reach.jobs.delete(user.id, id, deletion, at(2)).await.unwrap();
    assert_eq!(marked, Marked::Now);
    let again = reach.jobs.delete(user.id, id, DeletionId::random(), at(3)).await;
    assert_eq!(again.unwrap(), Marked::Before(deletion));

    let progress = Progress {
        records: 1,
        percent: 10,
    };
    assert!(!reach.jobs.report(&running, progress).await.unwrap());
    let outcome = Outcome::Failed {
        reason: "no".into(),
        log_key: "log".into(),
        log_size: 3,
    };
    assert!(!reach.jobs.end(&running, &outcome, at(4)).await.unwrap());
    assert_eq!(reach.jobs.claim(id, at(5)).await.unwrap(), Claim::Unknown);
    assert_eq!(reach.jobs.claim_mail(id).await.unwrap(), MailClaim::Unknown);
    assert_eq!(reach.jobs.get(id).await.unwrap(), None);
    assert!(reach.jobs.list(user.id, 10, None).await.unwrap().jobs.is_empty());
    assert!(reach.jobs.states(&[id]).await.unwrap().of.is_empty());
    assert!(!reach.jobs.running().await.unwrap().iter().any(|job| job.job_id == id));
    let upload = uploaded("sample.vcf");
    let reload = reach.jobs.submit(id, &user, &upload, &TURNS, at(6)).await;
    assert_eq!(reload.unwrap(), Submitted::Before, "it does not come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_job_gives_its_turn_to_the_next_and_one_that_waits_gives_its_place_up() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let mut jobs = Vec::new();
    for seconds in 0..4 {
        jobs.push(submitted(&reach, &user, seconds).await);
    }
    use Submitted::{AwaitsTurn, Requested};
    let outcomes: Vec<Submitted> = jobs.iter().map(|(_, submitted)| *submitted).collect();
    assert_eq!(outcomes, [Requested, Requested, AwaitsTurn, AwaitsTurn]);
    for (id, _) in [jobs[0], jobs[2]] {
        let marked = reach.jobs.delete(user.id, id, DeletionId::random(), at(10)).await;
        assert_eq!(marked.unwrap(), Marked::Now);
    }
    let given = reach.jobs.give_turns(user.id, &TURNS, at(11)).await.unwrap();
    assert_eq!(given, [jobs[3].0]);
    reach.jobs.forget_turns(user.id).await.unwrap();
    assert!(!reach.jobs.people_who_wait().await.unwrap().contains(&user.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_marks_a_job_and_only_a_marked_one_is_forgotten() {
    let (reach, user, stranger) = (reach().await.with_turns_of_its_own().await, somebody(), somebody());
    let (id, _) = submitted(&reach, &user, 0).await;
    let foreign = reach.jobs.delete(stranger.id, id, DeletionId::random(), at(1)).await;
    assert_eq!(foreign.unwrap(), Marked::Unknown);
    assert_eq!(reach.jobs.take_doomed(id, at(1), at(4)).await.unwrap(), None);
    assert!(reach.jobs.get(id).await.unwrap().is_some());

    let deletion = DeletionId::random();
    reach.jobs.delete(user.id, id, deletion, at(2)).await.unwrap();
    assert!(reach.jobs.has_doomed(user.id).await.unwrap());
    assert!(!reach.jobs.doomed_due(at(1)).await.unwrap().contains(&id));
    assert!(reach.jobs.doomed_due(at(2)).await.unwrap().contains(&id));
    assert_eq!(reach.jobs.take_doomed(id, at(1), at(4)).await.unwrap(), None);
    let doomed = reach.jobs.take_doomed(id, at(2), at(4)).await.unwrap().unwrap();
    let another = reach.jobs.take_doomed(id, at(3), at(5)).await;
    assert_eq!(another.unwrap(), None, "one archiver is at it");
    assert_eq!(
        (doomed.user_id, doomed.deletion, doomed.asked_at),
        (user.id, deletion, at(2))
    );
    reach.jobs.vault_is_rid_of(&doomed).await.unwrap();
    reach.jobs.put_off_doomed(id, at(62)).await.unwrap();
    assert!(!reach.jobs.doomed_due(at(61)).await.unwrap().contains(&id));
    assert!(reach.jobs.forget(&doomed).await.unwrap());
    assert!(!reach.jobs.forget(&doomed).await.unwrap(), "it is gone");
    assert!(!reach.jobs.has_doomed(user.id).await.unwrap());
    let absent = reach.jobs.delete(user.id, id, deletion, at(3)).await;
    assert_eq!(absent.unwrap(), Marked::Unknown);
}
