//! What only a system of containers can show: several replicas behind a load balancer, and stores that go away. Skipped
//! aloud in a sandbox; `docker/test` runs them, one by one and after the others, because they take away what all need.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use domain::JobStatus;
use sandbox::composed::compose;

use crate::people::{Browser, PASSWORD, Person};
use crate::resilience::kill;
use crate::upload::{SAMPLE, ended, submit};
use crate::{eventually, sandbox, skipped};

/// Whether the system is one of containers.
async fn is_composed(test: &str) -> bool {
    let is = sandbox().await.is_attached();
    if !is {
        skipped(&format!("{test}: the system does not run in containers (docker/test)"));
    }
    is
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_replica_may_die_under_traffic() {
    if !is_composed("a_web_replica_may_die_under_traffic").await {
        return;
    }
    let person = Person::new("replica").await;
    let (stopped, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let visitors: Vec<_> = (0..4)
        .map(|_| {
            let (browser, stopped, answered) = (person.browser.clone(), Arc::clone(&stopped), Arc::clone(&answered));
            tokio::spawn(async move {
                while !stopped.load(Ordering::Relaxed) {
                    assert_eq!(browser.get("/annotations").await.status, 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let more_than = |count: usize| {
        let answered = Arc::clone(&answered);
        move || {
            let answered = answered.load(Ordering::Relaxed);
            async move { (answered > count).then_some(()) }
        }
    };
    eventually("traffic", more_than(50)).await;
    let killed = sandbox().await.pid("web").unwrap();
    kill(killed);
    let before = answered.load(Ordering::Relaxed);
    eventually("traffic without the replica", more_than(before + 100)).await;
    let restarted = || async {
        let now = sandbox().await.pids("web").ok()?;
        (now.len() == 2 && !now.contains(&killed)).then_some(())
    };
    eventually("the replica", restarted).await;
    stopped.store(true, Ordering::Relaxed);
    for visitor in visitors {
        visitor.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn either_replica_knows_a_session_and_takes_the_others_forms() {
    if !is_composed("either_replica_knows_a_session_and_takes_the_others_forms").await {
        return;
    }
    let browser = Browser::new().await;
    let person = Person::new("either").await;
    // The load balancer gives requests to the one and the other in turn.
    for _ in 0..4 {
        assert_eq!(browser.sign_in(&person.username, PASSWORD).await.status, 303);
        assert_eq!(browser.get("/annotate").await.status, 200);
        assert_eq!(browser.submit("/annotate", "/logout", &[]).await.status, 303);
    }
    let id = submit(&person, "either.vcf", SAMPLE).await;
    assert_eq!(ended(id).await.status, JobStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_survive_a_restart_of_postgresql() {
    if !is_composed("jobs_survive_a_restart_of_postgresql").await {
        return;
    }
    let person = Person::new("postgres").await;
    let id = submit(&person, "postgres.vcf", SAMPLE).await;
    compose(&["restart", "postgres"]).unwrap();
    assert_eq!(ended(id).await.status, JobStatus::Completed);
    let back = || async { (person.get("/annotations").await.status == 200).then_some(()) };
    eventually("the pages", back).await;
    eventually("the mail", || async { person.mails("postgres.vcf").await.pop() }).await;
    assert_eq!(person.mails("postgres.vcf").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_survive_twenty_seconds_without_aws() {
    if !is_composed("jobs_survive_twenty_seconds_without_aws").await {
        return;
    }
    let person = Person::new("aws").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(submit(&person, &format!("aws-{number}.vcf"), SAMPLE).await);
    }
    compose(&["pause", "aws"]).unwrap();
    tokio::time::sleep(Duration::from_secs(20)).await;
    compose(&["unpause", "aws"]).unwrap();
    for id in ids {
        assert_eq!(ended(id).await.status, JobStatus::Completed);
    }
    let mails = || async { (person.mails("aws-").await.len() >= 3).then_some(()) };
    eventually("the mails", mails).await;
    assert_eq!(person.mails("aws-").await.len(), 3);
}
