//! Jobs that their owners handle: cancelled, run again, named, looked for, shared.

mod cancelled;
mod described;
mod listed;
mod rerun;
mod shared;

use domain::{JobId, Timestamp};

use crate::people::{Answer, Person};
use crate::reach::{Reach, TURNS, reach, uploaded};

/// Whoever sweeps leaves jobs of the far future alone.
const LATER: i64 = 4_150_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(LATER + seconds)
}

/// A job of somebody that no annotator is asked for, with a file of this name.
async fn waiting(reach: &Reach, person: &Person, file: &str, seconds: i64) -> JobId {
    let (id, user, upload) = (JobId::random(), reach.user(&person.username).await, uploaded(file));
    let submitted = reach.jobs.submit(id, &user, &upload, &TURNS, at(seconds));
    submitted.await.unwrap();
    id
}

/// Presses a button of a job's page, with what stands beside it.
async fn press(person: &Person, id: JobId, action: &str, fields: &[(&str, &str)]) -> Answer {
    let page = format!("/annotations/{id}");
    person.browser.submit(&page, &format!("{page}/{action}"), fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_handles_a_job() {
    let (owner, stranger) = (Person::new("owner").await, Person::new("stranger").await);
    let id = waiting(&reach().await, &owner, "mine.vcf", 0).await;
    let new_job = JobId::random().to_string();
    for action in ["cancel", "again", "describe", "share", "unshare"] {
        let fields = [("name", "theirs"), ("notes", ""), ("new_job", &*new_job)];
        let send = async |id: JobId| {
            let address = format!("/annotations/{id}/{action}");
            stranger.browser.submit("/annotations", &address, &fields).await
        };
        let (foreign, absent) = (send(id).await, send(JobId::random()).await);
        assert_eq!(
            (foreign.status.as_u16(), absent.status.as_u16()),
            (403, 403),
            "{action}"
        );
        assert!(
            foreign.says("Not authorized to view this job"),
            "{action}: {}",
            foreign.body
        );
        let forged = owner
            .browser
            .post(&format!("/annotations/{id}/{action}"), &fields)
            .await;
        assert!(forged.says("This form is out of date"), "{action}: {}", forged.body);
        assert_eq!(
            owner.get(&format!("/annotations/{id}/{action}")).await.status,
            405,
            "{action}"
        );
    }
    let job = reach().await.jobs.get(id).await.unwrap().unwrap();
    assert!(!job.status.is_final() && job.name.as_str().is_empty());
}
