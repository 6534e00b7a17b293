//! The administration: who sees it, what it does, and that nothing is done without a record.

mod access;
mod interventions;
mod jobs;
mod people;

use backends::accounts::{Actor, AuditRecord};
use backends::jobs::{Claim, Outcome, Submitted};
use domain::{Job, JobId, Timestamp, keys};

use crate::people::Person;
use crate::reach::{TURNS, reach, uploaded};
use crate::upload::{SAMPLE, post_to_s3};

/// Far in the future, so that the sandbox's own sweep leaves these jobs alone.
const LATER: i64 = 4_000_000_000;

/// What this person did, newest first.
async fn done_by(person: &Person) -> Vec<AuditRecord> {
    let records = reach().await.accounts.audit(1000, None).await.unwrap();
    let is_theirs = |record: &AuditRecord| match &record.actor {
        Actor::Person { username, .. } => username.as_str() == person.username,
        Actor::CommandLine => false,
    };
    records.into_iter().filter(is_theirs).collect()
}

/// A job whose input is there and whose request is nowhere.
async fn waiting_job(person: &Person, name: &str) -> JobId {
    let stored = post_to_s3(person, name, SAMPLE.into()).await;
    let address = reqwest::Url::parse(stored.location()).unwrap();
    let key = address.query_pairs().find(|(name, _)| name == "key").unwrap().1;
    let reach = reach().await;
    let user = reach.user(&person.username).await;
    let id = keys::job_of_input(user.id, &key).unwrap();
    let at = Timestamp::from_epoch_seconds(LATER);
    let submitted = reach.jobs.submit(id, &user, &uploaded(name), &TURNS, at).await;
    assert_eq!(submitted.unwrap(), Submitted::Requested);
    id
}

/// A job that could be annotated, and failed all the same.
pub async fn failed_job(person: &Person, name: &str) -> Job {
    let id = waiting_job(person, name).await;
    let jobs = reach().await.jobs;
    let now = Timestamp::now();
    let Claim::Granted(job) = jobs.claim(id, now).await.unwrap() else {
        panic!("job {id} cannot be claimed")
    };
    let outcome = Outcome::Failed {
        reason: "REF at chrM:3243 is C.".into(),
        log_key: "none".into(),
        log_size: 0,
    };
    assert!(jobs.end(&job, &outcome, now).await.unwrap());
    jobs.get(id).await.unwrap().unwrap()
}
