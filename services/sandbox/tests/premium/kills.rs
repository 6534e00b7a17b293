//! The archiver itself, killed with SIGKILL whenever a job is found at another arrow of its life.

use std::collections::BTreeSet;
use std::time::Duration;

use backends::object_store::BINARY;
use domain::{Job, ResultsState, Role, Timestamp};
use tokio::sync::mpsc;

use crate::sandbox;
use crate::story::Story;

/// Large enough for a copy to take a moment.
const LARGE: usize = 48 * 1024 * 1024;

/// Where between two writes a job is, if an archiver is at it.
fn arrow(job: &Job) -> Option<&'static str> {
    let is_held = job.archival.held_at(Timestamp::now()).is_some();
    match job.results_state {
        ResultsState::Archiving => Some("the copy into the vault"),
        ResultsState::Archived if job.archival.discarded_key.is_some() => Some("the deletion of the object"),
        ResultsState::Archived => None,
        ResultsState::Restoring if job.archival.retrieval().is_none() => Some("the request"),
        ResultsState::Restoring if is_held => Some("the copy out of the vault"),
        ResultsState::Restoring => Some("the retrieval"),
        ResultsState::Live if job.archival.discarded_archive.is_some() => Some("the deletion of the archive"),
        ResultsState::Live => None,
    }
}

/// Kills the archiver once at each arrow that it is found at; says at which.
async fn kill_at_each_arrow(story: &Story, mut enough: mpsc::Receiver<()>) -> BTreeSet<&'static str> {
    let mut killed = BTreeSet::new();
    while enough.try_recv().is_err() {
        let found = arrow(&story.job().await).filter(|arrow| !killed.contains(arrow));
        if let Some(arrow) = found {
            let pid = sandbox().await.pid("archiver").unwrap();
            // Between two lives there is nobody to kill.
            let kill = std::process::Command::new("kill")
                .args(["-KILL", &pid.to_string()])
                .output();
            if kill.unwrap().status.success() {
                killed.insert(arrow);
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    killed
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_that_is_killed_over_and_over_loses_nothing() {
    if sandbox().await.is_attached() {
        return crate::skipped(
            "an_archiver_that_is_killed_over_and_over: a container is not found as fast as an arrow passes",
        );
    }
    let _alone = crate::ARCHIVER.write().await;
    let mut story = Story::begin("killed").await;
    let key = story.job().await.results_key.unwrap();
    story.results = story.results.iter().copied().cycle().take(LARGE).collect();
    story
        .objects
        .put_result(&key, story.results.clone().into(), BINARY)
        .await
        .unwrap();
    let (done, enough) = mpsc::channel(1);
    let life = async {
        story.until_archived().await;
        story.assert_refused(403, "Upgrade to Premium").await;
        story.change_plan(Role::PremiumUser).await;
        story.until_back().await;
        done.send(()).await.unwrap();
    };
    let ((), killed) = tokio::join!(life, kill_at_each_arrow(&story, enough));
    story.assert_downloadable().await;
    println!("killed during {killed:?}");
    for arrow in ["the copy into the vault", "the retrieval"] {
        assert!(killed.contains(arrow), "{killed:?}");
    }
    crate::eventually("the mail", || async {
        story.person.mails("Your results are back").await.pop()
    })
    .await;
    assert_eq!(story.person.mails("Your results are back").await.len(), 1);
}
