//! All of it in one go, in a browser: results are archived, Premium is bought with a card, the results are back, Premium
//! is cancelled.

use domain::{JobStatus, Role};

use crate::browser::visitor::Visitor;
use crate::eventually;
use crate::people::PASSWORD;
use crate::story::Story;
use crate::stripe::{Card, Stripe};
use crate::upload::{ended, long_vcf, post_to_s3, submit};

/// Bytes; more than a free user may upload.
const LARGE: usize = 2_800_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_free_user_pays_to_have_results_back_and_is_free_again() {
    let _alive = crate::ARCHIVER.read().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let story = Story::begin("pays").await;
    sign_in(&visitor, &story).await;
    let refused = post_to_s3(&story.person, "large.vcf", long_vcf(LARGE)).await;
    assert!(
        refused.status == 400 && refused.body.contains("EntityTooLarge"),
        "{}",
        refused.body
    );

    story.until_archived().await;
    story.assert_refused(403, "Upgrade to Premium").await;
    visitor.open(&story.address("")).await;
    visitor.reads("Upgrade to Premium for download").await;
    visitor.press(".offer a[href='/subscribe']").await;
    visitor.sees("#card-element input").await;
    visitor.pay_with(Card::Good.number()).await;
    visitor.reads("You have Premium").await;

    story.until_back().await;
    story.assert_downloadable().await;
    visitor.open(&story.address("")).await;
    visitor.reads("Restored").await;
    let mails = || async { story.person.mails("Your results are back").await.pop() };
    eventually("the mail", mails).await;
    let large = submit(&story.person, "large.vcf", long_vcf(LARGE)).await;
    assert_eq!(ended(large).await.status, JobStatus::Completed);

    cancel(&visitor, &story).await;
    story.until_archived().await;
    story.assert_refused(403, "Upgrade to Premium").await;
    assert_eq!(story.person.mails("Your results are back").await.len(), 1);
    visitor.leave().await;
}

async fn sign_in(visitor: &Visitor, story: &Story) {
    visitor.open("/profile").await;
    let fields = [("username", &*story.person.username), ("password", PASSWORD)];
    visitor.fill(&fields).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Upgrade to Premium").await;
}

/// Cancels, and has the paid week end: the emulator's clock never gets there by itself.
async fn cancel(visitor: &Visitor, story: &Story) {
    visitor.open("/profile").await;
    visitor.press("#cancel summary").await;
    visitor.press("#unsubscribe").await;
    visitor.reads("You have cancelled Premium").await;
    let stripe = Stripe::reach().await;
    let subscription = stripe.subscriptions(&story.person).await.remove(0);
    let id = subscription["id"].as_str().unwrap();
    stripe.delete(&format!("/v1/subscriptions/{id}")).await;
    let is_free = || async {
        let user = story.reach.user(&story.person.username).await;
        (user.role == Role::FreeUser).then_some(())
    };
    eventually("the end of Premium", is_free).await;
    visitor.open("/profile").await;
    visitor.reads("Upgrade to Premium").await;
}
