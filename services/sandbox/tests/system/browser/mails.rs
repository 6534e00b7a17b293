//! What a person sees of mails that do not arrive, and of mails that are not wanted.

use super::CHROMIUM;
use super::visitor::Visitor;
use crate::eventually;
use crate::mail_reports::{a_bounce_of, link, publish};
use crate::people::Person;
use crate::upload::{SAMPLE, submit};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_confirms_an_address_again_and_stops_mails_about_jobs() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::new("mails").await;
    publish(&a_bounce_of(&person.email)).await;
    visitor.opens_as("/profile", &person.username).await;
    visitor.reloads_until("We send you no e-mails").await;
    visitor.looks_at("profile-bounced").await;

    visitor.press("#confirm-address").await;
    visitor.reads("Check your e-mail").await;
    visitor.looks_at("mails-asked").await;
    let question = eventually("the question", || async {
        person.mails("arrive here again").await.pop()
    })
    .await;
    let path = link(&question, "/mails/confirm/");
    visitor.open(&path).await;
    visitor.reads("Does mail from us arrive").await;
    visitor.looks_at("mails-confirm").await;
    visitor.press("#confirm").await;
    visitor.reads("Your address is confirmed").await;
    visitor.looks_at("mails-confirmed").await;

    submit(&person, "one.vcf", SAMPLE).await;
    let mail = eventually("the mail", || async { person.mails("one.vcf").await.pop() }).await;
    visitor.open(&link(&mail, "/mails/stop/")).await;
    visitor.reads("Stop mails about jobs?").await;
    visitor.looks_at("mails-stop").await;
    visitor.press("#stop").await;
    visitor.reads("No more mails about jobs").await;
    visitor.looks_at("mails-stopped").await;
    visitor.open("/profile").await;
    visitor.reads("You are not told by e-mail").await;
    visitor.press("#mails-jobs").await;
    visitor.press("#job-mails").await;
    visitor.reads("You are told by e-mail when a job has ended").await;
    visitor.leave().await;
}
