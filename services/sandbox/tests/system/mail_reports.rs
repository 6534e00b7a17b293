//! Mails that come back, and mails that nobody wants any more.

use backends::topic::Topic;
use domain::{Job, JobId};
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Mail, Person, mails_to};
use crate::reach::reach;
use crate::upload::{SAMPLE, submit};
use crate::{eventually, sandbox};

/// What SES publishes of a mail that was not taken, or not wanted.
pub async fn publish(report: &Value) {
    let topic = Topic::connect(&sandbox().await.aws_config().await, "mail_events").await;
    topic.unwrap().publish(report).await.unwrap();
}

/// A hard bounce.
pub fn a_bounce_of(email: &str) -> Value {
    json!({ "eventType": "Bounce", "mail": { "messageId": "1" }, "bounce": {
        "feedbackId": Uuid::new_v4(), "bounceType": "Permanent", "bounceSubType": "NoEmail",
        "bouncedRecipients": [{ "emailAddress": email, "status": "5.1.1" }],
    } })
}

fn complaint(email: &str) -> Value {
    json!({ "eventType": "Complaint", "complaint": {
        "feedbackId": Uuid::new_v4(), "complaintFeedbackType": "abuse", "complainedRecipients": [{ "emailAddress": email }],
    } })
}

/// The job once its owner was told, or was not to be told.
async fn settled(id: JobId) -> Job {
    let jobs = reach().await.jobs;
    let settled = || async { jobs.get(id).await.unwrap().filter(|job| job.notified_at.is_some()) };
    eventually("the notifier to be done with the job", settled).await
}

async fn until_profile_says(person: &Person, words: &str) {
    let says = || async { person.get("/profile").await.says(words).then_some(()) };
    eventually(words, says).await;
}

/// Where a link of a mail leads.
pub fn link(mail: &Mail, path: &str) -> String {
    let start = mail
        .text
        .find(path)
        .unwrap_or_else(|| panic!("no {path} in {}", mail.text));
    mail.text[start..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_a_mail_came_back_from_gets_nothing_until_it_is_confirmed_again() {
    let person = Person::new("bounced").await;
    let report = a_bounce_of(&person.email);
    publish(&report).await;
    until_profile_says(&person, "We send you no e-mails").await;
    assert!(person.get("/profile").await.says("came back as undeliverable"));
    let before = mails_to(&person.email).await.len();
    settled(submit(&person, "silent.vcf", SAMPLE).await).await;
    assert_eq!(mails_to(&person.email).await.len(), before);

    let asked = person.browser.submit("/profile", "/mails/confirm", &[]).await;
    assert!(asked.says("Check your e-mail"), "{}", asked.body);
    let question = eventually("the question", || async {
        person.mails("arrive here again").await.pop()
    })
    .await;
    // A second click within ten minutes mails nothing.
    person.browser.submit("/profile", "/mails/confirm", &[]).await;
    assert_eq!(person.mails("arrive here again").await.len(), 1);
    let path = link(&question, "/mails/confirm/");
    // A gateway that follows the link confirms nothing.
    assert!(person.get(&path).await.says("Confirm the address"));
    until_profile_says(&person, "We send you no e-mails").await;
    assert!(person.browser.post(&path, &[]).await.says("Your address is confirmed"));
    assert_eq!(person.browser.post(&path, &[]).await.status, 404);
    assert!(!person.get("/profile").await.says("We send you no e-mails"));

    // The report comes again, as any message may, and is of a time before.
    publish(&report).await;
    settled(submit(&person, "told.vcf", SAMPLE).await).await;
    eventually("the mail", || async { person.mails("told.vcf").await.pop() }).await;
    assert!(!person.get("/profile").await.says("We send you no e-mails"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_complains_is_not_mailed_and_nobody_can_have_the_address_mailed_by_registering() {
    let person = Person::new("complains").await;
    publish(&complaint(&format!("Ada <{}>", person.email))).await;
    until_profile_says(&person, "was reported as unwanted").await;
    let before = mails_to(&person.email).await.len();
    let stranger = crate::people::Browser::new().await;
    let answer = crate::people::register(&stranger, &format!("x{}", &person.username[..12]), &person.email).await;
    assert!(answer.says("Check your e-mail"), "{}", answer.body);
    assert_eq!(mails_to(&person.email).await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_in_a_mail_stops_mails_about_jobs_and_the_account_brings_them_back() {
    let person = Person::new("stops").await;
    submit(&person, "first.vcf", SAMPLE).await;
    let mail = eventually("the mail", || async { person.mails("first.vcf").await.pop() }).await;
    let path = link(&mail, "/mails/stop/");
    assert!(mail.html.contains(&path));
    let program = Client::builder().tls_danger_accept_invalid_certs(true).build().unwrap();
    let address = person.browser.address(&path);
    let opened = program.get(&address).send().await.unwrap().text().await.unwrap();
    assert!(opened.contains("Stop these mails"), "{opened}");
    // As RFC 8058 has it: no cookie, and a body that says what it is.
    let click = program.post(&address).form(&[("List-Unsubscribe", "One-Click")]);
    assert_eq!(click.send().await.unwrap().status(), 200);
    let strange = person.browser.address(&format!("/mails/stop/{}", Uuid::new_v4()));
    assert_eq!(program.post(strange).send().await.unwrap().status(), 404);

    settled(submit(&person, "second.vcf", SAMPLE).await).await;
    assert!(person.mails("second.vcf").await.is_empty());
    assert!(
        person
            .get("/profile")
            .await
            .says("You are not told by e-mail when a job has ended")
    );
    person.browser.submit("/profile", "/mails", &[("jobs", "yes")]).await;
    submit(&person, "third.vcf", SAMPLE).await;
    eventually("the mail", || async { person.mails("third.vcf").await.pop() }).await;
}
