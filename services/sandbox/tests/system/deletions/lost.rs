//! Messages that are lost, archivers that die, annotators that are at work: what is marked is deleted all the same.

use backends::accounts::Leave;
use backends::jobs::Marked;
use domain::{DeletionId, DeletionKind, JobStatus, Timestamp};

use super::everywhere::traces;
use super::{delete_job, deletion_of, done};
use crate::people::Person;
use crate::reach::reach;
use crate::resilience::kill;
use crate::upload::{SAMPLE, ended, long_vcf, submit};
use crate::{eventually, sandbox};

/// What an archiver had deleted but not counted when it was killed is in no record: whoever looks at counts is not beside who kills.
static ARCHIVERS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test(flavor = "multi_thread")]
async fn what_is_marked_is_deleted_although_nobody_was_told() {
    let _alive = ARCHIVERS.lock().await;
    let person = Person::new("untold").await;
    let id = submit(&person, "untold.vcf", SAMPLE).await;
    let job = ended(id).await;
    let (reach, deletion) = (reach().await, DeletionId::random());
    let marked = reach.jobs.delete(job.user_id, id, deletion, Timestamp::now()).await;
    assert_eq!(marked.unwrap(), Marked::Now);
    let record = done(deletion).await;
    assert_eq!((record.kind, record.deleted.inputs), (DeletionKind::Job, 1));

    let other = submit(&person, "other.vcf", SAMPLE).await;
    ended(other).await;
    let Leave::Asked(deletion) = reach.accounts.leave(job.user_id, None).await.unwrap() else {
        panic!("the account may be deleted")
    };
    let again = reach.accounts.leave(job.user_id, None).await.unwrap();
    assert_eq!(again, Leave::Asked(deletion));
    assert!(person.get("/annotations").await.location().starts_with("/login"));
    done(deletion).await;
    let words = [job.user_id.to_string(), person.username.clone(), id.to_string()];
    assert_eq!(traces(&words).await, Vec::<String>::new());
    assert_eq!(reach.accounts.leave(job.user_id, None).await.unwrap(), Leave::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_is_deleted_although_the_archiver_dies() {
    let _alone = ARCHIVERS.lock().await;
    let person = Person::premium("at-work").await;
    let id = submit(&person, "long.vcf", long_vcf(60 * 1024 * 1024)).await;
    let jobs = reach().await.jobs;
    let running = || async {
        let job = jobs.get(id).await.unwrap();
        job.filter(|job| job.status == JobStatus::Running)
    };
    eventually("the job to run", running).await;
    let deletion = deletion_of(&delete_job(&person, id).await);
    for archiver in sandbox().await.pids("archiver").unwrap() {
        kill(archiver);
    }
    done(deletion).await;
    let words = [id.to_string()];
    eventually("the row to be gone", || async {
        traces(&words).await.is_empty().then_some(())
    })
    .await;
    // Its annotator has given the job up and takes the next one.
    let next = submit(&person, "next.vcf", SAMPLE).await;
    assert_eq!(ended(next).await.status, JobStatus::Completed);
    assert_eq!(traces(&words).await, Vec::<String>::new());
}
