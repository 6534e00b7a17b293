//! Jobs that are deleted when the vault has their results, takes them, or gives them back: nothing stays there.

use backends::settings::VaultKind;
use domain::{DeletionId, Role};

use crate::everywhere::traces;
use crate::story::Story;
use crate::{eventually, with_vault};

#[tokio::test(flavor = "multi_thread")]
async fn archived_results_are_deleted_from_glacier() {
    with_vault(VaultKind::Glacier, archived()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_results_are_deleted_from_the_storage_class() {
    with_vault(VaultKind::S3, archived()).await;
}

async fn archived() {
    let story = Story::archived("deletes").await;
    let archive = story.job().await.archival.archive.unwrap();
    let record = delete(&story).await;
    assert_eq!(record.archives, 1);
    assert!(!story.vault.has(story.id, &archive.id).await, "the archive is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_deleted_whose_results_are_on_their_way_back_from_glacier() {
    with_vault(VaultKind::Glacier, restoring()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_deleted_whose_results_are_on_their_way_back_from_the_storage_class() {
    with_vault(VaultKind::S3, restoring()).await;
}

async fn restoring() {
    let story = Story::archived("changes-mind").await;
    let archive = story.job().await.archival.archive.unwrap();
    story.change_plan(Role::PremiumUser).await;
    story
        .until("a retrieval", |job| job.archival.retrieval().is_some())
        .await;
    delete(&story).await;
    assert!(!story.vault.has(story.id, &archive.id).await, "the archive is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_archiver_has_half_archived_is_deleted_from_glacier() {
    with_vault(VaultKind::Glacier, half_archived()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_archiver_has_half_archived_is_deleted_from_the_storage_class() {
    with_vault(VaultKind::S3, half_archived()).await;
}

/// The copy is made and no row names it: only its upload says where it is.
async fn half_archived() {
    let story = Story::begin("in-between").await;
    let (held, archive) = story.half_archived().await;
    assert!(story.vault.has(story.id, &archive.id).await);
    delete(&story).await;
    assert!(!story.vault.has(story.id, &archive.id).await, "the copy is deleted");
    let late = story.jobs().archived(&held, &archive, domain::Timestamp::now()).await;
    assert!(late.unwrap().is_none(), "its archiver comes too late");
}

/// Deletes the job by its page, and looks for it everywhere once that is done.
async fn delete(story: &Story) -> domain::Deleted {
    let page = story.address("");
    let answer = story.person.browser.submit(&page, &story.address("/delete"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let deletion: DeletionId = answer.location().rsplit('=').next().unwrap().parse().unwrap();
    let accounts = &story.reach.accounts;
    let words = [story.id.to_string()];
    let record = eventually("the deletion to be done", || async {
        let record = accounts.deletion(deletion).await.unwrap();
        record.filter(|record| record.done_at.is_some() && record.deleted.jobs == 1)
    })
    .await;
    assert_eq!(traces(&words).await, Vec::<String>::new());
    record.deleted
}
