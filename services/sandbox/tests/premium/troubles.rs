//! A vault that is full, silent, failing or forgetful: results still come back, and no row is lost.

use domain::{ResultsState, Role, Tier, Timestamp};
use serde_json::json;

use crate::story::Story;
use crate::vaults::{switch, switch_all};

#[tokio::test(flavor = "multi_thread")]
async fn results_come_back_although_the_vault_does_not_say_so() {
    let story = Story::archived("silent").await;
    switch(story.id, json!({ "lost_notifications": true })).await;
    story.change_plan(Role::PremiumUser).await;
    story.until_back().await;
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_capacity_for_an_expedited_retrieval_a_standard_one_is_asked_for() {
    let story = Story::archived("full").await;
    switch(story.id, json!({ "insufficient_capacity": true })).await;
    story.change_plan(Role::PremiumUser).await;
    let asked = |job: &domain::Job| Some(job.archival.restore.as_ref()?.retrieval.as_ref()?.1);
    let row = story.until("a retrieval", |job| asked(job).is_some()).await;
    assert_eq!(asked(&row), Some(Tier::Standard));
    story.until_back().await;
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retrieval_that_fails_is_asked_for_again() {
    let story = Story::archived("failing").await;
    switch(story.id, json!({ "failed_jobs": true })).await;
    story.change_plan(Role::PremiumUser).await;
    let first = story
        .until("a retrieval", |job| job.archival.retrieval().is_some())
        .await;
    let is_another = |job: &domain::Job| job.archival.retrieval() != first.archival.retrieval();
    story.until("its failure", is_another).await;
    switch(story.id, json!({})).await;
    let back = story.until_back().await;
    assert_eq!(back.archival.restores, 1);
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retrieval_that_the_vault_has_forgotten_is_asked_for_again() {
    let story = Story::archived("forgotten").await;
    story.set_role(Role::PremiumUser).await;
    let (jobs, now) = (story.jobs(), Timestamp::now());
    let row = jobs.begin_restore(&story.job().await, "upgrade", now).await.unwrap();
    // Its output could be read for a day, which has passed.
    if let Some(row) = row {
        jobs.retrieving(&row, "a-retrieval-of-long-ago", Tier::Expedited, now)
            .await
            .unwrap();
    }
    story.until_back().await;
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_answers_with_errors_is_asked_until_it_does_not() {
    let story = Story::archived("errors").await;
    switch_all(json!({ "failures": 12 })).await;
    story.change_plan(Role::PremiumUser).await;
    story.until_back().await;
    story.assert_downloadable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_the_vault_does_not_have_never_loses_its_row() {
    let story = Story::begin("absent").await;
    let held = story.held_past_retention().await;
    let mut archive = story.copy(&held).await;
    archive.id = "x".repeat(archive.id.len());
    story
        .jobs()
        .archived(&held, &archive, Timestamp::now())
        .await
        .unwrap()
        .unwrap();
    story.until_archived().await;
    story.change_plan(Role::PremiumUser).await;
    let pause = Timestamp::now().plus(std::time::Duration::from_secs(600));
    let row = story
        .until("a long pause", |job| job.archival.due.is_some_and(|due| due > pause))
        .await;
    assert_eq!(row.results_state, ResultsState::Restoring);
    assert_eq!(row.archival.archive, Some(archive));
    story.assert_refused(404, "Restoring").await;
}
