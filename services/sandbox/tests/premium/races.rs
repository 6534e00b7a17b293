//! Upgrades, and ends of Premium, in each of the four states that results can be in.

use std::time::Duration;

use domain::{Job, ResultsState, Role, Timestamp};

use crate::story::Story;
use crate::{LEASE, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_just_before_the_archive_keeps_the_results_where_they_are() {
    let story = Story::begin("before").await;
    let before = story.job().await;
    story.change_plan(Role::PremiumUser).await;
    story.past_retention().await;
    let after = story
        .until("the archiver to let go", |job| job.archival.due.is_none())
        .await;
    assert_eq!(
        (after.results_state, after.results_key),
        (ResultsState::Live, before.results_key)
    );
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_nobody_was_told_of_keeps_the_results_too() {
    let story = Story::begin("untold").await;
    story.set_role(Role::PremiumUser).await;
    story.past_retention().await;
    let after = story
        .until("the archiver to let go", |job| job.archival.due.is_none())
        .await;
    assert_eq!(after.results_state, ResultsState::Live);
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_during_the_archiving_ends_it() {
    let story = Story::begin("during").await;
    let (held, archive) = story.half_archived().await;
    story.change_plan(Role::PremiumUser).await;
    story
        .until("the upgrade", |job| job.results_state == ResultsState::Live)
        .await;
    let too_late = story.jobs().archived(&held, &archive, Timestamp::now()).await.unwrap();
    assert!(too_late.is_none(), "the upgrade was first");
    story
        .until("the archiver to let go", |job| job.archival.due.is_none())
        .await;
    story.assert_downloadable().await;
}

/// Two archivers that store the same upload get the same archive. The one that is overtaken must not delete what the other
/// is about to name.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_taken_back_is_not_the_one_that_another_archiver_names() {
    if sandbox().await.is_attached() {
        return crate::skipped("an_archive_that_is_taken_back: the vault is not ours to pause");
    }
    let _alone = crate::ARCHIVER.write().await;
    let story = Story::begin("overtaken").await;
    let ours = story.held(Duration::ZERO).await;
    let vault = sandbox().await.pid("glacier").unwrap();
    signal(vault, "-STOP");
    story.change_plan(Role::PremiumUser).await;
    let taking_back =
        |job: &Job| job.results_state == ResultsState::Live && job.archival.held_at(Timestamp::now()).is_some();
    let theirs = story.until("the archiver to take the copy back", taking_back).await;
    story.set_role(Role::FreeUser).await;
    let upload = ours.archival.upload.as_ref().unwrap();
    let until = Timestamp::now().plus(LEASE * 20);
    let ours = story.jobs().begin_archive(&theirs, upload, until).await.unwrap();
    let ours = ours.expect("we have overtaken the archiver");
    signal(vault, "-CONT");
    let archive = story.copy(&ours).await;
    let named = story.jobs().archived(&ours, &archive, Timestamp::now()).await.unwrap();
    assert!(named.is_some(), "nobody has overtaken us");
    story.until_archived().await;
    story.change_plan(Role::PremiumUser).await;
    story.until_back().await;
    story.assert_downloadable().await;
}

fn signal(process: u32, name: &str) {
    let sent = std::process::Command::new("kill")
        .args([name, &process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_between_the_row_and_the_deletion_brings_the_results_back() {
    let story = Story::begin("between").await;
    let (held, archive) = story.half_archived().await;
    story.set_role(Role::PremiumUser).await;
    story
        .jobs()
        .archived(&held, &archive, Timestamp::now())
        .await
        .unwrap()
        .unwrap();
    story.tell_plan().await;
    let back = story
        .until("the results", |job| job.archival.restored_at.is_some())
        .await;
    assert!(story.object(held.results_key.as_ref().unwrap()).await.is_none());
    assert_ne!(back.results_key, held.results_key);
    story.until_back().await;
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_during_a_restore_asks_for_nothing_twice() {
    let story = Story::archived("restoring").await;
    story.change_plan(Role::PremiumUser).await;
    let first = story
        .until("the restore", |job| job.results_state == ResultsState::Restoring)
        .await;
    story.change_plan(Role::FreeUser).await;
    story.change_plan(Role::PremiumUser).await;
    let back = story.until_back().await;
    assert_eq!(back.archival.restores, 1);
    assert_eq!(back.archival.restore.unwrap().id, first.archival.restore.unwrap().id);
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cancels_midway_keeps_what_comes_back_until_the_free_plan_takes_it() {
    let story = Story::archived("midway").await;
    story.change_plan(Role::PremiumUser).await;
    story
        .until("the restore", |job| job.results_state == ResultsState::Restoring)
        .await;
    story.change_plan(Role::FreeUser).await;
    let back = story
        .until("the results", |job| job.archival.restored_at.is_some())
        .await;
    assert!(story.object(&back.results_key.unwrap()).await.unwrap() == story.results);
    story.until_archived().await;
    story.assert_refused(403, "Upgrade to Premium").await;
    story.change_plan(Role::PremiumUser).await;
    story.until_back().await;
    story.assert_downloadable().await;
}
