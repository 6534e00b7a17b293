//! Archivers that die between one write and the next. The test plays them: it does what they do up to there and stops.
//! The archiver of the sandbox finds the row when its lease is over, and ends what was begun.

use backends::object_store::BINARY;
use domain::{ResultsState, Role, Timestamp, keys};

use crate::story::Story;
use crate::{LEASE, RETENTION};

async fn ends_well(story: &Story) {
    let archived = story.until_archived().await;
    assert!(archived.results_key.is_none());
    story.assert_refused(403, "Upgrade to Premium").await;
    story.change_plan(Role::PremiumUser).await;
    story.until_back().await;
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_dies_before_and_after_its_copy() {
    let before = async {
        let story = Story::begin("copy-before").await;
        story.held(LEASE).await;
        ends_well(&story).await;
    };
    let after = async {
        let story = Story::begin("copy-after").await;
        // Past the owner's time: before, the results would stay, and the copy be taken back.
        let held = story.held(RETENTION).await;
        let copied = story.copy(&held).await;
        let archived = story.until_archived().await;
        assert_eq!(
            archived.archival.archive.unwrap().id,
            copied.id,
            "what was begun is gone on with"
        );
        ends_well(&story).await;
    };
    tokio::join!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_dies_after_its_copy_and_the_results_stay() {
    let story = Story::begin("copy-needless").await;
    let held = story.held(LEASE).await;
    let copied = story.copy(&held).await;
    story.change_plan(Role::PremiumUser).await;
    story
        .until("the copy to be taken back", |job| job.archival.upload.is_none())
        .await;
    story.assert_downloadable().await;
    assert!(
        !story.vault.has(story.id, &copied.id).await,
        "nothing is left in the vault"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_dies_before_and_after_the_deletion_of_the_object() {
    let before = async {
        let story = Story::begin("delete-before").await;
        let held = story.held_past_retention().await;
        let archive = story.copy(&held).await;
        story
            .jobs()
            .archived(&held, &archive, Timestamp::now())
            .await
            .unwrap()
            .unwrap();
        let archived = story.until_archived().await;
        assert_eq!(archived.archival.archive, Some(archive));
        assert!(story.object(held.results_key.as_ref().unwrap()).await.is_none());
        ends_well(&story).await;
    };
    let after = async {
        let story = Story::begin("delete-after").await;
        let held = story.held_past_retention().await;
        let archive = story.copy(&held).await;
        story
            .objects
            .delete_result(held.results_key.as_ref().unwrap())
            .await
            .unwrap();
        story
            .jobs()
            .archived(&held, &archive, Timestamp::now())
            .await
            .unwrap()
            .unwrap();
        ends_well(&story).await;
    };
    tokio::join!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_dies_before_and_after_the_vault_was_asked() {
    let before = async {
        let story = Story::archived("ask-before").await;
        story.set_role(Role::PremiumUser).await;
        let begun = story
            .jobs()
            .begin_restore(&story.job().await, "upgrade", Timestamp::now())
            .await;
        begun.unwrap().unwrap();
        story.until_back().await;
        story.assert_downloadable().await;
    };
    let after = async {
        let story = Story::archived("ask-after").await;
        story.set_role(Role::PremiumUser).await;
        let (jobs, soon) = (story.jobs(), Timestamp::now().plus(LEASE));
        let row = jobs
            .begin_restore(&story.job().await, "upgrade", soon)
            .await
            .unwrap()
            .unwrap();
        let held = jobs.hold(&row, Timestamp::now().plus(LEASE)).await.unwrap().unwrap();
        let archive = held.archival.archive.unwrap().id;
        let unnoted = story.vault.request(story.id, &archive).await.unwrap();
        let noted = story
            .until("another retrieval", |job| job.archival.retrieval().is_some())
            .await;
        assert_ne!(noted.archival.retrieval(), Some(&*unnoted));
        story.until_back().await;
        story.assert_downloadable().await;
    };
    tokio::join!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archiver_dies_before_and_after_the_results_are_back() {
    let before = async {
        let story = Story::archived("back-before").await;
        let job = story.job().await;
        // Half a copy, of an archiver that has died, lies where the results are to be.
        let key = keys::restored(job.user_id, job.id, 1, &job.input_file_name, job.stored.format);
        story
            .objects
            .put_result(&key, story.results[..100].to_vec().into(), BINARY)
            .await
            .unwrap();
        story.change_plan(Role::PremiumUser).await;
        let back = story.until_back().await;
        assert_eq!(back.results_key, Some(key));
        story.assert_downloadable().await;
    };
    let after = async {
        let story = Story::archived("back-after").await;
        story.set_role(Role::PremiumUser).await;
        let (jobs, job, later) = (story.jobs(), story.job().await, Timestamp::now().plus(LEASE * 20));
        let archive = job.archival.archive.clone().unwrap().id;
        let row = jobs.begin_restore(&job, "upgrade", later).await.unwrap().unwrap();
        let key = keys::restored(job.user_id, job.id, 1, &job.input_file_name, job.stored.format);
        story
            .objects
            .put_result(&key, story.results.clone().into(), BINARY)
            .await
            .unwrap();
        jobs.restored(&row, &key, Timestamp::now()).await.unwrap().unwrap();
        let back = story.until_back().await;
        assert_eq!((back.results_state, back.results_key), (ResultsState::Live, Some(key)));
        story.assert_downloadable().await;
        assert!(!story.vault.has(story.id, &archive).await, "the archive is deleted");
        crate::eventually("the mail", || async {
            story.person.mails("Your results are back").await.pop()
        })
        .await;
    };
    tokio::join!(before, after);
}
