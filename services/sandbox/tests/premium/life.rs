//! The whole life of results, with either kind of vault: to the vault when the free plan's time is over, back with
//! Premium, to the vault again after it.

use backends::settings::VaultKind;
use domain::{ResultsFormat, ResultsState, Role, keys};

use crate::people::Person;
use crate::story::Story;
use crate::upload::{SAMPLE, submit};
use crate::{eventually, with_vault};

#[tokio::test(flavor = "multi_thread")]
async fn results_go_to_glacier_and_come_back_byte_for_byte() {
    with_vault(VaultKind::Glacier, there_and_back()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn results_go_to_the_storage_class_and_come_back_byte_for_byte() {
    with_vault(VaultKind::S3, there_and_back()).await;
}

async fn there_and_back() {
    let story = Story::begin("life").await;
    let live = story.job().await;
    story.assert_downloadable().await;
    let early = story.person.get(&story.address("/results")).await.location().to_owned();

    let archived = story.until_archived().await;
    let archive = archived.archival.archive.clone().unwrap();
    assert_eq!(archive.size, story.results.len() as u64);
    assert!(live.results_key.as_ref().unwrap().ends_with("/sample.annot.vcf.gz"));
    assert!(archived.complete_time.unwrap() == live.complete_time.unwrap() && archived.results_key.is_none());
    assert!(
        story.object(live.results_key.as_ref().unwrap()).await.is_none(),
        "the object is deleted"
    );
    assert!(
        story.object(live.log_key.as_ref().unwrap()).await.is_some(),
        "the log stays"
    );
    story.assert_refused(403, "Upgrade to Premium").await;
    let page = story.person.get(&story.address("")).await;
    assert!(page.attributes(".offer a", "href").contains(&"/subscribe".to_owned()));
    assert!(story.person.get("/annotations").await.says("Archived: upgrade"));
    let signed_early = story.person.browser.client.get(&early).send().await.unwrap();
    assert!(
        signed_early.status().is_client_error(),
        "an address that was signed in time is useless now"
    );

    story.change_plan(Role::PremiumUser).await;
    story
        .until("a retrieval", |job| job.archival.retrieval().is_some())
        .await;
    story
        .assert_refused(404, "from the archive, usually within 3–5 hours; asked for at")
        .await;
    assert!(story.person.get("/annotations").await.says("Restoring"));

    let back = story.until_back().await;
    let name = &back.input_file_name;
    assert_eq!(
        back.results_key,
        Some(keys::restored(back.user_id, back.id, 1, name, ResultsFormat::Bgzip))
    );
    assert_eq!(back.archival.archive, None);
    story.assert_downloadable().await;
    assert!(story.person.get(&story.address("")).await.says("Restored"));
    assert!(!story.vault.has(story.id, &archive.id).await, "the archive is deleted");
    let mail = eventually("the mail", || async {
        story.person.mails("Your results are back").await.pop()
    })
    .await;
    assert!(mail.text.contains("1 annotated file is back"), "{}", mail.text);
    let stranger = Person::new("stranger").await;
    assert_eq!(stranger.get(&story.address("/results")).await.status, 403);
    story.until("the rest", |job| job.archival.due.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_premium_starts_the_clock_with_glacier() {
    with_vault(VaultKind::Glacier, down_and_up()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_premium_starts_the_clock_with_the_storage_class() {
    with_vault(VaultKind::S3, down_and_up()).await;
}

async fn down_and_up() {
    let person = Person::premium("down").await;
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    let story = Story::of(person, id).await;
    story.past_retention().await;
    let kept = story.until("the sweep", |job| job.archival.due.is_none()).await;
    assert_eq!(kept.results_state, ResultsState::Live);
    story.assert_downloadable().await;

    // The page has the rule, whether or not the archiver has been told.
    story.set_role(Role::FreeUser).await;
    story.assert_downloadable().await;
    story.tell_plan().await;
    story.until_archived().await;
    story.assert_refused(403, "Upgrade to Premium").await;

    story.change_plan(Role::PremiumUser).await;
    story.until_back().await;
    story.assert_downloadable().await;

    // Once more: the second restore has a key of its own, which no late deletion of the first can hit.
    story.change_plan(Role::FreeUser).await;
    let again = story.until_archived().await;
    assert_eq!(again.archival.restores, 1);
    story.change_plan(Role::PremiumUser).await;
    let back = story.until_back().await;
    assert!(back.results_key.unwrap().contains("/restored-2/"));
    story.assert_downloadable().await;
}
