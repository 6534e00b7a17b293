//! The rows of archive and restore against the emulator: who may write, and what the next reader finds.
//!
//! Everything is due in the far future, so that the sandbox's own archiver leaves these rows alone.

use std::time::Duration;

use backends::jobs::{Claim, Outcome, Submitted};
use domain::{Archive, Index, Job, JobId, JobSummary, Progress, ResultsFormat, ResultsState, Stored, Tier, Timestamp};

use crate::reach::{Reach, TURNS, reach, somebody, uploaded};

const LATER: i64 = 4_000_000_000;

const STORED: Stored = Stored {
    format: ResultsFormat::Bgzip,
    input: Some(1603),
    results: Some(5),
    unpacked: Some(50),
    index: Index::Here(2),
    variants: Some(3),
    log: Some(1),
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(LATER + seconds)
}

fn archive() -> Archive {
    Archive {
        id: "archive-1".into(),
        size: 5,
        tree_hash: "ab".repeat(32),
    }
}

/// A job that has completed at 0 and whose owner's time ends at 1,800.
async fn completed(reach: &Reach) -> Job {
    let user = somebody();
    let id = JobId::random();
    let submitted = reach
        .jobs
        .submit(id, &user, &uploaded("test.vcf"), &TURNS, at(-9))
        .await;
    assert_eq!(submitted.unwrap(), Submitted::Requested);
    let Claim::Granted(claimed) = reach.jobs.claim(id, at(-5)).await.unwrap() else {
        panic!("somebody else has claimed the job");
    };
    let outcome = Outcome::Completed {
        results_key: format!("{}/{id}/test.annot.vcf.gz", user.id),
        log_key: "log".into(),
        progress: Progress {
            records: 1,
            percent: 100,
        },
        summary: Box::new(JobSummary::default()),
        stored: STORED,
        retention: Duration::from_secs(1800),
    };
    assert!(reach.jobs.end(&claimed, &outcome, at(0)).await.unwrap());
    reach.jobs.get(id).await.unwrap().unwrap()
}

async fn archived(reach: &Reach) -> Job {
    let job = completed(reach).await;
    let held = reach
        .jobs
        .begin_archive(&job, "upload", at(1860))
        .await
        .unwrap()
        .unwrap();
    let archived = reach.jobs.archived(&held, &archive(), at(1810)).await.unwrap();
    reach.jobs.discarded(&archived.unwrap()).await.unwrap().unwrap()
}

async fn is_due(reach: &Reach, id: JobId, now: Timestamp) -> bool {
    let due = reach.jobs.due(now).await.unwrap();
    due.iter().any(|due| due.job_id == id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completed_job_is_due_when_its_owners_time_ends() {
    let reach = reach().await;
    let job = completed(&reach).await;
    assert_eq!((job.archival.due, job.stored), (Some(at(1800)), STORED));
    assert!(!is_due(&reach, job.id, at(1799)).await);
    assert!(is_due(&reach, job.id, at(1800)).await);
    let put_off = reach.jobs.look_again(&job, Some(at(2000))).await.unwrap().unwrap();
    assert!(!is_due(&reach, job.id, at(1999)).await);
    let left = reach.jobs.look_again(&put_off, None).await.unwrap().unwrap();
    assert_eq!(left.archival.due, None);
    assert!(!is_due(&reach, job.id, at(9999)).await);
    assert!(
        reach.jobs.look_again(&put_off, Some(at(3000))).await.unwrap().is_none(),
        "the row has changed since"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_archivers_gets_a_job() {
    let reach = reach().await;
    let job = completed(&reach).await;
    let begin = (0..8).map(|_| reach.jobs.begin_archive(&job, "upload", at(1860)));
    let begun = futures_util::future::join_all(begin).await;
    let held: Vec<Job> = begun.into_iter().filter_map(|begun| begun.unwrap()).collect();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].results_state, ResultsState::Archiving);
    assert_eq!(held[0].archival.held_until, Some(at(1860)));
    assert!(reach.jobs.keep_holding(&held[0], at(1900)).await.unwrap());
    assert!(is_due(&reach, job.id, at(1900)).await, "its holder may have died");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_that_was_overtaken_changes_nothing_any_more() {
    let reach = reach().await;
    let job = completed(&reach).await;
    let first = reach
        .jobs
        .begin_archive(&job, "upload", at(1860))
        .await
        .unwrap()
        .unwrap();
    let upgraded = reach.jobs.end_archive(&first, at(1870)).await.unwrap().unwrap();
    assert_eq!(upgraded.results_state, ResultsState::Live);
    assert!(!reach.jobs.keep_holding(&first, at(1999)).await.unwrap());
    assert!(
        reach
            .jobs
            .archived(&first, &archive(), at(1850))
            .await
            .unwrap()
            .is_none()
    );
    let now = reach.jobs.get(job.id).await.unwrap().unwrap();
    assert_eq!(
        (now.results_state, now.results_key),
        (ResultsState::Live, job.results_key)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_row_names_the_archive_and_what_is_to_be_deleted() {
    let reach = reach().await;
    let job = completed(&reach).await;
    let held = reach
        .jobs
        .begin_archive(&job, "upload", at(1860))
        .await
        .unwrap()
        .unwrap();
    let row = reach.jobs.archived(&held, &archive(), at(1810)).await.unwrap().unwrap();
    assert_eq!(row.results_state, ResultsState::Archived);
    assert_eq!(row.archival.archive, Some(archive()));
    assert_eq!(
        (row.results_key.clone(), row.archival.discarded_key.clone()),
        (None, job.results_key)
    );
    assert!(is_due(&reach, job.id, at(1810)).await);
    let tidy = reach.jobs.discarded(&row).await.unwrap().unwrap();
    assert_eq!(tidy.archival.discarded_key, None);
    assert_eq!(reach.jobs.get(job.id).await.unwrap().unwrap(), tidy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_ends_with_another_key_and_an_archive_to_delete() {
    let reach = reach().await;
    let job = archived(&reach).await;
    let row = reach
        .jobs
        .begin_restore(&job, "upgrade", at(5000))
        .await
        .unwrap()
        .unwrap();
    assert!(
        reach
            .jobs
            .begin_restore(&job, "upgrade", at(5000))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!((row.results_state, row.archival.restores), (ResultsState::Restoring, 1));
    let held = reach.jobs.hold(&row, at(5060)).await.unwrap().unwrap();
    let asked = reach
        .jobs
        .retrieving(&held, "retrieval", Tier::Standard, at(5300))
        .await
        .unwrap()
        .unwrap();
    let restore = asked.archival.restore.clone().unwrap();
    assert_eq!((restore.id.as_str(), restore.requested_at), ("upgrade", at(5000)));
    assert_eq!(restore.retrieval, Some(("retrieval".to_owned(), Tier::Standard)));
    let failed = reach.jobs.retrieval_failed(&asked, at(5400)).await.unwrap().unwrap();
    assert_eq!(failed.archival.restore.as_ref().unwrap().retrieval, None);
    let again = reach
        .jobs
        .retrieving(&failed, "second", Tier::Expedited, at(5700))
        .await
        .unwrap()
        .unwrap();
    assert!(
        reach.jobs.restored(&asked, "key", at(5500)).await.unwrap().is_none(),
        "that reader was overtaken"
    );
    let back = reach.jobs.restored(&again, "key", at(5500)).await.unwrap().unwrap();
    assert_eq!(
        (back.results_state, back.results_key.as_deref()),
        (ResultsState::Live, Some("key"))
    );
    assert_eq!(
        (&back.archival.archive, back.archival.restored_at),
        (&None, Some(at(5500)))
    );
    assert_eq!(back.archival.discarded_archive.as_deref(), Some("archive-1"));
    assert_eq!(back.archival.restore.unwrap().id, "upgrade");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_completed_job_is_archived() {
    let reach = reach().await;
    let mut job = completed(&reach).await;
    job.status = domain::JobStatus::Failed;
    assert!(
        reach
            .jobs
            .begin_archive(&job, "upload", at(1860))
            .await
            .unwrap()
            .is_none()
    );
}
