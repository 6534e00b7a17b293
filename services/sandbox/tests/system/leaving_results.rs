//! Results that are about to be archived: their owner is told five minutes before, once, and if that is wanted.

use std::time::Duration;

use backends::accounts::Accounts;
use domain::{JobId, Timestamp, UserId};

use crate::eventually;
use crate::people::Person;
use crate::reach::reach;
use crate::upload::{SAMPLE, ended, submit};

/// What the subject of the mail says.
const SUBJECT: &str = "archived in five minutes";

/// A job whose results can be downloaded for four more minutes, and that the archiver looks at now; and until when.
async fn leaving(person: &Person) -> (JobId, Timestamp) {
    let id = submit(person, "leaves.vcf", SAMPLE).await;
    ended(id).await;
    let reach = reach().await;
    let completed = Timestamp::now().minus(Duration::from_secs(26 * 60));
    reach.set_complete_time(id, completed).await;
    look_now(id).await;
    (id, completed.plus(Duration::from_secs(30 * 60)))
}

/// Has the archiver's sweep look at the job, and waits until it has.
async fn look_now(id: JobId) {
    let jobs = reach().await.jobs;
    let look = || async {
        let job = jobs.get(id).await.unwrap().unwrap();
        jobs.look_again(&job, Some(Timestamp::now())).await.unwrap()
    };
    eventually("the row to stand still", look).await;
    let looked = || async {
        let job = jobs.get(id).await.unwrap().unwrap();
        job.archival
            .due
            .filter(|due| *due > Timestamp::now().plus(Duration::from_secs(60)))
    };
    eventually("the archiver to look", looked).await;
}

/// Which notices are on record for a person as told, sent or not wanted.
async fn told(accounts: &Accounts, user: UserId) -> Vec<String> {
    let exported = accounts.exported(user).await.unwrap().unwrap();
    let notices = exported["mails_about_the_account"].as_array().unwrap();
    let told = notices.iter().filter(|notice| notice["sent"].is_string());
    told.map(|notice| notice["about"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_once_five_minutes_before_results_are_archived() {
    let person = Person::new("five-minutes").await;
    let (id, until) = leaving(&person).await;
    let mail = eventually("the mail", || async { person.mails(SUBJECT).await.pop() }).await;
    assert!(mail.text.contains(&format!("/annotations/{id}")), "{}", mail.text);
    assert!(mail.text.contains(&until.to_utc_text()), "{}", mail.text);
    look_now(id).await;
    assert_eq!(person.mails(SUBJECT).await.len(), 1);
    let results = person.get(&format!("/annotations/{id}/results")).await;
    assert_eq!(results.status, 302, "they can still be downloaded");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_mails_about_the_archive_gets_none_and_those_about_jobs_all_the_same() {
    let person = Person::new("chooses").await;
    let chosen = person.browser.submit("/profile", "/mails", &[("jobs", "yes")]).await;
    assert_eq!(chosen.status, 303);
    let page = person.get("/profile").await;
    assert_eq!(
        page.attributes("#mails input[type=checkbox][checked]", "name"),
        ["jobs"]
    );
    let (id, _) = leaving(&person).await;
    let reach = reach().await;
    let user = reach.user(&person.username).await.id;
    let key = format!("results-leaving/{id}/");
    eventually("the notice to be dealt with", || async {
        let told = told(&reach.accounts, user).await;
        told.iter().any(|told| told.starts_with(&key)).then_some(())
    })
    .await;
    assert!(person.mails(SUBJECT).await.is_empty());
    eventually("the mail about the job", || async {
        person.mails("leaves.vcf").await.pop()
    })
    .await;
}
