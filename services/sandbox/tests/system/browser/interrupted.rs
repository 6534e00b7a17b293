//! A large upload that is interrupted, and goes on.

use domain::keys;

use super::CHROMIUM;
use super::visitor::{Visitor, file};
use crate::api::parts::PART;
use crate::deletions::everywhere::parts_below;
use crate::eventually;
use crate::people::Person;
use crate::reach::reach;
use crate::upload::vcf_of_long_lines;

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_page_was_reloaded_goes_on_where_it_stopped() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let prefix = arrives_at_the_form(&visitor, "interrupted").await;
    let content = vcf_of_long_lines(4 * PART + 1000);
    let large = file("large.vcf", &content);
    // Three parts at once are there after some time, and the next one not yet for a while.
    visitor.uploads_at(Some(2 * 1024 * 1024)).await;
    visitor.choose(&large).await;
    visitor.press("#upload-button").await;
    visitor.reads(" s left").await;
    visitor.looks_at("annotate-in-parts").await;
    eventually("three parts", || async {
        (parts_below(&prefix).await >= 3).then_some(())
    })
    .await;
    visitor.open("/annotate").await;
    visitor.uploads_at(None).await;
    let there = parts_below(&prefix).await;
    assert!((3..5).contains(&there), "{there} parts when the page was left");
    visitor.reads("An upload of large.vcf was interrupted at").await;
    visitor.reads(" %. Choose the file again to go on.").await;
    let told = visitor.texts("#interrupted strong").await.remove(0);
    let percent = told.split(' ').find_map(|word| word.parse::<usize>().ok()).unwrap();
    assert!((25..100).contains(&percent), "{told}");
    visitor.looks_at("annotate-interrupted").await;

    let shorter = file("shorter/large.vcf", &content[..content.len() - 1]);
    visitor.choose(&shorter).await;
    visitor.reads("This is not the file that was interrupted.").await;
    assert!(!visitor.is_enabled("#upload-button").await);
    visitor.open("/annotate").await;
    let mut changed = content.clone();
    // Whichever parts are there.
    for part in changed.chunks_mut(PART) {
        part[part.len() / 2] ^= 1;
    }
    visitor.choose(&file("changed/large.vcf", &changed)).await;
    visitor.reads("The upload goes on where it stopped").await;
    visitor.press("#upload-button").await;
    visitor.reads("and other content than what was sent").await;

    visitor.open("/annotate").await;
    visitor.choose(&large).await;
    visitor.reads("The upload goes on where it stopped").await;
    visitor.press("#upload-button").await;
    visitor.reads("large.vcf").await;
    visitor.sees("#live, .facts").await;
    visitor.reads("Complete Time").await;
    assert_eq!(parts_below(&prefix).await, 0);
    visitor.open("/annotate").await;
    visitor.reads("Annotate a VCF file").await;
    assert!(visitor.texts("#interrupted .notice").await.is_empty());
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_upload_can_be_discarded() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let prefix = arrives_at_the_form(&visitor, "discarded").await;
    visitor.uploads_at(Some(2 * 1024 * 1024)).await;
    visitor
        .choose(&file("dropped.vcf", vcf_of_long_lines(3 * PART + 1000)))
        .await;
    visitor.press("#upload-button").await;
    eventually("a part", || async { (parts_below(&prefix).await >= 1).then_some(()) }).await;
    visitor.press("#upload-cancel").await;
    visitor.reads("The upload was stopped.").await;
    visitor.reads("An upload of dropped.vcf was interrupted at").await;
    visitor.uploads_at(None).await;
    visitor.press("#interrupted button").await;
    eventually("nothing to be left", || async {
        (parts_below(&prefix).await == 0).then_some(())
    })
    .await;
    eventually("the notice to go", || async {
        visitor.texts("#interrupted .notice").await.is_empty().then_some(())
    })
    .await;
    visitor.leave().await;
}

/// Signs somebody of Premium in at the form; gives what the keys of that person's uploads begin with.
async fn arrives_at_the_form(visitor: &Visitor, name: &str) -> String {
    let person = Person::premium(name).await;
    let user = reach().await.user(&person.username).await;
    visitor.opens_as("/annotate", &person.username).await;
    visitor.reads("Annotate a VCF file").await;
    keys::of_user(user.id)
}
