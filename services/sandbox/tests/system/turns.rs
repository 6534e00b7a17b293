//! Whose turn it is: a person's jobs that are requested or running at once, and those that wait for that.

use backends::jobs::{Claim, Outcome, Submitted};
use domain::{JobId, JobStatus, Timestamp, User};
use futures_util::future::join_all;

use crate::people::Person;
use crate::reach::{Reach, TURNS, reach, somebody, uploaded};
use crate::upload::{SAMPLE, ended, submit};

/// Whoever sweeps for lost requests leaves jobs of the far future alone.
const LATER: i64 = 4_100_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(LATER + seconds)
}

async fn submitted(reach: &Reach, user: &User, id: JobId, seconds: i64) -> Submitted {
    let upload = uploaded("turn.vcf");
    reach.jobs.submit(id, user, &upload, &TURNS, at(seconds)).await.unwrap()
}

async fn end(reach: &Reach, id: JobId) {
    let Claim::Granted(job) = reach.jobs.claim(id, at(50)).await.unwrap() else {
        panic!("it is not the turn of job {id}")
    };
    let outcome = Outcome::Failed {
        reason: "no".into(),
        log_key: "log".into(),
        log_size: 3,
    };
    assert!(reach.jobs.end(&job, &outcome, at(60)).await.unwrap());
}

async fn turns_given(reach: &Reach, user: &User) -> Vec<JobId> {
    reach.jobs.give_turns(user.id, &TURNS, at(70)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_a_free_users_jobs_have_their_turn_and_the_rest_wait_in_order() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let ids: [JobId; 4] = std::array::from_fn(|_| JobId::random());
    let mut outcomes = Vec::new();
    for (seconds, id) in (0..).zip(ids) {
        outcomes.push(submitted(&reach, &user, id, seconds).await);
    }
    use Submitted::{AwaitsTurn, Before, Requested};
    assert_eq!(outcomes, [Requested, Requested, AwaitsTurn, AwaitsTurn]);
    assert_eq!(
        submitted(&reach, &user, ids[3], 9).await,
        Before,
        "a page that is loaded again"
    );
    let last = reach.jobs.get(ids[3]).await.unwrap().unwrap();
    assert!(last.awaits_turn && last.status == JobStatus::Pending);
    assert_eq!(reach.jobs.turns_before(&last.state()).await.unwrap(), 1);
    // A message that nobody should have sent does not get it past the others.
    assert_eq!(reach.jobs.claim(ids[3], at(20)).await.unwrap(), Claim::AwaitsTurn);
    assert_eq!(turns_given(&reach, &user).await, [], "both turns are taken");
    end(&reach, ids[1]).await;
    assert_eq!(turns_given(&reach, &user).await, [ids[2]]);
    end(&reach, ids[0]).await;
    end(&reach, ids[2]).await;
    assert_eq!(turns_given(&reach, &user).await, [ids[3]]);
    end(&reach, ids[3]).await;
    assert_eq!(turns_given(&reach, &user).await, []);
    assert!(!reach.jobs.people_who_wait().await.unwrap().contains(&user.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_come_at_once_each_gets_its_turn_once_and_never_more_than_two_have_one() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let ids: [JobId; 12] = std::array::from_fn(|_| JobId::random());
    let outcomes = join_all(ids.map(|id| submitted(&reach, &user, id, 0))).await;
    let requested = |(id, outcome): (&JobId, &Submitted)| (*outcome == Submitted::Requested).then_some(*id);
    let mut begun: Vec<JobId> = ids.iter().zip(&outcomes).filter_map(requested).collect();
    assert_eq!(begun.len(), 2, "{outcomes:?}");
    let mut next = 0;
    while next < begun.len() {
        end(&reach, begun[next]).await;
        next += 1;
        // Several look who is next, as annotators do that end jobs at the same time.
        let given = join_all((0..3).map(|_| turns_given(&reach, &user))).await.concat();
        assert!(given.len() <= 1, "{given:?}");
        begun.extend(given);
    }
    begun.sort_unstable();
    begun.dedup();
    assert_eq!(begun.len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_nobody_gave_up_is_taken_back() {
    let (reach, user) = (reach().await.with_turns_of_its_own().await, somebody());
    let ids: [JobId; 3] = std::array::from_fn(|_| JobId::random());
    for (seconds, id) in (0..).zip(ids) {
        submitted(&reach, &user, id, seconds).await;
    }
    assert!(reach.jobs.people_who_wait().await.unwrap().contains(&user.id));
    reach.end_without_its_turn(ids[0]).await;
    assert_eq!(turns_given(&reach, &user).await, []);
    reach.jobs.take_ended_turns(user.id).await.unwrap();
    assert_eq!(turns_given(&reach, &user).await, [ids[2]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_persons_files_are_annotated_though_they_come_at_once() {
    let person = Person::new("crowd").await;
    let person = &person;
    let upload = |number| async move { submit(person, &format!("crowd-{number}.vcf"), SAMPLE).await };
    let jobs = join_all((0..7).map(upload)).await;
    for id in jobs {
        assert_eq!(ended(id).await.status, JobStatus::Completed);
    }
}
